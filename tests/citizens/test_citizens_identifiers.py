"""Numbers of a person: kept blind and sealed, with a history, moved by decision alone."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from tests.citizens.test_citizens_matching_comparing import meet

from ymach.audit.models import AuditEvent
from ymach.base.actors import Actor, ActorKind, command
from ymach.base.errors import NotAllowed
from ymach.base.ids import new_id
from ymach.citizens.errors import NumberEnded, NumberNotHeld, NumberReasonMissing, NumberTaken
from ymach.citizens.identifiers import add, decisions_about, end, move, numbers_of_person
from ymach.citizens.models import Identifier, IdentifierDecision, IdentifierKind
from ymach.citizens.queries import known_under, numbers_of

pytestmark = pytest.mark.django_db
AT = datetime(2026, 11, 22, 4, 0, tzinfo=UTC)
BY = command("test")
OLD, NEW = ("personal-number", "001185012345"), ("personal-number", "001186054321")


def test_a_number_is_not_kept_in_the_clear_and_can_be_read_again() -> None:
    person = meet(personal_number=OLD[1])
    kept = Identifier.objects.get(kind="personal-number")
    assert OLD[1] not in f"{kept.value} {bytes(kept.sealed or b'')!r}"
    assert numbers_of([person]) == {person: [OLD[1]]}


def test_a_cancelled_number_stays_and_still_finds_its_person() -> None:
    person = meet(personal_number=OLD[1])
    add(person, NEW, source="desk", by=BY, at=AT)
    end(person, OLD, reason="xác lập lại số", by=BY, at=AT)
    assert known_under([OLD])[OLD].citizen_id == person
    held = [(one.kind, one.value, one.until) for one in numbers_of_person(person) if one.value]
    personal = IdentifierKind.PERSONAL_NUMBER
    assert held == [(personal, NEW[1], None), (personal, OLD[1], AT)]
    with pytest.raises(NumberEnded):
        end(person, OLD, reason="lần nữa", by=BY, at=AT)


def test_a_number_of_somebody_else_is_not_taken() -> None:
    meet(personal_number=OLD[1])
    other = meet("Trần Thị Lan", patient_code="P9")
    with pytest.raises(NumberTaken):
        add(other, OLD, source="desk", by=BY, at=AT)
    with pytest.raises(NumberNotHeld):
        end(other, OLD, reason="x", by=BY, at=AT)


def test_a_number_moves_by_a_recorded_decision_alone() -> None:
    person, other = meet(personal_number=OLD[1]), meet("Trần Thị Lan", patient_code="P9")
    with pytest.raises(NumberReasonMissing):
        move(person, other, OLD, reason="", by=BY, at=AT)
    later = AT + timedelta(days=1)
    move(person, other, OLD, reason="12/QĐ-SYT: ghi nhầm số", by=BY, at=later)
    assert known_under([OLD])[OLD].citizen_id == other
    decision = IdentifierDecision.objects.get()
    assert (decision.citizen_id, decision.to_citizen_id, decision.decided_at) == (person, other, later)
    told = AuditEvent.objects.filter(action="identity:number-moved").values_list("citizen_id", flat=True)
    assert set(told) == {person, other}


def test_decisions_about_a_person_are_found_by_index_whichever_side_the_person_is_on() -> None:
    with CaptureQueriesContext(connection) as asked:
        decisions_about(new_id())
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute(f"EXPLAIN {asked[0]['sql']}")
        plan = str(cursor.fetchall())
    assert "identifier_decision_from" in plan
    assert "identifier_decision_to" in plan


def test_who_has_no_word_for_it_moves_no_number() -> None:
    person = meet(personal_number=OLD[1])
    with pytest.raises(NotAllowed):
        move(person, person, OLD, reason="x", by=Actor(ActorKind.USER, "u", "Ai đó"), at=AT)


@pytest.mark.parametrize(("stated", "kind"), [("012345678", "old-number"), ("B1234567", "passport")])
def test_what_stands_in_place_of_the_personal_number_finds_the_person_again(stated: str, kind: str) -> None:
    first = meet(personal_number=stated)
    again = meet(personal_number=stated, patient_code="elsewhere")
    assert (first == again, Identifier.objects.filter(kind=kind).count()) == (True, 1)


def test_an_old_number_typed_for_somebody_else_merges_no_two_people() -> None:
    first = meet(personal_number="012345678")
    assert meet("Trần Văn Bình", personal_number="012345678", patient_code="elsewhere") != first
