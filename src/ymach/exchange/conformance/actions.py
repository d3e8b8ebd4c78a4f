"""Writes on conformance runs: open, note what was seen, finish. Nothing of a dossier itself is kept."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, transaction

from ymach.audit.actions import record
from ymach.audit.chain import Event
from ymach.base import pg
from ymach.base.actors import Actor
from ymach.exchange.conformance import reports, rules
from ymach.exchange.conformance.cases import Case
from ymach.exchange.conformance.errors import CaseUnknown, NobodyHere, RunNotFound, RunOver, TooManyRuns
from ymach.exchange.conformance.models import ConformanceRun, ConformanceTry
from ymach.exchange.conformance.queries import seen_in
from ymach.exchange.conformance.rules import LIFETIME, REST, Seen
from ymach.exchange.receipts.issuer import Issuer

LONGEST_SOFTWARE = 120
KEPT_REPORTS = 20
"""Reports of one facility that are kept here; an older one is still verified by whoever has it."""
BASIS = "conformance"

_NOTE = """
INSERT INTO conformance_try (facility_id, run_id, "case", at, digest, status, outcome, finding_codes, tries)
VALUES (%(facility_id)s, %(run_id)s, %(case)s, %(at)s, %(digest)s, %(status)s, %(outcome)s, %(finding_codes)s, 1)
ON CONFLICT (facility_id, run_id, "case") DO UPDATE SET at = excluded.at, digest = excluded.digest,
  status = excluded.status, outcome = excluded.outcome, finding_codes = excluded.finding_codes,
  tries = conformance_try.tries + 1
"""


@transaction.atomic
def open_run(
    *,
    facility_id: UUID,
    facility_code: str,
    offered: Callable[[], Iterable[Case]],
    software: str = "",
    by: Actor,
    at: datetime,
) -> ConformanceRun:
    """Open a run for a facility; one that was open ends without a verdict.

    offered: makes the cases that there are for it; asked once it is clear that the run may be opened. software: name and
    version, as its maker writes them. Raises NobodyHere, TooManyRuns.
    """
    held = list(ConformanceRun.objects.select_for_update().filter(facility_id=facility_id).order_by("opened_at"))
    wait = rules.seconds_until_next(held[-1].opened_at if held else None, at=at)
    if wait is not None:
        raise TooManyRuns(retry_after=wait)
    names = [case.name for case in offered()]
    if not names:
        raise NobodyHere
    _forget(facility_id, held)
    run = ConformanceRun(
        facility_id=facility_id,
        facility_code=facility_code,
        software=" ".join(software.split())[:LONGEST_SOFTWARE],
        cases=names,
        opened_at=at,
        opened_by=str(by),
        expires_at=at + LIFETIME,
    )
    try:
        with transaction.atomic():
            run.save(force_insert=True)
    except IntegrityError as opened_meanwhile:
        raise TooManyRuns(retry_after=int(REST.total_seconds())) from opened_meanwhile
    _journal(run, "conformance:opened", by, at, {"cases": len(names)})
    return run


def note(run: ConformanceRun, *, case: str, seen: Seen) -> None:
    """Note what came out of one dry run; the last one of a case counts. Raises CaseUnknown, RunOver."""
    check_may_note(run, case=case, at=seen.at)
    pg.ask(
        _NOTE,
        {
            "facility_id": run.facility_id,
            "run_id": run.id,
            "case": case,
            "at": seen.at,
            "digest": bytes.fromhex(seen.digest),
            "status": seen.status,
            "outcome": seen.outcome,
            "finding_codes": list(seen.finding_codes),
        },
    )


def check_may_note(run: ConformanceRun, *, case: str, at: datetime) -> None:
    """Raises RunOver, CaseUnknown."""
    if not rules.is_open(expires_at=run.expires_at, finished_at=run.finished_at, at=at):
        raise RunOver
    if case not in run.cases:
        raise CaseUnknown(field="Ymach-Conformance-Case", case=case[:60])


@transaction.atomic
def finish(*, facility_id: UUID, run_id: UUID, issuer: Issuer, by: Actor, at: datetime) -> ConformanceRun:
    """End a run with a signed report of what was seen; a finished one is answered with its report again.

    Raises RunNotFound, RunOver (expired).
    """
    found = ConformanceRun.objects.select_for_update().filter(facility_id=facility_id, id=run_id).first()
    if found is None:
        raise RunNotFound
    if found.report:
        return found
    if not rules.is_open(expires_at=found.expires_at, finished_at=None, at=at):
        raise RunOver
    claims = reports.claims_of(found, seen_in(found), at=at, issuer=issuer)
    found.finished_at, found.has_passed = at, claims["passed"]
    found.report = reports.sign_report(claims, issuer)
    found.save(update_fields=["finished_at", "has_passed", "report"])
    ConformanceTry.objects.filter(facility_id=facility_id, run_id=run_id).delete()
    _journal(found, "conformance:finished", by, at, {"passed": claims["passed"]})
    return found


def _forget(facility_id: UUID, held: Sequence[ConformanceRun]) -> None:
    """The run without a verdict, what was seen in it, and the oldest reports when there are too many."""
    finished = [one.id for one in held if one.finished_at is not None]
    old = finished[: max(0, len(finished) + 1 - KEPT_REPORTS)]
    old += [one.id for one in held if one.finished_at is None]
    ConformanceTry.objects.filter(facility_id=facility_id).delete()
    ConformanceRun.objects.filter(facility_id=facility_id, id__in=old).delete()


def _journal(run: ConformanceRun, action: str, by: Actor, at: datetime, detail: dict[str, object]) -> None:
    event = Event(at=at, actor=str(by), action=action, subject=f"conformance-run:{run.id}", basis=BASIS, detail=detail)
    record(event, facility_id=run.facility_id)
