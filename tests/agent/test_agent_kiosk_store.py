"""The kiosk's book: numbers without gaps, one a person, sealed, and forgotten."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from ymach.agent.kiosk.store import FILE_NAME, Store, Ticket
from ymach.agent.seals import open_or_make

AT = datetime(2026, 11, 23, 3, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)


def opened(home: Path) -> Store:
    return Store(home, open_or_make(home / "queue.key", may_make=True))


@pytest.fixture
def book(tmp_path: Path) -> Iterator[Store]:
    store = opened(tmp_path)
    yield store
    store.close()


def give(book: Store, number: str, *, room: str = "NOI", at: datetime = AT) -> Ticket:
    def make(place: int, spread: str) -> tuple[str, bytes]:
        return f"{room}-{place}-{spread}", f"<x>{number} Nguyễn Thị Hòa</x>".encode()

    return book.give(room, person=book.person(number), since=at - HOUR, at=at, make=make)


def test_numbers_of_a_room_follow_each_other_and_begin_anew_each_day(book: Store) -> None:
    assert [give(book, str(person)).number for person in range(3)] == [1, 2, 3]
    assert give(book, "9", room="NHI").number == 1
    assert give(book, "9", at=AT + timedelta(days=1)).number == 1


def test_numbers_go_on_after_a_restart(book: Store, tmp_path: Path) -> None:
    give(book, "1")
    again = opened(tmp_path)
    assert give(again, "2").number == 2
    again.close()


def test_the_same_person_gets_the_same_number_for_a_while(book: Store) -> None:
    first = give(book, "1")
    second = give(book, "1", room="NHI", at=AT + HOUR / 2)
    assert (second.room, second.number, second.again) == ("NOI", first.number, True)
    assert len(book.waiting()) == 1
    assert give(book, "1", at=AT + 2 * HOUR).number == 2


def test_nothing_is_given_when_the_notice_cannot_be_made(book: Store) -> None:
    def broken(place: int, spread: str) -> tuple[str, bytes]:
        raise ValueError

    with pytest.raises(ValueError):
        book.give("NOI", person="p", since=AT, at=AT, make=broken)
    assert give(book, "1").number == 1


def test_two_screens_never_give_one_number_twice(book: Store, tmp_path: Path) -> None:
    other = opened(tmp_path)
    with ThreadPoolExecutor(4) as pool:
        given = list(pool.map(lambda n: give((book, other)[n % 2], str(n)).number, range(24)))
    other.close()
    assert sorted(given) == list(range(1, 25))


def test_the_disk_holds_neither_name_nor_number(book: Store, tmp_path: Path) -> None:
    give(book, "001185004321")
    kept = b"".join(path.read_bytes() for path in tmp_path.glob(f"{FILE_NAME}*"))
    assert b"001185004321" not in kept
    assert "Nguyễn".encode() not in kept


def test_a_check_in_waits_until_it_is_queued_and_counts_until_it_is_answered(book: Store) -> None:
    visit = give(book, "1").visit
    assert [one.visit for one in book.waiting()] == [visit]
    book.queued(str(visit), "d1")
    assert (book.waiting(), book.open_count()) == ([], 1)
    book.answered("d1", "rejected")
    assert (book.open_count(), book.refused_count(day=date(2026, 11, 23))) == (0, 1)


def test_the_desk_gets_numbers_without_a_notice(book: Store) -> None:
    assert [book.give_plain("QUAY", at=AT).number for _ in range(2)] == [1, 2]
    assert (book.waiting(), book.open_count()) == ([], 0)


def test_after_a_day_nobody_is_known_any_more(book: Store) -> None:
    give(book, "1")
    book.forget(at=AT + timedelta(days=2))
    assert book.recent(book.person("1"), since=AT - HOUR) is None
