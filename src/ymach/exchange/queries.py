"""Looking at submissions, receipts, deliveries and counters. Every look-up for a person starts from what it may see."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef, QuerySet, Sum

from ymach.accounts.permissions import Permission, require
from ymach.base import pg
from ymach.base.actors import Actor
from ymach.base.errors import NotFound
from ymach.base.periods import Period
from ymach.exchange import kept_bytes
from ymach.exchange.models import (
    AmendedReceipt,
    AuthorMention,
    Cancellation,
    Counter,
    Delivery,
    DossierHead,
    Receipt,
    Record,
    Submission,
    SubmissionContent,
)
from ymach.exchange.receipts.claims import claims_of
from ymach.facilities.models import Facility
from ymach.facilities.queries import rows_reached

PAGE = 50

_PRESENT = """
SELECT submission_id, jws FROM exchange_present_receipt WHERE facility_id = ANY(%s) AND submission_id = ANY(%s)
"""


def submissions_visible_to(actor: Actor) -> QuerySet[Submission]:
    """The submissions an actor may see: its own facility's, or those of its province."""
    return Submission.objects.filter(rows_reached(actor, Permission.SUBMISSION_SEE))


def get_submission(by: Actor, submission_id: UUID) -> Submission:
    """One submission, if the actor may see it. Raises NotFound otherwise."""
    found = submissions_visible_to(by).filter(id=submission_id).first()
    if found is None:
        raise NotFound
    return found


def receipt_of(submission: Submission) -> str:
    """The first receipt exactly as given."""
    return Receipt.objects.get(facility_id=submission.facility_id, submission_id=submission.id).jws


def claims(submission: Submission) -> dict[str, Any]:
    """What the receipt that holds now says: outcome and findings per record, digest, signature, destinations."""
    return claims_of_all([submission])[submission.id]


def claims_of_all(submissions: Sequence[Submission]) -> dict[UUID, dict[str, Any]]:
    """What the receipts that hold now say, by submission; one statement."""
    facilities, ids = [one.facility_id for one in submissions], [one.id for one in submissions]
    rows = pg.ask(_PRESENT, [list(dict.fromkeys(facilities)), ids])
    return {key: claims_of(jws) for key, jws in rows()}


def amendments_of(submission: Submission) -> QuerySet[AmendedReceipt]:
    """What was said after the first receipt, in order."""
    mine = AmendedReceipt.objects.filter(facility_id=submission.facility_id, submission_id=submission.id)
    return mine.order_by("number")


def cancellations_of(submission: Submission) -> QuerySet[Cancellation]:
    """The dossiers of a submission that their facility has cancelled, in order."""
    mine = Cancellation.objects.filter(facility_id=submission.facility_id, submission_id=submission.id)
    return mine.order_by("cancelled_at", "id")


def content_of(submission: Submission) -> bytes:
    """The signed bytes as received. Raises NotFound for a refusal, which keeps none."""
    kept = SubmissionContent.objects.filter(facility_id=submission.facility_id, submission_id=submission.id).first()
    if kept is None:
        raise NotFound
    return kept_bytes.opened(submission.id, bytes(kept.content), submission.size)


def records_of_submission(submission: Submission) -> QuerySet[Record]:
    """Every version of a record that the submission brought."""
    return Record.objects.filter(facility_id=submission.facility_id, submission_id=submission.id)


def deliveries_of(submission: Submission) -> QuerySet[Delivery]:
    """Where a submission goes."""
    mine = Delivery.objects.filter(facility_id=submission.facility_id, submission_id=submission.id)
    return mine.order_by("destination")


@dataclass(frozen=True, slots=True)
class SubmissionFilter:
    """What a list of submissions is narrowed to. day: of receipt, Viet Nam. before: receipt time, for older pages."""

    day_start: datetime | None = None
    day_end: datetime | None = None
    outcome: str = ""
    finding: str = ""
    dossier: str = ""
    before: datetime | None = None


def list_submissions(by: Actor, wanted: SubmissionFilter, *, limit: int = PAGE) -> list[Submission]:
    """Submissions the actor may see, the newest first."""
    rows = submissions_visible_to(by)
    if wanted.day_start:
        rows = rows.filter(received_at__gte=wanted.day_start)
    if wanted.day_end:
        rows = rows.filter(received_at__lt=wanted.day_end)
    if wanted.before:
        rows = rows.filter(received_at__lt=wanted.before)
    if wanted.outcome:
        rows = rows.filter(outcome=wanted.outcome)
    if wanted.finding:
        rows = rows.filter(finding_codes__contains=[wanted.finding])
    if wanted.dossier:
        rows = rows.filter(dossier_codes__contains=[wanted.dossier])
    return list(rows.order_by("-received_at")[:limit])


def counts(
    by: Actor, *, days: Iterable[date], subject: str, facility: Facility | None = None
) -> dict[tuple[date, str, str], int]:
    """Counters by (day, name, state), summed over everything the actor may see, or over one facility."""
    require(by, Permission.COUNTER_SEE, facility=facility)
    rows = Counter.objects.filter(rows_reached(by, Permission.COUNTER_SEE), day__in=list(days), subject=subject)
    if facility is not None:
        rows = rows.filter(facility_id=facility.id)
    grouped = rows.values("day", "name", "state").annotate(total=Sum("number"))
    return {(row["day"], row["name"], row["state"]): row["total"] for row in grouped}


def counts_by_province(by: Actor, *, day: date, subject: str) -> dict[tuple[str, str], int]:
    """Counters of one day by (province, state), of all names together."""
    require(by, Permission.COUNTER_SEE)
    rows = Counter.objects.filter(rows_reached(by, Permission.COUNTER_SEE), day=day, subject=subject)
    grouped = rows.values("province_code", "state").annotate(total=Sum("number"))
    return {(row["province_code"], row["state"]): row["total"] for row in grouped}


def counts_by_facility(
    by: Actor, *, day: date, subject: str, province_code: str | None = None
) -> dict[tuple[UUID, str], int]:
    """Counters of one day by (facility, state), of all names together, of one province if one is given."""
    require(by, Permission.COUNTER_SEE)
    rows = Counter.objects.filter(rows_reached(by, Permission.COUNTER_SEE), day=day, subject=subject)
    if province_code:
        rows = rows.filter(province_code=province_code)
    grouped = rows.values("facility_id", "state").annotate(total=Sum("number"))
    return {(row["facility_id"], row["state"]): row["total"] for row in grouped}


def records_by_author(keys: Iterable[str], period: Period, *, visible_to: Actor | None) -> QuerySet[AuthorMention]:
    """The dossiers, in the version that holds now, in which one of the licence numbers stands as an author of something
    done on a day of `period`; one row a dossier and day, the newest first.

    keys: as compared (`base.licence_numbers.number_key`). visible_to: only those of facilities whose submissions the
    actor may see; None: all, to be counted. Found is what was answered before `mentions.complete_until()`.
    """
    rows = AuthorMention.objects.filter(number_key__in=list(keys))
    if period.start is not None:
        rows = rows.filter(happened_on__gte=period.start)
    if period.end is not None:
        rows = rows.filter(happened_on__lt=period.end)
    if visible_to is not None:
        rows = rows.filter(rows_reached(visible_to, Permission.SUBMISSION_SEE))
    head = DossierHead.objects.filter(facility_id=OuterRef("facility_id"), kind="visit", code=OuterRef("dossier_code"))
    present = rows.filter(Exists(head.filter(submission_id=OuterRef("submission_id"), cancelled_at=None)))
    return present.order_by("-happened_on", "facility_code", "dossier_code")
