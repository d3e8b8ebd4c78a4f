"""The weights of the index, estimated on an invented country: never the one they are measured on."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterator, Sequence
from itertools import combinations
from random import Random
from uuid import UUID

from ymach.citizens.matching.comparators import DIFFERENT, LEVELS, UNKNOWN, Levels, compare
from ymach.citizens.matching.estimating import counted, estimate, shares
from ymach.citizens.matching.names import NameShares, shares_of
from ymach.citizens.matching.profile import Profile
from ymach.citizens.matching.vetoes import level
from ymach.synth.identities.profiles import profile_of
from ymach.synth.identities.statements import statements

RANDOM_PAIRS = 1_500_000
_MOST_ALIKE = 200
Estimated = dict[str, dict[str, float]]


def estimated(people: int, *, seed: int) -> tuple[float, Estimated, Estimated, NameShares]:
    """How many identities more a person has, m and u, and how common names are, from a country of `people`.

    The truth is not looked at.
    """
    known = [profile_of(one, UUID(int=place)) for place, one in enumerate(statements(people, seed=seed))]
    u = _of_two(known, Random(seed))  # noqa: S311 - not a secret
    by_birth = counted(_alike(known, lambda one: one.born if one.is_day_known else None))
    by_insurance = counted(_alike(known, lambda one: one.insurance))
    m, share = estimate(by_birth, u=u, leave_out=["birth"], start=0.05)
    births, _ = estimate(by_insurance, u=u, leave_out=["insurance"], start=0.9)
    found = {**m, "birth": births["birth"]}
    seen = found["birth"].get("exact", 1) * 0.85  # of those who are one, so many share a whole birthday
    return share * by_birth.total() / seen / len(known), found, u, shares_of(one.name for one in known)


def as_toml(version: str, how: str, duplicates: float, m: Estimated, u: Estimated, names: NameShares) -> str:
    """The file of weights."""
    lines = [f"# {one}" for one in how.splitlines()]
    lines += [f'version = "{version}"', f"duplicates = {duplicates:.4f}"]
    for name, table in (("m", m), ("u", u)):
        for field, levels in LEVELS.items():
            lines += ["", f"[{name}.{field}]"]
            lines += [f"{one} = {table.get(field, {}).get(one, 0):.8f}" for one in levels if one != UNKNOWN]
    for part, words in names.words.items():
        lines += ["", f"[names.{part}]"]
        lines += [f'"{word}" = {share:.5f}' for word, share in words.items() if word]
    return "\n".join([*lines, ""])


def _of_two(known: Sequence[Profile], rng: Random) -> Estimated:
    """u. A facility is in a province: there it tells only what the place has not told."""
    patterns = counted(_random_pairs(known, rng))
    near = {levels: count for levels, count in patterns.items() if level(levels, "place") not in {DIFFERENT, UNKNOWN}}
    return {**shares(patterns), "facility": shares(near)["facility"]}


def _random_pairs(known: Sequence[Profile], rng: Random) -> Iterator[Levels]:
    for _ in range(RANDOM_PAIRS):
        one, other = rng.choice(known), rng.choice(known)
        if one is not other:
            yield compare(one, other)


def _alike(known: Sequence[Profile], key: Callable[[Profile], Hashable]) -> Iterator[Levels]:
    groups: dict[Hashable, list[Profile]] = defaultdict(list)
    for one in known:
        groups[key(one)].append(one)
    for value, group in groups.items():
        if value and len(group) < _MOST_ALIKE:
            yield from (compare(one, other) for one, other in combinations(group, 2))
