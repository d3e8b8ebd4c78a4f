"""For how many days a confirmation counts: one number for figures, lists and the profile."""

from __future__ import annotations

from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import psycopg
import pytest
from tests.support import databases

from ymach.base.clock import now, vietnam_day
from ymach.config import Environment
from ymach.figures.states import CONFIRMED_DAYS, PEOPLE
from ymach.web.shown.practitioners import confirmed_badge, is_stale


def test_the_default_is_the_ministrys_ninety_days() -> None:
    assert Environment.model_fields["confirmed_days"].default == CONFIRMED_DAYS == 90
    assert "90" in PEOPLE["confirmed"].word.vi


@pytest.mark.parametrize(("days", "stale"), [(0, False), (89, False), (90, True), (120, True)])
def test_the_profile_ends_on_the_day_on_which_the_figures_do(days: int, stale: bool) -> None:
    assert is_stale(days) is stale
    profile: Any = SimpleNamespace(confirmed_at=now() - timedelta(days=days))
    assert (confirmed_badge(profile, now()).state == "waiting") is stale


def test_another_number_of_days_takes_effect_with_the_migration(monkeypatch: pytest.MonkeyPatch) -> None:
    here = databases.server()
    with databases.copy(here, "confirmed") as name:
        monkeypatch.setenv("YMACH_CONFIRMED_DAYS", "30")
        databases.run_ymach(here, name, "migrate")
        with psycopg.connect(databases.environment_for(here, name)["YMACH_OWNER_DATABASE_URL"]) as owner:
            days = owner.execute("SELECT figures_confirmed_days(%s)", [vietnam_day(now())]).fetchone()
    assert days is not None
    assert days[0][0].upper - days[0][0].lower == timedelta(days=30)
