"""Loading the policy as shipped."""

from __future__ import annotations

import csv
from datetime import date, datetime
from importlib.resources import files

from django.db.backends.postgresql.psycopg_any import DateRange

from ymach.base.actors import Actor
from ymach.base.history.attribution import attributed
from ymach.exchange.models import Policy


def load(*, by: Actor, at: datetime) -> int:
    """Add the shipped rows that are not there yet; rows already there, changed by the ministry or not, stay.

    Returns the number of rows added.
    """
    shipped = files("ymach.exchange.policies").joinpath("data/policy.csv").read_text(encoding="utf-8")
    held = set(Policy.objects.values_list("finding_code", "record_kind"))
    fresh = [
        Policy(
            finding_code=row["finding_code"],
            record_kind=row["record_kind"],
            outcome=row["outcome"],
            valid=DateRange(date.fromisoformat(row["valid_from"]), None),
            source=row["source"],
        )
        for row in csv.DictReader(shipped.splitlines())
        if (row["finding_code"], row["record_kind"]) not in held
    ]
    if fresh:
        with attributed(by=by, reason="policy as shipped", at=at):
            Policy.objects.bulk_create(fresh)
    return len(fresh)
