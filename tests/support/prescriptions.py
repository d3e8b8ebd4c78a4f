"""Prescriptions of deliveries that were written without an intake."""

from __future__ import annotations

from django.db import transaction

from ymach.base.ids import new_id
from ymach.exchange.channels.dossiers import dossiers_in
from ymach.exchange.intake.living import Placed
from ymach.exchange.intake.store_sql import Common
from ymach.exchange.models import Delivery
from ymach.exchange.prescriptions.keeper import keep_prescriptions
from ymach.exchange.records import records_of


def keep_prescriptions_of(delivery: Delivery, content: bytes) -> None:
    """What the dossiers of the file prescribe, as the intake would have kept it."""
    at = delivery.created_at
    placed = [
        Placed(dossier, draft, new_id(), delivery.submission_id, new_id(), "accepted", delivery.version)
        for dossier in dossiers_in(content)
        for draft in records_of(dossier, received_at=at)
    ]
    place = (delivery.facility_id, delivery.facility_code, delivery.facility_code[:2])
    with transaction.atomic():
        keep_prescriptions(placed, Common(*place, "command:test", at, delivery.deadline_at))
