"""A dossier as its facility reads it: opened from the kept bytes, for those who may read records."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import cast
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_safe

from ymach.accounts.permissions import Permission, may
from ymach.base.actors import Actor
from ymach.base.clock import now
from ymach.base.text import Text
from ymach.clinical.dossier import Dossier
from ymach.exchange import queries
from ymach.exchange.contents import dossier_at
from ymach.exchange.corrections.differences import Comparison
from ymach.exchange.corrections.errors import DossierUnknown
from ymach.exchange.corrections.queries import CURRENT, Version, compared, opened, versions_of
from ymach.exchange.corrections.reading import DIFFERENCES
from ymach.exchange.models import Submission
from ymach.exchange.reading.dossiers import read_own
from ymach.exchange.reading.errors import RecordNotOpen
from ymach.exchange.records import compartment_of
from ymach.web.access import actor_of_request, needs
from ymach.web.parts import Alert
from ymach.web.sheets import Sheet, page_or_sheet
from ymach.web.shown import corrections as corrected
from ymach.web.shown import dossiers as dossier_shown


@needs(Permission.RECORD_READ)
@require_safe
def index(request: HttpRequest, submission_id: UUID, number: int) -> HttpResponse:
    """One dossier of a submission on one screen. The reading is written to the journal."""
    actor = actor_of_request(request)
    submission = queries.get_submission(actor, submission_id)
    (dossier,) = read_own(submission, [_open(submission, number)], part="dossier", by=actor, at=now())
    if dossier is None:
        raise RecordNotOpen
    life, shown = _life(submission, dossier, actor), dossier_shown.context_of(dossier)
    context = {
        "submission": submission,
        "crumbs": [
            (Text("Biên nhận", "Receipts"), reverse("submissions")),
            (dossier.code, reverse("submission", args=[submission.id])),
        ],
        **shown,
        "alerts": [*corrected.alerts(life.versions, submission), *cast("list[Alert]", shown["alerts"])],
        "versions": corrected.version_lines(life.versions, submission),
        "before": life.before,
        "found": life.found,
        "change": corrected.summary(life.found),
        "differences": [(one, corrected.place_of(one)) for one in life.found.differences] if life.found else [],
        "difference_columns": corrected.DIFFERENCE_COLUMNS,
        "number": number,
        "is_current": life.is_current,
        "may_cancel": life.is_current and may(actor, Permission.SUBMISSION_SEND),
    }
    sheets = {**dossier_shown.sheets(dossier), **_difference_sheet(life.found)}
    return page_or_sheet(request, "pages/dossier.html", lambda: context, sheets)


@dataclass(frozen=True, slots=True)
class Life:
    """The versions of the dossier that is read, and what this one says otherwise than the one before."""

    versions: Sequence[Version] = ()
    before: Version | None = None
    found: Comparison | None = None
    is_current: bool = False


def _life(submission: Submission, dossier: Dossier, actor: Actor) -> Life:
    """Of a dossier none of whose records was stored, nothing; no differences from a version that is withheld."""
    try:
        versions = versions_of(submission.facility_id, dossier.kind, dossier.code)
    except DossierUnknown:
        return Life()
    mine = next((one for one in versions if one.submission.id == submission.id and one.cancellation is None), None)
    if mine is None:
        return Life(versions)
    before, found = compared(versions, mine.number)
    if before is not None and _is_withheld(before, actor):
        before, found = None, None
    return Life(versions, before, found, is_current=mine.state == CURRENT)


def _is_withheld(version: Version, actor: Actor) -> bool:
    """Whether a version lies in a restricted compartment that is not open to the reader."""
    dossier = opened(version)
    return bool(compartment_of(dossier)) and None in read_own(
        version.submission, [dossier], part=DIFFERENCES, by=actor, at=now()
    )


def _difference_sheet(found: Comparison | None) -> dict[str, Sheet]:
    if found is None or found.is_same:
        return {}
    rows = [
        (one.title, one.line, one.label, one.tag, corrected.WHAT_WORDS[one.what], one.before, one.after)
        for one in found.differences
    ]
    return {"differences": Sheet(corrected.DIFFERENCE_HEADS, lambda: iter(rows))}


def _open(submission: Submission, number: int) -> Dossier:
    return dossier_at(queries.content_of(submission), number)
