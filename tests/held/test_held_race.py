"""Clerks who decide the same dossier at the same moment, while its facility sends a later version."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier
from typing import Any

import pytest
from django.db import connections
from tests.support.committed import own_database
from tests.support.held import SOME, department, held, outpatient, tally
from tests.support.intake import AT, open_desk

from ymach.base.errors import YmachError
from ymach.exchange.held.actions import decide
from ymach.exchange.held.models import HeldItem
from ymach.exchange.held.rules import Decision
from ymach.exchange.models import AmendedReceipt
from ymach.exchange.verification import verify_counters

LATER = AT + timedelta(hours=2)
WHY = "Bác sĩ chưa có trong sổ bộ, đã gọi điện hỏi."


@pytest.fixture(scope="module")
def committed(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    with own_database("held_race", django_db_blocker):
        yield


def at_once(*acts: Callable[[], object]) -> list[str]:
    """Carry all out at the same moment, each on a connection of its own; what came of each."""
    gate = Barrier(len(acts))

    def run(act: Callable[[], object]) -> str:
        try:
            gate.wait()
            act()
            return "done"
        except YmachError as error:
            return error.code
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(run, acts))


def test_one_decision_holds_and_the_tally_is_right_whoever_comes_first(committed: None) -> None:
    desk = open_desk(authors=SOME)
    first, second = held(desk, "A-1", "A-2")

    def clerk(item: HeldItem, decision: Decision) -> Callable[[], object]:
        return lambda: decide(
            facility_id=item.facility_id, item_id=item.id, decision=decision, reason=WHY, by=department(), at=LATER
        )

    version = outpatient(desk, "A-2", doctor="0099909/BYT-CCHN")
    came = at_once(
        *(clerk(first, decision) for decision in (Decision.RELEASE, Decision.REJECT, Decision.RELEASE)),
        clerk(second, Decision.RETURN),
        lambda: desk.send_one(version, at=LATER),
    )
    assert Counter(came[:3]) == {"done": 1, "YM-HELD-OVER": 2}
    assert AmendedReceipt.objects.filter(submission_id=first.submission_id).count() == 1
    states = dict(HeldItem.objects.filter(dossier_code="A-2").values_list("version", "state"))
    assert states == {1: "replaced", 2: "waiting"}
    assert list(tally().values()) == [1]
    assert verify_counters().holds
