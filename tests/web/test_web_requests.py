"""Asking about one's own data on the pages, and answering: what each side sees, and what is refused at its field."""

from __future__ import annotations

import re
from uuid import UUID

import pytest
from django.test import Client
from tests.support.accounts import signed_in
from tests.support.factories import make_facility
from tests.support.patients import make_patient, make_record

from ymach.accounts.permissions import Role
from ymach.audit.models import AuditEvent
from ymach.base.clock import now
from ymach.citizens.requests.models import Request
from ymach.citizens.requests.queries import restrictions_of
from ymach.exchange.models import Record

pytestmark = pytest.mark.django_db
WORDS = "Nhóm máu của tôi là O, không phải A."


@pytest.fixture
def record() -> Record:
    return make_record(make_patient(), make_facility())


def client_of(role: Role, **limits: object) -> Client:
    return signed_in(role, f"{role.value}-{limits}", **limits)


def citizen_of(record: Record) -> Client:
    return client_of(Role.CITIZEN, citizen_id=record.citizen_id)


def ask(client: Client, kind: str, **typed: object) -> UUID:
    answer = client.post("/own/requests/new", {"kind": kind, **typed})
    assert answer.status_code == 302, answer.content.decode()
    return UUID(answer["Location"].rsplit("/", 1)[1])


def read(client: Client, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200, answer.content.decode()
    return answer.content.decode()


def test_a_correction_goes_to_its_facility_and_the_answer_comes_back(record: Record) -> None:
    citizen, desk = citizen_of(record), client_of(Role.FACILITY, facility_id=record.facility_id)
    key = ask(citizen, "correct", record=str(record.id), words=WORDS)
    assert "Sửa chỗ ghi sai" in read(desk, "/requests")
    assert WORDS not in read(desk, "/requests")
    opened = read(desk, f"/requests/{key}")
    assert WORDS in opened
    assert f"/submissions/{record.submission_id}" in opened
    assert AuditEvent.objects.filter(action="request:read", citizen_id=record.citizen_id).count() == 1
    desk.post(f"/requests/{key}", {"do": "take", "words": ""})
    assert desk.post(f"/requests/{key}", {"do": "done", "words": "Đã sửa ở phiên bản 2."}).status_code == 302
    assert "Đã sửa ở phiên bản 2." in read(citizen, f"/own/requests/{key}")
    assert "Yêu cầu của bạn đã được giải quyết." in read(citizen, "/notices")


def test_a_restriction_is_in_force_as_soon_as_it_is_sent_and_can_be_lifted(record: Record) -> None:
    citizen = citizen_of(record)
    key = ask(citizen, "restrict", who="some", readers=[str(record.facility_id)])
    assert "Đang hạn chế" in read(citizen, "/own/requests")
    (held,) = restrictions_of([record.citizen_id], at=now())
    assert held.readers == {record.facility_id}
    assert citizen.post(f"/own/requests/{key}", {"do": "anything"}).status_code == 409
    citizen.post(f"/own/requests/{key}", {"do": "lift"})
    assert restrictions_of([record.citizen_id], at=now()) == []


@pytest.mark.parametrize(
    ("typed", "beside"),
    [
        ({"kind": "correct", "words": WORDS}, "f-record-e"),
        ({"kind": "correct", "record": "00000000-0000-0000-0000-000000000000", "words": WORDS}, "f-record-e"),
        ({"kind": "reader", "words": "ai"}, "f-words-e"),
        ({"kind": "restrict"}, "f-readers-e"),
        ({"kind": "restrict", "who": "some", "readers": "x"}, "f-readers-e"),
        ({"kind": "object", "purposes": "everything"}, "f-purposes-e"),
    ],
)
def test_what_is_missing_is_said_beside_its_field_and_nothing_typed_is_lost(
    record: Record, typed: dict[str, str], beside: str
) -> None:
    answer = citizen_of(record).post("/own/requests/new", typed)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert f'id="{beside}"' in page
    assert ('id="f-words-e"' in page) is (typed.get("words", "") != WORDS and typed["kind"] in {"correct", "reader"})
    assert typed.get("words", "") in page
    assert not Request.objects.exists()


@pytest.mark.parametrize("kind", ["", "everything", "withdraw"])
def test_a_kind_that_there_is_not_is_refused(record: Record, kind: str) -> None:
    assert citizen_of(record).get("/own/requests/new", {"kind": kind}).status_code == 422


def test_the_officer_says_why_or_nothing_is_written(record: Record) -> None:
    citizen = citizen_of(record)
    key = ask(citizen, "delete")
    desk = client_of(Role.DEPARTMENT, province_code=str(Request.objects.get(id=key).province_code))
    refused = desk.post(f"/requests/{key}", {"do": "refuse", "words": "Không được xóa"})
    assert refused.status_code == 422
    assert "Không được xóa" in refused.content.decode()
    assert desk.post(f"/requests/{key}", {"do": "erase"}).status_code == 409
    desk.post(f"/requests/{key}", {"do": "refuse", "ground": "kept-by-law"})
    page = read(citizen, f"/own/requests/{key}")
    assert "Thông tư 33/2025/TT-BYT" in page
    assert "/own/requests/new?kind=restrict" in page


def test_the_officer_is_told_of_the_ground_and_of_the_words_at_once(record: Record) -> None:
    key = ask(citizen_of(record), "delete")
    desk = client_of(Role.DEPARTMENT, province_code=str(Request.objects.get(id=key).province_code))
    answer = desk.post(f"/requests/{key}", {"do": "refuse", "ground": "others", "words": "x" * 2001})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert all(f'href="#f-{name}"' in page and f'id="f-{name}-e"' in page for name in ("ground", "words_refuse"))
    ids = re.findall(r' id="(f-[^"]+)"', page)
    assert len(ids) == len(set(ids))


def test_a_stranger_finds_neither_the_page_nor_the_request(record: Record) -> None:
    key = ask(citizen_of(record), "obtain")
    other = make_facility("01002")
    for stranger in (client_of(Role.FACILITY, facility_id=other.id), client_of(Role.DEPARTMENT, province_code="79")):
        assert stranger.get(f"/requests/{key}").status_code == 404
        assert stranger.post(f"/requests/{key}", {"do": "take"}).status_code == 404
        assert "Không có yêu cầu nào ở đây." in read(stranger, "/requests")


def test_the_worklist_is_narrowed_by_its_address_and_had_as_a_file(record: Record) -> None:
    ask(citizen_of(record), "obtain", place=str(record.facility_id))
    desk = client_of(Role.FACILITY, facility_id=record.facility_id)
    assert "Xin bản sao hồ sơ" in desk.get("/requests?format=csv").getvalue().decode("utf-8-sig")
    assert "Không có yêu cầu nào ở đây." in read(desk, "/requests?kind=delete")
    assert "Không có yêu cầu nào ở đây." in read(desk, "/requests?state=done")
