"""Forged codes are recorded: who shows many of them is a matter for the authority."""

from __future__ import annotations

import hashlib
from datetime import datetime

from django.db import transaction

from ymach.audit.actions import REGISTRY, record
from ymach.audit.chain import Event
from ymach.publication.seals import QrExpired, QrRefused

BASIS = "Law 15/2023/QH15 Art. 7: forged licences"


def record_refused_qr(refused: QrRefused, *, token: str, address: str, at: datetime) -> None:
    """An event for a code that was forged or altered; one that merely ended is no offence. address: of who scanned."""
    if isinstance(refused, QrExpired):
        return
    digest = hashlib.sha256(token.encode("utf-8", "replace")).hexdigest()
    event = Event(
        at=at,
        actor="public",
        action="licence-qr:refused",
        subject=f"qr:{digest[:32]}",
        basis=BASIS,
        detail={"code": refused.code, "address": address[:64]},
    )
    with transaction.atomic():
        record(event, facility_id=REGISTRY)
