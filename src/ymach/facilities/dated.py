"""Writing dated rows of a facility. The caller holds the facility's row (`revisions.move_on`) and the attribution."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, TypeVar
from uuid import UUID

from django.contrib.postgres.fields import DateRangeField
from django.db.backends.postgresql.psycopg_any import DateRange
from django.db.models import DateField, F, Func, QuerySet, Value

from ymach.base.clock import print_day
from ymach.base.periods import Period
from ymach.facilities import succession
from ymach.facilities.errors import FactNotFound
from ymach.facilities.facts import values_of
from ymach.facilities.models import Dated

D = TypeVar("D", bound=Dated)
Thing = str | UUID | None
_AT_ONCE = 1000


@dataclass(frozen=True, slots=True)
class Changed:
    """How many rows a replacement opened, closed and left as they were."""

    opened: int = 0
    closed: int = 0
    kept: int = 0


def day_range(period: Period) -> DateRange:
    """The period as PostgreSQL's daterange."""
    return DateRange(period.start, period.end)


def period_of(days: DateRange) -> Period:
    """The daterange as a period."""
    return Period(days.lower, days.upper)


def put(table: type[D], facility_id: UUID, facts: Any, *, thing: Thing = None, on: date) -> D:
    """From `on` on the facts hold for the thing. Without a difference nothing is written. Raises LaterChange."""
    rows = list(_rows(table, facility_id, thing))
    present = next((row for row in rows if on in period_of(row.valid)), None)
    step = succession.succeed([period_of(row.valid) for row in rows], on)
    if present is not None and _says(present, facts):
        return present
    if present is not None and step.closed is None:
        return _rewrite(present, facts)
    if present is not None and step.closed is not None:
        present.valid = day_range(step.closed)
        present.save(update_fields=["valid"])
    return _open(table, facility_id, facts, thing, step.opened)


def end(table: type[D], facility_id: UUID, *, thing: Thing = None, on: date) -> None:
    """The thing is gone from `on` on. Raises FactNotFound when it does not hold on that day, LaterChange."""
    rows = list(_rows(table, facility_id, thing))
    present = next((row for row in rows if on in period_of(row.valid)), None)
    if present is None:
        raise FactNotFound(day=print_day(on))
    left = succession.close([period_of(row.valid) for row in rows], on)
    if left is None:
        present.delete()
    else:
        present.valid = day_range(left)
        present.save(update_fields=["valid"])


def replace(
    table: type[D], facility_id: UUID, wanted: Mapping[str, Any], *, on: date, same: Iterable[str] | None = None
) -> Changed:
    """From `on` on the things are exactly `wanted` (facts by thing): the rest ends, new ones begin, the same stay.

    same: the fields that decide whether a row stays as it is; without it all. Few statements whatever the number of rows.
    Raises LaterChange.
    """
    name = _thing_column(table)
    fields = list(same) if same is not None else None
    rows = {getattr(row, name): row for row in _still_held(table, facility_id, on)}
    kept = {key for key, row in rows.items() if key in wanted and _says(row, wanted[key], fields)}
    gone = [row.pk for key, row in rows.items() if key not in kept]
    ends = {key: period_of(row.valid).end for key, row in rows.items()}
    _close_many(table, gone, on)
    fresh = {key: facts for key, facts in wanted.items() if key not in kept}
    table._default_manager.bulk_create(
        (_row(table, facility_id, facts, None, Period(on, ends.get(key))) for key, facts in fresh.items()),
        batch_size=_AT_ONCE,
    )
    return Changed(len(fresh), len(gone), len(kept))


def _close_many(table: type[D], keys: list[UUID], on: date) -> None:
    rows = table._default_manager.filter(pk__in=keys)
    rows.filter(valid__startswith=on).delete()
    start = Func(F("valid"), function="lower", output_field=DateField())
    rows.update(valid=Func(start, Value(on), function="daterange", output_field=DateRangeField()))


def _still_held(table: type[D], facility_id: UUID, on: date) -> list[D]:
    rows = [
        row
        for row in table._default_manager.filter(facility_id=facility_id)
        if (until := period_of(row.valid).end) is None or until > on
    ]
    succession.check_nothing_later((period_of(row.valid) for row in rows), on)
    return rows


def _rows(table: type[D], facility_id: UUID, thing: Thing) -> QuerySet[D]:
    rows = table._default_manager.filter(facility_id=facility_id)
    return rows if table.thing is None else rows.filter(**{table.thing: thing})


def _says(row: Dated, facts: Any, fields: Iterable[str] | None = None) -> bool:
    values = values_of(facts)
    return all(getattr(row, name) == values[name] for name in (fields or values))


def _rewrite(row: D, facts: Any) -> D:
    for name, value in values_of(facts).items():
        setattr(row, name, value)
    row.save()
    return row


def _open(table: type[D], facility_id: UUID, facts: Any, thing: Thing, days: Period) -> D:
    row = _row(table, facility_id, facts, thing, days)
    row.save(force_insert=True)
    return row


def _row(table: type[D], facility_id: UUID, facts: Any, thing: Thing, days: Period) -> D:
    values = values_of(facts)
    if table.thing is not None and table.thing not in values:
        values[table.thing] = thing
    return table(facility_id=facility_id, valid=day_range(days), **values)


def _thing_column(table: type[Dated]) -> str:
    if table.thing is None:
        raise ValueError(f"{table.__name__}: a facility has one, there is no list to replace")
    return table.thing
