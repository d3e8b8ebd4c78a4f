"""What the audit journal is told of papers. Refusals: `ymach.audit.refusals`."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction

from ymach.audit.actions import REGISTRY, record
from ymach.audit.chain import Event
from ymach.audit.refusals import DUTY
from ymach.base.actors import Actor


def opened(subject: str, *, by: Actor, at: datetime, facility_id: UUID | None) -> None:
    """A paper was opened."""
    event = Event(at=at, actor=str(by), action="evidence:opened", subject=subject, basis=DUTY)
    with transaction.atomic():
        record(event, facility_id=facility_id or REGISTRY)
