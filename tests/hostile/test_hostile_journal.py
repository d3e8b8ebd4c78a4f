"""The journal's chain tells a changed, a missing, an added, a moved and a cut-off event."""

from __future__ import annotations

import dataclasses
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import pytest

from ymach.audit.chain import ORIGIN, Event, Link, chain_holds, extend

FACILITY = UUID(int=7)
DAY = date(2026, 11, 22)
AT = datetime(2026, 11, 22, 3, tzinfo=UTC)


def event(number: int) -> Event:
    return Event(AT + timedelta(seconds=number), "machine:99001", "submission:stored", f"submission:{number}", "law")


def chain(size: int) -> list[Link]:
    return list(extend(FACILITY, DAY, number=0, head=ORIGIN, events=map(event, range(size))))


def head(links: list[Link]) -> tuple[int, bytes]:
    return links[-1].number, links[-1].hash


def test_whole_chain_holds_and_an_empty_one() -> None:
    links = chain(5)
    assert chain_holds(links, head=head(links))
    assert chain_holds([])


@pytest.mark.parametrize("name", ["actor", "action", "subject", "basis"])
def test_changed_event_is_found(name: str) -> None:
    links = chain(5)
    links[2] = dataclasses.replace(links[2], event=dataclasses.replace(links[2].event, **{name: "other"}))
    assert not chain_holds(links, head=head(links))


@pytest.mark.parametrize("gone", range(5))
def test_missing_event_is_found(gone: int) -> None:
    links = chain(5)
    assert not chain_holds(links[:gone] + links[gone + 1 :], head=head(links))


def test_event_that_is_changed_with_its_hash_is_found() -> None:
    links = chain(5)
    (forged,) = extend(FACILITY, DAY, number=2, head=links[1].hash, events=[event(99)])
    assert not chain_holds([*links[:2], forged, *links[3:]], head=head(links))


def test_added_event_is_found() -> None:
    links = chain(5)
    (added,) = extend(FACILITY, DAY, number=5, head=links[-1].hash, events=[event(99)])
    assert not chain_holds([*links, added], head=head(links))


def test_moved_events_are_found() -> None:
    links = chain(5)
    assert not chain_holds([links[0], links[2], links[1], *links[3:]], head=head(links))


def test_events_of_another_day_or_facility_are_found() -> None:
    links = chain(2)
    assert not chain_holds([dataclasses.replace(link, facility_id=UUID(int=8)) for link in links], head=head(links))
    assert not chain_holds([dataclasses.replace(link, day=date(2026, 11, 23)) for link in links], head=head(links))
