"""A dispensing on its way to the national prescription system: a delivery of the submission that prescribed."""

from __future__ import annotations

from collections import Counter as Tally
from datetime import datetime

from django.conf import settings

from ymach.base.clock import vietnam_day
from ymach.exchange import counters
from ymach.exchange.deliveries.names import DISPENSING
from ymach.exchange.deliveries.rules import DEADLINE
from ymach.exchange.models import Delivery
from ymach.exchange.prescriptions.models import Dispensing, Prescription


def report(one: Prescription, dispensing: Dispensing, *, at: datetime) -> None:
    """Let a dispensing be told, in the caller's transaction; nothing where this installation has no way there."""
    environment = settings.ENVIRONMENT
    if not (environment.prescriptions_url and environment.prescriptions_app_name):
        return
    Delivery.objects.create(
        facility_id=one.facility_id,
        submission_id=one.submission_id,
        facility_code=one.facility_code,
        dossier_kind="visit",
        dossier_code=one.dossier_code,
        version=one.version,
        destination=f"{DISPENSING}:{dispensing.id}",
        state="waiting",
        due_at=at,
        deadline_at=at + DEADLINE,
        created_at=at,
        changed_at=at,
    )
    key = (vietnam_day(at), "delivery", DISPENSING, "waiting")
    counters.add_all(Tally({(one.facility_id, one.province_code, key): 1}))
