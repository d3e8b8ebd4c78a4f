"""Looking at what became of dossiers: their versions and cancellations, amended receipts, corrections of the registry."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Q, QuerySet

from ymach.accounts.permissions import Permission
from ymach.base.actors import Actor
from ymach.base.errors import NotFound
from ymach.clinical.dossier import Dossier
from ymach.exchange import contents, queries
from ymach.exchange.corrections.differences import Comparison, compare
from ymach.exchange.corrections.errors import DossierUnknown
from ymach.exchange.models import AmendedReceipt, Cancellation, DossierHead, Record, Submission
from ymach.facilities.queries import rows_reached

PAGE = 50
CURRENT, REPLACED, CANCELLED, CANCELLATION = "current", "replaced", "cancelled", "cancellation"
_MOST_SUBMISSIONS = 200


@dataclass(frozen=True, slots=True)
class Version:
    """One number in the life of a dossier: content that came, or its cancellation.

    state: "current", "replaced", "cancelled" (held until its cancellation) or "cancellation". at: when it came.
    submission: of the content, or of the content that was cancelled; place: which of its dossiers, from 0.
    """

    number: int
    state: str
    at: datetime
    submission: Submission
    place: int
    cancellation: Cancellation | None = None


def head_of(facility_id: UUID, kind: str, code: str) -> DossierHead:
    """The present version of a facility's dossier. Raises DossierUnknown."""
    found = DossierHead.objects.filter(facility_id=facility_id, kind=kind, code=code).first()
    if found is None:
        raise DossierUnknown
    return found


def versions_of(facility_id: UUID, kind: str, code: str) -> list[Version]:
    """Every version of a facility's dossier and every cancellation, the newest first. Raises DossierUnknown."""
    head = head_of(facility_id, kind, code)
    mine = Cancellation.objects.filter(facility_id=facility_id, kind=kind, code=code)
    taken_back = {one.version: one for one in mine}
    came = _contents(head, set(range(1, head.version + 1)) - taken_back.keys())
    known = {one.id: one for one in Submission.objects.filter(facility_id=facility_id, id__in=came.values())}
    found = []
    for number, key in came.items():
        submission = known[key]
        state = CANCELLED if number + 1 in taken_back else CURRENT if number == head.version else REPLACED
        found.append(Version(number, state, submission.received_at, submission, _place(submission, code)))
    for number, one in taken_back.items():
        submission = next(version.submission for version in found if version.submission.id == one.submission_id)
        found.append(Version(number, CANCELLATION, one.cancelled_at, submission, _place(submission, code), one))
    return sorted(found, key=lambda one: -one.number)


def version_of(versions: Sequence[Version], number: int) -> Version:
    """The content that came under a number. Raises NotFound."""
    found = next((one for one in versions if one.number == number and one.state != CANCELLATION), None)
    if found is None:
        raise NotFound
    return found


def compared(versions: Sequence[Version], number: int) -> tuple[Version | None, Comparison | None]:
    """The content before a version, and what the version says otherwise; nothing before the first. Raises NotFound."""
    after = version_of(versions, number)
    before = next((one for one in versions if one.number < number and one.state != CANCELLATION), None)
    if before is None:
        return None, None
    return before, compare(opened(before), opened(after))


def opened(version: Version) -> Dossier:
    """The dossier of a version, from the kept bytes."""
    return contents.dossier_at(queries.content_of(version.submission), version.place)


def amended_visible_to(actor: Actor, *, cause: str = "") -> QuerySet[AmendedReceipt]:
    """The amended receipts an actor may see, the newest first: its own facility's, or those of its province."""
    rows = AmendedReceipt.objects.filter(rows_reached(actor, Permission.SUBMISSION_SEE)).order_by(
        "-issued_at", "-number"
    )
    return rows.filter(cause=cause) if cause else rows


def cancellations_visible_to(actor: Actor) -> QuerySet[Cancellation]:
    """The cancellations an actor may see, the newest first."""
    return Cancellation.objects.filter(rows_reached(actor, Permission.SUBMISSION_SEE)).order_by("-cancelled_at", "id")


def _contents(head: DossierHead, wanted: set[int]) -> dict[int, UUID]:
    """By version, the submission that brought it. Versions of other persons (a wrong one was corrected), or without a
    record that was stored, are found by their receipts."""
    kinds = Q(kind="check-in") if head.kind == "check-in" else ~Q(kind="check-in")
    mine = Record.objects.filter(
        kinds, citizen_id=head.citizen_id, facility_id=head.facility_id, dossier_code=head.code
    )
    found: dict[int, UUID] = dict(mine.values_list("version", "submission_id"))
    if wanted - found.keys():
        rows = Submission.objects.filter(facility_id=head.facility_id, dossier_codes__contains=[head.code])
        submissions = list(rows.exclude(searchable_at=None).order_by("-received_at")[:_MOST_SUBMISSIONS])
        for key, claims in queries.claims_of_all(submissions).items() if submissions else ():
            for entry in claims["records"]:
                is_same_kind = (entry["kind"] == "check-in") == (head.kind == "check-in")
                if entry["code"] == head.code and is_same_kind and entry["record_id"]:
                    found.setdefault(int(entry["version"]), key)
    return {number: key for number, key in found.items() if number in wanted}


def _place(submission: Submission, code: str) -> int:
    return submission.dossier_codes.index(code) if code in submission.dossier_codes else 0
