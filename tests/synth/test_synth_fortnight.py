"""What a demonstration country did in the last fortnight: requests of every kind, in every state, decided at every pace."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta

import pytest

from ymach.base.actors import command
from ymach.base.clock import now, vietnam_day
from ymach.changes.kinds import KINDS
from ymach.changes.models import ChangeRequest
from ymach.figures.queries import Scope
from ymach.figures.requests import rows
from ymach.synth.fortnight import LATE, STATES, VALUES, make_fortnight
from ymach.synth.load import load_country
from ymach.synth.registry import Country

pytestmark = pytest.mark.django_db
BY = command("test")


def test_every_kind_has_values_to_ask_for() -> None:
    assert set(VALUES) == set(KINDS)


def test_the_fortnight_holds_every_kind_in_every_state_at_every_pace(country: Country) -> None:
    at = now()
    load_country(country, by=BY, at=at - timedelta(days=30), tell=lambda *_: None)
    done = make_fortnight(at=at)
    found = Counter(ChangeRequest.objects.values_list("kind", "state"))
    states = {"submitted", "returned", "approved", "rejected", "withdrawn", "draft"}
    missing = [
        (word, one) for word, kind in KINDS.items() if not kind.is_own_word for one in states if not found[word, one]
    ]
    assert (missing, [word for word, kind in KINDS.items() if kind.is_own_word and not found[word, "applied"]]) == (
        [],
        [],
    )
    assert sum(done.values()) >= 0.9 * sum(2 if kind.is_own_word else len(STATES) for kind in KINDS.values())
    days = {vietnam_day(one) for one in ChangeRequest.objects.values_list("made_at", flat=True)}
    assert len(days) >= 9
    assert min(days) >= vietnam_day(at) - timedelta(days=LATE + 2)
    provinces = tuple(set(ChangeRequest.objects.values_list("province_code", flat=True)))
    assert len(provinces) > 10
    took = [one.took for one in rows(Scope(provinces, is_country=True), "decided", vietnam_day(at))]  # type: ignore[attr-defined]
    assert max(took) - min(took) > 3
    assert rows(Scope(provinces, is_country=True), "overdue", vietnam_day(at)).exists()
