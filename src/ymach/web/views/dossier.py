"""A dossier as its facility reads it: opened from the kept bytes, for those who may read records."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_safe

from ymach.accounts.permissions import Permission, require
from ymach.audit.actions import record
from ymach.audit.chain import Event
from ymach.base.actors import Actor
from ymach.base.clock import now
from ymach.base.text import Text
from ymach.clinical.dossier import Dossier
from ymach.exchange import queries
from ymach.exchange.contents import dossier_at
from ymach.exchange.models import Submission
from ymach.web import dossier_shown
from ymach.web.access import actor_of_request, needs
from ymach.web.sheets import page_or_sheet

BASIS = "Law 15/2023/QH15 art. 69: the facility reads the record it made"


@dataclass(frozen=True, slots=True)
class Place:
    """Where a submission belongs, for the check of reach."""

    id: UUID
    province_code: str


@needs(Permission.RECORD_READ)
@require_safe
def index(request: HttpRequest, submission_id: UUID, number: int) -> HttpResponse:
    """One dossier of a submission on one screen. The reading is written to the journal."""
    actor = actor_of_request(request)
    submission = queries.get_submission(actor, submission_id)
    require(actor, Permission.RECORD_READ, facility=Place(submission.facility_id, submission.province_code))
    dossier = _open(submission, number)
    _journal(actor, submission, dossier)
    context = {
        "submission": submission,
        "crumbs": [
            (Text("Biên nhận", "Receipts"), reverse("submissions")),
            (dossier.code, reverse("submission", args=[submission.id])),
        ],
        **dossier_shown.context_of(dossier),
    }
    return page_or_sheet(request, "pages/dossier.html", lambda: context, dossier_shown.sheets(dossier))


def _open(submission: Submission, number: int) -> Dossier:
    return dossier_at(queries.content_of(submission), number)


def _journal(actor: Actor, submission: Submission, dossier: Dossier) -> None:
    found = queries.records_of_submission(submission).filter(dossier_code=dossier.code).first()
    citizen_id = found.citizen_id if found else None
    event = Event(
        at=now(),
        actor=str(actor),
        action="dossier:read",
        subject=f"submission:{submission.id}",
        basis=BASIS,
        citizen_id=citizen_id,
        detail={"code": dossier.code},
    )
    with transaction.atomic():
        record(event, facility_id=submission.facility_id)
