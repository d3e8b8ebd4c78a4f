"""An invented country with slips: the same for a seed, as wrong as its rates say, and found again in the index."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from ymach.citizens.matching.bulk import sweep
from ymach.citizens.matching.queries import profiles
from ymach.citizens.matching.rules import Limits, Verdict
from ymach.citizens.matching.weights import SMALLEST, shipped
from ymach.citizens.models import Citizen
from ymach.synth.identities.loading import kept_profile, load
from ymach.synth.identities.rates import REALISTIC
from ymach.synth.identities.statements import statements

AT = datetime(2026, 11, 22, 3, 0, tzinfo=UTC)
LIMITS = Limits(date(2025, 7, 1), Decimal(11), Decimal(-2))


def test_a_seed_decides_everything() -> None:
    assert list(statements(50, seed=3)) == list(statements(50, seed=3))
    assert list(statements(50, seed=3)) != list(statements(50, seed=4))


def test_as_many_are_known_twice_as_the_rates_say() -> None:
    held = Counter(one.who for one in statements(5000, seed=5))
    assert sum(count > 1 for count in held.values()) / len(held) == pytest.approx(REALISTIC.known_twice, abs=0.02)


def test_without_slips_a_person_is_stated_alike_each_time() -> None:
    never = replace(REALISTIC, **dict.fromkeys(("typo", "without_marks", "middle_dropped", "words_moved"), 0.0))
    by_person: dict[int, set[str]] = {}
    for one in statements(2000, seed=6, rates=replace(never, other_middle=0.0, hurried=0.0)):
        by_person.setdefault(one.who, set()).add(one.name)
    assert all(len(names) == 1 for names in by_person.values())


@pytest.mark.django_db
def test_a_country_in_the_index_is_read_back_and_found_again() -> None:
    stated = list(statements(1200, seed=7))
    truth = load(stated, seed=7, at=AT)
    assert Citizen.objects.count() == len(stated)
    some = list(zip(truth, stated, strict=True))[:40]
    assert profiles(key for key, _ in some) == {key: kept_profile(one, key) for key, one in some}
    verdicts = {
        (one.citizen_id, other.citizen_id): what
        for one, other, _, what in sweep(weights=shipped(), prior=shipped().prior(SMALLEST), limits=LIMITS)
    }
    linked = [truth[one] == truth[other] for (one, other), what in verdicts.items() if what is Verdict.LINK]
    pairs = sum(count * (count - 1) // 2 for count in Counter(truth.values()).values())
    assert all(linked)
    assert len(linked) > 0.75 * pairs
