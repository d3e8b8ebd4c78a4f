"""Who reached whom: a person sees who read their data, and a misused account tells whom it reached."""

from __future__ import annotations

from datetime import timedelta

import pytest
from tests.support.journal import AT, CLINIC, DOCTOR, HOSPITAL, OTHER, PERSON, event, written

from ymach.audit.actions import REGISTRY
from ymach.audit.queries import affected_by, affected_persons, readings_of
from ymach.audit.words import act_words, part_words

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


def test_a_reading_that_was_refused_says_so() -> None:
    written([event(1, action="patient:read:refused"), event(2, action="patient:read")])
    assert [one.is_refused for one in readings_of([PERSON])] == [False, True]
    assert act_words("patient:read:refused").vi == "Xem hồ sơ sức khỏe (bị từ chối)"


def test_a_person_sees_who_read_their_data_the_newest_first() -> None:
    written([event(1, part="visit"), event(2, citizen=OTHER)])
    written([event(3, action="record:looked-up", basis="emergency", reason="bất tỉnh")], facility=CLINIC)
    newest, oldest = readings_of([PERSON])
    assert (newest.facility_id, newest.basis, newest.reason) == (CLINIC, "emergency", "bất tỉnh")
    assert (oldest.facility_id, oldest.actor, oldest.part) == (HOSPITAL, DOCTOR, "visit")


def test_what_a_facility_sends_is_no_reading_and_a_refusal_is_one() -> None:
    written([event(1, action="submission:stored"), event(2, action="record:refused")])
    (only,) = readings_of([PERSON])
    assert only.is_refused


def test_readings_have_bounds_of_time_and_number() -> None:
    written([event(number) for number in range(5)])
    later = AT + timedelta(seconds=1)
    found = readings_of([PERSON], since=later, before=AT + timedelta(seconds=4), limit=2)
    assert [one.at for one in found] == [AT + timedelta(seconds=3), AT + timedelta(seconds=2)]


def test_readings_of_linked_identities_come_together_and_the_registrys_have_no_facility() -> None:
    written([event(1)])
    written([event(2, citizen=OTHER)], facility=REGISTRY)
    assert [one.facility_id for one in readings_of([PERSON, OTHER])] == [None, HOSPITAL]


def test_an_account_tells_whom_it_reached_by_kind_of_act() -> None:
    written([event(1, part="visit"), event(2, part="visit"), event(3, citizen=OTHER, part="visit")])
    written([event(4, action="prescription:read"), event(5, citizen=None, action="sign-in:done")], facility=CLINIC)
    found = affected_by(DOCTOR, start=AT, end=AT + HOUR)
    assert (found.persons, found.events) == (2, 5)
    told = {one.action: (one.events, one.persons, one.facilities) for one in found.acts}
    assert told == {
        "dossier:read": (3, 2, (HOSPITAL,)),
        "prescription:read": (1, 1, (CLINIC,)),
        "sign-in:done": (1, 0, (CLINIC,)),
    }


def test_persons_reached_are_told_one_by_one_within_the_time_asked_for() -> None:
    written([event(0), event(1, citizen=OTHER), event(2, actor="machine:01001"), event(7200, citizen=OTHER)])
    found = list(affected_persons(DOCTOR, start=AT, end=AT + HOUR))
    assert [(one.citizen_id, one.events, one.actions) for one in found] == [
        (PERSON, 1, ("dossier:read",)),
        (OTHER, 1, ("dossier:read",)),
    ]
    assert [one.citizen_id for one in affected_persons(DOCTOR, start=AT, end=AT + HOUR, limit=1)] == [PERSON]


def test_actions_and_parts_are_told_in_plain_words() -> None:
    assert act_words("dossier:read").vi == "Xem hồ sơ khám chữa bệnh"
    assert act_words("factor:app-added").en == "factor:app-added"
    assert part_words("allergies").en == "allergies"
