"""Probable pairs on the pages: who sees them, what is shown, what an answer does."""

from __future__ import annotations

from datetime import UTC, datetime
from uuid import UUID

import pytest
from django.test import Client
from tests.support.factories import make_facility
from tests.support.profiles import reader

from ymach.accounts.permissions import Role
from ymach.audit.models import AuditEvent
from ymach.citizens.actions import settle
from ymach.citizens.identify import Claim
from ymach.citizens.links.queries import are_joined
from ymach.citizens.matching.actions import compare_new
from ymach.citizens.matching.models import Pair, State
from ymach.citizens.queries import ask_identities
from ymach.clinical.person import PartialDate

pytestmark = pytest.mark.django_db
AT = datetime(2026, 11, 22, 3, 0, tzinfo=UTC)


def stated(name: str, number: str, facility_id: UUID) -> None:
    claim = Claim(
        full_name=name,
        birth=PartialDate(1985, 5, 17),
        sex="2",
        personal_number=number,
        insurance_card=None,
        facility_id=facility_id,
        patient_code=number,
        dossier_code="D",
        province_code="01",
        commune_code="00070",
        phone="0912345678",
    )
    settle(ask_identities([claim])(), at=AT)


@pytest.fixture
def pair() -> Pair:
    """A pair that a person has to decide: everything agrees but the numbers."""
    here, there = make_facility("01001"), make_facility("01002", name="Bệnh viện Thứ Hai")
    stated("Nguyễn Thị Hòa", "001185012345", here.pk)
    stated("NGUYEN THI HOA", "001185999999", there.pk)
    compare_new(at=AT)
    return Pair.objects.get()


def at_department(code: str) -> Client:
    return reader(Role.DEPARTMENT, province_code=code)


def address(pair: Pair) -> str:
    return f"/persons/pairs/{pair.citizen_id}/{pair.other_id}"


def test_a_pair_is_read_and_decided_by_the_department_of_the_place(pair: Pair) -> None:
    department = at_department("01")
    listed = department.get("/persons/pairs").content.decode()
    assert "Nguyễn Thị Hòa" in listed
    assert "hai số định danh khác hẳn" in listed
    shown = department.get(address(pair)).content.decode()
    assert "khớp khi bỏ dấu" in shown
    assert "Bệnh viện Thứ Hai" in shown
    assert "001185012345" not in shown
    assert "0912345678" not in shown
    refused = department.post(address(pair), {"answer": "same", "reason": " "})
    assert refused.status_code == 422
    assert "Cần ghi lý do" in refused.content.decode()
    done = department.post(address(pair), {"answer": "same", "reason": "đã gọi điện"})
    assert (done.status_code, Pair.objects.get().state) == (302, State.SAME)
    assert are_joined(pair.citizen_id, pair.other_id)
    again = department.post(address(pair), {"answer": "different", "reason": "x"})
    assert again.status_code == 409
    told = AuditEvent.objects.filter(citizen_id=pair.citizen_id).values_list("action", flat=True)
    assert {"identity-pair:opened", "identity-pair:answered-same", "identity:linked"} <= set(told)
    assert "Nguyễn Thị Hòa" in department.get("/persons/pairs?state=same").content.decode()
    found = department.post("/persons", {"number": "001185012345", "full_name": "Nguyễn Thị Hòa"}, follow=True)
    assert f'href="{address(pair)}"' in found.content.decode()


def test_other_departments_learn_nothing_of_a_pair(pair: Pair) -> None:
    stranger = at_department("79")
    assert "Nguyễn Thị Hòa" not in stranger.get("/persons/pairs").content.decode()
    assert stranger.get(address(pair)).status_code == 404
    assert stranger.post(address(pair), {"answer": "same", "reason": "x"}).status_code == 404


def test_a_facility_sees_the_pairs_of_whom_it_stated_one(pair: Pair) -> None:
    assert reader(Role.FACILITY, facility_id=pair.facility_id).get(address(pair)).status_code == 200
    assert reader(Role.FACILITY, "other", facility_id=make_facility("01003").pk).get(address(pair)).status_code == 404


def test_the_list_is_a_file_too(pair: Pair) -> None:
    content = at_department("01").get("/persons/pairs?format=csv").content.decode()
    assert "Nguyễn Thị Hòa" in content
    assert "001185012345" not in content
