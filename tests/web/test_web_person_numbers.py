"""A person's numbers on the pages: the desk adds and ends, the department says whose a number is, strangers learn nothing."""

from __future__ import annotations

import re
from collections.abc import Iterator
from uuid import UUID

import pytest
from django.http import HttpResponse
from django.test import Client
from pytest_django import DjangoDbBlocker
from tests.support.accounts import signed_in
from tests.support.factories import make_facility
from tests.support.patients import make_patient

from ymach.accounts.permissions import Role
from ymach.audit.models import AuditEvent
from ymach.base.actors import command
from ymach.base.clock import now
from ymach.base.ids import new_id
from ymach.citizens.identifiers import numbers_of_person
from ymach.citizens.links.actions import link
from ymach.citizens.links.evidence import Evidence, Kind
from ymach.citizens.models import IdentifierDecision, IdentifierKind
from ymach.citizens.provisional.codes import code_of
from ymach.citizens.queries import known_under
from ymach.notices.models import Notice

pytestmark = pytest.mark.django_db
NUMBER, NAME = "001158000401", "Đặng Thị Ngọc Lan"
OTHERS, OTHER = "001160000402", "Trần Văn Bình"
NEW = "001158000777"
BY = command("test")


@pytest.fixture(scope="module")
def _people(_kept_rows: None, django_db_blocker: DjangoDbBlocker) -> Iterator[tuple[UUID, UUID, Client, Client]]:
    with django_db_blocker.unblock():
        here = make_facility()
        yield (
            make_patient(NAME, number=NUMBER),
            make_patient(OTHER, number=OTHERS),
            signed_in(Role.FACILITY, "thuky", facility_id=here.id),
            signed_in(Role.DEPARTMENT, "so", province_code="01"),
        )


@pytest.fixture
def lan(_people: tuple[UUID, UUID, Client, Client]) -> UUID:
    return _people[0]


@pytest.fixture
def binh(_people: tuple[UUID, UUID, Client, Client]) -> UUID:
    return _people[1]


@pytest.fixture
def clerk(_people: tuple[UUID, UUID, Client, Client]) -> Client:
    return _people[2]


@pytest.fixture
def department(_people: tuple[UUID, UUID, Client, Client]) -> Client:
    return _people[3]


def page_of(reader: Client, number: str = NUMBER, name: str = NAME) -> str:
    answer = reader.post("/persons", {"number": number, "full_name": name})
    assert answer.status_code == 302, answer.content.decode()[-3000:]
    return str(answer["Location"])


def text(answer: HttpResponse) -> str:
    return answer.content.decode()


def key_of(reader: Client, page: str) -> str:
    """How the page's forms name its first number."""
    found = re.search(r'name="key" value="([^"]+)"', text(reader.get(page)))
    assert found
    return found[1]


def test_a_desk_reads_the_numbers_masked_and_the_person_finds_it_in_the_journal(clerk: Client, lan: UUID) -> None:
    page = page_of(clerk)
    read = text(clerk.get(page))
    assert NUMBER not in page + read
    assert "001•••••0401" in read
    assert str(lan) not in page + read
    told = AuditEvent.objects.filter(citizen_id=lan).values_list("action", flat=True)
    assert {"identity:looked-up", "identity:read"} <= set(told)


def test_nobody_and_another_name_are_answered_alike(clerk: Client, lan: UUID) -> None:
    answers = [
        text(clerk.post("/persons", {"number": number, "full_name": name}))
        for number, name in (("001158999999", NAME), (NUMBER, OTHER))
    ]
    assert all("Không tìm thấy ai" in one for one in answers)


def test_every_fault_of_a_form_is_told_at_once(clerk: Client, department: Client, lan: UUID) -> None:
    nothing = clerk.post("/persons", {})
    assert ("f-number-e" in text(nothing), "f-full_name-e" in text(nothing), nothing.status_code) == (True, True, 422)
    page = page_of(clerk)
    added = text(clerk.post(page, {"do": "add"}))
    assert "f-number-e" in added
    assert "f-evidence-e" in added
    assert "f-reason-e" in text(clerk.post(page, {"do": "end", "key": key_of(clerk, page), "reason": " "}))
    page = page_of(department)
    asked = text(department.post(f"{page}/move", {"do": "look", "key": key_of(department, page)}))
    assert all(f"f-{name}-e" in asked for name in ("number", "full_name", "reason"))


def test_a_desk_adds_the_new_number_and_ends_the_old_one(clerk: Client, lan: UUID) -> None:
    page = page_of(clerk)
    old = key_of(clerk, page)
    given = {"do": "add", "number": NEW, "evidence": "citizen-card"}
    assert [clerk.post(page, given).status_code for _ in range(2)] == [302, 302]
    ending = {"do": "end", "key": old, "reason": "12/QĐ: xác lập lại số"}
    assert [clerk.post(page, ending).status_code for _ in range(2)] == [302, 409]
    read = text(clerk.get(page))
    assert "Số cũ" in read
    assert "12/QĐ: xác lập lại số" in read
    assert "Đọc mã QR trên thẻ căn cước" in read
    held = [(one.value, one.until is None) for one in numbers_of_person(lan)]
    assert held == [(NEW, True), (NUMBER, False)]


def test_a_number_of_somebody_else_is_not_added_and_the_trial_is_in_the_journal(clerk: Client, binh: UUID) -> None:
    page = page_of(clerk)
    taken = clerk.post(page, {"do": "add", "number": OTHERS, "evidence": "citizen-card"})
    assert (taken.status_code, "f-number-e" in text(taken)) == (409, True)
    assert AuditEvent.objects.filter(action="identity:number:refused").count() == 1
    assert known_under([("personal-number", OTHERS)])["personal-number", OTHERS].citizen_id == binh


def test_a_wristband_is_not_added_as_a_number(clerk: Client) -> None:
    answer = clerk.post(page_of(clerk), {"do": "add", "number": code_of(new_id()), "evidence": "citizen-card"})
    assert "Mã vòng tay không ghi thêm ở đây" in text(answer)


def test_the_department_gives_a_number_to_whom_it_belongs(department: Client, lan: UUID, binh: UUID) -> None:
    page = page_of(department)
    key, reason = key_of(department, page), "7/QĐ-SYT: ghi nhầm số"
    assert "Người giữ đúng số này" in text(department.post(f"{page}/move", {"key": key}))
    look = {"key": key, "do": "look", "number": OTHERS, "full_name": OTHER, "reason": reason}
    seen = text(department.post(f"{page}/move", look))
    assert "Hồ sơ đã ghi dưới số này ở nguyên chỗ cũ." in seen
    assert IdentifierDecision.objects.count() == 0
    other = re.search(r'name="other" value="([^"]+)"', seen)
    assert other
    done = {"key": key, "do": "move", "other": other[1], "reason": reason}
    assert [department.post(f"{page}/move", done).status_code for _ in range(2)] == [302, 404]
    assert known_under([("personal-number", NUMBER)])["personal-number", NUMBER].citizen_id == binh
    assert f"Chuyển cho {OTHER}" in text(department.get(page))
    assert IdentifierDecision.objects.count() == 1


def test_a_number_is_not_given_to_the_one_who_holds_it(department: Client, lan: UUID) -> None:
    page = page_of(department)
    asked = {"key": key_of(department, page), "do": "look", "number": NUMBER, "full_name": NAME, "reason": "x"}
    assert "của chính người này" in text(department.post(f"{page}/move", asked))


def test_a_facility_decides_about_no_two_persons(clerk: Client, lan: UUID) -> None:
    page = page_of(clerk)
    key = key_of(clerk, page)
    assert "Số này của người khác" not in text(clerk.get(page))
    assert clerk.post(f"{page}/move", {"key": key}).status_code == 403
    assert AuditEvent.objects.filter(action="identity:number:refused", subject=f"citizen:{lan}").exists()


def test_who_was_given_a_page_reads_it_alone(clerk: Client, department: Client) -> None:
    page, other = page_of(clerk), page_of(department, OTHERS, OTHER)
    assert department.get(page).status_code == 404
    foreign = {"do": "end", "key": key_of(department, other), "reason": "x"}
    assert clerk.post(page, foreign).status_code == 404


def test_the_person_is_told_what_a_desk_wrote_down(clerk: Client, lan: UUID) -> None:
    signed_in(Role.CITIZEN, "lan", citizen_id=lan)
    clerk.post(page_of(clerk), {"do": "add", "number": NEW, "evidence": "citizen-card"})
    assert "ghi thêm cho bạn" in Notice.objects.get().vi


def test_a_facility_is_not_told_where_else_a_person_was_known(
    clerk: Client, department: Client, lan: UUID, binh: UUID
) -> None:
    there = make_facility("01002", name="Bệnh viện Thứ Hai")
    second = signed_in(Role.FACILITY, "hai", facility_id=there.id)
    second.post(page_of(second), {"do": "add", "number": NEW, "evidence": "citizen-card"})
    link(lan, binh, evidence=Evidence(Kind.RELATIVE, "Lê Thị Hoa, vợ"), reason="nhận mặt", by=BY, at=now())
    for reader, sees in ((clerk, False), (department, True)):
        read = text(reader.get(page_of(reader)))
        assert f"Nối với {OTHER}" in read
        assert ("Bệnh viện Thứ Hai" in read, "Lê Thị Hoa" in read) == (sees, sees)
    assert {one.kind for one in numbers_of_person(lan)} == {IdentifierKind.PERSONAL_NUMBER}
