"""The proof on a real journal, tampered with by the owner of the tables; and what the running role cannot do to it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

import orjson
import pytest
from click.testing import CliRunner
from django.db import InternalError, ProgrammingError, connection, transaction
from tests.support import databases
from tests.support.committed import own_database
from tests.support.journal import CLINIC, HOSPITAL, day_of_events, event, written

from ymach.audit.actions import REGISTRY
from ymach.audit.chain import extend
from ymach.audit.faults import FaultKind
from ymach.audit.keeping import Keeping
from ymach.audit.models import AuditCheck, AuditEvent, AuditRoot
from ymach.audit.roots import check_export, close_days, export, last_closed_day, read_export
from ymach.audit.verification import Proof, pieces, verify
from ymach.base.rounds import never
from ymach.cli.main import root as ymach
from ymach.exchange.journal import open_root, sign_root

TABLES = ("audit_event", "audit_head", "audit_leaf", "audit_root", "audit_check")
FIRST, SECOND, OPEN_DAY = date(2026, 11, 18), date(2026, 11, 19), date(2026, 11, 20)
NOW = datetime(2026, 11, 20, 3, tzinfo=UTC)  # 10:00 in Viet Nam: the 19th is closed
Found = list[tuple[FaultKind, str, int, int]]


@pytest.fixture(scope="module")
def journal(django_db_setup: None, django_db_blocker: Any) -> Iterator[Callable[[str], None]]:
    """Three days of two facilities, two of them closed; what is called with runs under the owning role."""
    with own_database("journal", django_db_blocker) as name:
        for day in (FIRST, SECOND, OPEN_DAY):
            day_of_events(day, 4)
            day_of_events(day, 2, facility=CLINIC)
        assert close_days(sign_root, at=NOW) == 2
        here = databases.server()
        for table in TABLES:
            here.sql(f"CREATE TABLE kept_{table} AS TABLE {table}", database=name)
        yield lambda statement: here.sql(statement, database=name)


@pytest.fixture(autouse=True)
def _as_before(journal: Callable[[str], None]) -> Iterator[None]:
    yield
    journal("; ".join(f"TRUNCATE {one}; INSERT INTO {one} TABLE kept_{one}" for one in TABLES))


def faults(proof: Proof) -> Found:
    names = {str(HOSPITAL): "hospital", str(CLINIC): "clinic", "": "root"}
    return [(one.kind, f"{names[one.facility_id]} {one.day[-2:]}", one.first, one.last) for one in proof.faults]


def proven() -> Found:
    return faults(verify(open_root))


def rewritten(day: date) -> str:
    """The statements by which an insider computes a facility's whole day anew, without one event, ends and leaves too."""
    kept = AuditEvent.objects.filter(facility_id=HOSPITAL, day=day).count()
    fresh = list(extend(HOSPITAL, day, number=0, head=bytes(32), events=[event(one) for one in range(kept)]))
    where = f"facility_id = '{HOSPITAL}' AND day = '{day}'"
    rows = (
        f"INSERT INTO audit_event SELECT '{HOSPITAL}', '{day}', {one.number}, '{one.event.at}', '{one.event.actor}',"
        f" '{one.event.action}', '{one.event.subject}', '{one.event.citizen_id}', '{one.event.basis}', '{{}}',"
        f" '\\x{one.previous_hash.hex()}', '\\x{one.hash.hex()}'"
        for one in fresh
    )
    columns = "(facility_id, day, number, at, actor, action, subject, citizen_id, basis, detail, previous_hash, hash)"
    inserts = "; ".join(row.replace("audit_event SELECT", f"audit_event {columns} SELECT") for row in rows)
    end = f"SET hash = '\\x{fresh[-1].hash.hex()}' WHERE {where}"
    return f"DELETE FROM audit_event WHERE {where}; {inserts}; UPDATE audit_head {end}; UPDATE audit_leaf {end}"


def test_a_journal_nobody_touched_holds() -> None:
    proof = verify(open_root)
    assert (proof.holds, proof.chains, proof.events, proof.roots) == (True, 6, 18, 2)


def at(facility: object, day: date, rest: str = "") -> str:
    return f"WHERE facility_id = '{facility}' AND day = '{day}' {rest}"


END_BACK = (
    "UPDATE audit_head h SET number = 3, hash = e.hash FROM audit_event e WHERE e.number = 3"
    f" AND (e.facility_id, e.day) = (h.facility_id, h.day) AND h.facility_id = '{HOSPITAL}' AND h.day = '{SECOND}'"
)
TAMPERED: dict[str, tuple[str, Found]] = {
    "one byte of a detail": (
        f"UPDATE audit_event SET detail = '{{\"a\":1}}' {at(HOSPITAL, FIRST, 'AND number = 2')}",
        [(FaultKind.CHANGED, "hospital 18", 2, 2)],
    ),
    "who was read": (
        f"UPDATE audit_event SET citizen_id = NULL {at(CLINIC, OPEN_DAY, 'AND number = 1')}",
        [(FaultKind.CHANGED, "clinic 20", 1, 1)],
    ),
    "the moment by a microsecond": (
        f"UPDATE audit_event SET at = at + interval '1 microsecond' {at(CLINIC, SECOND, 'AND number = 2')}",
        [(FaultKind.CHANGED, "clinic 19", 2, 2)],
    ),
    "an event in the middle gone": (
        f"DELETE FROM audit_event {at(HOSPITAL, SECOND, 'AND number = 3')}",
        [(FaultKind.MISSING, "hospital 19", 3, 3)],
    ),
    "an event at the end gone, the end moved": (
        f"DELETE FROM audit_event {at(HOSPITAL, SECOND, 'AND number = 4')};{END_BACK}",
        [(FaultKind.MISSING, "hospital 19", 4, 4)],
    ),
    "a whole day of a facility gone": (
        f"DELETE FROM audit_event {at(CLINIC, FIRST)}; DELETE FROM audit_head {at(CLINIC, FIRST)}",
        [(FaultKind.MISSING, "clinic 18", 1, 2)],
    ),
    "the same, and what was signed of it": (
        "; ".join(f"DELETE FROM {one} {at(CLINIC, FIRST)}" for one in ("audit_event", "audit_head", "audit_leaf")),
        [(FaultKind.LEAVES_CHANGED, "root 18", 0, 0)],
    ),
    "a root changed": (
        f"UPDATE audit_root SET events = events + 1 WHERE day = '{SECOND}'",
        [(FaultKind.ROOT_FORGED, "root 19", 0, 0)],
    ),
}


@pytest.mark.parametrize("what", TAMPERED)
def test_tampering_is_found_and_named(what: str, journal: Callable[[str], None]) -> None:
    statement, expected = TAMPERED[what]
    journal(statement)
    assert proven() == expected


def test_a_missing_event_moved_to_another_facility_is_named_at_both(journal: Callable[[str], None]) -> None:
    journal(f"UPDATE audit_event SET facility_id = '{CLINIC}', number = 3 {at(HOSPITAL, SECOND, 'AND number = 4')}")
    assert set(proven()) == {
        (FaultKind.MISSING, "hospital 19", 4, 4),
        (FaultKind.CHANGED, "clinic 19", 3, 3),
        (FaultKind.ADDED, "clinic 19", 3, 3),
        (FaultKind.LATE, "clinic 19", 3, 3),
    }


def test_who_rewrites_a_day_with_ends_and_leaves_is_caught_by_the_signed_root(journal: Callable[[str], None]) -> None:
    kept = [read_export(export(one)) for one in AuditRoot.objects.order_by("day")]
    journal(rewritten(FIRST))
    assert proven() == [(FaultKind.LEAVES_CHANGED, "root 18", 0, 0)]
    assert [(one.facility_id, one.day) for one in check_export(kept, open_root)] == [(str(HOSPITAL), str(FIRST))]


def test_a_root_that_is_gone_breaks_the_chain_of_roots(journal: Callable[[str], None]) -> None:
    day_of_events(date(2026, 11, 20), 1, facility=REGISTRY)
    close_days(sign_root, at=NOW + timedelta(days=1))
    journal(f"DELETE FROM audit_root WHERE day = '{SECOND}'")
    kinds = {one.kind for one in verify(open_root).faults}
    assert {FaultKind.ROOT_MISSING, FaultKind.ROOT_UNCHAINED} <= kinds


def test_roots_that_are_all_gone_are_missed_by_who_kept_them_outside(journal: Callable[[str], None]) -> None:
    kept = [read_export(export(one)) for one in AuditRoot.objects.order_by("day")]
    journal("TRUNCATE audit_root, audit_leaf")
    assert verify(open_root).holds
    assert {one.kind for one in verify(open_root, outside=kept).faults} >= {FaultKind.ROOT_MISSING}


def test_an_event_written_to_a_closed_day_is_named_until_a_root_says_it_came_late() -> None:
    begin = datetime(2026, 11, 19, 8, tzinfo=UTC)
    written([event(1, at=begin)])
    assert proven() == [(FaultKind.LATE, "hospital 19", 5, 5)]
    close_days(sign_root, at=NOW + timedelta(days=1))
    proof = verify(open_root)
    assert proof.holds
    assert [(one.day, one.first) for one in proof.late] == [(str(SECOND), 5)]
    assert AuditRoot.objects.get(day=OPEN_DAY).late == 1


def test_the_proof_can_be_of_some_days_or_of_one_facility(journal: Callable[[str], None]) -> None:
    journal(f"DELETE FROM audit_event {at(HOSPITAL, SECOND, 'AND number = 3')}")
    assert verify(open_root, until=FIRST).holds
    assert verify(open_root, facility_id=CLINIC).events == 6
    assert not verify(open_root, since=SECOND, until=SECOND).holds


@pytest.mark.parametrize("table", ["audit_event", "audit_head", "audit_root", "audit_leaf", "audit_check"])
@pytest.mark.parametrize("statement", ["DELETE FROM {}", "TRUNCATE {}", "UPDATE {} SET day = '2026-01-01'"])
def test_the_running_role_can_take_nothing_back(table: str, statement: str) -> None:
    day = statement.replace("day =", "since =") if table == "audit_check" else statement
    with pytest.raises((ProgrammingError, InternalError), match="permission denied"), transaction.atomic():
        connection.cursor().execute(day.format(table))


def test_the_end_of_a_chain_moves_and_nothing_else_about_it() -> None:
    with connection.cursor() as cursor:
        cursor.execute("UPDATE audit_head SET number = number, hash = hash")
        with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
            cursor.execute("UPDATE audit_head SET facility_id = facility_id")


def test_a_day_is_closed_three_hours_after_its_end() -> None:
    midnight = datetime(2026, 11, 19, 17, tzinfo=UTC)
    assert last_closed_day(midnight + timedelta(hours=2, minutes=59)) == FIRST
    assert last_closed_day(midnight + timedelta(hours=3)) == SECOND


def test_nothing_is_closed_twice_and_days_without_events_are_closed_too() -> None:
    assert close_days(sign_root, at=NOW) == 0
    assert close_days(sign_root, at=NOW + timedelta(days=3)) == 3
    assert AuditRoot.objects.order_by("-day").first().leaves == 0
    assert verify(open_root).holds


def test_the_worker_closes_and_proves_once_a_night(journal: Callable[[str], None]) -> None:
    told: list[Proof] = []
    keeping = Keeping(sign_root, open_root, lambda proof, _: told.append(proof))
    journal(f"DELETE FROM audit_event {at(HOSPITAL, SECOND, 'AND number = 3')}")
    later = NOW + timedelta(days=1)
    assert keeping.close(at=later, stopped=never) == {"days closed": 1}
    assert keeping.prove(at=later, stopped=never) == {"events proven": 17, "faults": 1}
    check = AuditCheck.objects.get()
    assert check.faults[0]["kind"] == "missing"
    assert keeping.prove(at=check.ended_at, stopped=never) == {}
    assert [len(one.faults) for one in told] == [1]


def test_the_command_names_what_is_wrong_and_exits_with_one(journal: Callable[[str], None], tmp_path: Path) -> None:
    run = CliRunner().invoke
    assert run(ymach, ["audit", "roots", "--export", str(tmp_path)]).exit_code == 0
    assert run(ymach, ["audit", "verify", "--roots", str(tmp_path)]).exit_code == 0
    journal(f"DELETE FROM audit_event {at(HOSPITAL, SECOND, 'AND number = 3')}")
    told = run(ymach, ["audit", "verify", "--roots", str(tmp_path), "--json", "--keep"])
    assert told.exit_code == 1
    (fault,) = orjson.loads(told.output)["faults"]
    assert fault == {"kind": "missing", "day": "2026-11-19", "facility_id": str(HOSPITAL), "first": 3, "last": 3}
    assert "Event 3 is missing" in run(ymach, ["audit", "verify"]).output
    assert AuditCheck.objects.get().fault_count == 1


def test_the_command_tells_whom_an_account_reached_and_is_journaled() -> None:
    run = CliRunner().invoke
    asked = ["audit", "affected", "--actor", event().actor, "--from", "2026-11-18", "--until", "2026-11-21"]
    told = run(ymach, asked)
    assert told.exit_code == 0, told.output
    assert "1 persons, 18 events" in told.output
    assert run(ymach, [*asked, "--csv"]).output.count("\n") == 2
    assert AuditEvent.objects.filter(facility_id=REGISTRY, action="audit:asked").count() == 2


@pytest.mark.parametrize(("days", "count"), [(10, 1), (31, 1), (70, 3)])
def test_long_times_are_read_in_pieces_that_leave_no_day_out(days: int, count: int) -> None:
    last = FIRST + timedelta(days=days)
    found = list(pieces(FIRST, last))
    assert len(found) == count
    assert (found[0][0], found[-1][1]) == (FIRST, last)
    for (_, end), (start, _) in pairwise(found):
        assert start == end + timedelta(days=1)
