"""The pages of changes: what is typed is never lost, who may not look sees nothing, papers cannot run."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from tests.support.changing import AT, department_of, identity_of, joining, paper, pdf, png, ready, renaming
from tests.support.factories import BY, make_facility, make_licence, make_registration

from ymach.accounts.actions import create_user, grant_role
from ymach.accounts.models import User
from ymach.accounts.permissions import Role
from ymach.accounts.queries import actor_of
from ymach.audit.models import AuditEvent
from ymach.changes import actions
from ymach.changes.evidence.actions import keep
from ymach.changes.models import ChangeRequest, Evidence, State
from ymach.facilities.models import Facility
from ymach.facilities.profile.actions import state_details
from ymach.practitioners.models import Practitioner

pytestmark = pytest.mark.django_db
SVG = b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>'


def client_of(role: Role, username: str, **limits: Any) -> Client:
    user = create_user(username=username, full_name=f"Người {username}", password="mot-hai-ba-bon-nam", by=BY, at=AT)
    grant_role(user=user, role=role, by=BY, at=AT, **limits)
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def facility() -> Facility:
    return make_facility("01001")


@pytest.fixture
def person() -> Practitioner:
    return make_licence("000777/BYT-GPHN").practitioner


@pytest.fixture
def staff(facility: Facility) -> Client:
    return client_of(Role.FACILITY, "staff", facility_id=facility.pk)


@pytest.fixture
def department() -> Client:
    return client_of(Role.DEPARTMENT, "department", province_code="01")


def text_of(answer: Any) -> str:
    return str(answer.content.decode())


def test_the_kinds_offered_are_those_of_the_role(staff: Client, department: Client) -> None:
    offered = text_of(staff.get("/changes/new"))
    assert "Đăng ký hành nghề" in offered
    assert "Điện thoại, thư điện tử của tôi" not in offered
    assert "Thêm người hành nghề mới" in text_of(department.get("/changes/new"))


def test_the_form_shows_what_stands_in_the_registry(staff: Client, facility: Facility) -> None:
    page = text_of(staff.get("/changes/new/facility-identity"))
    assert f"Đang ghi: {facility.name}" in page
    facility.refresh_from_db()
    assert f'name="seen" value="{facility.revision}"' in page


def test_own_word_is_written_from_the_page(staff: Client, facility: Facility) -> None:
    facility.refresh_from_db()
    answer = staff.post(
        "/changes/new/facility-contact",
        {"phone": "024 3333 4444", "email": "", "website": "", "seen": facility.revision, "do": "send"},
    )
    facility.refresh_from_db()
    assert (answer.status_code, facility.phone) == (302, "024 3333 4444")


def test_errors_stand_beside_their_fields_and_nothing_typed_is_lost(staff: Client, person: Practitioner) -> None:
    address = "/changes/new/practice-registration?licence=000777/BYT-GPHN"
    typed = {"starts_on": "ngày mai", "position": "Bác sĩ khoa Nội", "schedule": "sáng", "scopes": ["V"], "do": "send"}
    answer = staff.post(address, typed)
    page = text_of(answer)
    assert answer.status_code == 422
    assert 'value="ngày mai"' in page
    assert 'value="Bác sĩ khoa Nội"' in page
    assert 'id="f-starts_on-e"' in page
    assert 'id="f-schedule-e"' in page
    assert 'value="V" checked' in page


def test_a_refused_paper_leaves_the_form_and_the_good_paper(staff: Client) -> None:
    files = [SimpleUploadedFile("a.png", png()), SimpleUploadedFile("b.png", SVG)]
    answer = staff.post(
        "/changes/new/facility-identity", {"name": "Tên đang gõ", "reason": "vì", "evidence": files, "do": "send"}
    )
    page = text_of(answer)
    kept = Evidence.objects.get()
    assert answer.status_code == 422
    assert "Chỉ nhận PDF, JPEG, PNG" in page
    assert 'value="Tên đang gõ"' in page
    assert f'name="kept" value="{kept.pk}"' in page


def test_a_paper_taken_in_before_goes_with_the_request(staff: Client, facility: Facility) -> None:
    upload = SimpleUploadedFile("a.pdf", pdf())
    staff.post("/changes/new/facility-identity", {"evidence": upload, "do": "add-paper"})
    kept = Evidence.objects.get()
    facility.refresh_from_db()
    typed = {**identity_of(facility), "name": "Bệnh viện Mới", "reason": "x", "seen": facility.revision}
    answer = staff.post("/changes/new/facility-identity", {**typed, "kept": [str(kept.pk)], "do": "send"})
    change = ChangeRequest.objects.get()
    assert (answer.status_code, change.state, change.evidence.get()) == (302, State.SUBMITTED, kept)


def test_a_stale_form_keeps_what_was_typed_and_goes_on_from_the_present(staff: Client, facility: Facility) -> None:
    facility.refresh_from_db()
    state_details(facility=facility, by=BY, at=AT, phone="024 1111 2222")
    seen = facility.revision
    answer = staff.post(
        "/changes/new/facility-contact", {"phone": "024 3333 4444", "email": "", "website": "", "seen": seen}
    )
    page = text_of(answer)
    assert answer.status_code == 409
    assert 'value="024 3333 4444"' in page
    assert "Đang ghi: 024 1111 2222" in page
    assert f'name="seen" value="{seen + 1}"' in page


def test_another_provinces_request_is_not_there_and_every_attempt_is_in_the_journal(
    facility: Facility, person: Practitioner
) -> None:
    change, other = ready(person, facility), client_of(Role.DEPARTMENT, "other", province_code="79")
    address = f"/changes/{change.pk}"
    answers = [other.get(address), other.post(address, {"do": "approve"}), other.get(f"{address}/mend")]
    nobody = other.get(f"/changes/{uuid4()}")
    assert [one.status_code for one in (*answers, nobody)] == [404] * 4
    events = AuditEvent.objects.filter(action="change:see:refused", subject=f"change:{change.pk}")
    assert [(one.detail["code"], one.actor.split(":")[0]) for one in events] == [("YM-CHANGE-NOT-FOUND", "user")] * 3
    assert "không hiện ra với bạn" in text_of(answers[0])
    assert "không hiện ra với bạn" in text_of(nobody)


def test_a_licence_nobody_has_says_what_to_do(staff: Client) -> None:
    answer = staff.get("/changes/new/practice-registration?licence=1/X")
    assert answer.status_code == 404
    assert "Không có giấy phép nào mang số này" in text_of(answer)


def test_the_difference_is_visible_with_its_papers(department: Client, facility: Facility) -> None:
    change = renaming(facility, "Bệnh viện Mới")
    page = text_of(department.get(f"/changes/{change.pk}"))
    assert "<del>Bệnh viện Đa khoa Thử nghiệm</del>" in page
    assert "<ins>Bệnh viện Mới</ins>" in page
    assert f"/changes/papers/{change.evidence.get().pk}" in page


def test_deciding_on_the_page(department: Client, facility: Facility) -> None:
    change = renaming(facility, "Bệnh viện Mới")
    known = Facility.objects.get(pk=facility.pk).revision
    missing = department.post(f"/changes/{change.pk}", {"do": "return", "decision_number": "9/QĐ", "known": known})
    assert missing.status_code == 422
    assert 'value="9/QĐ"' in text_of(missing)
    department.post(f"/changes/{change.pk}", {"do": "approve", "decision_number": "9/QĐ", "known": known})
    facility.refresh_from_db()
    assert facility.name == "Bệnh viện Mới"


def test_a_request_of_another_province_is_not_there(facility: Facility) -> None:
    change = renaming(facility, "Bệnh viện Mới")
    stranger = client_of(Role.DEPARTMENT, "stranger", province_code="79")
    assert stranger.get(f"/changes/{change.pk}").status_code == 404
    assert stranger.post(f"/changes/{change.pk}", {"do": "approve"}).status_code == 404
    assert stranger.get(f"/changes/papers/{change.evidence.get().pk}").status_code == 404


def test_pictures_are_shown_in_a_sandbox_and_pdf_are_kept(department: Client, facility: Facility) -> None:
    change = renaming(facility, "Bệnh viện Mới")
    actions.give_back(request_id=change.pk, by=department_of(), at=AT, reason="x")
    picture = department.get(f"/changes/papers/{change.evidence.get().pk}")
    assert picture["Content-Type"] == "image/png"
    assert picture["Content-Disposition"].startswith("inline")
    for header, value in (("X-Content-Type-Options", "nosniff"), ("Cache-Control", "private, no-store")):
        assert picture[header] == value
    assert picture["Content-Security-Policy"].startswith("sandbox; default-src 'none'")


def test_a_pdf_is_an_attachment(staff: Client, facility: Facility) -> None:
    user = User.objects.get(username="staff")
    by = actor_of(user, on=AT.date())
    kept = keep(content=pdf(), name="Quyết định.pdf", by=by, at=AT)
    answer = staff.get(f"/changes/papers/{kept.pk}")
    assert answer["Content-Disposition"].startswith("attachment")
    assert "Quy%E1%BA%BFt%20%C4%91%E1%BB%8Bnh.pdf" in answer["Content-Disposition"]


def test_the_worklist_narrows_by_its_address_and_is_had_as_a_file(
    department: Client, facility: Facility, person: Practitioner
) -> None:
    renaming(facility, "Bệnh viện Mới")
    ready(person, facility)
    both = text_of(department.get("/worklist"))
    assert both.count('name="chosen"') == 2
    one = text_of(department.get("/worklist?kind=practice-registration&facility=01001"))
    assert one.count('name="chosen"') == 1
    assert text_of(department.get("/worklist?facility=99999")).count('name="chosen"') == 0
    file = department.get("/worklist?format=csv&table=worklist")
    assert file["Content-Type"].startswith("text/csv")
    assert "Đăng ký hành nghề" in file.content.decode("utf-8-sig")


def test_many_are_decided_at_once_with_a_result_each(
    department: Client, facility: Facility, person: Practitioner
) -> None:
    good, bad = renaming(facility, "Bệnh viện Mới"), joining(person, facility)
    answer = department.post("/worklist/decide", {"chosen": [str(good.pk), str(bad.pk), "x"], "do": "approve"})
    page = text_of(answer)
    assert "Còn chờ người hành nghề xác nhận" in page
    good.refresh_from_db()
    assert good.state == State.APPROVED


def test_private_values_are_for_those_who_decide_or_asked(facility: Facility, person: Practitioner) -> None:
    make_registration(person.licences.get(), facility)
    by = department_of(name="x")
    values = {
        "full_name": "Lê Văn Mới",
        "birth_date": "1990-02-03",
        "sex": "1",
        "personal_number": "001090000001",
        "passport_number": "",
        "nationality": "",
        "generation": "licence",
        "number": "777001/HN-GPHN",
        "title": "a",
        "scopes": ["V"],
        "issuer": "Sở Y tế",
        "issuer_province": "01",
        "issued_on": "2025-01-02",
        "licence_last_day": None,
    }
    change = actions.propose(
        kind="enrol-practitioner",
        subject_id=None,
        facility_id=facility.pk,
        values=values,
        evidence=[paper(by)],
        by=by,
        at=AT,
    )
    decider = client_of(Role.DEPARTMENT, "decider", province_code="01")
    assert "001090000001" in text_of(decider.get(f"/changes/{change.pk}"))


def test_the_person_confirms_on_the_page(facility: Facility, person: Practitioner) -> None:
    change = joining(person, facility)
    me = client_of(Role.PRACTITIONER, "me", practitioner_id=person.pk)
    assert f"/changes/{change.pk}" in text_of(me.get("/changes"))
    me.post(f"/changes/{change.pk}", {"do": "confirm"})
    change.refresh_from_db()
    assert change.is_ready


def test_completing_a_returned_request_on_the_page(staff: Client, facility: Facility) -> None:
    change = renaming(facility, "Bệnh viện Mới")
    actions.give_back(request_id=change.pk, by=department_of(), at=AT, reason="Thiếu con dấu")
    page = text_of(staff.get(f"/changes/{change.pk}/mend"))
    assert "Thiếu con dấu" in page
    assert 'value="Bệnh viện Mới"' in page
    typed = {**identity_of(facility), "name": "Bệnh viện Mới hơn", "reason": "x", "do": "send"}
    staff.post(f"/changes/{change.pk}/mend", typed)
    change.refresh_from_db()
    assert (change.state, change.proposed["name"]) == (State.SUBMITTED, "Bệnh viện Mới hơn")


@pytest.mark.parametrize("address", ["/changes", "/changes/new", "/worklist", "/changes/new/facility-contact"])
def test_nobody_without_an_account_gets_in(address: str) -> None:
    assert Client().get(address).headers["Location"].startswith("/sign-in")


def test_english_pages_speak_english(department: Client, facility: Facility) -> None:
    change = renaming(facility, "Bệnh viện Mới")
    department.cookies["ymach_language"] = "en"
    page = text_of(department.get(f"/changes/{change.pk}"))
    assert "What changes" in page
    assert "Approve" in page
