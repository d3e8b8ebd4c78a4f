"""The proof of the journal, as rules: one changed, missing, added, moved or rewritten event is found and named."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ymach.audit.chain import ORIGIN, Event, Link, extend
from ymach.audit.faults import Fault, FaultKind
from ymach.audit.merkle import leaf_hash, root_of
from ymach.audit.proof import Closed, End, Row, Seal, Tally, follow

HOSPITAL, CLINIC = UUID(int=7), UUID(int=8)
DAY, DAY_BEFORE = date(2026, 11, 20), date(2026, 11, 19)
AT = datetime(2026, 11, 20, 3, tzinfo=UTC)
CLOSED = Closed("2026-11-18", "2026-11-20")


def chain(size: int, *, facility: UUID = HOSPITAL, day: date = DAY, salt: str = "") -> list[Row]:
    events = (
        Event(AT + timedelta(seconds=one), f"user:{salt}", "dossier:read", f"submission:{one}", "law", UUID(int=one))
        for one in range(size)
    )
    return [as_row(link) for link in extend(facility, day, number=0, head=ORIGIN, events=events)]


def as_row(link: Link) -> Row:
    event = link.event
    return Row(
        *(str(link.facility_id), str(link.day), link.number, event.at.isoformat(timespec="microseconds")),
        *(event.actor, event.action, event.subject, event.basis, str(event.citizen_id) if event.citizen_id else None),
        *(orjson.dumps(event.detail or {}).decode(), link.previous_hash, link.hash),
    )


def end_of(rows: Sequence[Row]) -> End:
    return End(rows[-1].facility_id, rows[-1].day, rows[-1].number, rows[-1].hash)


def seal_of(rows: Sequence[Row], root_day: str = str(DAY)) -> Seal:
    return Seal(*end_of(rows), root_day)


def found(rows: Sequence[Row], *ends: End, seals: Sequence[Seal] = (), closed: Closed | None = None) -> list[Fault]:
    return list(follow(sorted(rows), sorted(ends), sorted(seals), closed=closed, tally=Tally()))


def told(rows: Sequence[Row], *ends: End, **rest: Any) -> list[tuple[FaultKind, int, int]]:
    return [(one.kind, one.first, one.last) for one in found(rows, *ends, **rest)]


def test_whole_chains_hold_and_are_counted() -> None:
    rows, others, tally = chain(5), chain(3, facility=CLINIC), Tally()
    assert not list(follow([*rows, *others], [end_of(rows), end_of(others)], [], closed=None, tally=tally))
    assert (tally.chains, tally.events) == (2, 8)
    assert found([]) == []


CHANGES = {
    "at": "2026-11-20T03:00:02.000001+00:00",
    "actor": "user:x",
    "action": "dossier:reaD",
    "subject": "submission:9",
    "basis": "lawx",
    "citizen_id": str(UUID(int=99)),
    "detail": '{"a":0}',
    "previous": b"\1" * 32,
    "hash": b"\2" * 32,
}


@pytest.mark.parametrize("column", CHANGES)
@pytest.mark.parametrize("number", [1, 3, 5])
def test_one_changed_column_is_found_and_its_event_alone_is_named(column: str, number: int) -> None:
    rows = chain(5)
    end = end_of(rows)
    rows[number - 1] = rows[number - 1]._replace(**{column: CHANGES[column]})
    ends = {(FaultKind.CHANGED, number, number)}
    if (column, number) == ("hash", 5):
        ends.add((FaultKind.END_MOVED, 5, 5))
    assert set(told(rows, end)) == ends


@pytest.mark.parametrize("gone", [1, 3, 5])
def test_a_missing_event_is_named(gone: int) -> None:
    rows = chain(5)
    assert told(rows[: gone - 1] + rows[gone:], end_of(rows)) == [(FaultKind.MISSING, gone, gone)]


def test_a_cut_off_end_is_named_by_what_was_signed() -> None:
    rows = chain(5)
    assert told(rows[:3], end_of(rows[:3]), seals=[seal_of(rows)]) == [(FaultKind.MISSING, 4, 5)]


def test_a_whole_day_that_is_gone_is_named() -> None:
    rows = chain(5)
    assert told([], end_of(rows)) == [(FaultKind.MISSING, 1, 5)]
    assert told([], seals=[seal_of(rows)]) == [(FaultKind.MISSING, 1, 5)]


def test_an_event_added_after_the_end_is_named() -> None:
    rows = chain(6)
    assert told(rows, end_of(rows[:5])) == [(FaultKind.ADDED, 6, 6)]


def test_an_event_added_to_a_closed_day_with_its_end_is_named() -> None:
    rows = chain(6)
    assert told(rows, end_of(rows), seals=[seal_of(rows[:5])], closed=CLOSED) == [(FaultKind.LATE, 6, 6)]


def test_a_whole_chain_added_to_a_closed_day_is_named() -> None:
    rows = chain(4)
    assert told(rows, end_of(rows), closed=CLOSED) == [(FaultKind.LATE, 1, 4)]
    assert told(rows, end_of(rows), closed=Closed("2026-11-18", "2026-11-19")) == []


def test_an_event_in_the_middle_is_named_where_the_chain_parts() -> None:
    rows = chain(5)
    (forged,) = extend(HOSPITAL, DAY, number=2, head=rows[1].hash, events=[Event(AT, "x", "a:b", "c:d", "e")])
    rows[2] = as_row(forged)
    assert told(rows, end_of(chain(5))) == [(FaultKind.UNLINKED, 4, 4)]


def test_a_chain_recomputed_by_who_has_the_tables_is_caught_by_what_was_signed() -> None:
    rows, forged = chain(5), chain(5, salt="insider")
    assert told(forged, end_of(forged)) == []
    assert told(forged, end_of(forged), seals=[seal_of(rows)], closed=CLOSED) == [(FaultKind.REWRITTEN, 5, 5)]


def test_events_moved_to_another_facility_or_day_are_named_at_both() -> None:
    rows = chain(3)
    moved = [row._replace(facility_id=str(CLINIC)) for row in rows]
    faults = found(moved, end_of(moved), seals=[seal_of(rows)], closed=CLOSED)
    assert {(one.facility_id, one.kind) for one in faults} == {
        (str(HOSPITAL), FaultKind.MISSING),
        (str(CLINIC), FaultKind.CHANGED),
        (str(CLINIC), FaultKind.LATE),
    }
    other_day = [row._replace(day=str(DAY_BEFORE)) for row in rows]
    assert FaultKind.CHANGED in {one.kind for one in found(other_day, end_of(other_day))}


def test_a_chain_without_its_end_and_a_moved_end_are_told() -> None:
    rows = chain(3)
    assert told(rows) == [(FaultKind.NO_END, 3, 3)]
    assert told(rows, end_of(rows)._replace(hash=ORIGIN)) == [(FaultKind.END_MOVED, 3, 3)]


def test_events_that_a_later_root_sealed_are_told_and_are_no_fault() -> None:
    rows, tally = chain(5), Tally()
    seals = [seal_of(rows[:3], "2026-11-20"), seal_of(rows, "2026-11-21")]
    closed = Closed("2026-11-18", "2026-11-21")
    assert not list(follow(rows, [end_of(rows)], seals, closed=closed, tally=tally))
    assert [(one.first, one.last) for one in tally.late] == [(4, 5)]


def test_the_first_root_takes_in_what_is_older_and_that_is_not_late() -> None:
    rows, tally = chain(5), Tally()
    seals, closed = [seal_of(rows, "2026-11-21")], Closed("2026-11-21", "2026-11-21")
    assert not list(follow(rows, [end_of(rows)], seals, closed=closed, tally=tally))
    assert tally.late == []


def test_numbers_below_one_are_no_event_of_ours() -> None:
    rows = chain(2)
    assert (FaultKind.ADDED, 0, 0) in told([rows[0]._replace(number=0), *rows], end_of(rows))


def test_what_no_event_could_be_is_a_changed_one() -> None:
    rows = chain(2)
    rows[0] = rows[0]._replace(detail="no JSON")
    assert told(rows, end_of(rows)) == [(FaultKind.CHANGED, 1, 1)]


@given(st.data(), st.lists(st.integers(1, 6), min_size=1, max_size=4))
def test_any_one_change_anywhere_is_found_in_its_own_chain(data: st.DataObject, sizes: list[int]) -> None:
    chains = [chain(size, facility=UUID(int=number)) for number, size in enumerate(sizes)]
    rows, ends = [row for one in chains for row in one], [end_of(one) for one in chains]
    place = data.draw(st.integers(0, len(rows) - 1))
    hit = rows[place]
    act = data.draw(st.sampled_from(["drop", *CHANGES]))
    changed = rows[:place] + rows[place + 1 :]
    if act != "drop":
        changed = [*rows[:place], hit._replace(**{act: CHANGES[act]}), *rows[place + 1 :]]
    faults = found(changed, *ends, seals=[seal_of(one) for one in chains], closed=CLOSED)
    assert {one.facility_id for one in faults} == {hit.facility_id}
    assert hit.number in {one.first for one in faults}


@given(st.lists(st.binary(min_size=32, max_size=32), max_size=40, unique=True), st.data())
def test_a_root_tells_every_change_of_its_leaves(leaves: list[bytes], data: st.DataObject) -> None:
    if not leaves:
        assert root_of([]).hex().startswith("e3b0c442")
        return
    place = data.draw(st.integers(0, len(leaves) - 1))
    without = leaves[:place] + leaves[place + 1 :]
    assert root_of(without) != root_of(leaves)
    assert root_of([*leaves[:place], bytes(32), *leaves[place + 1 :]]) != root_of(leaves) or leaves[place] == bytes(32)


def test_a_leaf_covers_facility_day_number_and_end() -> None:
    leaves = {leaf_hash(*one) for one in [("a", "d", 1, b"e"), ("b", "d", 1, b"e"), ("a", "f", 1, b"e")]}
    leaves |= {leaf_hash("a", "d", 2, b"e"), leaf_hash("a", "d", 1, b"f")}
    assert len(leaves) == 5


@pytest.mark.parametrize("kind", list(FaultKind))
def test_every_fault_has_words(kind: FaultKind) -> None:
    words = Fault(kind, "2026-11-20", str(HOSPITAL), 3, 5).words
    assert "{" not in f"{words.vi}{words.en}"
