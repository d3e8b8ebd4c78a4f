from __future__ import annotations

from datetime import date
from io import StringIO

import pytest
from django.core.management import call_command

from ymach.practitioners.rules.spans import months_later


@pytest.mark.django_db
def test_models_and_migrations_agree() -> None:
    told = StringIO()
    call_command("makemigrations", "facilities", "practitioners", dry_run=True, stdout=told)
    assert told.getvalue().startswith("No changes detected")


@pytest.mark.parametrize(
    ("day", "months", "later"),
    [
        (date(2026, 1, 15), 1, date(2026, 2, 15)),
        (date(2026, 1, 31), 1, date(2026, 3, 1)),
        (date(2026, 12, 31), 2, date(2027, 3, 1)),
        (date(2024, 2, 29), 24, date(2026, 3, 1)),
    ],
)
def test_months_end_on_the_same_day_or_the_first_after_a_shorter_month(day: date, months: int, later: date) -> None:
    assert months_later(day, months) == later
