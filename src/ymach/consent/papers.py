"""Looking at the signed paper of a consent: the proof, for the person, and for a desk that the consent concerns."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from ymach.audit.actions import REGISTRY, record
from ymach.audit.chain import Event
from ymach.base.actors import Actor
from ymach.citizens.proxies.models import Paper
from ymach.citizens.proxies.papers import open_paper
from ymach.consent.errors import ConsentNotFound
from ymach.consent.models import Consent
from ymach.facilities.models import Facility

BASIS = "Decree 356/2025/NĐ-CP art. 6: proof of a consent"


def open_scan(row: Consent, *, by: Actor, at: datetime, desk: Facility | None = None) -> tuple[Paper, bytes]:
    """The scan and its content; the look is in the journal of the desk, or of the registry for the person's own.

    The caller has made sure that `by` may see the consent. Raises ConsentNotFound where VNeID stands for the paper,
    SealBroken, KeyMissing.
    """
    if row.paper_id is None:
        raise ConsentNotFound
    with transaction.atomic():
        event = Event(at, str(by), "consent:paper-read", f"consent:{row.id}", BASIS, citizen_id=row.citizen_id)
        record(event, facility_id=desk.id if desk else REGISTRY)
        return open_paper(citizen_id=row.citizen_id, paper_id=row.paper_id)
