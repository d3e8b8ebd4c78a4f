"""Prescriptions: of today, of deliveries written without an intake, and the pharmacies that dispense them."""

from __future__ import annotations

import base64
import re
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction

from tests.support.factories import make_facility, make_licence, make_registration
from tests.support.intake import Desk, example
from ymach.accounts.queries import machine_actor
from ymach.base.actors import Actor
from ymach.base.clock import now, vietnam_day
from ymach.base.ids import new_id
from ymach.exchange.channels.dossiers import dossiers_in
from ymach.exchange.intake.store_sql import Common
from ymach.exchange.living.contract import Placed
from ymach.exchange.models import Delivery
from ymach.exchange.prescriptions.keeper import keep_prescriptions
from ymach.exchange.prescriptions.models import Prescription
from ymach.exchange.records import records_of
from ymach.facilities.models import Facility

EXAMPLE = "03-prescription-only.xml"
"""28 tablets, prescribed on 05/11/2026 at 09:30."""
PHARMACISTS = {"99101": "000101/NA-CCHND", "99102": "000102/NA-CCHND"}


@dataclass
class Counter:
    """A pharmacy with its pharmacist, and its software."""

    facility: Facility
    pharmacist: str

    @property
    def by(self) -> Actor:
        return machine_actor(self.facility.code, self.facility.id)


def open_pharmacy(code: str = "99101", form: str = "PHARMACY") -> Counter:
    facility = make_facility(code, form=form, name=f"Nhà thuốc {code}")
    make_registration(make_licence(PHARMACISTS[code], title="ds", scopes=()), facility)
    return Counter(facility, PHARMACISTS[code])


def of_yesterday(content: bytes | None = None) -> bytes:
    """The example as of yesterday, so that it can be dispensed today."""
    day = f"{vietnam_day(now()) - timedelta(days=1):%Y%m%d}"
    return rewritten(content or example(EXAMPLE), {"20261105": day})


def rewritten(content: bytes, changes: dict[str, str]) -> bytes:
    """The file with texts of its tables replaced: they are in Base64."""

    def changed(found: re.Match[bytes]) -> bytes:
        table = base64.b64decode(found[1]).decode()
        for before, after in changes.items():
            table = table.replace(before, after)
        return b"<NOIDUNGFILE>" + base64.b64encode(table.encode()) + b"</NOIDUNGFILE>"

    return re.sub(rb"<NOIDUNGFILE>([^<]*)</NOIDUNGFILE>", changed, content)


def prescribe(desk: Desk, content: bytes, at: datetime) -> Prescription:
    """Send a signed dossier and find its one prescription."""
    answer = desk.send_one(desk.sign(content, at=at), at=at)
    assert answer.body["outcome"].startswith("accepted"), answer.body
    return Prescription.objects.get(submission_id=answer.body["id"])


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
