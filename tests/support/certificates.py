"""Certificates of facilities that end when a test wants them to."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db.backends.postgresql.psycopg_any import DateTimeTZRange

from ymach.base.actors import SYSTEM
from ymach.base.history.attribution import attributed
from ymach.base.ids import new_id
from ymach.facilities.models import Facility, FacilityCertificate


def bind_certificate(facility: Facility, *, at: datetime, days: float) -> FacilityCertificate:
    """A certificate of the facility that ends so many days after `at`; nothing can be signed with it."""
    with attributed(by=SYSTEM, reason="test", at=at):
        return FacilityCertificate.objects.create(
            facility=facility,
            fingerprint=new_id().hex * 2,
            der=b"",
            subject_common_name="BV Mẫu",
            not_before=at - timedelta(days=700),
            not_after=at + timedelta(days=days),
            valid=DateTimeTZRange(at - timedelta(days=100), None),
        )
