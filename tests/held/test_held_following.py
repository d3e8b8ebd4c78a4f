"""The queue follows what others decide: a correction of the registry, a cancellation."""

from __future__ import annotations

from datetime import timedelta

import pytest
from tests.support.held import held, outpatient, tally
from tests.support.intake import AT, Desk, platform_issuer

from ymach.base.actors import SYSTEM
from ymach.exchange import queries
from ymach.exchange.corrections.actions import amend
from ymach.exchange.held.leaving import follow_cancellation
from ymach.exchange.held.models import HeldItem
from ymach.exchange.living.contract import Cancelled
from ymach.exchange.models import Record, Submission

pytestmark = pytest.mark.django_db
LATER = AT + timedelta(days=1)


def judged_again(outcome: str, *, found: str = "") -> None:
    """Every stored record of the one submission gets another outcome, perhaps with a finding of an author."""
    submission = Submission.objects.get()
    records = list(Record.objects.values_list("id", flat=True))
    finding = {
        "code": found,
        "severity": "error",
        "table": "XML3",
        "row": 1,
        "field": "MA_BAC_SI",
        "value": "0099900/BYT-CCHN",
        "vi": "Giấy phép không còn.",
        "en": "No licence.",
        "do_vi": "Ký lại.",
        "do_en": "Sign again.",
        "source": "Law 15/2023/QH15",
    }
    amend(
        submission,
        dict.fromkeys(records, outcome),
        cause="re-evaluated",
        reason="Sổ bộ được sửa",
        by=SYSTEM,
        at=LATER,
        findings={key: [finding] for key in records} if found else None,
        issuer=platform_issuer(),
    )


def test_correction_that_lets_a_record_through_takes_it_out_of_the_queue(desk: Desk) -> None:
    held(desk, "A-1")
    judged_again("accepted")
    assert (HeldItem.objects.get().state, tally()) == ("settled", {})


def test_correction_that_holds_a_record_brings_it_in_and_back_in_once_each_time(desk: Desk) -> None:
    desk.send_one(outpatient(desk, "A-1", doctor="0099900/BYT-CCHN"))
    for outcome in ("held", "accepted", "held"):
        judged_again(outcome, found="YM-STA-AUTHOR-NO-LICENCE")
    item = HeldItem.objects.get()
    assert (item.state, sorted(item.record_kinds)) == ("waiting", ["prescription", "visit"])
    assert [(one["author"], one["act"]) for one in item.authors] == [("0099900/BYT-CCHN", "order")]
    assert tally() == {("waiting", item.due_on): 1}
    assert queries.claims(Submission.objects.get())["outcome"] == "held"


def test_cancelled_dossier_waits_for_nobody(desk: Desk) -> None:
    (item,) = held(desk, "A-1")
    follow_cancellation(Cancelled(item.facility_id, "visit", "A-1", "nhầm người", SYSTEM, LATER))
    assert (HeldItem.objects.get().state, tally()) == ("withdrawn", {})
