"""A referral from the signed dossier to the answer the sender reads."""

from __future__ import annotations

import base64
import re
from dataclasses import dataclass

import pytest
from tests.support.intake import RECEIVER, Desk, example, open_desk

from ymach.accounts.permissions import ROLE_PERMISSIONS, Role
from ymach.base.actors import Actor, ActorKind, Grant
from ymach.exchange.referrals import queries
from ymach.exchange.referrals.models import Referral
from ymach.facilities.models import Facility
from ymach.notices.models import Notice

pytestmark = pytest.mark.django_db


def staff(facility: Facility) -> Actor:
    words = frozenset(word.value for word in ROLE_PERMISSIONS[Role.FACILITY])
    grant = Grant(Role.FACILITY, words, facility_id=facility.id)
    return Actor(ActorKind.USER, facility.code, f"Nhân viên {facility.code}", (grant,))


def changed(name: str, *pairs: tuple[str, str]) -> bytes:
    """An example with other words in its tables, which are Base64."""

    def again(found: re.Match[bytes]) -> bytes:
        table = base64.b64decode(found[1]).decode()
        for before, after in pairs:
            table = table.replace(before, after)
        return b"<NOIDUNGFILE>" + base64.b64encode(table.encode()) + b"</NOIDUNGFILE>"

    return re.sub(rb"<NOIDUNGFILE>([^<]*)</NOIDUNGFILE>", again, example(name))


@dataclass
class Pair:
    desk: Desk
    hospital: Facility

    @property
    def clinic_staff(self) -> Actor:
        return staff(self.desk.facility)

    @property
    def hospital_staff(self) -> Actor:
        return staff(self.hospital)

    def refer(self, *pairs: tuple[str, str]) -> Referral:
        self.desk.send_one(self.desk.sign(changed("02-inpatient-referral.xml", *pairs)))
        return Referral.objects.get(facility_id=self.desk.facility.id)


@pytest.fixture
def pair() -> Pair:
    desk = open_desk("99002")
    return Pair(desk, Facility.objects.get(code=RECEIVER))


def test_a_signed_dossier_with_a_referral_reaches_the_receivers_list(pair: Pair) -> None:
    sent = pair.refer()
    assert (sent.receiver_id, sent.state, sent.is_held) == (pair.hospital.id, "sent", False)
    assert [one.id for one in queries.listed(pair.hospital_staff, "in", queries.Wanted(state="open"))] == [sent.id]
    assert Notice.objects.get(facility_id=pair.hospital.id).link == f"/referrals/{sent.id}"
