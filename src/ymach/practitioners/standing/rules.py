"""The rule of standing: was the facility, was the author, in order at the moment a record was made?

Pure: facts and a moment in, reasons out. What follows from a reason (accept, hold, reject) is policy, not decided
here. A moment given as a `date` means that the hour is not known: hours are then not judged.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from uuid import UUID

from ymach.base.clock import print_day, print_moment, vietnam_day
from ymach.base.findings import Finding, FindingKind, Severity
from ymach.base.weekly import Schedule, minute_of_week, schedule_words
from ymach.practitioners import findings
from ymach.practitioners.standing.acts import ACT_TEXTS, Act, is_allowed
from ymach.practitioners.standing.facts import (
    AuthorFacts,
    FacilityFacts,
    LicenceFacts,
    PersonFacts,
    RegistrationFacts,
    StandingFacts,
    SuspensionFacts,
)


@dataclass(frozen=True, slots=True)
class Reason:
    """Why something is not (quite) in order: a kind of finding and the values of its sentence."""

    kind: FindingKind
    values: Mapping[str, object] = field(default_factory=dict)

    def at(
        self, *, table: str | None = None, row: int | None = None, field: str | None = None, value: str | None = None
    ) -> Finding:
        """The finding at a place of a dossier."""
        return self.kind.at(table=table, row=row, field=field, value=value, **self.values)


@dataclass(frozen=True, slots=True)
class Verdict:
    """The judgement of one author for one act. No reason: all in order. Notes do not disturb the order."""

    author: AuthorFacts
    act: Act
    reasons: tuple[Reason, ...] = ()

    @property
    def is_in_order(self) -> bool:
        return all(reason.kind.severity is Severity.NOTE for reason in self.reasons)


def judge_facility(facts: StandingFacts, at: datetime | date) -> tuple[Reason, ...]:
    """Whether the sender's code was held, licensed and not suspended on the day of `at` (Viet Nam)."""
    day = _day(at)
    facility = facts.facility_on(day)
    if facility is None:
        return (Reason(findings.FACILITY_UNKNOWN, {"facility": facts.facility_code, "day": print_day(day)}),)
    return tuple(_facility_reasons(facility, day))


class Judge:
    """Judges authors by one look-up. What holds for a whole day is found once: thirty lines of a dossier are mostly the
    same people doing the same things, a few minutes apart."""

    def __init__(self, facts: StandingFacts) -> None:
        self._facts = facts
        self._days: dict[tuple[str, Act, date], tuple[_OnDay, ...]] = {}
        self._moments: dict[tuple[str, Act, datetime | date], tuple[Verdict, ...]] = {}

    def field(self, text: str, *, at: datetime | date, act: Act) -> tuple[Verdict, ...]:
        """A verdict for each author named in one field of a dossier; `;` joins several."""
        key = (text, act, at)
        verdicts = self._moments.get(key)
        if verdicts is None:
            verdicts = self._moments[key] = tuple(one.at(at) for one in self._on(text, _day(at), act))
        return verdicts

    def _on(self, text: str, day: date, act: Act) -> tuple[_OnDay, ...]:
        key = (text, act, day)
        if key not in self._days:
            facility = self._facts.facility_on(day)
            facility_id = facility.id if facility else None
            self._days[key] = tuple(_judge_on(one, facility_id, day, act) for one in self._facts.authors_in(text))
        return self._days[key]


def judge_author(author: AuthorFacts, *, facility_id: UUID | None, at: datetime | date, act: Act) -> Verdict:
    """May this person have done `act`, at this facility, at that moment?

    facility_id: of the facility on that day, None if it is unknown. at: aware datetime, or the day alone.
    Reasons come in the order: person, licence, suspension, scope, registration, hours; notes among them.
    """
    return _judge_on(author, facility_id, _day(at), act).at(at)


@dataclass(frozen=True, slots=True)
class _OnDay:
    """The judgement of a whole day. here: the registrations whose hours are left to the moment."""

    verdict: Verdict
    here: tuple[RegistrationFacts, ...]

    def at(self, at: datetime | date) -> Verdict:
        hours = tuple(_hour_reasons(self.here, self.verdict.author.number.written, at))
        return replace(self.verdict, reasons=self.verdict.reasons + hours) if hours else self.verdict


def _judge_on(author: AuthorFacts, facility_id: UUID | None, day: date, act: Act) -> _OnDay:
    registrations = author.person.registrations if author.person else ()
    current = [one for one in registrations if day in one.valid]
    here = tuple(one for one in current if one.facility_id == facility_id)
    reasons = list(_author_reasons(author, day, act))
    if author.person and not here:
        reasons.append(_elsewhere(author, current, day))
    return _OnDay(Verdict(author, act, tuple(reasons)), here)


def _facility_reasons(facility: FacilityFacts, day: date) -> Iterator[Reason]:
    values = {"facility": facility.code, "day": print_day(day)}
    licence = next((licence for licence in facility.licences if day in licence.valid), None)
    if licence is None:
        yield Reason(findings.FACILITY_UNLICENSED, values)
        return
    for suspension in _on(licence.suspensions, day):
        kind = findings.FACILITY_SUSPENDED if suspension.whole else findings.FACILITY_PARTLY_SUSPENDED
        yield Reason(kind, {**values, "decision": suspension.decision, "scopes": _listed(suspension.scopes)})


def _author_reasons(author: AuthorFacts, day: date, act: Act) -> Iterator[Reason]:
    written = author.number.written
    if author.person is None:
        yield Reason(findings.AUTHOR_UNKNOWN, {"number": written})
        return
    licence = next((one for one in author.person.licences if one.is_in_force(day)), None)
    if licence is None:
        yield _not_in_force(author.person, author.number.key, day)
    else:
        yield from _number_reasons(licence, author)
        yield from _licence_reasons(licence.as_of(day), day, act)
    yield from (_suspended(written, ban, day) for ban in _on(author.person.bans, day))


def _not_in_force(person: PersonFacts, key: str, day: date) -> Reason:
    licence = next(one for one in person.licences if one.key == key)
    if licence.revoked_on is not None and licence.is_revoked(day):
        values = {"since": print_day(licence.revoked_on), "decision": licence.revocation_decision}
        return Reason(findings.AUTHOR_REVOKED, {"number": licence.number, **values})
    return Reason(findings.AUTHOR_NO_LICENCE, {"number": licence.number, "day": print_day(day)})


def _number_reasons(licence: LicenceFacts, author: AuthorFacts) -> Iterator[Reason]:
    if licence.key != author.number.key:
        yield Reason(findings.AUTHOR_OLD_NUMBER, {"number": author.number.written, "current": licence.number})


def _licence_reasons(licence: LicenceFacts, day: date, act: Act) -> Iterator[Reason]:
    if not is_allowed(act, title=licence.title, scopes=licence.scopes, on=day):
        act_text = ACT_TEXTS[act]
        values = {
            "title": licence.title,
            "scopes": _listed(licence.scopes),
            "act_vi": act_text.vi,
            "act_en": act_text.en,
        }
        yield Reason(findings.AUTHOR_OUT_OF_SCOPE, {"number": licence.number, **values})
    for suspension in _on(licence.suspensions, day):
        if _stops(suspension, licence, day, act):
            yield _suspended(licence.number, suspension, day)


def _suspended(number: str, stop: SuspensionFacts, day: date) -> Reason:
    """Suspended or banned: whoever writes is told the same, with the number of the decision."""
    values = {"number": number, "day": print_day(day), "decision": stop.decision}
    return Reason(findings.AUTHOR_SUSPENDED, values)


def _stops(suspension: SuspensionFacts, licence: LicenceFacts, day: date, act: Act) -> bool:
    """A suspension in part stops an act that only the suspended scopes would allow."""
    if suspension.whole:
        return True
    left = licence.scopes - suspension.scopes
    return left != licence.scopes and not (left and is_allowed(act, title=licence.title, scopes=left, on=day))


def _elsewhere(author: AuthorFacts, current: Iterable[RegistrationFacts], day: date) -> Reason:
    """Registered, if at all, at other facilities on that day."""
    number = author.number.written
    if any(one.facility_id in author.home_ids for one in current):
        # Hours of the home facility say nothing about the days of secondment.
        return Reason(findings.AUTHOR_SECONDED, {"number": number, "home": author.number.seconded_from})
    return Reason(findings.AUTHOR_NOT_REGISTERED, {"number": number, "day": print_day(day)})


def _hour_reasons(here: Collection[RegistrationFacts], number: str, at: datetime | date) -> Iterator[Reason]:
    if not here or not isinstance(at, datetime) or not all(one.schedule for one in here):
        return
    minute = minute_of_week(at)
    if not any(minute in one.schedule for one in here):
        schedule = schedule_words(Schedule.of(slot for one in here for slot in one.schedule.slots))
        hour = print_moment(at)
        yield Reason(findings.AUTHOR_OUT_OF_HOURS, {"number": number, "hour": hour, "schedule": schedule})


def _on(suspensions: Iterable[SuspensionFacts], day: date) -> Iterator[SuspensionFacts]:
    return (suspension for suspension in suspensions if day in suspension.period)


def _day(at: datetime | date) -> date:
    return vietnam_day(at) if isinstance(at, datetime) else at


def _listed(codes: Iterable[str]) -> str:
    return ", ".join(sorted(codes)) or "—"
