"""The profile of a facility in the database: dated, by those who may, and read in few statements."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.db import IntegrityError, connection
from django.test.utils import CaptureQueriesContext
from tests.support.facility_facts import HOTLINE, LATER, LATER_DAY, OWNER, SCANNER, TANK, WARD, person
from tests.support.factories import AT, BY, START, make_facility

from ymach.accounts.permissions import Role
from ymach.base.actors import SYSTEM, Actor
from ymach.base.errors import Conflict, NotAllowed
from ymach.base.history.attribution import attributed
from ymach.base.history.models import HistoryEntry
from ymach.base.periods import Period
from ymach.base.weekly import parse_schedule
from ymach.facilities import actions as registry
from ymach.facilities import errors
from ymach.facilities.dated import day_range
from ymach.facilities.facts import ConsumptionFacts, OpeningHoursFacts, TechniqueFacts, facts_of
from ymach.facilities.models import Department, Facility, LegalPerson, OpeningHours, OxygenSource, Technique
from ymach.facilities.oxygen.actions import end_oxygen_source, put_oxygen_source, record_oxygen_consumption
from ymach.facilities.profile import actions
from ymach.facilities.profile.queries import STATEMENTS, profile, techniques

pytestmark = pytest.mark.django_db
DAY = date(2026, 3, 2)
HOURS = OpeningHoursFacts(parse_schedule("T2-T6: 07:00 đến 16:30"))

OWN_WORD: list[Callable[[Facility, Actor], Any]] = [
    lambda facility, by: actions.state_details(facility=facility, phone="115", by=by, at=AT),
    lambda facility, by: actions.set_opening_hours(facility=facility, facts=HOURS, by=by, at=AT),
    lambda facility, by: actions.put_contact(facility=facility, facts=HOTLINE, by=by, at=AT),
    lambda facility, by: actions.put_equipment(facility=facility, facts=SCANNER, by=by, at=AT),
    lambda facility, by: put_oxygen_source(facility=facility, facts=TANK, by=by, at=AT),
    lambda facility, by: record_oxygen_consumption(
        facility=facility,
        facts=ConsumptionFacts(date(2026, 2, 1), "LOX_TANK", Decimal(5), "TONNE"),
        by=by,
        at=AT,
    ),
]
VERIFIED: list[Callable[[Facility, Actor], Any]] = [
    lambda facility, by: registry.correct_facility(facility=facility, name="Tên mới", reason="x", by=by, at=AT),
    lambda facility, by: registry.correct_facility(facility=facility, level="CO_BAN", reason="x", by=by, at=AT),
    lambda facility, by: actions.set_legal_person(facility=facility, facts=OWNER, by=by, at=AT),
    lambda facility, by: actions.put_department(facility=facility, facts=WARD, by=by, at=AT),
    lambda facility, by: approve(facility, ["2.10"], by=by),
    lambda facility, by: registry.end_operating_licence(
        licence=facility.operating_licences.get(), ends_on=DAY, reason="x", by=by, at=AT
    ),
    lambda facility, by: registry.suspend_operating_licence(
        licence=facility.operating_licences.get(), period=Period(DAY), reason="x", decision="1", by=by, at=AT
    ),
    lambda facility, by: registry.revoke_operating_licence(
        licence=facility.operating_licences.get(), effective_on=DAY, reason="x", decision="1", by=by, at=AT
    ),
    lambda facility, by: registry.close_facility(facility=facility, ends_on=DAY, reason="x", by=by, at=AT),
]


def approve(facility: Facility, codes: list[str], *, on: date = DAY, decision: str = "1", by: Actor = BY) -> Any:
    release = "4440-2020"
    return actions.replace_technique_list(
        facility=facility, codes=codes, release=release, decision=decision, approved_on=on, by=by, at=AT
    )


@pytest.mark.parametrize("act", OWN_WORD)
def test_own_word_is_the_facilitys_and_its_departments(act: Callable[[Facility, Actor], Any]) -> None:
    facility, other = make_facility("01001"), make_facility("01002")
    for by in [person(Role.FACILITY, facility_id=facility.pk), person(Role.DEPARTMENT, province_code="01"), SYSTEM]:
        act(facility, by)
    for by in [
        person(Role.FACILITY, facility_id=other.pk),
        person(Role.DEPARTMENT, province_code="79"),
        person(Role.PRACTITIONER, practitioner_id=other.pk),
        person(Role.MINISTRY),
        person(Role.FACILITY_MACHINE, facility_id=facility.pk),
    ]:
        with pytest.raises(NotAllowed):
            act(facility, by)


@pytest.mark.parametrize("act", VERIFIED)
def test_verified_facts_are_the_departments_of_the_province_alone(act: Callable[[Facility, Actor], Any]) -> None:
    facility = make_facility("01001")
    for by in [
        person(Role.FACILITY, facility_id=facility.pk),
        person(Role.DEPARTMENT, facility_id=facility.pk),  # even with the word: nobody verifies themselves
        person(Role.DEPARTMENT, province_code="79"),
        person(Role.MINISTRY),
    ]:
        with pytest.raises(NotAllowed):
            act(facility, by)
    act(facility, person(Role.DEPARTMENT, province_code="01"))


@pytest.mark.parametrize("act", OWN_WORD + VERIFIED)
def test_every_change_moves_the_revision_on_and_says_whose_profile_it_is(act: Callable[[Facility, Actor], Any]) -> None:
    facility = make_facility()
    before, entries = revision(facility), HistoryEntry.objects.count()
    act(facility, BY)
    assert revision(facility) == before + 1
    written = HistoryEntry.objects.order_by("id")[entries:]
    assert {entry.subject for entry in written} == {facility.pk}


def revision(facility: Facility) -> int:
    return Facility.objects.values_list("revision", flat=True).get(pk=facility.pk)


def test_a_stale_form_is_told_and_changes_nothing() -> None:
    facility = make_facility()
    seen = revision(facility)
    actions.put_department(facility=facility, facts=WARD, by=BY, at=AT, seen=seen)
    with pytest.raises(Conflict):
        actions.put_department(facility=facility, facts=replace(WARD, beds_actual=60), by=BY, at=AT, seen=seen)
    assert facility.departments.get().beds_actual == 50


def test_a_change_closes_the_old_row_and_opens_a_new_one() -> None:
    facility = make_facility()
    actions.put_department(facility=facility, facts=WARD, by=BY, at=AT)
    actions.put_department(facility=facility, facts=replace(WARD, beds_actual=60), by=BY, at=LATER)
    rows = facility.departments.order_by("valid")
    assert [(row.valid.lower, row.valid.upper, row.beds_actual) for row in rows] == [
        (DAY, LATER_DAY, 50),
        (LATER_DAY, None, 60),
    ]
    assert profile(facility.pk, on=date(2026, 5, 31)).beds.actual == 50
    assert profile(facility.pk, on=LATER_DAY).beds.actual == 60


def test_saying_the_same_again_writes_no_row() -> None:
    facility = make_facility()
    for at in (AT, LATER):
        actions.set_legal_person(facility=facility, facts=OWNER, by=BY, at=at)
        actions.set_opening_hours(facility=facility, facts=HOURS, by=BY, at=at)
    assert (facility.legal_persons.count(), facility.opening_hours.count()) == (1, 1)


def test_a_correction_on_the_same_day_keeps_its_past_in_the_history() -> None:
    facility = make_facility()
    for beds in (50, 60):
        actions.put_department(facility=facility, facts=replace(WARD, beds_actual=beds), by=BY, at=AT)
    row = facility.departments.get()
    assert row.beds_actual == 60
    kept = HistoryEntry.objects.filter(table="facilities_department", row_id=str(row.pk)).order_by("id")
    assert [entry.after["beds_actual"] for entry in kept] == [50, 60]


def test_a_change_before_a_later_one_is_refused() -> None:
    facility = make_facility()
    actions.put_department(facility=facility, facts=WARD, by=BY, at=AT, on=LATER_DAY)
    with pytest.raises(errors.LaterChange):
        actions.put_department(facility=facility, facts=WARD, by=BY, at=AT)


def test_what_ended_is_gone_from_that_day_on() -> None:
    facility = make_facility()
    contact = actions.put_contact(facility=facility, facts=HOTLINE, by=BY, at=AT)
    actions.end_contact(facility=facility, item=contact.item, by=BY, at=LATER)
    assert [one.facts for one in profile(facility.pk, on=DAY).contacts] == [HOTLINE]
    assert profile(facility.pk, on=LATER_DAY).contacts == ()
    with pytest.raises(errors.FactNotFound):
        actions.end_contact(facility=facility, item=contact.item, by=BY, at=LATER)


def test_a_technique_list_of_thousands_is_replaced_in_few_statements() -> None:
    facility = make_facility()
    approve(facility, [f"2.{number}" for number in range(3000)])
    fewer = [f"2.{number}" for number in range(10, 3010)]
    with CaptureQueriesContext(
        connection,
    ) as asked:
        changed = approve(facility, fewer, on=LATER_DAY, decision="2")
    assert (changed.opened, changed.closed, changed.kept) == (10, 10, 2990)
    assert len(asked) < 16
    decisions = profile(facility.pk, on=LATER_DAY).technique_decisions
    assert [(one.decision, one.count) for one in decisions] == [("2", 10), ("1", 2990)]
    assert len(techniques(facility.pk, on=DAY)) == len(techniques(facility.pk, on=LATER_DAY)) == 3000


def test_a_technique_list_corrected_on_its_own_day_leaves_no_empty_period() -> None:
    facility = make_facility()
    approve(facility, ["2.1", "2.2"])
    approve(facility, ["2.2", "2.3"])
    held = techniques(facility.pk, on=DAY)
    assert [one.thing for one in held] == ["2.2", "2.3"]
    assert held[0].facts == TechniqueFacts("2.2", "4440-2020", "1", DAY)
    assert Technique.objects.count() == 2


@pytest.mark.parametrize("table", [LegalPerson, Department, OpeningHours, Technique, OxygenSource])
def test_the_database_refuses_two_rows_of_one_thing_at_once(table: Any) -> None:
    facility = make_facility()
    actions.set_legal_person(facility=facility, facts=OWNER, by=BY, at=AT)
    actions.put_department(facility=facility, facts=WARD, by=BY, at=AT)
    actions.set_opening_hours(facility=facility, facts=HOURS, by=BY, at=AT)
    approve(facility, ["2.1"])
    put_oxygen_source(facility=facility, facts=TANK, by=BY, at=AT)
    row = table.objects.get()
    row.pk, row.valid = facility.pk, day_range(Period(LATER_DAY))
    with pytest.raises(IntegrityError, match="at_a_time"), attributed(by=BY, reason="x", at=AT):
        row.save(force_insert=True)


def test_own_details_are_stated_and_checked_together() -> None:
    facility = make_facility()
    place = {"latitude": Decimal("21.028511"), "longitude": Decimal("105.804817")}
    actions.state_details(facility=facility, languages=["vi", "en"], services=["EMERGENCY"], **place, by=BY, at=AT)
    found = profile(facility.pk, on=DAY)
    assert (found.languages, found.services, found.latitude) == (("vi", "en"), ("EMERGENCY",), place["latitude"])
    with pytest.raises(errors.CoordinatesWrong):
        actions.state_details(facility=facility, latitude=Decimal("48.85"), by=BY, at=AT)
    assert profile(facility.pk, on=DAY).latitude == place["latitude"]


def test_nothing_is_dated_before_the_founding() -> None:
    facility = make_facility()
    actions.state_details(facility=facility, founded_year=2020, by=BY, at=AT)
    with pytest.raises(errors.BeforeFounding):
        actions.put_department(facility=facility, facts=WARD, on=date(2019, 5, 1), by=BY, at=AT)


def test_the_facility_confirms_its_profile_itself() -> None:
    facility = make_facility()
    with pytest.raises(NotAllowed):
        actions.confirm_profile(facility=facility, by=person(Role.DEPARTMENT, province_code="01"), at=AT)
    by = person(Role.FACILITY, facility_id=facility.pk)
    actions.confirm_profile(facility=facility, by=by, at=AT, seen=revision(facility))
    found = profile(facility.pk, on=DAY)
    assert (found.confirmed_at, found.confirmed_by) == (AT, "Lê Thị Người Dùng")


def furnish(facility: Facility) -> None:
    actions.set_legal_person(facility=facility, facts=OWNER, by=BY, at=AT)
    actions.set_opening_hours(facility=facility, facts=HOURS, by=BY, at=AT)
    for number in range(1, 6):
        actions.put_department(facility=facility, facts=replace(WARD, code=f"K0{number}"), by=BY, at=AT)
        actions.put_equipment(facility=facility, facts=replace(SCANNER, serial=str(number)), by=BY, at=AT)
        actions.put_contact(facility=facility, facts=HOTLINE, by=BY, at=AT)
        put_oxygen_source(facility=facility, facts=TANK, by=BY, at=AT)
    approve(facility, ["2.1", "2.2"])


def test_a_profile_takes_few_statements_whatever_it_holds() -> None:
    bare = make_facility("01001", licensed=False)
    main = make_facility("01002", suspended=Period(DAY, LATER_DAY))
    site = registry.register_facility(
        code="01003", name="Cơ sở 2", form="HOSP_GEN", sector="PUBLIC", province_code="01", site_of=main, by=BY, at=AT
    )
    for facility in (main, site):
        furnish(facility)
    for facility in (bare, main, site):
        with CaptureQueriesContext(connection) as asked:
            profile(facility.pk, on=DAY)
        assert len(asked) <= STATEMENTS


def test_a_profile_holds_everything_of_the_day() -> None:
    facility = make_facility()
    furnish(facility)
    found = profile(facility.pk, on=DAY)
    assert found.licence is not None
    assert (found.licence.number, found.licence.state) == ("01001/SYT-GPHĐ", "ACTIVE")
    assert found.legal_person is not None
    assert found.opening_hours is not None
    assert (found.legal_person.facts, found.opening_hours.facts) == (OWNER, HOURS)
    assert (found.beds.actual, found.beds.icu, found.technique_count) == (250, 25, 2)
    assert (len(found.equipment), len(found.contacts), len(found.oxygen_sources)) == (5, 5, 5)
    assert found.oxygen_sources[0].facts == TANK
    before = profile(facility.pk, on=START)
    assert (before.departments, before.equipment, before.legal_person, before.technique_count) == ((), (), None, 0)


def test_facts_of_a_row_are_the_facts_that_were_put() -> None:
    facility = make_facility()
    row = actions.put_equipment(facility=facility, facts=SCANNER, by=BY, at=AT)
    assert facts_of(type(SCANNER), row) == SCANNER


def test_an_oxygen_source_goes_down_and_comes_back_under_one_item() -> None:
    facility = make_facility()
    item = put_oxygen_source(facility=facility, facts=TANK, by=BY, at=AT).item
    down = replace(TANK, state="down", down_reason="PARTS")
    put_oxygen_source(facility=facility, facts=down, item=item, by=BY, at=LATER)
    assert [row.state for row in facility.oxygen_sources.order_by("valid")] == ["working", "down"]
    end_oxygen_source(facility=facility, item=item, on=date(2026, 7, 1), by=BY, at=LATER)
    assert profile(facility.pk, on=date(2026, 7, 1)).oxygen_sources == ()
