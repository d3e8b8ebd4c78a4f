"""Many at once, on a database of its own with real commits: nothing is lost, doubled, out of order or left waiting."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier
from typing import Any

import pytest
from django.db import connection, connections
from tests.support import databases
from tests.support.hostile import footprint, with_code, with_values
from tests.support.intake import AT, Desk, example, open_desk

from ymach.audit.queries import verify
from ymach.citizens.keeping import blind_key
from ymach.citizens.models import Citizen, Identifier
from ymach.exchange.intake.answer import Answer
from ymach.exchange.models import DossierHead, Record, Submission
from ymach.exchange.verification import verify_counters
from ymach.trust import queries as trust_queries

THREADS = 8


@pytest.fixture(scope="module")
def _own_database(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    here = databases.server()
    with databases.copy(here, "hostile") as name, django_db_blocker.unblock():
        shared = connection.settings_dict["NAME"]
        connections.close_all()
        connection.settings_dict["NAME"] = name
        trust_queries._kept.clear()
        try:
            yield
        finally:
            connections.close_all()
            connection.settings_dict["NAME"] = shared
            trust_queries._kept.clear()


@pytest.fixture(scope="module")
def desks(_own_database: None) -> tuple[Desk, Desk]:
    return open_desk("99001"), open_desk("99002")


@pytest.fixture(autouse=True)
def _everything_adds_up(desks: tuple[Desk, Desk]) -> Iterator[None]:
    yield
    assert verify_counters().holds
    assert verify().holds


def at_once(work: Sequence[Callable[[], Any]]) -> list[Any]:
    """The results of all, started together, each in a thread with a connection of its own."""
    barrier = Barrier(len(work))

    def run(one: Callable[[], Any]) -> Any:
        try:
            barrier.wait(20)
            return one()
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(work)) as pool:
        return [running.result(60) for running in [pool.submit(run, one) for one in work]]


def of(desk: Desk, code: str, **values: str) -> bytes:
    """A signed dossier of the desk under `code`, with some of the visit's fields changed."""
    content = example("01-outpatient.xml").replace(b"<MACSKCB>99001", f"<MACSKCB>{desk.facility.code}".encode())
    fields = {"MA_CSKCB": desk.facility.code, **values}
    return desk.sign(with_values(fields, content=with_code(code, content)))


def test_same_content_at_once_is_one_submission_with_one_receipt(desks: tuple[Desk, Desk]) -> None:
    desk = desks[0]
    content = of(desk, "SAME")
    before = Submission.objects.count()
    answers: list[Answer] = at_once([lambda: desk.send_one(content)] * THREADS)
    assert sorted(one.status for one in answers) == [200] * (THREADS - 1) + [201]
    assert len({one.body["receipt"] for one in answers}) == 1
    assert Submission.objects.count() == before + 1


def test_same_content_on_both_sides_of_midnight_is_one_submission(desks: tuple[Desk, Desk]) -> None:
    desk = desks[0]
    content = of(desk, "MIDNIGHT")
    days = [AT, AT + timedelta(hours=15)] * (THREADS // 2)
    answers: list[Answer] = at_once([lambda at=at: desk.send_one(content, at=at) for at in days])
    assert sorted(one.status for one in answers) == [200] * (THREADS - 1) + [201]
    assert len({one.body["receipt"] for one in answers}) == 1


def test_versions_sent_at_once_have_no_gap_and_one_is_current(desks: tuple[Desk, Desk]) -> None:
    desk = desks[0]
    contents = [of(desk, "VERSIONS", LY_DO_VV=f"Lý do {number}") for number in range(THREADS)]
    answers: list[Answer] = at_once([lambda one=one: desk.send_one(one) for one in contents])
    assert [one.status for one in answers] == [201] * THREADS
    assert sorted(one.body["records"][0]["version"] for one in answers) == list(range(1, THREADS + 1))
    visits = Record.objects.filter(dossier_code="VERSIONS", kind="visit")
    assert sorted(visits.values_list("version", flat=True)) == list(range(1, THREADS + 1))
    assert visits.get(is_current=True).version == THREADS
    assert DossierHead.objects.get(code="VERSIONS").version == THREADS


def test_two_facilities_meeting_the_same_people_in_opposite_order_make_each_once(desks: tuple[Desk, Desk]) -> None:
    people = [f"0012000{number:05d}" for number in range(6)]
    batches = []
    for desk, order in ((desks[0], people), (desks[1], people[::-1])):
        # Versions of one dossier follow each other, so the people are met one after the other in one transaction.
        batches.append(
            [of(desk, "CHAIN", SO_CCCD=one, MA_BN=one, HO_TEN=f"NGƯỜI {one}", MA_THE_BHYT="") for one in order]
        )
    senders = [lambda desk=desk, batch=batch: desk.send(*batch) for desk, batch in zip(desks, batches, strict=True)]
    answers = at_once(senders * 2)
    assert {one.status for batch in answers for one in batch} <= {200, 201}
    keys = [blind_key(("personal-number", one))[1] for one in people]
    found = Identifier.objects.filter(kind="personal-number", value__in=keys)
    assert found.count() == len(people)
    assert Citizen.objects.filter(citizen_id__in=found.values("citizen_id")).count() == len(people)
    assert Citizen.objects.filter(full_name__startswith="NGƯỜI 0012").count() == len(people)


def test_dry_runs_write_nothing_while_others_send(desks: tuple[Desk, Desk]) -> None:
    desk, other = desks
    sent = [of(desk, f"DRY-{number}") for number in range(4)]
    tried = of(other, "ONLY-TRIED")
    before = footprint()
    answers: list[Answer] = at_once(
        [*[lambda one=one: desk.send_one(one) for one in sent], *[lambda: other.try_out(tried)] * 4]
    )
    assert [one.status for one in answers] == [201] * 4 + [200] * 4
    after = footprint()
    assert after["Submission"] - before["Submission"] == after["Receipt"] - before["Receipt"] == 4
    assert not DossierHead.objects.filter(code="ONLY-TRIED").exists()


def test_events_the_database_lost_are_found(desks: tuple[Desk, Desk]) -> None:
    desks[0].send_one(of(desks[0], "LOST"))
    assert verify().holds
    here = databases.server()
    name = connection.settings_dict["NAME"]
    here.sql("DELETE FROM audit_event WHERE number = 1", database=name)
    try:
        assert not verify().holds
    finally:
        here.sql("TRUNCATE audit_event, audit_head", database=name)
