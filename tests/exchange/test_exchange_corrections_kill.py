"""An amendment or a cancellation that is interrupted leaves all or nothing; the feed leads to what must be judged again.

Real commits in a database of its own; the connection is ended by the server at each statement in turn.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, timedelta
from typing import Any

import psycopg
import pytest
from django.db import DatabaseError, connection, connections
from tests.exchange.test_exchange_intake import changed
from tests.support.committed import own_database, settle
from tests.support.correcting import record_of, send_held
from tests.support.factories import BY
from tests.support.intake import AT, Desk, example, open_desk, platform_issuer

from ymach.audit.models import AuditEvent
from ymach.base import pg
from ymach.exchange import mentions
from ymach.exchange.corrections.actions import amend
from ymach.exchange.corrections.cancelling import cancel
from ymach.exchange.models import (
    AmendedReceipt,
    Cancellation,
    Counter,
    Delivery,
    DossierHead,
    Record,
    Submission,
)
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


def everything() -> list[object]:
    """All that an amendment or a cancellation writes."""
    return [
        sorted(Record.objects.values_list("id", "outcome", "is_current")),
        sorted(Submission.objects.values_list("id", "outcome")),
        sorted(Counter.objects.exclude(number=0).values_list("subject", "name", "state", "number")),
        sorted(Delivery.objects.values_list("destination", "cause", "state")),
        sorted(DossierHead.objects.values_list("code", "version", "cancelled_at")),
        AmendedReceipt.objects.count(),
        Cancellation.objects.count(),
        AuditEvent.objects.count(),
    ]


def killed_at(statement: int, action: Callable[[], object], monkeypatch: pytest.MonkeyPatch) -> bool:
    """Run an action whose connection the server ends before its n-th statement; whether it got that far."""
    left = [statement]

    def count() -> None:
        left[0] -= 1
        if left[0] == 0:
            with psycopg.connect(connection.connection.info.dsn, password=connection.connection.info.password) as other:
                other.execute("SELECT pg_terminate_backend(%s)", [connection.connection.info.backend_pid])

    execute, run = psycopg.Cursor.execute, pg._Link.run
    with monkeypatch.context() as patch:
        patch.setattr(
            psycopg.Cursor, "execute", lambda one, *args, **kw: (mine(one, count), execute(one, *args, **kw))[1]
        )
        patch.setattr(pg._Link, "run", lambda link, asked, **kw: (count(), run(link, asked, **kw))[1])
        try:
            action()
        except (DatabaseError, psycopg.Error):
            connections.close_all()
            return True
    return False


def mine(cursor: psycopg.Cursor[Any], count: Callable[[], None]) -> None:
    if cursor.connection is connection.connection:
        count()


def all_or_nothing(action: Callable[[], object], monkeypatch: pytest.MonkeyPatch) -> int:
    """Kill an action at every statement until one run comes through; how many were killed."""
    before = everything()
    for statement in range(1, 80):
        connection.ensure_connection()
        if not killed_at(statement, action, monkeypatch):
            assert everything() != before
            return statement - 1
        assert everything() == before, statement
    raise AssertionError("it never ends")


def test_a_killed_amendment_and_a_killed_cancellation_leave_nothing(
    committed: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    submission = send_held(committed)
    key = record_of(submission)
    said = {"cause": "released", "reason": "đã xem", "by": BY, "at": LATER, "issuer": platform_issuer()}
    assert all_or_nothing(lambda: amend(submission, {key: "accepted_with_findings"}, **said), monkeypatch) > 8  # type: ignore[arg-type]
    code, by = submission.dossier_codes[0], committed.sender.by
    place, issuer = committed.sender.facility, platform_issuer()
    taken = lambda: cancel(facility=place, code=code, reason="nhầm", by=by, at=LATER, issuer=issuer)  # noqa: E731
    assert all_or_nothing(taken, monkeypatch) > 8
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
    for number, statement in enumerate(range(1, 400, 7), 1):
        at = LATER + number * LEASE
        if not killed_at(statement, lambda at=at: catch_up(by=BY, at=at, issuer=platform_issuer()), monkeypatch):  # type: ignore[misc]
            break
    assert number > 3
    assert catch_up(by=BY, at=LATER + 1000 * LEASE, issuer=platform_issuer()).is_complete
    assert AmendedReceipt.objects.filter(submission_id=held.body["id"]).count() == 1
    assert Notice.objects.filter(link__startswith="/corrections").count() == 2
    assert verify_counters().holds
