from __future__ import annotations

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from tests.support.factories import START, make_facility, make_licence, make_registration

from ymach.base.history.models import HistoryEntry
from ymach.base.periods import Period
from ymach.practitioners.standing.lookup import standing_facts

pytestmark = pytest.mark.django_db

DAY = date(2026, 3, 2)
DAYS = Period(DAY, date(2026, 3, 3))


def test_unknown_facility_and_author_give_empty_facts() -> None:
    facts = standing_facts("99999", ["000001/XYZ-GPHN"], DAYS)
    assert facts.facility_on(DAY) is None
    (author,) = facts.authors_in("000001/XYZ-GPHN")
    assert author.person is None


def test_facility_comes_with_licence_and_suspensions_of_these_days() -> None:
    facility = make_facility("01004", suspended=Period(date(2026, 3, 1), date(2026, 4, 1)))
    found = standing_facts("01004", [], DAYS).facility_on(DAY)
    assert found is not None
    assert (found.id, found.name, found.province_code) == (facility.pk, facility.name, "01")
    (licence,) = found.licences
    assert licence.valid == Period(START)
    assert [suspension.decision for suspension in licence.suspensions] == ["12/QĐ-SYT"]


def test_suspension_of_other_days_is_left_out() -> None:
    make_facility("01004", suspended=Period(date(2025, 3, 1), date(2025, 4, 1)))
    found = standing_facts("01004", [], DAYS).facility_on(DAY)
    assert found is not None
    assert found.licences[0].suspensions == ()


def test_author_is_found_however_the_number_is_written() -> None:
    make_licence("000123/BYT-GPHN", scopes=("V", "IX"))
    facts = standing_facts("01001", [" 000123 / byt - gphn "], DAYS)
    (author,) = facts.authors_in(" 000123 / byt - gphn ")
    assert author.person is not None
    assert author.person.licences[0].number == "000123/BYT-GPHN"
    assert author.person.licences[0].scopes == {"V", "IX"}


def test_registration_comes_with_its_weekly_hours() -> None:
    facility, licence = make_facility(), make_licence("000123/BYT-GPHN")
    make_registration(licence, facility, schedule="T2-T6: 07:00 đến 16:30")
    person = standing_facts("01001", ["000123/BYT-GPHN"], DAYS).people["000123/BYT-GPHN"]
    (registration,) = person.registrations
    assert registration.facility_id == facility.pk
    assert str(registration.schedule) == "T2-T6: 07:00 đến 16:30"


def test_list_of_authors_and_seconded_form_are_taken_apart() -> None:
    home = make_facility("79001")
    first, second = make_licence("000001/BYT-GPHN"), make_licence("000002/BYT-GPHN")
    make_registration(second, home)
    field = "000001/BYT-GPHN;000002/BYT-GPHN.HD.79001"
    authors = standing_facts("01001", [field], DAYS).authors_in(field)
    assert [a.person and a.person.practitioner_id for a in authors] == [first.practitioner_id, second.practitioner_id]
    assert [a.home_ids for a in authors] == [frozenset(), {home.pk}]


def test_replaced_certificate_leads_to_the_person_and_the_licence_now_in_force() -> None:
    old = make_licence("0012345/HCM-CCHN", valid=Period(START))
    make_licence("000777/BYT-GPHN", practitioner=old.practitioner, valid=Period(date(2026, 1, 1)), replaces=old)
    person = standing_facts("01001", ["0012345/HCM-CCHN"], DAYS).people["0012345/HCM-CCHN"]
    assert [licence.number for licence in person.licences] == ["000777/BYT-GPHN", "0012345/HCM-CCHN"]
    assert [licence.is_in_force(DAY) for licence in person.licences] == [True, False]


def test_revocation_and_suspension_come_with_their_decisions() -> None:
    licence = make_licence("000123/BYT-GPHN", suspended=Period(date(2026, 3, 1), date(2026, 5, 1)), revoked=DAY)
    (found,) = standing_facts("01001", [licence.number], DAYS).people["000123/BYT-GPHN"].licences
    assert (found.revoked_on, found.revocation_decision) == (DAY, "46/QĐ-BYT")
    assert [suspension.whole for suspension in found.suspensions] == [True]


def test_version_is_the_last_entry_of_the_history() -> None:
    make_facility()
    newest = HistoryEntry.objects.latest("id")
    assert standing_facts("01001", [], DAYS).version == newest.pk


def test_one_statement_for_any_number_of_authors(monkeypatch: pytest.MonkeyPatch) -> None:
    numbers = [make_licence().number for _ in range(12)]
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    with CaptureQueriesContext(connection) as orm:
        facts = standing_facts("01001", numbers, DAYS)
    assert len(orm) == 0
    assert len(facts.people) == 12
