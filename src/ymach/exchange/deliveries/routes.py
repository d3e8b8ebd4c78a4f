"""Where a submission goes: routes from kinds of record to destinations, with effective dates. Plain functions over data.

`routes.csv` is the shipped data. A destination that this installation does not have gets nothing, and no receipt names it.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from importlib.resources import files

from ymach.base.periods import Period
from ymach.exchange.deliveries.names import INSURANCE, REFERRAL

ANY = "*"
RESTRICTED_KINDS = frozenset({"hiv-care"})
"""Kinds of record whose name alone says too much: nobody outside is told of them."""


@dataclass(frozen=True, slots=True)
class Route:
    """Records of a kind ("*": any) go to a destination when they happened on a day of `valid`. source: the law."""

    record_kind: str
    destination: str
    valid: Period
    source: str


@dataclass(frozen=True, slots=True)
class Matter:
    """A record on its way: its kind, the day on which it happened (Viet Nam), the facility it refers to (5 characters)."""

    kind: str
    day: date
    receiver: str = ""


@dataclass(frozen=True, slots=True)
class Ways:
    """What this installation can reach: routes, partners with an address, facilities that take referrals."""

    routes: Sequence[Route]
    installed: frozenset[str] = frozenset({INSURANCE})
    receivers: frozenset[str] = frozenset()


def destinations_of(
    matters: Iterable[Matter], outcome: str, *, ways: Ways, before: Iterable[str] = ()
) -> tuple[str, ...]:
    """The destinations of a submission with these records and this outcome; each once, in order.

    before: where the version before went. What a department holds waits for its decision; what is rejected goes nowhere.
    """
    if outcome in {"held", "rejected"}:
        return ()
    wanted = list(matters)
    found = (name for route in ways.routes for name in _along(route, wanted, ways))
    return tuple(dict.fromkeys((*found, *carried_on(before, ways=ways))))


def carried_on(before: Iterable[str], *, ways: Ways) -> Iterator[str]:
    """Receivers who got the version before and listen still: they must hear of a change, even one that takes away what
    concerned them. Partners are not among them: what they take, every version says for itself."""
    listening = {f"{REFERRAL}:{code}" for code in ways.receivers}
    yield from (name for name in before if name in listening)


def _along(route: Route, matters: list[Matter], ways: Ways) -> Iterator[str]:
    taken = [one for one in matters if route.record_kind in {ANY, one.kind} and one.day in route.valid]
    if not taken:
        return
    if route.destination == REFERRAL:
        yield from (f"{REFERRAL}:{one.receiver}" for one in taken if one.receiver in ways.receivers)
    elif route.destination in ways.installed:
        yield route.destination


@cache
def shipped() -> tuple[Route, ...]:
    """The routes in routes.csv; valid_to is the last day."""
    text = files("ymach.exchange.deliveries").joinpath("routes.csv").read_text(encoding="utf-8")
    return tuple(_read(row) for row in csv.DictReader(text.splitlines()))


def _read(row: dict[str, str]) -> Route:
    start = date.fromisoformat(row["valid_from"]) if row["valid_from"] else None
    end = date.fromisoformat(row["valid_to"]) + timedelta(days=1) if row["valid_to"] else None
    return Route(row["record_kind"], row["destination"], Period(start, end), row["source"])
