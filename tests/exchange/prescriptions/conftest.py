"""A prescription from a signed dossier, and the pharmacies that dispense it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

import pytest
from tests.support.factories import make_facility, make_licence, make_registration
from tests.support.intake import Desk, example, open_desk

from ymach.accounts.queries import machine_actor
from ymach.base.actors import Actor
from ymach.exchange.prescriptions.models import Prescription
from ymach.facilities.models import Facility

ISSUED = datetime(2026, 11, 5, 2, 30, tzinfo=UTC)  # 09:30 in Viet Nam, as the example says
AT = datetime(2026, 11, 6, 3, 0, tzinfo=UTC)
PHARMACISTS = {"99101": "000101/NA-CCHND", "99102": "000102/NA-CCHND"}
EXAMPLE = "03-prescription-only.xml"


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


def prescribe(desk: Desk, content: bytes | None = None, *, at: datetime = AT) -> Prescription:
    """Send the example (28 tablets) and find its prescription."""
    answer = desk.send_one(desk.sign(content or example(EXAMPLE), at=at), at=at)
    assert answer.body["outcome"].startswith("accepted"), answer.body
    return Prescription.objects.get(submission_id=answer.body["id"])


@pytest.fixture
def desk(db: None) -> Desk:
    return open_desk("99003")


@pytest.fixture
def counter(db: None) -> Counter:
    return open_pharmacy()


@pytest.fixture
def prescription(desk: Desk) -> Prescription:
    return prescribe(desk)
