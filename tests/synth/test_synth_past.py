"""Dossiers of days gone by: counted on the day on which they came."""

from __future__ import annotations

from collections import Counter as Tally
from datetime import UTC, datetime, timedelta
from random import Random

import pytest
from django.conf import settings
from tests.synth.conftest import BY

from ymach.base.clock import now, vietnam_day
from ymach.exchange.models import Counter, Receipt
from ymach.synth.certificates import Certificates
from ymach.synth.dossiers import make_dossier
from ymach.synth.load import load_country
from ymach.synth.past import moments, send_then
from ymach.synth.registry import make_country
from ymach.synth.world import bind_certificates, establish_trust, writing_senders
from ymach.trust import queries as trust

UNTIL = datetime(2026, 11, 23, 5, 0, tzinfo=UTC)


def test_moments_fill_the_fortnight_and_rest_at_the_weekend() -> None:
    found = moments(Random(1), 400, days=14, until=UNTIL)
    days = Tally(vietnam_day(one) for one in found)
    assert found == sorted(found)
    assert (max(found) < UNTIL, min(days) >= vietnam_day(UNTIL) - timedelta(days=14), len(days)) == (True, True, 13)
    sundays = [count for day, count in days.items() if day.weekday() == 6]
    mondays = [count for day, count in days.items() if day.weekday() == 0]
    assert max(sundays) < min(mondays)


@pytest.mark.django_db
def test_a_dossier_of_last_week_is_taken_in_and_counted_last_week(
    certificates: Certificates, rng: Random, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(settings.ENVIRONMENT, "demo", True)
    trust._kept.clear()
    then = now() - timedelta(days=7)
    load_country(make_country(1, facilities=4, practitioners=14), by=BY, at=now(), tell=lambda *_: None)
    establish_trust(certificates, by=BY, at=now())
    sender, staff = writing_senders(at=now())[0]
    bind_certificates(certificates, [sender], by=BY, at=then - timedelta(days=1))
    dossier = make_dossier(sender, staff, rng, then - timedelta(hours=1), kind="outpatient")
    outcomes = send_then(sender.code, [certificates.sign(dossier, sender)], at=then)
    assert (outcomes, vietnam_day(Receipt.objects.get().issued_at)) == (["accepted"], vietnam_day(then))
    counted = Counter.objects.filter(subject="submission").values_list("day", flat=True)
    assert set(counted) <= {vietnam_day(then)}
