"""A demonstration country: what it sends, and its last fortnight: requests of every kind, in every state, at every pace."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta
from random import Random

import pytest
from django.conf import settings
from tests.synth.conftest import World, check, load_world

from ymach.base.clock import now, vietnam_day
from ymach.changes.kinds import KINDS
from ymach.changes.models import ChangeRequest
from ymach.figures.queries import Scope
from ymach.figures.requests import rows
from ymach.synth.certificates import Certificates
from ymach.synth.folder import in_order, make_dossiers
from ymach.synth.fortnight import LATE, STATES, VALUES, make_fortnight
from ymach.synth.registry import Country

pytestmark = pytest.mark.django_db


def test_every_kind_has_values_to_ask_for() -> None:
    assert set(VALUES) == set(KINDS)


@pytest.fixture(scope="module")
def _loaded(_kept_rows: None, country: Country, certificates: Certificates) -> World:
    with pytest.MonkeyPatch.context() as patched:
        return load_world(country, certificates, patched, at=now() - timedelta(days=30))


@pytest.fixture
def world(_loaded: World, db: None, monkeypatch: pytest.MonkeyPatch) -> World:
    monkeypatch.setattr(settings.ENVIRONMENT, "demo", True)
    return _loaded


def test_a_country_sends_what_it_says(world: World, rng: Random) -> None:
    stream = make_dossiers(world.writers, rng, at=now, faults=0.4)
    for _ in range(100):
        sender, dossier = next(stream)
        for one in in_order(dossier):
            check(world.send(world.certificates.sign(one, sender), sender), one)


def test_the_fortnight_holds_every_kind_in_every_state_at_every_pace(world: World) -> None:
    at = now()
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
