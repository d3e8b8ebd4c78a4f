"""Nobody types the same citizen twice: who is looked up is found, who is enrolled is checked, and both are accounted for."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.db import DatabaseError, connection
from tests.population.population_people import BICH, UNKNOWN, address, channel, database
from tests.support.factories import AT, make_facility, make_licence, make_practitioner, make_registration

from ymach.audit.models import AuditEvent
from ymach.base.actors import Actor, ActorKind, Grant, command
from ymach.base.errors import NotAllowed, TooMany
from ymach.facilities.models import Facility
from ymach.population.channel import PopulationChannel
from ymach.population.contract import PopulationAway
from ymach.population.models import PopulationCheck
from ymach.population.queries import latest
from ymach.population.rules import Claim
from ymach.practitioners.errors import PersonalNumberWrong
from ymach.practitioners.identification import (
    ALLOWED,
    Claimed,
    carry_over,
    checked_claim,
    each_unverified,
    identify,
    last_check,
    lookup,
    unverified,
    verify,
)
from ymach.sandbox.behaviour import Behaviour
from ymach.sandbox.population import PopulationDatabase

__all__ = ["address", "channel", "database"]
pytestmark = pytest.mark.django_db
WORDS = frozenset({"identity:verify", "practitioner:see", "practitioner:manage"})
CLERK = Actor(ActorKind.USER, "clerk", "Clerk", (Grant("department", WORDS, province_code="01"),))
NUMBER = "001190000009"


def at_facility(facility: Facility) -> Actor:
    words = frozenset({"identity:verify", "practitioner:see"})
    return Actor(ActorKind.USER, "staff", "Staff", (Grant("facility", words, facility_id=facility.pk),))


def test_who_is_enrolled_is_found_in_the_registry_without_asking_anybody_else(
    database: PopulationDatabase, channel: PopulationChannel
) -> None:
    person = make_practitioner("Lê Thị Na", personal_number="001190000009")
    found = lookup(number="001190000009", by=CLERK, purpose="enrol", at=AT, channel=channel)
    assert (found.said, found.practitioner_id, found.known["full_name"]) == ("registered", person.pk, "Lê Thị Na")
    assert database.asked == 0


def test_of_somebody_elses_staff_a_facility_is_told_the_name_alone() -> None:
    licence = make_licence("000777/BYT-GPHN", practitioner=make_practitioner("Lê Thị Na", personal_number=NUMBER))
    home, other = make_facility("01001"), make_facility("01002")
    make_registration(licence, home)
    asked = {"number": NUMBER, "purpose": "enrol", "at": AT, "channel": None}
    assert set(lookup(by=at_facility(other), **asked).known) == {"full_name"}
    assert set(lookup(by=at_facility(home), **asked).known) == {"full_name", "birth_date", "sex"}


def test_a_department_has_a_citizen_filled_in_from_the_number(channel: PopulationChannel) -> None:
    found = lookup(number=BICH.number, by=CLERK, purpose="enrol", at=AT, channel=channel)
    assert (found.said, found.practitioner_id, found.at) == ("match", None, AT)
    assert found.known == {"full_name": "Trần Thị Bích", "birth_date": "1985-05-17", "sex": "2"}


def test_a_facility_has_to_name_the_citizen_first(database: PopulationDatabase, channel: PopulationChannel) -> None:
    by, asked = at_facility(make_facility()), {"number": BICH.number, "purpose": "enrol", "at": AT, "channel": channel}
    assert lookup(by=by, **asked).said == "unnamed"
    assert database.asked == 0
    assert lookup(by=by, claimed=Claimed("tran thi bich"), **asked).known["birth_date"] == "1985-05-17"


def test_what_differs_is_named_and_nothing_is_told_of_it(channel: PopulationChannel) -> None:
    claimed = Claimed("Trần Thị Bích", date(1985, 5, 18), "2")
    found = lookup(number=BICH.number, claimed=claimed, by=CLERK, purpose="enrol", at=AT, channel=channel)
    assert (found.said, found.known) == ("mismatch", {})
    assert found.fields == {"full_name": "same", "birth_date": "different", "sex": "same"}


def test_nobody_is_nobody(channel: PopulationChannel) -> None:
    assert lookup(number=UNKNOWN, by=CLERK, purpose="enrol", at=AT, channel=channel).said == "unknown-number"


def test_a_database_that_is_away_or_not_set_holds_nobody_up(
    database: PopulationDatabase, channel: PopulationChannel
) -> None:
    database.behaviour = Behaviour(down=True)
    for one in (channel, None):
        assert lookup(number=BICH.number, by=CLERK, purpose="enrol", at=AT, channel=one).said == "unavailable"


def test_every_look_up_is_in_the_journal_without_the_number(channel: PopulationChannel) -> None:
    lookup(number=BICH.number, by=CLERK, purpose="enrol", at=AT, channel=channel)
    event = AuditEvent.objects.get(action="identity:looked-up")
    assert (event.actor, event.basis, event.detail) == ("user:clerk", "enrol", {"found": "match"})
    assert BICH.number not in f"{event.subject}{event.detail}"


def test_look_ups_need_the_word(channel: PopulationChannel) -> None:
    with pytest.raises(NotAllowed):
        lookup(number=BICH.number, by=Actor(ActorKind.USER, "x", "X"), purpose="enrol", at=AT, channel=channel)


def test_numbers_cannot_be_walked_through_and_the_attempt_is_in_the_journal() -> None:
    for _ in range(ALLOWED):
        lookup(number=UNKNOWN, by=CLERK, purpose="enrol", at=AT, channel=None)
    with pytest.raises(TooMany):
        lookup(number=UNKNOWN, by=CLERK, purpose="enrol", at=AT, channel=None)
    assert AuditEvent.objects.filter(action="identity:look-up:refused").count() == 1
    later = AT + timedelta(hours=2)
    assert lookup(number=UNKNOWN, by=CLERK, purpose="enrol", at=later, channel=None).said == "unavailable"


def test_a_claim_that_was_checked_is_not_asked_about_again_and_goes_with_who_is_enrolled(
    database: PopulationDatabase, channel: PopulationChannel
) -> None:
    lookup(number=BICH.number, by=CLERK, purpose="enrol", at=AT, channel=channel)
    claim = Claim(BICH.full_name, BICH.birth_date, BICH.sex)
    found = identify(number=BICH.number, claim=claim, by=CLERK, purpose="enrol", at=AT, channel=channel)
    assert (found.said, database.asked) == ("match", 1)
    person = make_practitioner(BICH.full_name, personal_number=BICH.number)  # born that day
    check = carry_over(person)
    assert check is not None
    assert (check.outcome, check.at, last_check(person.pk)) == ("match", AT, check)


def test_a_claim_with_another_day_of_birth_is_not_the_one_that_was_checked(channel: PopulationChannel) -> None:
    lookup(number=BICH.number, by=CLERK, purpose="enrol", at=AT, channel=channel)
    assert checked_claim(BICH.number, Claim(BICH.full_name, date(1985, 5, 18), BICH.sex)) is None


@pytest.mark.parametrize("number", ["", "12345678901", "１２３４５６７８９０１２", "00118500000a"])
def test_a_number_of_another_form_is_not_asked_for(number: str) -> None:
    with pytest.raises(PersonalNumberWrong):
        lookup(number=number, by=CLERK, purpose="enrol", at=AT, channel=None)


def test_a_check_is_kept_with_its_outcome_by_field(channel: PopulationChannel) -> None:
    person = make_practitioner("Tran Thi Bich", personal_number=BICH.number)
    check = verify(practitioner=person, by=CLERK, at=AT, channel=channel)
    assert check.outcome == "mismatch"
    assert check.fields == {"full_name": "marks", "birth_date": "same", "sex": "same"}
    assert (check.checked_by, check.source) == ("user:clerk", "national-population-database")
    assert last_check(person.pk) == check


def test_a_database_that_is_away_is_an_outcome_that_settles_nothing(
    database: PopulationDatabase, channel: PopulationChannel
) -> None:
    person = make_practitioner(personal_number=BICH.number)
    database.behaviour = Behaviour(down=True)
    assert verify(practitioner=person, by=CLERK, at=AT, channel=channel).outcome == "unavailable"
    assert latest("practitioner", person.pk) is None
    assert list(unverified()) == [person]


def test_without_a_channel_nobody_is_checked() -> None:
    with pytest.raises(PopulationAway):
        verify(practitioner=make_practitioner(), by=CLERK, at=AT, channel=None)


def test_the_latest_check_counts(channel: PopulationChannel) -> None:
    person = make_practitioner(personal_number=BICH.number)
    verify(practitioner=person, by=CLERK, at=AT, channel=channel)
    newer = verify(practitioner=person, by=CLERK, at=AT + timedelta(days=1), channel=channel)
    assert latest("practitioner", person.pk) == newer


def test_checking_all_goes_on_where_it_ended(channel: PopulationChannel) -> None:
    people = [make_practitioner(personal_number=f"0011850000{number}") for number in range(10, 17)]
    by, checked = command("population verify"), []
    for limit in (3, 100):
        for person in each_unverified(limit, chunk=2):
            verify(practitioner=person, by=by, at=AT, channel=channel)
            checked.append(person)
    assert sorted(one.pk for one in checked) == sorted(one.pk for one in people)
    assert PopulationCheck.objects.count() == len(people)


@pytest.mark.parametrize("statement", ["DELETE FROM population_check", "UPDATE population_check SET outcome = 'match'"])
def test_an_answer_once_kept_cannot_be_changed(statement: str) -> None:
    with pytest.raises(DatabaseError, match="permission denied"), connection.cursor() as cursor:
        cursor.execute(statement)
