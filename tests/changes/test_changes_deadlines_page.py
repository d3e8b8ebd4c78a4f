"""The page of deadlines: everybody sees their own people, narrowed by the address, page by page, as a file."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from tests.changes.test_changes_pages import client_of, text_of
from tests.support.factories import make_facility, make_licence, make_registration

from ymach.accounts.permissions import Role
from ymach.base.clock import now, vietnam_day
from ymach.base.periods import Period
from ymach.facilities.models import Facility
from ymach.practitioners.models import Licence
from ymach.web.views import deadlines

pytestmark = pytest.mark.django_db


def ending_in(days: int, facility: Facility) -> Licence:
    last = vietnam_day(now()) + timedelta(days=days)
    start = last - timedelta(days=700)
    licence = make_licence(since=start, valid=Period(start, last + timedelta(days=1)), issuer_province_code="01")
    make_registration(licence, facility, valid=Period(start))
    return licence


@pytest.fixture
def facility() -> Facility:
    return make_facility("01001")


def numbers(page: str) -> list[str]:
    return re.findall(r'data-label="Số giấy phép">([^<]+)<', page)


def test_the_department_sees_the_earliest_first_and_narrows_by_address(facility: Facility) -> None:
    soon, past = ending_in(20, facility), ending_in(-20, facility)
    client = client_of(Role.DEPARTMENT, "department", province_code="01")
    assert numbers(text_of(client.get("/deadlines"))) == [past.number, soon.number]
    assert numbers(text_of(client.get("/deadlines?state=soon&what=renewal"))) == [soon.number]
    assert numbers(text_of(client.get("/deadlines?what=idle"))) == []
    assert numbers(text_of(client_of(Role.DEPARTMENT, "other", province_code="79").get("/deadlines"))) == []


def test_a_facility_sees_its_own_and_a_person_themselves(facility: Facility) -> None:
    mine, other = ending_in(20, facility), ending_in(30, make_facility("01002"))
    staff = client_of(Role.FACILITY, "staff", facility_id=facility.pk)
    assert numbers(text_of(staff.get("/deadlines"))) == [mine.number]
    me = client_of(Role.PRACTITIONER, "me", practitioner_id=other.practitioner_id)
    page = text_of(me.get("/deadlines"))
    assert numbers(page) == [other.number]
    assert "còn thiếu 120 giờ" in page


def test_pages_go_on_without_gap_or_repetition(facility: Facility, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(deadlines, "PAGE", 2)
    made = [ending_in(days, facility).number for days in (5, 5, 5, 40, 90)]
    client = client_of(Role.DEPARTMENT, "department", province_code="01")
    seen: list[str] = []
    address = "/deadlines"
    while address:
        page = text_of(client.get(address))
        seen += numbers(page)
        found = re.search(r'href="(\?[^"]*after=[^"]*)"', page)
        address = f"/deadlines{found[1].replace('&amp;', '&')}" if found else ""
    assert (len(seen), set(seen)) == (5, set(made))


def test_the_list_is_had_as_a_file(facility: Facility) -> None:
    licence = ending_in(20, facility)
    client = client_of(Role.DEPARTMENT, "department", province_code="01")
    file = client.get("/deadlines?format=csv&table=deadlines").content.decode("utf-8-sig")
    assert licence.number in file
    assert "Ngày đến hạn" in file


@pytest.mark.parametrize("role", [Role.AUDITOR, Role.CITIZEN])
def test_others_are_refused(role: Role) -> None:
    limits = {"citizen_id": make_licence().pk} if role is Role.CITIZEN else {}
    assert client_of(role, "x", **limits).get("/deadlines").status_code == 403
