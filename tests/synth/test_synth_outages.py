"""The synthetic country has had its outages, and shows none of them twice."""

from datetime import UTC, datetime, timedelta

import pytest

from ymach.exchange.operations.public import status
from ymach.synth.outages import PAST, make_outages

AT = datetime(2026, 11, 23, 3, 0, tzinfo=UTC)


@pytest.mark.django_db
def test_past_outages_fill_the_week_and_are_over() -> None:
    assert make_outages(at=AT) == len(PAST)
    assert make_outages(at=AT) == 0
    found = status(at=AT)
    assert len(found.outages) == len(PAST)
    (insurance,) = found.destinations
    assert insurance.away_since is None
    assert sum((away for _, away in insurance.days), timedelta(0)) == timedelta(hours=2, minutes=31)
