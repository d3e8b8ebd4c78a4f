"""The order of times, and times that cannot be."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from ymach.base.clock import VIETNAM, vietnam_day
from ymach.base.findings import Finding
from ymach.clinical.dossier import Dossier
from ymach.clinical.visit import Visit
from ymach.exchange.intake.checks import findings

CLOCK_TOLERANCE = timedelta(minutes=5)
"""How far a sender's clock may run ahead of ours."""


def check_times(dossier: Dossier, *, received_at: datetime) -> Iterator[Finding]:
    """Findings about times in the future, out of order, or before birth."""
    latest = received_at + CLOCK_TOLERANCE
    visit = dossier.visit
    if visit is not None:
        yield from _visit(visit, latest)
    for row, medicine in enumerate(dossier.medicines, 1):
        yield from _line("XML2", row, latest, medicine.ordered_at, medicine.given_at, None)
    for row, service in enumerate(dossier.services, 1):
        yield from _line("XML3", row, latest, service.ordered_at, service.performed_at, service.resulted_at)
    check_in = dossier.check_in
    if check_in is not None:
        yield from _not_future("XML0", 1, "NGAY_VAO", check_in.started_at, latest)


def _visit(visit: Visit, latest: datetime) -> Iterator[Finding]:
    yield from _not_future("XML1", 1, "NGAY_VAO", visit.started_at, latest)
    yield from _not_future("XML1", 1, "NGAY_RA", visit.ended_at, latest)
    if visit.started_at and visit.ended_at and visit.ended_at < visit.started_at:
        yield findings.TIME_IMPOSSIBLE.at(
            table="XML1", row=1, field="NGAY_RA", value=_clock(visit.ended_at), before=_clock(visit.started_at)
        )
    yield from _ordered("XML1", 1, "NGAY_VAO_NOI_TRU", visit.admitted_at, "NGAY_VAO", visit.started_at)
    if visit.birth_date and visit.started_at and visit.birth_date.earliest > vietnam_day(visit.started_at):
        yield findings.BORN_AFTER_VISIT.at(table="XML1", row=1, field="NGAY_SINH")


def _line(
    table: str,
    row: int,
    latest: datetime,
    ordered: datetime | None,
    done: datetime | None,
    resulted: datetime | None,
) -> Iterator[Finding]:
    yield from _not_future(table, row, "NGAY_YL", ordered, latest)
    yield from _ordered(table, row, "NGAY_TH_YL", done, "NGAY_YL", ordered)
    yield from _ordered(table, row, "NGAY_KQ", resulted, "NGAY_YL", ordered)


def _not_future(table: str, row: int, field: str, at: datetime | None, latest: datetime) -> Iterator[Finding]:
    if at is not None and at > latest:
        yield findings.TIME_FUTURE.at(table=table, row=row, field=field, value=_clock(at))


def _ordered(
    table: str, row: int, field: str, later: datetime | None, earlier_field: str, earlier: datetime | None
) -> Iterator[Finding]:
    if later is not None and earlier is not None and later < earlier:
        yield findings.TIME_ORDER.at(
            table=table, row=row, field=field, value=_clock(later), earlier=earlier_field, before=_clock(earlier)
        )


def _clock(at: datetime) -> str:
    return at.astimezone(VIETNAM).strftime("%d/%m/%Y %H:%M")
