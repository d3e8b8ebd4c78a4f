"""Decisions about a licence: seen before they are taken, refused outside the province, and told what they touch."""

from __future__ import annotations

from copy import deepcopy
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from tests.support.changing import png
from tests.support.factories import BY, make_facility, make_licence, make_registration
from tests.support.intake import example, open_desk

from ymach.accounts.actions import create_user, grant_role
from ymach.accounts.permissions import Role
from ymach.audit.models import AuditEvent
from ymach.base.clock import now, vietnam_day
from ymach.base.ids import new_id
from ymach.base.periods import Period
from ymach.changes.evidence.actions import forget_loose
from ymach.changes.models import Evidence
from ymach.exchange import mentions
from ymach.exchange.models import AuthorMention
from ymach.notices.models import Notice
from ymach.practitioners import actions
from ymach.practitioners.models import Licence, LicenceSuspension, PracticeRegistration
from ymach.web.decisions.words import DECISIONS

pytestmark = pytest.mark.django_db
TODAY = vietnam_day(now())


def client_of(province: str, name: str = "thu") -> Client:
    at = now()
    user = create_user(
        username=f"so-{province}-{name}", full_name="Nguyễn Thị Thu", password="mot-hai-ba-bon", by=BY, at=at
    )
    grant_role(user=user, role=Role.DEPARTMENT, by=BY, at=at, province_code=province)
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def department() -> Client:
    return client_of("01")


@pytest.fixture(scope="module")
def _opened_licence(_kept_rows: None) -> Licence:
    """A doctor who works at a hospital of province 01."""
    found = make_licence("000777/BYT-GPHN")
    make_registration(found, make_facility("01001"))
    found.practitioner.refresh_from_db()
    return found


@pytest.fixture
def licence(_opened_licence: Licence) -> Licence:
    return deepcopy(_opened_licence)


def address(licence: Licence, word: str = "suspend") -> str:
    return f"/practitioners/{licence.practitioner_id}/decisions/{word}"


def printed(days: int) -> str:
    return (TODAY + timedelta(days=days)).strftime("%d/%m/%Y")


def suspension(licence: Licence, *, start: int = 0, last: int = 60, **more: Any) -> dict[str, Any]:
    typed = {"starts_on": printed(start), "last_day": printed(last), "decision": "12/QĐ-SYT", "reason": "Kết luận"}
    return {"about": str(licence.pk), "seen": licence.practitioner.revision, **typed, **more}


def text_of(answer: Any) -> str:
    return str(answer.content.decode())


@pytest.mark.parametrize("word", DECISIONS)
def test_every_decision_has_a_page(department: Client, licence: Licence, word: str) -> None:
    page = text_of(department.get(address(licence, word)))
    assert DECISIONS[word].title.vi in page
    department.cookies["ymach_language"] = "en"
    assert DECISIONS[word].title.en in text_of(department.get(address(licence, word)))


def test_the_list_says_what_cannot_be_decided_now(department: Client, licence: Licence) -> None:
    page = text_of(department.get(f"/practitioners/{licence.practitioner_id}/decisions"))
    assert f'href="{address(licence)}"' in page
    assert "Không có đình chỉ nào đang áp dụng" in page


def test_the_preview_tells_and_writes_nothing(department: Client, licence: Licence) -> None:
    page = text_of(department.post(address(licence), {**suspension(licence), "do": "preview"}))
    assert "Bệnh viện Đa khoa Thử nghiệm" in page
    assert "Đăng ký hành nghề bị chặn" in page
    assert "bị đình chỉ hành nghề từ" in page
    licence.practitioner.refresh_from_db()
    assert not LicenceSuspension.objects.exists()
    assert not Notice.objects.exists()
    assert f'name="seen" value="{licence.practitioner.revision}"' in page


def test_taken_it_is_in_force_and_told(department: Client, licence: Licence) -> None:
    answer = department.post(address(licence), {**suspension(licence), "do": "take"})
    assert answer.headers["Location"] == f"/practitioners/{licence.practitioner_id}"
    assert LicenceSuspension.objects.get().decision == "12/QĐ-SYT"
    assert Notice.objects.filter(facility_id__isnull=False).exists()


def test_a_technical_head_who_is_stopped_is_named_in_the_preview(department: Client) -> None:
    head = make_licence(title="i", scopes=())
    make_registration(head, make_facility("01002", name="Phòng khám Sao Mai"), is_technical_head=True)
    head.practitioner.refresh_from_db()
    page = text_of(department.post(address(head), {**suspension(head), "do": "preview"}))
    assert "mất người chịu trách nhiệm chuyên môn" in page
    assert "Phòng khám Sao Mai" in page
    assert PracticeRegistration.objects.get(licence=head).is_technical_head


def test_a_revocation_names_the_places_that_end(department: Client, licence: Licence) -> None:
    typed = {"effective_on": printed(0), "decision": "13/QĐ-SYT", "reason": "x", "about": str(licence.pk)}
    seen = licence.practitioner.revision
    page = text_of(department.post(address(licence, "revoke"), {**typed, "seen": seen, "do": "preview"}))
    assert "Đăng ký hành nghề kết thúc" in page
    department.post(address(licence, "revoke"), {**typed, "seen": seen, "do": "take"})
    licence.refresh_from_db()
    assert licence.valid.upper == TODAY


@pytest.mark.parametrize(
    ("wrong", "beside"),
    [
        ({"starts_on": "mai"}, "f-starts_on-e"),
        ({"decision": ""}, "f-decision-e"),
        ({"last_day": printed(5)}, "f-last_day-e"),
        ({"scopes": ["X"]}, "f-scopes-e"),
    ],
)
def test_what_is_wrong_stands_beside_its_field(
    department: Client, licence: Licence, wrong: dict[str, Any], beside: str
) -> None:
    answer = department.post(address(licence), {**suspension(licence), **wrong, "do": "preview"})
    assert (answer.status_code, f'id="{beside}"' in text_of(answer)) == (422, True)
    assert ">Kết luận</textarea>" in text_of(answer)


def test_who_was_overtaken_sees_what_changed_and_loses_nothing(department: Client, licence: Licence) -> None:
    typed = suspension(licence)
    actions.edit_contact(practitioner=licence.practitioner, phone="0912 345 678", email="", by=BY, at=now())
    answer = department.post(address(licence), {**typed, "do": "take"})
    page = text_of(answer)
    assert answer.status_code == 409
    assert "Có người vừa sửa hồ sơ này" in page
    assert ">Kết luận</textarea>" in page
    assert f'name="seen" value="{typed["seen"] + 1}"' in page
    assert not LicenceSuspension.objects.exists()


@pytest.mark.parametrize("do", ["", "preview", "take"])
def test_another_province_is_refused_and_the_journal_knows(licence: Licence, do: str) -> None:
    elsewhere = client_of("79")
    answer = (
        elsewhere.post(address(licence), {**suspension(licence), "do": do}) if do else elsewhere.get(address(licence))
    )
    assert answer.status_code == 403
    event = AuditEvent.objects.get()
    assert (event.action, event.subject) == ("decision:suspend:refused", f"practitioner:{licence.practitioner_id}")
    assert not LicenceSuspension.objects.exists()


def test_a_licence_is_granted_in_the_departments_own_name(department: Client, licence: Licence) -> None:
    typed = {"number": "000999/HNO-GPHN", "title": "a", "scopes": ["V"], "issued_on": printed(0), "replaces": "yes"}
    typed |= {"decision": "12/QĐ-SYT", "decided_on": printed(0)}
    seen = licence.practitioner.revision
    page = text_of(department.post(address(licence, "grant"), {**typed, "seen": seen, "do": "preview"}))
    assert "000999/HNO-GPHN" in page
    assert "Đăng ký hành nghề kết thúc" not in page
    department.post(address(licence, "grant"), {**typed, "seen": seen, "do": "take"})
    new = Licence.objects.get(number="000999/HNO-GPHN")
    assert (new.issuer, new.issuer_province_code) == ("Sở Y tế Thành phố Hà Nội", "01")
    assert (new.decision, new.decided_on) == ("12/QĐ-SYT", new.issued_on)
    assert PracticeRegistration.objects.filter(licence=new).exists()


@pytest.mark.parametrize(
    ("more", "field"),
    [
        ({}, "decision"),
        ({"decision": "12/QĐ-SYT"}, "decided_on"),
        ({"decision": "1", "decided_on": "day 5"}, "decided_on"),
    ],
)
def test_no_licence_is_granted_without_number_and_day_of_its_decision(
    department: Client, licence: Licence, more: dict[str, str], field: str
) -> None:
    typed = {"number": "000999/HNO-GPHN", "title": "a", "issued_on": printed(0), "replaces": "yes", **more}
    typed |= {"seen": str(licence.practitioner.revision), "do": "take"}
    answer = department.post(address(licence, "grant"), typed)
    assert answer.status_code == 422
    assert f'id="f-{field}-e"' in text_of(answer)
    assert not Licence.objects.filter(number="000999/HNO-GPHN").exists()


def test_the_paper_of_a_return_goes_through_the_preview_and_stays(department: Client, licence: Licence) -> None:
    period = Period(TODAY - timedelta(days=70), TODAY - timedelta(days=5))
    made = actions.suspend_licence(licence=licence, period=period, reason="x", decision="1/QĐ", by=BY, at=now())
    licence.practitioner.refresh_from_db()
    typed = {"about": str(made.pk), "returned_on": printed(0), "seen": licence.practitioner.revision}
    there = address(licence, "return")
    assert 'id="f-evidence-e"' in text_of(department.post(there, {**typed, "do": "preview"}))
    department.post(there, {**typed, "evidence": SimpleUploadedFile("a.png", png()), "do": "preview"})
    paper = Evidence.objects.get()
    department.post(there, {**typed, "kept": str(paper.pk), "do": "take"})
    made.refresh_from_db()
    assert (made.returned_on, made.return_evidence) == (TODAY, paper.pk)
    assert forget_loose(at=now() + timedelta(days=30)) == 0
    assert client_of("01", "colleague").get(f"/changes/papers/{paper.pk}").status_code == 200
    assert client_of("79").get(f"/changes/papers/{paper.pk}").status_code == 404


def signed_dossier() -> Licence:
    """A dossier was received, and the licence of somebody who signed it."""
    desk = open_desk("99001")
    desk.send_one(desk.sign(example("01-outpatient.xml")))
    mentions.catch_up(at=now())
    found = Licence.objects.get(number_key=AuthorMention.objects.order_by("number_key")[0].number_key)
    found.practitioner.refresh_from_db()
    return found


def test_a_back_dated_suspension_lists_the_dossiers_it_touches(department: Client) -> None:
    signed = signed_dossier()
    start = (AuthorMention.objects.order_by("happened_on")[0].happened_on - TODAY).days - 1
    typed = suspension(signed, start=start, last=start + 90)
    page = text_of(department.post(address(signed), {**typed, "do": "preview"}))
    assert "99001.26.0001234" in page
    assert "Tính mọi hồ sơ đã trả biên nhận trước" in page
    onward = department.post(address(signed), {**typed, "do": "take"}).headers["Location"]
    assert onward.endswith(f"/records-touched?decision={LicenceSuspension.objects.get().pk}")
    after = department.get(onward)
    assert "99001.26.0001234" in text_of(after)
    exported = department.get(f"{onward}&format=csv&table=records").content.decode("utf-8-sig")
    assert "99001.26.0001234" in exported


def test_the_dossiers_of_other_provinces_are_counted_not_shown() -> None:
    signed = signed_dossier()
    make_registration(signed, make_facility("79001", province_code="79"), schedule="T7: 07:00 đến 11:00")
    signed.practitioner.refresh_from_db()
    start = (AuthorMention.objects.order_by("happened_on")[0].happened_on - TODAY).days - 1
    typed = suspension(signed, start=start, last=start + 90)
    page = text_of(client_of("79").post(address(signed), {**typed, "do": "preview"}))
    assert "99001.26.0001234" not in page
    assert "hồ sơ nữa ở cơ sở thuộc tỉnh khác" in page


def test_an_index_never_complete_says_so(department: Client, licence: Licence) -> None:
    typed = suspension(licence, start=-30)
    page = text_of(department.post(address(licence), {**typed, "do": "preview"}))
    assert "Mục lục chữ ký chưa đọc xong lần nào" in page


def test_what_is_to_be_verified_shows_its_paper(department: Client, licence: Licence) -> None:
    person, paper = licence.practitioner, new_id()
    what = {"provider": "Đại học Y Hà Nội", "topic": "Hồi sức", "hours": Decimal(8), "on": TODAY, "evidence": paper}
    made = actions.add_cme(practitioner=person, **what, by=BY, at=now())
    person.refresh_from_db()
    there = address(licence, "verify-cme")
    assert f'href="/changes/papers/{paper}"' in text_of(department.get(there))
    department.post(there, {"about": str(made.pk), "seen": person.revision, "do": "take"})
    made.refresh_from_db()
    assert made.verified_at is not None


def test_what_is_of_somebody_else_cannot_be_decided(department: Client, licence: Licence) -> None:
    other = make_licence()
    typed = suspension(licence, about=str(other.pk))
    answer = department.post(address(licence), {**typed, "do": "take"})
    assert (answer.status_code, 'id="f-about-e"' in text_of(answer)) == (422, True)
    assert not LicenceSuspension.objects.exists()
