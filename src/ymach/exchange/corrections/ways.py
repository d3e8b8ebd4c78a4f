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
from ymach.exchange.corrections.causes import Cause
from ymach.exchange.deliveries.names import family_of
from ymach.exchange.deliveries.routes import Matter, destinations_of
from ymach.exchange.deliveries.routing import matters_of
from ymach.exchange.deliveries.rules import DEADLINE
from ymach.exchange.models import Delivery, DeliveryEvent, DossierHead, Submission
from ymach.exchange.policies.rules import ACCEPTED
from ymach.exchange.records import RecordDraft, records_of
from ymach.exchange.subscriptions.queries import ways

_WITHDRAW = """
UPDATE exchange_delivery d SET state = 'withdrawn', changed_at = %(at)s
WHERE d.facility_id = %(facility_id)s AND d.state IN ('waiting', 'stuck') AND {which}
RETURNING d.id, d.submission_id, d.destination, d.created_at, old.state
"""
# What takes a dossier back goes out whatever becomes of the rest of its file.
_OF_SUBMISSION = _WITHDRAW.format(which="d.submission_id = %(submission_id)s AND d.cause NOT LIKE 'cancellation%%'")
# A file with other dossiers goes out all the same; the cancellation follows it.
_OF_DOSSIER = _WITHDRAW.format(
    which="""d.dossier_kind = %(kind)s AND d.dossier_code = %(code)s AND (
  SELECT cardinality(s.dossier_codes) FROM exchange_submission s
  WHERE s.facility_id = d.facility_id AND s.id = d.submission_id) = 1"""
)


@dataclass(frozen=True, slots=True)
class _Kept:
    """A dossier with its records and what the receipt says of each."""

    dossier: Dossier
    drafts: tuple[RecordDraft, ...]
    outcomes: tuple[str, ...]


def open_ways(submission: Submission, claims: Mapping[str, Any], *, cause: str, at: datetime) -> list[str]:
    """Send a submission to where its records go by the outcomes in `claims`, unless it has gone there; the destinations.

    Nothing goes out for what a later version has replaced or its facility has cancelled.
    """
    content = queries.content_of(submission)
    kept = _kept(content, claims, submission.received_at)
    first = next((one for one in kept if any(outcome != "rejected" for outcome in one.outcomes)), None)
    head = present_head(submission, first.dossier.kind, first.dossier.code) if first else None
    if first is None or head is None:
        return []
    names = _destinations(submission, matters_of(kept), str(claims["outcome"]), head)
    closed = contents.format_of(content).closed_to
    names = [name for name in names if name not in closed]
    make(submission, names, head=head, cause=cause, at=at)
    return names


def make(submission: Submission, names: Sequence[str], *, head: DossierHead, cause: str, at: datetime) -> None:
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
            cause=cause,
        )
        for name in names
    )
    _count(submission, ((vietnam_day(at), "delivery", family_of(name), "waiting") for name in names), 1)


def wanted_by(submission: Submission, claims: Mapping[str, Any], head: DossierHead) -> set[str]:
    """Where one dossier of a submission goes by the outcomes in `claims`, whatever else the file holds."""
    kept = _kept(queries.content_of(submission), claims, submission.received_at)
    mine = [one for one in kept if (one.dossier.kind, one.dossier.code) == (head.kind, head.code)]
    return set(destinations_of(matters_of(mine), ACCEPTED, ways=ways()))


def present_head(submission: Submission, kind: str, code: str) -> DossierHead | None:
    """The head of a dossier, if the submission is its present version and it is not cancelled."""
    mine = DossierHead.objects.filter(facility_id=submission.facility_id, kind=kind, code=code)
    return mine.filter(submission_id=submission.id, cancelled_at=None).first()


def withdraw(submission: Submission, *, cause: str, at: datetime) -> None:
    """Take back what of a submission has not gone out. What is being sent just now goes on."""
    key = {"facility_id": submission.facility_id, "submission_id": submission.id, "at": at}
    _note_withdrawn(submission, pg.ask(_OF_SUBMISSION, key)(), cause, at)


def withdraw_dossier(submission: Submission, head: DossierHead, *, at: datetime) -> list[str]:
    """Take back what of any version of a cancelled dossier has not gone out; the destinations."""
    key = {"facility_id": head.facility_id, "kind": head.kind, "code": head.code, "at": at}
    rows = pg.ask(_OF_DOSSIER, key)()
    _note_withdrawn(submission, rows, Cause.CANCELLATION, at)
    return sorted({row[2] for row in rows})


def _note_withdrawn(submission: Submission, rows: Iterable[tuple[Any, ...]], cause: str, at: datetime) -> None:
    moved = []
    events = []
    for delivery_id, submission_id, name, created, before in rows:
        moved.append((vietnam_day(created), family_of(name), before))
        events.append(
            DeliveryEvent(
                facility_id=submission.facility_id,
                id=new_id(),
                delivery_id=delivery_id,
                submission_id=submission_id,
                at=at,
                state="withdrawn",
                detail={"cause": cause},
            )
        )
    DeliveryEvent.objects.bulk_create(events)
    _count(submission, ((day, "delivery", name, before) for day, name, before in moved), -1)
    _count(submission, ((day, "delivery", name, "withdrawn") for day, name, _ in moved), 1)


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


def _destinations(submission: Submission, matters: Iterable[Matter], outcome: str, head: DossierHead) -> list[str]:
    mine = Delivery.objects.filter(facility_id=submission.facility_id)
    there = set(
        mine.filter(submission_id=submission.id).exclude(state="withdrawn").values_list("destination", flat=True)
    )
    earlier = mine.filter(
        dossier_kind=head.kind, dossier_code=head.code, version__lt=head.version, destination__contains=":"
    )
    before = earlier.order_by("-version", "destination").values_list("destination", flat=True)[:100]
    found = destinations_of(matters, outcome, ways=ways(), before=list(before))
    return [name for name in found if name not in there]
