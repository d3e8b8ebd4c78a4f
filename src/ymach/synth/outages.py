"""Times in the last days when partners of the synthetic country did not answer; what they got came through afterwards."""

from __future__ import annotations

from datetime import datetime, timedelta

from ymach.exchange.deliveries.names import HEALTH_BOOK, INSURANCE, PRESCRIPTIONS
from ymach.exchange.operations.models import Outage

PAST = (
    (INSURANCE, timedelta(days=5, hours=3), timedelta(hours=2, minutes=12)),
    (PRESCRIPTIONS, timedelta(days=3, hours=5), timedelta(minutes=7)),
    (HEALTH_BOOK, timedelta(days=2, hours=1), timedelta(minutes=48)),
    (INSURANCE, timedelta(days=1, hours=2), timedelta(minutes=19)),
)
"""Who, how long before now, for how long."""


def make_outages(*, at: datetime) -> int:
    """Write them as past ones before `at` (aware), unless any outage is known already; how many."""
    if Outage.objects.exists():
        return 0
    made = [Outage(destination=name, began_at=at - ago, ended_at=at - ago + length) for name, ago, length in PAST]
    return len(Outage.objects.bulk_create(made))
