"""What a change of policy would have done: receipts judged again by two policies, and the sums of that. Pure."""

from __future__ import annotations

from collections import Counter as Tally
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, field, fields
from datetime import date
from typing import Any

from ymach.exchange.policies.rules import HELD, REJECTED, PolicySet, gravest

TOP = 10
"""Facilities named in a preview: those with the most records touched."""
STOPPED = frozenset({HELD, REJECTED})
Claims = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Move:
    """One record that would have come to another outcome."""

    kind: str
    before: str
    after: str

    @property
    def is_stop(self) -> bool:
        """Whether it would not have gone through, and did; held and then rejected counts too."""
        return self.after in STOPPED and (self.before not in STOPPED or self.before == HELD)


@dataclass(slots=True)
class Touched:
    """What became of the records of one place."""

    moved: int = 0
    stopped: int = 0

    def add(self, other: Touched) -> None:
        self.moved += other.moved
        self.stopped += other.stopped


@dataclass(slots=True)
class Reckoning:
    """The sums so far. first, last: days looked at (Viet Nam, both in). cursor: the last facility done (hex, or "").

    done, total: facilities. moves: by "before>after"; kinds: by kind of record. outright: submissions refused before
    any policy. is_estimated: of a facility with very many, the newest stand for all.
    """

    first: date
    last: date
    cursor: str = ""
    done: int = 0
    total: int = 0
    looked: int = 0
    outright: int = 0
    is_estimated: bool = False
    moves: Tally[str] = field(default_factory=Tally)
    kinds: Tally[str] = field(default_factory=Tally)
    provinces: dict[str, Touched] = field(default_factory=dict)
    facilities: dict[str, Touched] = field(default_factory=dict)

    @property
    def stops(self) -> int:
        """Records that would newly have been held or rejected."""
        return sum(one.stopped for one in self.provinces.values())

    @property
    def moved(self) -> int:
        return sum(self.moves.values())

    def add(self, facility_code: str, province_code: str, moves: Iterable[Move], *, factor: float = 1.0) -> None:
        """Add the moves of one facility, all at once. factor: how many each stands for."""
        found = Tally(moves)
        here = Touched()
        for move, number in found.items():
            many = round(number * factor)
            self.moves[f"{move.before}>{move.after}"] += many
            self.kinds[move.kind] += many
            here.add(Touched(many, many * move.is_stop))
        if here.moved:
            self.provinces.setdefault(province_code, Touched()).add(here)
            self.facilities[facility_code] = here
            most = sorted(self.facilities.items(), key=lambda one: (-one[1].moved, one[0]))[:TOP]
            self.facilities = dict(most)

    def as_json(self) -> dict[str, Any]:
        kept = {one.name: getattr(self, one.name) for one in fields(self)}
        places = {name: {key: asdict(one) for key, one in kept[name].items()} for name in ("provinces", "facilities")}
        tallies = {name: dict(kept[name]) for name in ("moves", "kinds")}
        return {**kept, **places, **tallies, "first": self.first.isoformat(), "last": self.last.isoformat()}

    @classmethod
    def of(cls, kept: Mapping[str, Any]) -> Reckoning:
        places = {
            name: {key: Touched(**one) for key, one in kept[name].items()} for name in ("provinces", "facilities")
        }
        tallies = {name: Tally(kept[name]) for name in ("moves", "kinds")}
        days = {name: date.fromisoformat(kept[name]) for name in ("first", "last")}
        return cls(**{**kept, **places, **tallies, **days})


def moves_of(claims: Claims, before: PolicySet, after: PolicySet) -> Iterator[Move]:
    """The records of a receipt whose outcome the two policies see differently."""
    for entry in claims["records"]:
        found = [*claims["findings"], *entry["findings"]]
        one, other = (_outcome(found, entry["kind"], policy) for policy in (before, after))
        if one != other:
            yield Move(entry["kind"], one, other)


def is_outright(claims: Claims) -> bool:
    """Whether it was refused as a whole before anything was read: no policy is asked then."""
    return claims["outcome"] == REJECTED and not claims["records"]


def shifted(counts: Mapping[str, int], moves: Mapping[str, int]) -> dict[str, int]:
    """Counters by outcome as they would have been."""
    after = Tally(counts)
    for move, number in moves.items():
        one, _, other = move.partition(">")
        after[one] -= number
        after[other] += number
    return {outcome: max(number, 0) for outcome, number in after.items()}


def _outcome(found: Iterable[Mapping[str, Any]], kind: str, policy: PolicySet) -> str:
    return gravest(policy.outcome_of_code(one["code"], one["severity"], kind) for one in found)
