"""Deliveries for tests, written as the intake writes them, in a database of their own whose changes are committed.

A worker has threads with connections of their own, and processes that are killed: a test inside one transaction would
see nothing of them. Every test uses a destination of its own instead.
"""

from __future__ import annotations

import hashlib
import json
import urllib.request
from collections import Counter as Tally
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from itertools import count
from typing import Any
from uuid import UUID

import zstandard
from django.db import connection, connections, transaction
from django.db.models import Count

from tests.support import databases
from ymach.base.clock import now, vietnam_day
from ymach.base.ids import new_id
from ymach.exchange import counters
from ymach.exchange.deliveries.names import family_of
from ymach.exchange.deliveries.rules import DEADLINE
from ymach.exchange.models import Counter, Delivery, DeliveryEvent, DossierHead, Submission, SubmissionContent

_serial = count(1)


@dataclass(frozen=True)
class Place:
    """A facility, as far as deliveries know it."""

    code: str = "01001"
    province_code: str = "01"
    id: UUID = field(default_factory=new_id)


@contextmanager
def committed_database() -> Iterator[str]:
    """A database of its own; `using` turns this process to it."""
    with databases.copy(databases.server(), "deliveries") as name:
        yield name


@contextmanager
def using(name: str) -> Iterator[None]:
    """Every connection of this process, of every thread, goes to the database `name`."""
    connections.close_all()
    before = connection.settings_dict["NAME"]
    connection.settings_dict["NAME"] = name
    try:
        yield
    finally:
        connections.close_all()
        connection.settings_dict["NAME"] = before


def make_delivery(
    destination: str,
    *,
    place: Place | None = None,
    code: str = "",
    version: int = 1,
    kind: str = "visit",
    state: str = "waiting",
    content: bytes = b"",
    stored: bytes | None = None,
    at: datetime | None = None,
    deadline_at: datetime | None = None,
    attempts: int = 0,
) -> Delivery:
    """A stored submission of one dossier and its delivery, in `state` and due since `at` (now), counted as it must be.

    stored: what is kept instead of the compressed content.
    """
    at, place, serial = at or now(), place or Place(), next(_serial)
    code = code or f"LK{serial:06d}"
    content = content or f"<GIAMDINHHS>{serial} {code} {version}</GIAMDINHHS>".encode()
    with transaction.atomic():
        submission = _submission(place, code, content, stored, at)
        head = {"version": version, "submission_id": submission.id, "citizen_id": new_id(), "changed_at": at}
        DossierHead.objects.update_or_create(facility_id=place.id, kind=kind, code=code, defaults=head)
        delivery = Delivery.objects.create(
            facility_id=place.id,
            submission_id=submission.id,
            facility_code=place.code,
            dossier_kind=kind,
            dossier_code=code,
            version=version,
            destination=destination,
            state=state,
            attempts=attempts,
            due_at=at,
            deadline_at=deadline_at or at + DEADLINE,
            created_at=at,
            changed_at=at,
        )
        key = (vietnam_day(at), "delivery", family_of(destination), state)
        counters.add_all(Tally({(place.id, place.province_code, key): 1}))
    return delivery


def reread(delivery: Delivery) -> Delivery:
    return Delivery.objects.get(facility_id=delivery.facility_id, id=delivery.id)


def events_of(delivery: Delivery) -> list[tuple[str, dict[str, Any]]]:
    """State and detail, in order."""
    mine = DeliveryEvent.objects.filter(facility_id=delivery.facility_id, delivery_id=delivery.id).order_by("at", "id")
    return [(event.state, event.detail) for event in mine]


def recounted(destination: str) -> dict[tuple[UUID, str], int]:
    """Deliveries by facility and state, counted one by one."""
    rows = Delivery.objects.filter(destination=destination).values("facility_id", "state").annotate(number=Count("id"))
    return {(row["facility_id"], row["state"]): row["number"] for row in rows}


def counted(destination: str) -> dict[tuple[UUID, str], int]:
    """The same from the counters."""
    rows = Counter.objects.filter(subject="delivery", name=destination).exclude(number=0)
    return {(row.facility_id, row.state): row.number for row in rows}


def digest_of(delivery: Delivery) -> str:
    kept = Submission.objects.get(facility_id=delivery.facility_id, id=delivery.submission_id)
    return bytes(kept.digest).hex()


def behave(portal: str, **values: object) -> None:
    """Tell the stand-in at the address `portal` what goes wrong from now on; nothing named: nothing."""
    body = json.dumps(values).encode()
    with urllib.request.urlopen(urllib.request.Request(f"{portal}/sandbox/behaviour", data=body, method="POST")):
        pass


def ledger(portal: str) -> dict[str, Any]:
    with urllib.request.urlopen(f"{portal}/sandbox/ledger") as answer:
        found: dict[str, Any] = json.load(answer)
        return found


def held_by(portal: str) -> list[str]:
    """The digests the stand-in holds, in the order in which it took them in."""
    return [entry["digest"] for entry in ledger(portal)["entries"]]


def _submission(place: Place, code: str, content: bytes, stored: bytes | None, at: datetime) -> Submission:
    submission = Submission.objects.create(
        facility_id=place.id,
        facility_code=place.code,
        province_code=place.province_code,
        format="xml130",
        digest=hashlib.sha256(content).digest(),
        size=len(content),
        received_at=at,
        searchable_at=at,
        outcome="accepted",
        finding_codes=[],
        dossier_codes=[code],
        sent_by="machine:test",
    )
    SubmissionContent.objects.create(
        facility_id=place.id, submission_id=submission.id, content=stored or zstandard.compress(content, 3)
    )
    return submission
