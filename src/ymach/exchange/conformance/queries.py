"""Looking at conformance runs."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from ymach.exchange.conformance import reports
from ymach.exchange.conformance.errors import RunNotFound
from ymach.exchange.conformance.models import ConformanceRun, ConformanceTry
from ymach.exchange.conformance.rules import Seen
from ymach.exchange.receipts.claims import claims_of
from ymach.exchange.receipts.issuer import Issuer


def get_run(facility_id: UUID, run_id: UUID) -> ConformanceRun:
    """One run of a facility. Raises RunNotFound."""
    found = ConformanceRun.objects.filter(facility_id=facility_id, id=run_id).first()
    if found is None:
        raise RunNotFound
    return found


def claims_now(run: ConformanceRun, *, at: datetime, issuer: Issuer) -> dict[str, Any]:
    """What the report of a finished run says, or what that of an open one would say now."""
    return claims_of(run.report) if run.report else reports.claims_of(run, seen_in(run), at=at, issuer=issuer)


def runs_of(facility_id: UUID) -> list[ConformanceRun]:
    """The runs of a facility that are kept, the last opened first."""
    return list(ConformanceRun.objects.filter(facility_id=facility_id).order_by("-opened_at"))


def seen_in(run: ConformanceRun) -> dict[str, Seen]:
    """What was seen last of each case of an unfinished run, by case."""
    rows = ConformanceTry.objects.filter(facility_id=run.facility_id, run_id=run.id)
    return {
        one.case: Seen(one.at, bytes(one.digest).hex(), one.status, one.outcome, tuple(one.finding_codes), one.tries)
        for one in rows
    }
