"""Links between identities: who is joined with whom, and that nothing is lost by joining or by taking apart."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

import pytest
from django.db import connection, transaction
from django.db.utils import ProgrammingError
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.support.factories import AT, BY

from ymach.audit.models import AuditEvent
from ymach.base.actors import Actor, ActorKind
from ymach.base.errors import NotAllowed
from ymach.base.ids import new_id
from ymach.citizens.links import errors
from ymach.citizens.links.actions import assure, link, unlink
from ymach.citizens.links.evidence import LEVELS, WORDS, Evidence, Kind
from ymach.citizens.links.levels import Level, surest
from ymach.citizens.links.models import Link
from ymach.citizens.links.queries import history_of, identities_of, level_of
from ymach.citizens.models import Citizen

pytestmark = pytest.mark.django_db
RELATIVE = Evidence(Kind.RELATIVE, "Vợ: Lê Thị Hoa")


def person(name: str = "Lê Văn An", assurance: str = "provisional") -> UUID:
    return Citizen.objects.create(
        full_name=name, name_folded=name.lower(), assurance=assurance, created_at=AT
    ).citizen_id


def join(one: UUID, other: UUID, evidence: Evidence = RELATIVE) -> Link:
    return link(one, other, evidence=evidence, reason="Người nhà nhận", by=BY, at=AT)


def apart(one: UUID, other: UUID) -> Link:
    return unlink(one, other, reason="Nhầm người", by=BY, at=AT + timedelta(hours=1))


def test_joined_identities_are_found_from_each_of_them() -> None:
    one, two, three, stranger = person(), person(), person(), person()
    join(one, two)
    join(three, two)

    assert {frozenset(identities_of([each])) for each in (one, two, three)} == {frozenset((one, two, three))}
    assert identities_of([stranger]) == [stranger]


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(st.integers(0, 5), st.integers(0, 5), st.booleans()), max_size=12))
def test_identities_are_those_that_holding_links_reach(moves: list[tuple[int, int, bool]]) -> None:
    """Whatever is linked and taken apart in whatever order: a person is what the links that hold connect, once each."""
    people, held = [person() for _ in range(6)], set()
    for one, other, is_joining in moves:
        pair = frozenset((one, other))
        try:
            (join if is_joining else apart)(people[one], people[other])
        except (errors.SameIdentity, errors.AlreadyJoined, errors.LinkNotFound):
            assert is_joining or pair not in held
            continue
        (held.add if is_joining else held.discard)(pair)

    for start in range(6):
        reached, edge = {start}, {start}
        while edge:
            edge = {end for pair in held if pair & edge for end in pair} - reached
            reached |= edge
        assert sorted(identities_of([people[start]])) == sorted(people[one] for one in reached)


def test_many_are_asked_at_once_and_named_once() -> None:
    people = [person() for _ in range(4)]
    join(people[0], people[1])

    assert sorted(identities_of([*people[:3], people[0]])) == sorted(people[:3])
    assert identities_of([]) == []


def test_what_is_joined_already_is_not_joined_again() -> None:
    one, two, three = person(), person(), person()
    join(one, two)
    join(two, three)

    with pytest.raises(errors.AlreadyJoined):
        join(three, one)
    with pytest.raises(errors.SameIdentity):
        join(one, one)
    with pytest.raises(errors.IdentityNotFound):
        join(one, new_id())


def test_taking_apart_keeps_the_link_and_both_reasons() -> None:
    one, two = person(), person()
    join(one, two)
    apart(two, one)

    (story,) = history_of([one])
    assert identities_of([one]) == [one]
    assert (story.reference, story.reason, story.undone_why) == ("Vợ: Lê Thị Hoa", "Người nhà nhận", "Nhầm người")
    with pytest.raises(errors.LinkNotFound):
        apart(one, two)
    assert join(one, two).undone_at is None


def test_a_link_raises_how_sure_we_are_and_its_undoing_withdraws_that() -> None:
    one, two = person(assurance="unknown"), person(assurance="stated")
    join(one, two, Evidence(Kind.BIOMETRIC_REPORT, "12/PC09"))
    raised = level_of(one)
    apart(one, two)

    assert (raised, level_of(one), level_of(two)) == (Level.VERIFIED, Level.UNKNOWN, Level.STATED)


def test_evidence_never_lowers() -> None:
    one = person(assurance="stated")
    raised = assure(one, evidence=Evidence(Kind.CITIZEN_CARD, "thẻ"), by=BY, at=AT)
    again = assure(one, evidence=Evidence(Kind.INSURANCE_CARD, "thẻ"), by=BY, at=AT)

    assert (raised, again, level_of(one)) == (True, False, Level.CARD_READ)


@given(st.lists(st.sampled_from(Level)))
def test_the_surest_level_counts(levels: list[Level]) -> None:
    assert all(surest(levels).rank >= one.rank for one in levels)
    assert set(WORDS) == set(LEVELS) == set(Kind)


def test_both_persons_find_the_link_in_their_journal_without_the_reference() -> None:
    one, two = person(), person()
    join(one, two)
    apart(one, two)

    events = AuditEvent.objects.filter(action__startswith="identity:")
    assert {(event.citizen_id, event.action) for event in events} == {
        *((one, "identity:linked"), (two, "identity:linked")),
        *((one, "identity:unlinked"), (two, "identity:unlinked")),
    }
    assert not any("Hoa" in str(event.detail) for event in events)


@pytest.mark.parametrize(
    ("reason", "reference", "error"),
    [
        (" ", "x", errors.ReasonMissing),
        ("x", " ", errors.ReferenceMissing),
        ("x" * 1001, "x", errors.TextTooLong),
        ("x", "x" * 201, errors.TextTooLong),
    ],
)
def test_a_link_says_why_and_on_what(reason: str, reference: str, error: type[Exception]) -> None:
    with pytest.raises(error):
        link(person(), person(), evidence=Evidence(Kind.RELATIVE, reference), reason=reason, by=BY, at=AT)


def test_who_holds_neither_word_links_nothing() -> None:
    stranger = Actor(ActorKind.USER, "x", "x")
    one, two = person(), person()
    with pytest.raises(NotAllowed):
        link(one, two, evidence=RELATIVE, reason="x", by=stranger, at=AT)
    join(one, two)
    with pytest.raises(NotAllowed):
        unlink(one, two, reason="x", by=stranger, at=AT)


@pytest.mark.parametrize(
    "statement",
    [
        "DELETE FROM citizens_link",
        "UPDATE citizens_link SET reason = 'x'",
        "UPDATE citizens_assurance SET level = 'verified'",
        "DELETE FROM citizens_assurance",
        "UPDATE citizens_provisional SET kind = 'child'",
        "DELETE FROM citizens_provisional",
    ],
)
def test_the_running_role_rewrites_nothing(statement: str) -> None:
    with (
        pytest.raises(ProgrammingError, match="permission denied"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement)
