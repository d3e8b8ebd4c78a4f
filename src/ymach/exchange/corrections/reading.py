"""A facility's program reads what a version says otherwise than the one before; the reading is in the journal."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from ymach.accounts.permissions import Permission, require
from ymach.audit.actions import record
from ymach.audit.chain import Event
from ymach.base.actors import Actor
from ymach.exchange import queries
from ymach.exchange.corrections.differences import Comparison
from ymach.exchange.corrections.queries import Version, compared, version_of
from ymach.facilities.models import Facility

BASIS = "Law 15/2023/QH15 art. 69: the facility reads the record it made"


def read_differences(
    versions: Sequence[Version], code: str, number: int, *, by: Actor, at: datetime
) -> tuple[Version | None, Comparison | None]:
    """The version before, and the differences; nothing before the first. at: aware. Raises NotAllowed, NotFound."""
    submission = version_of(versions, number).submission
    place = Facility(id=submission.facility_id, province_code=submission.province_code)
    require(by, Permission.RECORD_READ, facility=place)
    found = compared(versions, number)
    citizens = queries.records_of_submission(submission).filter(dossier_code=code)
    event = Event(
        at=at,
        actor=str(by),
        action="dossier:read",
        subject=f"submission:{submission.id}",
        basis=BASIS,
        citizen_id=citizens.values_list("citizen_id", flat=True).first(),
        detail={"code": code, "version": number},
    )
    with transaction.atomic():
        record(event, facility_id=submission.facility_id)
    return found
