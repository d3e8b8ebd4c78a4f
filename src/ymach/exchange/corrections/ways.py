"""Where a dossier goes after the first receipt: opened when it is released, closed while it is held or cancelled."""

from __future__ import annotations

from collections import Counter as Tally
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from ymach.base import pg
from ymach.base.clock import vietnam_day
from ymach.base.ids import new_id
from ymach.clinical.dossier import Dossier
from ymach.exchange import contents, counters, queries
from ymach.exchange.deliveries.names import family_of
from ymach.exchange.deliveries.routes import Matter, Sender, destinations_of, open_kinds
from ymach.exchange.deliveries.routing import matters_of
from ymach.exchange.deliveries.rules import DEADLINE
from ymach.exchange.models import Delivery, DeliveryEvent, DossierHead, Submission
from ymach.exchange.records import RecordDraft, records_of
from ymach.exchange.subscriptions.queries import ways

_WITHDRAW = """
UPDATE exchange_delivery d SET state = 'withdrawn', changed_at = %(at)s
WHERE d.facility_id = %(facility_id)s AND d.submission_id = %(submission_id)s AND d.state IN ('waiting', 'stuck')
RETURNING d.id, d.destination, d.created_at, old.state
"""


@dataclass(frozen=True, slots=True)
class _Kept:
    """A dossier with its records and what the receipt says of each."""

    dossier: Dossier
    drafts: tuple[RecordDraft, ...]
    outcomes: tuple[str, ...]

    @property
    def kind(self) -> str:
        return "check-in" if self.dossier.check_in is not None else "visit"


def open_ways(submission: Submission, claims: Mapping[str, Any], *, cause: str, at: datetime) -> list[str]:
    """Send a submission to where its records go by the outcomes in `claims`, unless it has gone there; the destinations.

    Nothing goes out for what a later version has replaced or its facility has cancelled.
    """
    content = queries.content_of(submission)
    kept = _kept(content, claims, submission.received_at)
    first = next((one for one in kept if any(outcome != "rejected" for outcome in one.outcomes)), None)
    head = _head(submission, first) if first else None
    if first is None or head is None:
        return []
    matters = list(matters_of(kept))
    names = _destinations(submission, matters, str(claims["outcome"]), head, at)
    closed = contents.format_of(content).closed_to
    names = [name for name in names if name not in closed]
    make(submission, names, head=head, cause=cause, kinds=open_kinds(matters), at=at)
    return names


def make(
    submission: Submission, names: Sequence[str], *, head: DossierHead, cause: str, kinds: list[str], at: datetime
) -> None:
    """Deliveries of a submission, waiting and counted. head: the dossier whose versions follow each other there."""
    Delivery.objects.bulk_create(
        Delivery(
            facility_id=submission.facility_id,
            submission_id=submission.id,
            facility_code=submission.facility_code,
            dossier_kind=head.kind,
            dossier_code=head.code,
            version=head.version,
            destination=name,
            state="waiting",
            due_at=at,
            deadline_at=at + DEADLINE,
            created_at=at,
            changed_at=at,
            record_kinds=kinds,
            cause=cause,
        )
        for name in names
    )
    _count(submission, ((vietnam_day(at), "delivery", family_of(name), "waiting") for name in names), 1)


def withdraw(submission: Submission, *, cause: str, at: datetime) -> list[str]:
    """Take back what of a submission has not gone out; the destinations. What is being sent just now goes on."""
    key = {"facility_id": submission.facility_id, "submission_id": submission.id, "at": at}
    rows = pg.ask(_WITHDRAW, key)()
    DeliveryEvent.objects.bulk_create(
        DeliveryEvent(
            facility_id=submission.facility_id,
            id=new_id(),
            delivery_id=delivery_id,
            submission_id=submission.id,
            at=at,
            state="withdrawn",
            detail={"cause": cause},
        )
        for delivery_id, *_ in rows
    )
    moved = [(vietnam_day(created), family_of(name), before) for _, name, created, before in rows]
    _count(submission, ((day, "delivery", name, before) for day, name, before in moved), -1)
    _count(submission, ((day, "delivery", name, "withdrawn") for day, name, _ in moved), 1)
    return sorted(row[1] for row in rows)


def _count(submission: Submission, keys: Iterable[counters.Key], number: int) -> None:
    tally: Tally[tuple[UUID, str, counters.Key]] = Tally()
    for key in keys:
        tally[submission.facility_id, submission.province_code, key] += number
    counters.add_all(tally)


def _kept(content: bytes, claims: Mapping[str, Any], received_at: datetime) -> list[_Kept]:
    """The dossiers with the outcomes of the receipt, whose records run parallel to their drafts."""
    said = iter(claims["records"])
    kept = []
    for dossier in contents.dossiers_of(content):
        drafts = records_of(dossier, received_at=received_at)
        kept.append(_Kept(dossier, drafts, tuple(str(next(said)["outcome"]) for _ in drafts)))
    return kept


def _head(submission: Submission, first: _Kept) -> DossierHead | None:
    """The dossier's head, if the submission is its present version and it is not cancelled."""
    return DossierHead.objects.filter(
        facility_id=submission.facility_id,
        kind=first.kind,
        code=first.dossier.code,
        submission_id=submission.id,
        cancelled_at=None,
    ).first()


def _destinations(
    submission: Submission, matters: list[Matter], outcome: str, head: DossierHead, at: datetime
) -> list[str]:
    mine = Delivery.objects.filter(facility_id=submission.facility_id)
    there = set(
        mine.filter(submission_id=submission.id).exclude(state="withdrawn").values_list("destination", flat=True)
    )
    earlier = mine.filter(
        dossier_kind=head.kind, dossier_code=head.code, version__lt=head.version, destination__contains=":"
    )
    before = earlier.order_by("-version", "destination").values_list("destination", flat=True)[:100]
    sender = Sender(submission.facility_id, submission.province_code)
    found = destinations_of(matters, outcome, sender=sender, at=at, ways=ways(), before=list(before))
    return [name for name in found if name not in there]
