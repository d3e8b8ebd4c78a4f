"""Weights are found again from pairs whose truth nobody says; and hold on a country they were not made on."""

from __future__ import annotations

from collections import Counter
from itertools import combinations, groupby
from random import Random
from uuid import UUID

import pytest
from tests.citizens.test_citizens_matching_rules import LIMITS

from ymach.citizens.matching.comparators import LEVELS, UNKNOWN, Levels
from ymach.citizens.matching.estimating import estimate, shares
from ymach.citizens.matching.rules import Verdict, verdict, weigh
from ymach.citizens.matching.weights import SMALLEST, of_shares, shipped
from ymach.synth.identities.profiles import profile_of
from ymach.synth.identities.statements import statements

Table = dict[str, dict[str, float]]


def known(first: float) -> Table:
    """The first level with this share, the others alike."""
    return {
        field: {one: first if place == 0 else (1 - first) / (len(levels) - 2) for place, one in enumerate(levels[:-1])}
        for field, levels in LEVELS.items()
    }


def drawn(table: Table, rng: Random) -> Levels:
    return tuple(rng.choices(list(levels), list(levels.values()))[0] for levels in table.values())


def test_estimating_finds_the_weights_that_made_the_pairs() -> None:
    m, u, rng = known(0.85), known(0.05), Random(4)
    pairs = Counter(drawn(m if rng.random() < 0.2 else u, rng) for _ in range(20_000))
    found, share = estimate(pairs, u=u)
    assert share == pytest.approx(0.2, abs=0.01)
    worst = max(abs(found[field][level] - m[field][level]) for field in m for level in m[field])
    assert worst < 0.02


def test_a_field_left_out_is_not_estimated() -> None:
    u = known(0.05)
    found, _ = estimate(Counter({drawn(known(0.9), Random(1)): 10}), u=u, leave_out=["birth"], turns=3)
    assert "birth" not in found


def test_what_is_not_known_counts_for_nothing() -> None:
    nothing = tuple(UNKNOWN for _ in LEVELS)
    assert shares({nothing: 5})["name"] == {}
    assert of_shares("x", 0.1, known(0.9), known(0.1)).of(nothing) == (0.0,) * len(LEVELS)


def test_pairs_of_one_person_are_found_in_a_country_the_weights_were_not_made_on() -> None:
    stated = list(statements(8000, seed=99))
    weights, verdicts = shipped(), Counter[Verdict]()
    for _, same in groupby(stated, key=lambda one: one.who):
        profiles = [profile_of(one, UUID(int=place)) for place, one in enumerate(same)]
        for one, other in combinations(profiles, 2):
            comparison = weigh(one, other, weights=weights, prior=weights.prior(SMALLEST))
            verdicts[verdict(comparison, LIMITS)] += 1
    assert verdicts[Verdict.LINK] > 0.8 * verdicts.total()
    assert verdicts[Verdict.APART] < 0.03 * verdicts.total()


def test_neighbours_are_never_linked() -> None:
    profiles = [profile_of(one, UUID(int=place)) for place, one in enumerate(statements(3000, seed=98))]
    who = [one.who for one in statements(3000, seed=98)]
    weights = shipped()
    for place, one in enumerate(profiles):
        for other in range(place + 1, min(place + 8, len(profiles))):
            if who[place] != who[other]:
                comparison = weigh(one, profiles[other], weights=weights, prior=weights.prior(SMALLEST))
                assert verdict(comparison, LIMITS) is not Verdict.LINK
