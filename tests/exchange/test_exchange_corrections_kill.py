"""An amendment or a cancellation that is interrupted leaves all or nothing; the feed leads to what must be judged again.

Real commits in a database of its own; the connection is ended by the server at each statement in turn.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from datetime import date, timedelta
from functools import partial
from typing import Any

import pytest
from tests.exchange.test_exchange_intake import changed
from tests.support.committed import own_database, settle
from tests.support.correcting import record_of, send_held
from tests.support.factories import BY
from tests.support.intake import AT, Desk, example, open_desk, platform_issuer
from tests.support.killing import Onlooker, as_if_never_killed, killed_at

from ymach.exchange import mentions
from ymach.exchange.corrections.actions import amend
from ymach.exchange.corrections.cancelling import cancel
from ymach.exchange.models import AmendedReceipt
from ymach.exchange.reevaluation.actions import LEASE, catch_up
from ymach.exchange.verification import verify_counters
from ymach.notices.models import Notice
from ymach.practitioners import actions as practitioners
from ymach.practitioners.models import LicenceSuspension

LATER = AT + timedelta(hours=1)


@pytest.fixture(scope="module")
def committed(django_db_setup: None, django_db_blocker: Any) -> Iterator[Desk]:
    with own_database("corrections", django_db_blocker):
        yield open_desk()


def test_a_killed_amendment_and_a_killed_cancellation_leave_nothing(
    committed: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    submission = send_held(committed)
    key = record_of(submission)
    said = {"cause": "released", "reason": "đã xem", "by": BY, "at": LATER, "issuer": platform_issuer()}
    assert as_if_never_killed(lambda: amend(submission, {key: "accepted_with_findings"}, **said), monkeypatch) > 8  # type: ignore[arg-type]
    code, by = submission.dossier_codes[0], committed.sender.by
    place, issuer = committed.sender.facility, platform_issuer()
    taken = lambda: cancel(facility=place, code=code, reason="nhầm", by=by, at=LATER, issuer=issuer)  # noqa: E731
    assert as_if_never_killed(taken, monkeypatch) > 8
    assert verify_counters().holds, verify_counters().differences


def test_a_killed_judge_is_followed_by_one_who_goes_on(committed: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    mentions.catch_up(at=LATER)
    catch_up(by=BY, at=LATER)
    held = committed.send_one(committed.sign(changed(example("01-outpatient.xml"), ("99001.26.0001234", "LK-9"))))
    assert held.body["outcome"] == "held"
    stop = LicenceSuspension.objects.get()
    practitioners.lift_suspension(
        suspension=stop, ends_on=date(2026, 1, 3), decision="46/QĐ-BYT", reason="kết luận lại", by=BY, at=AT
    )
    settle()
    mentions.catch_up(at=LATER)
    with closing(Onlooker()) as onlooker:
        for number, statement in enumerate(range(1, 400, 7), 1):
            judge = partial(catch_up, by=BY, at=LATER + number * LEASE, issuer=platform_issuer())
            if not killed_at(statement, judge, monkeypatch, onlooker):
                break
    assert number > 3
    assert catch_up(by=BY, at=LATER + 1000 * LEASE, issuer=platform_issuer()).is_complete
    assert AmendedReceipt.objects.filter(submission_id=held.body["id"]).count() == 1
    assert Notice.objects.filter(link__startswith="/corrections").count() == 2
    assert verify_counters().holds
