"""Two people at the same request, on real connections whose changes are committed."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.db import connections
from tests.support import databases, deliveries
from tests.support.changing import AT, department_of, renaming, staff_of
from tests.support.factories import make_facility

from ymach.base.errors import YmachError
from ymach.changes import actions
from ymach.changes.models import ChangeRequest, ChangeStep, State
from ymach.facilities.models import Facility


@pytest.fixture(scope="module")
def committed(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    with django_db_blocker.unblock(), databases.copy(databases.server(), "changes") as name, deliveries.using(name):
        yield


def together(*acts: Callable[[], object]) -> list[str]:
    """Run the acts at the same moment; “done”, or the code of the refusal, in order."""
    start, results = threading.Barrier(len(acts)), [""] * len(acts)

    def run(place: int, act: Callable[[], object]) -> None:
        start.wait()
        try:
            act()
            results[place] = "done"
        except YmachError as error:
            results[place] = error.code
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=(place, act)) for place, act in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    return results


def test_two_deciders_at_once_make_one_decision(committed: None) -> None:
    change = renaming(make_facility("01001"), "Bệnh viện Mới")
    results = together(
        lambda: actions.approve(request_id=change.pk, by=department_of(name="Một"), at=AT),
        lambda: actions.reject(request_id=change.pk, by=department_of(name="Hai"), at=AT, reason="Chưa đủ"),
    )
    assert sorted(results) == ["YM-CHANGE-MOVED", "done"]
    change.refresh_from_db()
    assert ChangeStep.objects.filter(request=change, act__in=["approve", "reject"]).count() == 1
    name = Facility.objects.get(pk=change.subject_id).name
    assert (name == "Bệnh viện Mới") == (change.state == State.APPROVED)


def test_the_same_request_sent_twice_at_once_waits_once(committed: None) -> None:
    facility = make_facility("01002")
    results = together(
        lambda: renaming(facility, "Mới", by=staff_of(facility, "Một")),
        lambda: renaming(facility, "Mới", by=staff_of(facility, "Hai")),
    )
    assert sorted(results) == ["YM-CHANGE-ASKED-ALREADY", "done"]
    assert ChangeRequest.objects.filter(subject_id=facility.pk).count() == 1


def test_approving_and_withdrawing_at_once_leave_one_truth(committed: None) -> None:
    facility = make_facility("01003")
    change = renaming(facility, "Bệnh viện Mới")
    results = together(
        lambda: actions.approve(request_id=change.pk, by=department_of(), at=AT),
        lambda: actions.withdraw(request_id=change.pk, by=staff_of(facility), at=AT),
    )
    assert sorted(results) == ["YM-CHANGE-MOVED", "done"]
