"""A synthetic country corrects itself: late results, a dossier taken back, a suspension known too late."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.conf import settings
from tests.synth.conftest import BY

from ymach.base.clock import now
from ymach.base.history.models import HistoryEntry
from ymach.exchange import mentions
from ymach.exchange.corrections.queries import compared, versions_of
from ymach.exchange.models import AmendedReceipt, Cancellation, DossierHead
from ymach.exchange.reevaluation.actions import consider, judge_noted
from ymach.exchange.verification import verify_counters
from ymach.synth.certificates import Certificates
from ymach.synth.correcting import make_corrections
from ymach.synth.load import load_country
from ymach.synth.registry import make_country
from ymach.synth.world import bind_certificates, establish_trust, writing_senders
from ymach.trust import queries as trust


@pytest.mark.django_db
def test_what_was_sent_is_corrected_and_judged_again(
    certificates: Certificates, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(settings.ENVIRONMENT, "demo", True)
    trust._kept.clear()
    at = now()
    load_country(make_country(1, facilities=6, practitioners=60), by=BY, at=at, tell=lambda *_: None)
    establish_trust(certificates, by=BY, at=at)
    writers = writing_senders(at=at)
    bind_certificates(certificates, [sender for sender, _ in writers], by=BY, at=at - timedelta(days=20))
    known = HistoryEntry.objects.latest("id").id
    told = make_corrections(certificates, writers, at=at)
    assert told == {"late results": 1, "cancelled": 1, "suspended": 1}
    assert Cancellation.objects.count() == 1
    twice = DossierHead.objects.get(version=2, cancelled_at=None)
    _, found = compared(versions_of(twice.facility_id, twice.kind, twice.code), 2)
    assert found
    assert found.only_results
    mentions.catch_up(at=at)
    consider(list(HistoryEntry.objects.filter(id__gt=known)))
    _, amended = judge_noted(by=BY, at=at)
    assert amended == AmendedReceipt.objects.count() == 3
    assert verify_counters().holds, verify_counters().differences
