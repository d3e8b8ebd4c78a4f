"""Step 6, standing: facility licensed at that time? each author licensed, not suspended, in scope, registered here,
at that hour? One look-up in the registry for all dossiers, then the pure rule."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from ymach.base.clock import vietnam_day
from ymach.base.findings import Finding
from ymach.base.periods import Period
from ymach.clinical.dossier import Dossier
from ymach.exchange.intake.case import Case, DossierCase
from ymach.practitioners.standing.acts import Act
from ymach.practitioners.standing.facts import StandingFacts
from ymach.practitioners.standing.lookup import ask_standing
from ymach.practitioners.standing.rules import Judge, judge_facility


@dataclass(frozen=True, slots=True)
class Authorship:
    """One author field of a dossier: who (as written), what they did, when (UTC, None if the dossier does not say)."""

    author: str
    act: Act
    at: datetime | None
    table: str
    row: int
    field: str


_Work = list[tuple[Case, DossierCase, list[Authorship]]]


def ask_standing_of_cases(cases: Sequence[Case]) -> Callable[[], None]:
    """Ask the registry about the facility and all authors at once; calling the result judges every dossier.

    Judged is how the registry stood at the moment of each act.
    """
    going = [case for case in cases if case.refusal is None]
    work = [(case, one, list(authorships(one.dossier))) for case in going for one in case.dossiers]
    if not work:
        return lambda: None
    authors = {entry.author for _, _, entries in work for entry in entries}
    facts = ask_standing(going[0].sender.facility.code, authors, _days(work))
    return lambda: _judge_all(work, facts())


def _judge_all(work: _Work, facts: StandingFacts) -> None:
    for case, one, entries in work:
        case.registry_version = facts.version
        one.findings += judge(facts, one.dossier, entries, received_at=case.received.at)


def judge(
    facts: StandingFacts, dossier: Dossier, entries: Iterable[Authorship], *, received_at: datetime
) -> Iterator[Finding]:
    """The findings about facility and authors. The same reason for the same author in one table is said once."""
    main = dossier.visit or dossier.check_in
    moment = (main.started_at if main else None) or received_at
    for reason in judge_facility(facts, moment):
        yield reason.at(field="MA_CSKCB", value=facts.facility_code)
    said: set[tuple[str, str, str]] = set()
    judged = Judge(facts)
    for entry in entries:
        for verdict in judged.field(entry.author, at=entry.at or moment, act=entry.act):
            for reason in verdict.reasons:
                mark = (reason.kind.code, verdict.author.number.written, entry.table)
                if mark not in said:
                    said.add(mark)
                    yield reason.at(
                        table=entry.table, row=entry.row, field=entry.field, value=verdict.author.number.written
                    )


def authorships(dossier: Dossier) -> Iterator[Authorship]:
    """Every author field of a dossier, in the order of its tables."""
    visit = dossier.visit
    if visit and visit.head_of_unit:
        yield Authorship(visit.head_of_unit, Act.LEAD, visit.ended_at, "XML1", 1, "MA_TTDV")
    yield from _lines(dossier)
    yield from _papers(dossier)


def _lines(dossier: Dossier) -> Iterator[Authorship]:
    for row, medicine in enumerate(dossier.medicines, 1):
        for author in medicine.prescribers:
            yield Authorship(author, Act.PRESCRIBE, medicine.ordered_at, "XML2", row, "MA_BAC_SI")
    for row, service in enumerate(dossier.services, 1):
        for author in service.orderers:
            yield Authorship(author, Act.ORDER, service.ordered_at, "XML3", row, "MA_BAC_SI")
        for author in service.performers:
            done = service.performed_at or service.ordered_at
            yield Authorship(author, Act.PERFORM, done, "XML3", row, "NGUOI_THUC_HIEN")
    for row, result in enumerate(dossier.results, 1):
        if result.reader:
            yield Authorship(result.reader, Act.READ_RESULT, result.resulted_at, "XML4", row, "MA_BS_DOC_KQ")
    for row, note in enumerate(dossier.notes, 1):
        for author in note.authors:
            yield Authorship(author, Act.WRITE_NOTE, note.noted_at, "XML5", row, "NGUOI_THUC_HIEN")


def _papers(dossier: Dossier) -> Iterator[Authorship]:
    ended = dossier.visit.ended_at if dossier.visit else None
    if dossier.discharge and dossier.discharge.doctor:
        yield Authorship(dossier.discharge.doctor, Act.SIGN_DISCHARGE, ended, "XML7", 1, "MA_BS")
    for paper, act, table in ((dossier.referral, Act.REFER, "XML13"), (dossier.appointment, Act.APPOINT, "XML14")):
        for author in paper.doctors if paper else ():
            yield Authorship(author, act, ended, table, 1, "MA_BAC_SI")


def _days(work: _Work) -> Period:
    """From the first day that will be judged to the day after the last."""
    moments: list[datetime] = []
    for case, one, entries in work:
        main = one.dossier.visit or one.dossier.check_in
        moments.append((main.started_at if main else None) or case.received.at)
        moments.extend(entry.at for entry in entries if entry.at)
    return Period(vietnam_day(min(moments)), vietnam_day(max(moments)) + timedelta(days=1))
