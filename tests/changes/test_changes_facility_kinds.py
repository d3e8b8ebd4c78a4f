"""What a facility asks to have changed of its verified profile: legal person, departments, techniques."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from tests.support.changing import AT, department_of, paper, staff_of
from tests.support.factories import BY, make_facility

from ymach.base.errors import YmachError
from ymach.changes import actions
from ymach.changes.errors import FormWrong, NothingChanged
from ymach.changes.kinds.facility_techniques import codes_in, merged
from ymach.changes.models import ChangeRequest
from ymach.facilities.facts import DepartmentFacts
from ymach.facilities.models import Facility
from ymach.facilities.profile.actions import put_department, replace_technique_list
from ymach.facilities.profile.queries import profile, techniques

pytestmark = pytest.mark.django_db
DAY = date(2026, 11, 23)
BEDS = {
    "code": "K03",
    "name": "Nội",
    "beds_planned": "20",
    "beds_actual": "25",
    "starts_on": "2026-11-23",
    "ends": False,
}


@pytest.fixture
def facility() -> Facility:
    made = make_facility()
    put_department(
        facility=made, facts=DepartmentFacts("K03", "Nội", beds_actual=10), by=BY, at=AT, on=date(2026, 1, 1)
    )
    replace_technique_list(
        facility=made,
        codes=["1.1", "1.2"],
        release="2024",
        decision="1/QĐ",
        approved_on=date(2026, 1, 1),
        by=BY,
        at=AT,
    )
    return Facility.objects.get(pk=made.pk)


def ask(facility: Facility, kind: str, **values: Any) -> ChangeRequest:
    by = staff_of(facility)
    return actions.propose(kind=kind, subject_id=facility.pk, values=values, by=by, at=AT, evidence=[paper(by)])


def agree(request: ChangeRequest, number: str = "9/QĐ-SYT") -> None:
    actions.approve(request_id=request.pk, by=department_of(), at=AT, decision_number=number)


def test_a_legal_person_is_written_once_the_department_agrees(facility: Facility) -> None:
    request = ask(facility, "facility-legal-person", name="Công ty Mẫu", starts_on="2026-11-23")
    assert profile(facility.pk, on=DAY).legal_person is None
    agree(request)
    held = profile(facility.pk, on=DAY).legal_person
    assert held is not None
    assert held.facts.name == "Công ty Mẫu"


def test_beds_of_a_department_are_shown_as_they_were_and_changed(facility: Facility) -> None:
    request = ask(facility, "facility-department", **BEDS)
    assert request.before["beds_actual"] == "10"
    agree(request)
    assert profile(facility.pk, on=DAY).beds.actual == 25


def test_a_department_is_added_and_ended(facility: Facility) -> None:
    agree(ask(facility, "facility-department", **{**BEDS, "code": "K04", "name": "Ngoại"}))
    agree(ask(facility, "facility-department", **{**BEDS, "ends": True}))
    assert [one.facts.code for one in profile(facility.pk, on=DAY).departments] == ["K04"]


def test_beds_that_cannot_be_are_refused_beside_their_field(facility: Facility) -> None:
    with pytest.raises(FormWrong) as caught:
        ask(facility, "facility-department", **{**BEDS, "beds_icu": "26"})
    assert list(caught.value.errors) == ["beds_icu"]


def test_techniques_are_added_and_taken_out_under_the_departments_decision(facility: Facility) -> None:
    values = {"added": "1.3\n1.4", "removed": "1.1", "release": "2024", "decision": "x", "approved_on": "2026-11-23"}
    agree(ask(facility, "technique-list", **values))
    found = {one.facts.code: one.facts.decision for one in techniques(facility.pk, on=DAY)}
    assert found == {"1.2": "1/QĐ", "1.3": "9/QĐ-SYT", "1.4": "9/QĐ-SYT"}


def test_a_list_without_a_change_is_not_asked_for(facility: Facility) -> None:
    values = {"added": "", "removed": "", "release": "2024", "decision": "x", "approved_on": "2026-11-23"}
    with pytest.raises(NothingChanged):
        ask(facility, "technique-list", **values)


def test_a_code_cannot_be_taken_out_where_it_is_not(facility: Facility) -> None:
    values = {"added": "", "removed": "9.9", "release": "2024", "decision": "x", "approved_on": "2026-11-23"}
    with pytest.raises(FormWrong) as caught:
        ask(facility, "technique-list", **values)
    assert list(caught.value.errors) == ["removed"]


def test_codes_are_read_however_they_stand_apart() -> None:
    assert codes_in(" 1.1, 1.2;1.3\n\n1.1 ") == ["1.1", "1.2", "1.3"]
    assert merged(["a", "b"], ["c", "b"], ["a"]) == ["b", "c"]
    with pytest.raises(YmachError):
        merged(["a"], ["a"], ["a"])
