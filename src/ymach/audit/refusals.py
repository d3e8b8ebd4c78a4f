"""Refusals that the journal is told of: they stay, although what they refused does not."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from uuid import UUID

from django.db import transaction

from ymach.audit.actions import REGISTRY, record
from ymach.audit.chain import Event
from ymach.base.actors import Actor
from ymach.base.errors import NotAllowed, NotFound, YmachError

DUTY = "registry"


@contextmanager
def refusals_recorded(
    action: str,
    subject: str,
    *,
    by: Actor,
    at: datetime,
    facility_id: UUID | None = None,
    kinds: tuple[type[YmachError], ...] = (NotAllowed, NotFound),
) -> Iterator[None]:
    """Run the block; a refusal of one of `kinds` is written to the journal, outside what the block rolled back.

    action: e.g. "change:approve"; subject: "kind:id". Without a facility the event is the registry's own.
    """
    try:
        yield
    except kinds as refusal:
        event = Event(
            at=at,
            actor=str(by),
            action=f"{action}:refused",
            subject=subject,
            basis=DUTY,
            detail={"code": refusal.code},
        )
        with transaction.atomic():
            record(event, facility_id=facility_id or REGISTRY)
        raise
