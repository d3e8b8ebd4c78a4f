"""What is worth saying is said before sending and before deciding; approving publishes; long lists are searched."""

from __future__ import annotations

from copy import deepcopy
from datetime import date
from typing import Any

import pytest
from django.test import Client
from tests.changes.test_changes_pages import client_of, text_of
from tests.support.changing import AT, department_of, paper, ready, registrations, staff_of
from tests.support.factories import make_facility, make_licence, make_registration
from tests.support.settled import settled_together

from ymach.accounts.permissions import Role
from ymach.base.periods import Period
from ymach.changes import actions, errors
from ymach.changes.models import ChangeRequest, State
from ymach.facilities.models import Facility
from ymach.practitioners.models import Licence, PracticeRegistration, Practitioner

pytestmark = pytest.mark.django_db
HERE, THERE = "T2-T6: 07:00 đến 16:00", "T2-T6: 16:15 đến 21:00"


@pytest.fixture(scope="module")
def _opened_facility(_kept_rows: None) -> Facility:
    return make_facility("01001")


@pytest.fixture
def facility(_opened_facility: Facility) -> Facility:
    return deepcopy(_opened_facility)


@pytest.fixture(scope="module")
def _opened_person(_kept_rows: None, _opened_facility: Facility) -> Practitioner:
    """Somebody who works elsewhere until 16:00 every day."""
    licence = make_licence("000777/BYT-GPHN")
    make_registration(licence, make_facility("79001", province_code="79"), schedule=HERE)
    return licence.practitioner


@pytest.fixture
def person(_opened_person: Practitioner) -> Practitioner:
    return deepcopy(_opened_person)


def typed(**values: Any) -> dict[str, Any]:
    return {"starts_on": "01/12/2026", "position": "Bác sĩ", "schedule": THERE, "do": "send", **values}


ADDRESS = "/changes/new/practice-registration?licence=000777/BYT-GPHN"


def test_warnings_are_shown_before_sending_and_kept_with_the_request(facility: Facility, person: Practitioner) -> None:
    staff = client_of(Role.FACILITY, "staff", facility_id=facility.pk)
    first = staff.post(ADDRESS, typed())
    page = text_of(first)
    assert (first.status_code, ChangeRequest.objects.count()) == (200, 0)
    assert "Vẫn gửi yêu cầu" in page
    warned = page.split('name="warned" value="')[1].split('"')[0]
    assert staff.post(ADDRESS, typed(warned=warned)).status_code == 302
    sentences = [one["vi"] for one in ChangeRequest.objects.get().warnings]
    assert sentences
    assert any("16:15" in sentence for sentence in sentences)


def test_other_hours_are_warned_of_anew(facility: Facility, person: Practitioner) -> None:
    staff = client_of(Role.FACILITY, "staff", facility_id=facility.pk)
    warned = text_of(staff.post(ADDRESS, typed())).split('name="warned" value="')[1].split('"')[0]
    again = staff.post(ADDRESS, typed(warned=warned, schedule="T2-T6: 16:05 đến 21:30"))
    assert (again.status_code, ChangeRequest.objects.count()) == (200, 0)


def test_whoever_decides_sees_the_warnings(facility: Facility, person: Practitioner) -> None:
    change = ready(person, facility, schedule=THERE)
    department = client_of(Role.DEPARTMENT, "department", province_code="01")
    page = text_of(department.get(f"/changes/{change.pk}"))
    assert change.warnings
    assert all(one["vi"].split("“")[0][:20] in page for one in change.warnings)
    assert "có điều cần để ý" in text_of(department.get("/worklist"))


def test_approval_is_publication(facility: Facility) -> None:
    person = make_licence().practitioner
    actions.approve(request_id=ready(person, facility).pk, by=department_of(), at=AT)
    (made,) = registrations(person)
    assert made.published_on == date(2026, 11, 23)


def test_the_department_may_publish_later_within_the_term(facility: Facility) -> None:
    person = make_licence().practitioner
    change = ready(person, facility)
    for day in (date(2026, 11, 22), date(2026, 12, 2)):
        with pytest.raises(errors.PublishedWhen):
            actions.approve(request_id=change.pk, by=department_of(), at=AT, publish_on=day)
    done = actions.approve(request_id=change.pk, by=department_of(), at=AT, publish_on=date(2026, 12, 1))
    (made,) = registrations(person)
    assert (done.publish_on, made.published_on) == (date(2026, 12, 1), date(2026, 12, 1))


def test_the_day_of_publication_is_chosen_on_the_page(facility: Facility) -> None:
    person = make_licence().practitioner
    change = ready(person, facility)
    ChangeRequest.objects.filter(pk=change.pk).update(due_on=date(2099, 1, 1))
    department = client_of(Role.DEPARTMENT, "department", province_code="01")
    assert 'name="publish_on"' in text_of(department.get(f"/changes/{change.pk}"))
    wrong = department.post(f"/changes/{change.pk}", {"do": "approve", "publish_on": "mai"})
    assert wrong.status_code == 422
    assert 'id="f-publish_on-e"' in text_of(wrong)
    department.post(f"/changes/{change.pk}", {"do": "approve", "publish_on": "31/12/2098"})
    change.refresh_from_db()
    assert (change.state, change.publish_on) == (State.APPROVED, date(2098, 12, 31))


def long_there(facility: Facility) -> PracticeRegistration:
    """Somebody with more than 36 months of practice."""
    licence = make_licence(since=date(2020, 1, 1), generation=Licence.Generation.CERTIFICATE)
    return make_registration(licence, facility, valid=Period(date(2020, 2, 1)))


def test_a_new_head_stays_published(facility: Facility) -> None:
    registration = long_there(facility)
    by = staff_of(facility)
    values = {"head": str(registration.pk), "starts_on": "2026-12-01"}
    change = actions.propose(
        kind="technical-head", subject_id=facility.pk, values=values, evidence=[paper(by)], by=by, at=AT
    )
    actions.approve(request_id=change.pk, by=department_of(), at=AT)
    new = PracticeRegistration.objects.get(facility=facility, is_technical_head=True)
    assert new.published_on == date(2026, 11, 23)


@pytest.fixture(scope="module")
def _opened_crowd(_kept_rows: None, _opened_facility: Facility) -> list[PracticeRegistration]:
    with settled_together():
        made = [make_licence(f"{number:06d}/BYT-GPHN") for number in range(500, 525)]
        return [make_registration(one, _opened_facility) for one in made]


@pytest.fixture
def crowd(_opened_crowd: list[PracticeRegistration]) -> list[PracticeRegistration]:
    return deepcopy(_opened_crowd)


def test_a_head_is_searched_by_name_or_number_without_script(
    facility: Facility, crowd: list[PracticeRegistration]
) -> None:
    staff = client_of(Role.FACILITY, "staff", facility_id=facility.pk)
    address = "/changes/new/technical-head"
    first = text_of(staff.get(address))
    assert first.count('type="radio"') == 20
    assert 'name="head-words"' in first
    page = text_of(staff.post(address, {"head-words": "000524", "head": str(crowd[0].pk), "do": "find"}))
    assert f'value="{crowd[24].pk}"' in page
    assert f'value="{crowd[0].pk}" checked' in page
    assert page.count('type="radio"') == 2


def test_a_script_gets_only_the_choices(facility: Facility, crowd: list[PracticeRegistration]) -> None:
    staff = client_of(Role.FACILITY, "staff", facility_id=facility.pk)
    headers = {"HX-Request": "true", "HX-Target": "found-head"}
    answer = staff.post("/changes/new/technical-head", {"head-words": "000510", "do": "find"}, headers=headers)
    page = text_of(answer)
    assert page.startswith('<div class="change-found" id="found-head"')
    assert page.count('type="radio"') == 1


def test_the_english_sentence_of_missing_papers_is_english(facility: Facility) -> None:
    with pytest.raises(errors.EvidenceMissing) as missing:
        actions.propose(
            kind="technical-head",
            subject_id=facility.pk,
            values={"head": str(long_there(facility).pk), "starts_on": "2026-12-01"},
            by=staff_of(facility),
            at=AT,
        )
    assert missing.value.text.en == "This change needs papers: the appointment."


def test_nobody_elses_staff_can_be_chosen(facility: Facility) -> None:
    stranger = make_registration(make_licence(), make_facility("01002"))
    staff: Client = client_of(Role.FACILITY, "staff", facility_id=facility.pk)
    answer = staff.post(
        "/changes/new/technical-head", {"head": str(stranger.pk), "starts_on": "01/12/2026", "do": "send"}
    )
    assert answer.status_code == 422
    assert 'id="f-head-e"' in text_of(answer)
