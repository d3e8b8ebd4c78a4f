"""The story of a profile in plain sentences, and how everything stood on a day."""

from __future__ import annotations

import html
import re
from copy import deepcopy
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal

import pytest
from django.test import Client
from tests.support.factories import AT, BY, START, make_facility, make_licence, make_practitioner, make_registration

from ymach.accounts.actions import create_user, grant_role
from ymach.accounts.permissions import Role
from ymach.accounts.queries import actor_of
from ymach.base.actors import SYSTEM, Actor
from ymach.base.clock import VIETNAM, now, vietnam_day
from ymach.base.history.attribution import attributed
from ymach.base.history.queries import as_of, known_at
from ymach.base.ids import new_id
from ymach.base.periods import Period
from ymach.facilities.facts import ContactFacts
from ymach.facilities.models import Facility
from ymach.facilities.profile.actions import put_contact
from ymach.practitioners.actions import add_cme, end_practice, suspend_licence
from ymach.practitioners.models import Licence, PracticeRegistration, Practitioner

pytestmark = pytest.mark.django_db
LATER = datetime(2026, 11, 5, 14, 20, tzinfo=VIETNAM)


@dataclass
class Life:
    person: Practitioner
    facility: Facility
    licence: Licence
    registration: PracticeRegistration

    @property
    def timeline(self) -> str:
        return f"/practitioners/{self.person.pk}/timeline"

    @property
    def as_of(self) -> str:
        return f"/practitioners/{self.person.pk}/as-of"


@pytest.fixture(scope="module")
def _opened_life(_kept_rows: None) -> Life:
    """Somebody with a licence of Nghệ An, registered at one facility."""
    person = make_practitioner("Phan Thị Hiền", personal_number="040185000123")
    facility = make_facility("40001", province_code="40", name="Bệnh viện Vinh")
    licence = make_licence("000123/NA-GPHN", practitioner=person, issuer_province_code="40")
    return Life(person, facility, licence, make_registration(licence, facility, schedule="T2-T6: 07:00 đến 16:00"))


@pytest.fixture
def life(_opened_life: Life) -> Life:
    return deepcopy(_opened_life)


def signed_in(role: Role, **limits: object) -> Client:
    client = Client()
    client.force_login(account(role, **limits)[0])
    return client


def account(role: Role, **limits: object) -> tuple[object, Actor]:
    user = create_user(username=role.value, full_name="Nguyễn Thị Thu", password=None, by=SYSTEM, at=AT)
    grant_role(user=user, role=role, by=SYSTEM, at=AT - timedelta(days=30), **limits)  # type: ignore[arg-type]
    return user, actor_of(user, on=vietnam_day(LATER))


def read(client: Client, path: str, **asked: str) -> str:
    answer = client.get(path, asked)
    assert answer.status_code == 200, answer.content.decode()
    return re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]+>", " ", answer.content.decode())))


def suspend(life: Life, by: Actor = BY) -> None:
    period = Period(date(2026, 11, 5), date(2027, 2, 5))
    suspend_licence(licence=life.licence, period=period, reason="sai sót", decision="12", by=by, at=LATER)


def test_a_suspension_is_told_with_who_when_why_and_until_when(life: Life) -> None:
    user, actor = account(Role.DEPARTMENT, province_code="40")
    suspend(life, by=actor)
    client = Client()
    client.force_login(user)  # type: ignore[arg-type]
    story = read(client, life.timeline)
    assert "Đình chỉ giấy phép 000123/NA-GPHN từ 05/11/2026 đến hết 04/02/2027 (Quyết định 12)" in story
    assert "Nguyễn Thị Thu (Sở Y tế Tỉnh Nghệ An)" in story or "Nguyễn Thị Thu (Sở Y tế Nghệ An)" in story
    assert "14:20" in story


def test_the_story_is_told_in_english_too(life: Life) -> None:
    suspend(life)
    client = signed_in(Role.MINISTRY)
    client.cookies["ymach_language"] = "en"
    story = read(client, life.timeline)
    assert "Suspended licence 000123/NA-GPHN from 05/11/2026 to 04/02/2027 (decision 12)" in story
    assert "system command “test”" in story


def test_a_change_names_the_field_with_its_old_and_new_value(life: Life) -> None:
    with attributed(by=BY, reason="đổi tên", at=LATER):
        Practitioner.objects.filter(pk=life.person.pk).update(full_name="Phan Thị Hiên", sort_key="x")
    assert "họ tên từ “Phan Thị Hiền” thành “Phan Thị Hiên”" in read(signed_in(Role.MINISTRY), life.timeline)


def test_what_only_the_machinery_counts_is_no_story(life: Life) -> None:
    with attributed(by=BY, reason="bookkeeping", at=LATER):
        Practitioner.objects.filter(pk=life.person.pk).update(sort_key="x", revision=9)
    assert "bookkeeping" not in read(signed_in(Role.MINISTRY), life.timeline)


def test_a_row_that_was_removed_is_still_told(life: Life) -> None:
    with attributed(by=BY, reason="nhập nhầm", at=LATER):
        PracticeRegistration.objects.filter(pk=life.registration.pk).delete()
    story = read(signed_in(Role.MINISTRY), life.timeline)
    assert "Xóa đăng ký hành nghề tại Bệnh viện Vinh" in story
    assert "nhập nhầm" in story


def test_an_end_is_told_as_an_end(life: Life) -> None:
    end_practice(registration=life.registration, ends_on=date(2026, 11, 9), reason="nghỉ việc", by=BY, at=LATER)
    assert "Kết thúc hành nghề tại Bệnh viện Vinh từ 09/11/2026" in read(signed_in(Role.MINISTRY), life.timeline)


def test_a_facility_is_told_who_came_by_name(life: Life) -> None:
    client = signed_in(Role.FACILITY, facility_id=life.facility.pk)
    assert "Phan Thị Hiền: đăng ký hành nghề tại Bệnh viện Vinh" in read(
        client, "/facilities/40001/timeline", part="staff"
    )
    assert "Phan Thị Hiền" not in read(client, "/facilities/40001/timeline", part="licence")


def test_personal_numbers_are_masked(life: Life) -> None:
    client = signed_in(Role.MINISTRY)
    with attributed(by=BY, reason="sửa", at=LATER):
        Practitioner.objects.filter(pk=life.person.pk).update(personal_number="040185000999")
    for path in (life.timeline, life.as_of):
        page = read(client, path)
        assert "040185000123" not in page
        assert "040185000999" not in page


@pytest.mark.parametrize("page", ["timeline", "as-of"])
def test_who_may_not_see_the_person_sees_no_story(life: Life, page: str) -> None:
    make_facility("01001")
    client = signed_in(Role.DEPARTMENT, province_code="01")
    assert client.get(f"/practitioners/{life.person.pk}/{page}").status_code == 404
    assert client.get(f"/facilities/40001/{page}").status_code == 404


def test_a_facility_where_somebody_used_to_work_reads_nothing_of_their_training(life: Life) -> None:
    cme = {
        "provider": "Trường Y Vinh",
        "topic": "Hồi sức",
        "hours": Decimal(8),
        "on": date(2026, 3, 2),
        "evidence": new_id(),
    }
    add_cme(practitioner=life.person, by=BY, at=AT, **cme)  # type: ignore[arg-type]
    client = signed_in(Role.FACILITY, facility_id=life.facility.pk)
    assert "Hồi sức" in read(client, life.timeline)
    gone = vietnam_day(now()) - timedelta(days=1)
    end_practice(registration=life.registration, ends_on=gone, reason="nghỉ việc", by=BY, at=AT)
    assert "Hồi sức" not in read(client, life.timeline)
    assert "Hồi sức" not in read(client, life.as_of)


@pytest.mark.parametrize("asked", [{"before": "x"}, {"before": "9" * 30}, {"part": "nothing"}, {"before": "0"}])
def test_strange_addresses_show_a_page(life: Life, asked: dict[str, str]) -> None:
    assert signed_in(Role.MINISTRY).get(life.timeline, asked).status_code == 200


def test_a_long_story_has_pages_that_miss_nothing(life: Life) -> None:
    for number in range(70):
        with attributed(by=BY, reason="đổi", at=LATER + timedelta(minutes=number)):
            Practitioner.objects.filter(pk=life.person.pk).update(email=f"a{number}@example.vn")
    client, seen, path = signed_in(Role.DEPARTMENT, province_code="40"), "", life.timeline
    while path:
        page = client.get(path).content.decode()
        seen += page
        older = re.search(r'href="([^"]+)" rel="next"', page)
        path = html.unescape(older[1]) if older else ""
    assert all(f"thành “a{number}@example.vn”" in html.unescape(seen) for number in range(70))


def test_a_day_shows_what_held_then_and_what_is_otherwise_today(life: Life) -> None:
    suspend(life)
    page = read(signed_in(Role.MINISTRY), life.as_of, on="01/06/2026")
    assert "Giấy phép hành nghề" in page
    assert "Bệnh viện Vinh" in page
    then = page.partition("Hôm nay có, ngày đó chưa có")[0]
    assert "Đình chỉ giấy phép" not in then


def test_as_of_a_day_holds_only_what_was_valid(life: Life) -> None:
    suspend(life)
    table = "practitioners_licence_suspension"
    assert as_of(life.person.pk, date(2026, 12, 1), known=LATER).of(table)
    assert not as_of(life.person.pk, date(2026, 11, 4), known=LATER).of(table)
    assert not as_of(life.person.pk, date(2027, 2, 5), known=LATER).of(table)
    assert not as_of(life.person.pk, date(2023, 1, 1), known=LATER).of("practitioners_licence")


def test_as_known_earlier_leaves_out_what_was_learnt_later(life: Life) -> None:
    suspend(life)
    day, table = date(2026, 12, 1), "practitioners_licence_suspension"
    assert not as_of(life.person.pk, day, known=LATER - timedelta(minutes=1)).of(table)
    assert as_of(life.person.pk, day, known=LATER).of(table)


def test_a_name_is_the_one_of_that_day(life: Life) -> None:
    with attributed(by=BY, reason="đổi tên", at=LATER):
        Practitioner.objects.filter(pk=life.person.pk).update(full_name="Phan Thị Hiên")
    then, after = (
        as_of(life.person.pk, day, known=LATER).of("practitioners_practitioner")[0]["full_name"]
        for day in (date(2026, 10, 1), date(2026, 11, 5))
    )
    assert (then, after) == ("Phan Thị Hiền", "Phan Thị Hiên")


def test_removed_rows_are_not_known_any_more(life: Life) -> None:
    with attributed(by=BY, reason="nhập nhầm", at=LATER):
        PracticeRegistration.objects.filter(pk=life.registration.pk).delete()
    assert known_at(life.person.pk, AT).of("practitioners_registration")
    assert not known_at(life.person.pk, LATER).of("practitioners_registration")


@pytest.mark.parametrize("asked", [{"on": "x"}, {"on": "31/02/2026"}, {"known": "hôm qua"}, {"on": "01/01/1900"}])
def test_a_day_that_is_none_is_told(life: Life, asked: dict[str, str]) -> None:
    answer = signed_in(Role.MINISTRY).get(life.as_of, asked)
    assert answer.status_code == 200
    assert ("05/11/2026." in answer.content.decode()) is (asked.get("on") != "01/01/1900")


def test_a_facility_as_of_a_day_says_its_licence(life: Life) -> None:
    page = read(signed_in(Role.MINISTRY), "/facilities/40001/as-of", on=START.strftime("%d/%m/%Y"))
    assert "40001/SYT-GPHĐ" in page


def test_a_contact_of_a_facility_is_told_by_name_to_itself_and_its_department_alone(life: Life) -> None:
    facts = ContactFacts(role="RECEPTION", name="Đinh Thị Kín", email="kin@example.vn")
    put_contact(facility=life.facility, facts=facts, by=BY, at=AT)
    near = signed_in(Role.DEPARTMENT, province_code="40")
    far = signed_in(Role.MINISTRY)
    assert "Đinh Thị Kín" in read(near, "/facilities/40001/as-of")
    assert "Đinh Thị Kín" not in read(far, "/facilities/40001/as-of")
    assert "Đinh Thị Kín" not in read(far, "/facilities/40001/timeline")
