"""Everything about one practitioner on one day, as plain frozen values, in a fixed small number of statements."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from ymach.base.clock import print_day
from ymach.base.findings import Finding
from ymach.base.periods import Period
from ymach.base.text import Text
from ymach.base.weekly import Schedule
from ymach.facilities.actions import period_of
from ymach.practitioners.models import (
    CmeActivity,
    Diploma,
    Licence,
    LicenceChange,
    LicenceRevocation,
    LicenceSuspension,
    PracticeRegistration,
    PractiseBan,
    Practitioner,
    Supervision,
    TechniqueAssignment,
)
from ymach.practitioners.queries.facts import credits_of, first_places_first
from ymach.practitioners.queries.reading import ban_facts, licence_facts, workplace
from ymach.practitioners.rules import findings, hours, states
from ymach.practitioners.rules.learning import CmeStanding, cme_standing
from ymach.practitioners.rules.practice import IDLE_MONTHS
from ymach.practitioners.rules.states import LicenceState
from ymach.practitioners.rules.tables import ban_cases
from ymach.practitioners.standing.facts import SuspensionFacts

PROFILE_STATEMENTS = 10
TERM_WARNING = timedelta(days=180)
IDLE_WARNING_MONTHS = 18


@dataclass(frozen=True, slots=True)
class StopView:
    """A suspension or a ban. scopes: empty where it stops everything; label: of a ban's case."""

    id: UUID
    period: Period
    scopes: tuple[str, ...]
    reason: str
    decision: str
    lift_decision: str = ""
    returned_on: date | None = None
    label: Text | None = None


@dataclass(frozen=True, slots=True)
class ChangeView:
    """A change of a licence from a day on, with what it said before."""

    id: UUID
    effective_on: date
    title_before: str
    scopes_before: tuple[str, ...]
    holder_before: str
    reason: str
    decision: str


@dataclass(frozen=True, slots=True)
class LicenceView:
    """A licence as it was on the day: title and scopes of that day, and its state."""

    id: UUID
    number: str
    generation: str
    title: str
    scopes: tuple[str, ...]
    issuer: str
    issuer_province_code: str | None
    issued_on: date
    valid: Period
    term_ends_on: date | None
    converted_from: str | None
    state: LicenceState
    suspensions: tuple[StopView, ...]
    changes: tuple[ChangeView, ...]
    revoked_on: date | None
    revocation_reason: str
    revocation_decision: str
    decision: str = ""
    decided_on: date | None = None


@dataclass(frozen=True, slots=True)
class RegistrationView:
    """A practice registration. blocked: why nothing may be practised there on the day, or None."""

    id: UUID
    facility_id: UUID
    facility_code: str
    facility_name: str
    province_code: str
    licence_number: str
    position: str
    department: str
    scopes: tuple[str, ...]
    is_technical_head: bool
    is_full_time: bool
    is_main: bool
    language: str
    published_on: date | None
    valid: Period
    schedule: Schedule
    blocked: Text | None


@dataclass(frozen=True, slots=True)
class DiplomaView:
    """A diploma with its paper. verified_at (aware): when somebody with the word looked at the paper; None while nobody has."""

    id: UUID
    kind: str
    speciality: str
    school: str
    country: str
    number: str
    issued_on: date
    evidence: UUID | None
    verified_at: datetime | None
    verified_by: str


@dataclass(frozen=True, slots=True)
class TechniqueView:
    """A technique beyond the licence, assigned at a facility."""

    id: UUID
    facility_id: UUID
    facility_name: str
    technique: str
    document: str
    period: Period


@dataclass(frozen=True, slots=True)
class CmeView:
    """A course of continuing education. hours: credit; verified_at as of a diploma."""

    id: UUID
    provider: str
    topic: str
    hours: Decimal
    on: date
    evidence: UUID
    verified_at: datetime | None
    verified_by: str


@dataclass(frozen=True, slots=True)
class TraineeView:
    """Somebody under the person's supervision."""

    id: UUID
    trainee_id: UUID
    name: str
    facility_name: str
    period: Period


@dataclass(frozen=True, slots=True)
class PractitionerProfile:
    """A person on the day `on`.

    Private: personal_number, passport_number, phone, email, birth_date. state: of the licence that counts, None for who
    holds none. registrations: in force on the day, the main place first; other_registrations: ended, or to come.
    """

    id: UUID
    on: date
    revision: int
    confirmed_at: datetime | None
    confirmed_by: str
    full_name: str
    birth_date: date
    sex: str
    personal_number: str | None
    passport_number: str
    nationality: str
    phone: str
    email: str
    languages: tuple[str, ...]
    state: LicenceState | None
    licences: tuple[LicenceView, ...]
    bans: tuple[StopView, ...]
    registrations: tuple[RegistrationView, ...]
    other_registrations: tuple[RegistrationView, ...]
    diplomas: tuple[DiplomaView, ...]
    techniques: tuple[TechniqueView, ...]
    cme: CmeStanding
    cme_activities: tuple[CmeView, ...]
    trainees: tuple[TraineeView, ...]
    months_without_practice: int
    warnings: tuple[Finding, ...]


def profile(practitioner: Practitioner, *, on: date) -> PractitionerProfile:
    """Everything on the day `on` (Viet Nam): rows that begin later are left out, except registrations to come."""
    rows = _Rows(practitioner, on)
    licences = rows.licences()
    counting = next((one for one in licences if on in one.valid), licences[0] if licences else None)
    state = counting.state if counting else None
    registrations = [_registration(row, state) for row in rows.registrations]
    return PractitionerProfile(
        id=practitioner.pk,
        on=on,
        revision=practitioner.revision,
        confirmed_at=practitioner.confirmed_at,
        confirmed_by=practitioner.confirmed_by,
        full_name=practitioner.full_name,
        birth_date=practitioner.birth_date,
        sex=practitioner.sex,
        personal_number=practitioner.personal_number,
        passport_number=practitioner.passport_number,
        nationality=practitioner.nationality,
        phone=practitioner.phone,
        email=practitioner.email,
        languages=tuple(practitioner.languages),
        state=state,
        licences=licences,
        bans=tuple(_ban(row) for row in rows.bans),
        registrations=tuple(one for one in registrations if on in one.valid),
        other_registrations=tuple(one for one in registrations if on not in one.valid),
        diplomas=tuple(_diploma(row) for row in rows.diplomas),
        techniques=tuple(_technique(row) for row in rows.techniques),
        cme=rows.cme,
        cme_activities=tuple(_cme(row) for row in rows.activities),
        trainees=tuple(_trainee(row) for row in rows.supervisions),
        months_without_practice=rows.idle_months,
        warnings=(*rows.hour_findings(), *_reminders(rows, counting)),
    )


class _Rows:
    """All rows of one person, one statement a table."""

    def __init__(self, person: Practitioner, on: date) -> None:
        mine: dict[str, Any] = {"practitioner": person}
        self.on = on
        self._licences = list(Licence.objects.filter(**mine).order_by("-valid"))
        self._suspensions = _by_licence(
            LicenceSuspension.objects.filter(licence__practitioner=person).order_by("period")
        )
        self._changes = _by_licence(LicenceChange.objects.filter(**mine).order_by("effective_on"))
        revocations = LicenceRevocation.objects.filter(licence__practitioner=person)
        self._revocations = {row.licence_id: row for row in revocations}
        self.bans = list(PractiseBan.objects.filter(**mine).order_by("period"))
        registrations = PracticeRegistration.objects.filter(**mine).select_related("facility", "licence")
        self.registrations = first_places_first(registrations)
        self.diplomas = list(Diploma.objects.filter(**mine, issued_on__lte=on).order_by("issued_on"))
        techniques = TechniqueAssignment.objects.filter(**mine, period__contains=on).select_related("facility")
        self.techniques = list(techniques.order_by("technique"))
        self.activities = list(CmeActivity.objects.filter(**mine, on__lte=on).order_by("-on"))
        supervisions = Supervision.objects.filter(**mine, period__contains=on).select_related("trainee", "facility")
        self.supervisions = list(supervisions.order_by("period"))
        self.cme = cme_standing(credits_of(self.activities), on)

    def licences(self) -> tuple[LicenceView, ...]:
        bans = [ban_facts(row) for row in self.bans]
        known: dict[UUID | None, Licence] = {row.pk: row for row in self._licences}
        converted = {row.converted_from_id: row.valid.lower for row in self._licences if row.converted_from_id}
        issued = [row for row in self._licences if row.issued_on <= self.on]
        return tuple(
            self._licence(row, bans, known.get(row.converted_from_id), converted.get(row.pk)) for row in issued
        )

    @property
    def idle_months(self) -> int:
        """Full months in a row without any registration."""
        since = min((row.valid.lower for row in self._licences), default=None)
        registered = [period_of(row.valid) for row in self.registrations]
        return states.months_without_practice(registered, licensed_since=since, on=self.on)

    def hour_findings(self) -> tuple[Finding, ...]:
        """Travel gaps and totals of the week."""
        now = [workplace(row) for row in self.registrations if self.on in period_of(row.valid)]
        return hours.findings_of(now, hours.limits())

    def _licence(
        self, row: Licence, bans: list[SuspensionFacts], before: Licence | None, converted_on: date | None
    ) -> LicenceView:
        suspensions, changes = self._suspensions[row.pk], self._changes[row.pk]
        revocation = self._revocations.get(row.pk)
        facts = licence_facts(row, suspensions=suspensions, changes=changes, revocation=revocation)
        then = facts.as_of(self.on)
        return LicenceView(
            id=row.pk,
            number=row.number,
            generation=row.generation,
            title=then.title,
            scopes=tuple(sorted(then.scopes)),
            issuer=row.issuer,
            issuer_province_code=row.issuer_province_code,
            issued_on=row.issued_on,
            valid=facts.valid,
            term_ends_on=row.term_ends_on,
            converted_from=before.number if before else None,
            state=states.licence_state(facts, on=self.on, bans=bans, converted_on=converted_on),
            suspensions=tuple(_suspension(one) for one in suspensions),
            changes=tuple(_change(one) for one in changes),
            revoked_on=facts.revoked_on,
            revocation_reason=revocation.reason if revocation else "",
            revocation_decision=facts.revocation_decision,
            decision=row.decision,
            decided_on=row.decided_on,
        )


def _reminders(rows: _Rows, licence: LicenceView | None) -> Iterable[Finding]:
    if rows.idle_months >= IDLE_WARNING_MONTHS:
        yield findings.WITHOUT_PRACTICE.at(months=rows.idle_months, limit=IDLE_MONTHS)
    if licence is None or licence.term_ends_on is None or rows.on not in licence.valid:
        return
    if licence.term_ends_on - rows.on <= TERM_WARNING:
        yield findings.TERM_ENDING.at(number=licence.number, day=print_day(licence.term_ends_on))
        if rows.cme.missing:
            yield findings.CME_SHORT.at(hours=rows.cme.verified, limit=rows.cme.required)


def _by_licence(rows: Iterable[Any]) -> dict[UUID, list[Any]]:
    found: dict[UUID, list[Any]] = defaultdict(list)
    for row in rows:
        found[row.licence_id].append(row)
    return found


def _suspension(row: LicenceSuspension) -> StopView:
    stop = (row.pk, period_of(row.period), tuple(row.scopes), row.reason, row.decision)
    return StopView(*stop, row.lift_decision, row.returned_on)


def _ban(row: PractiseBan) -> StopView:
    label = ban_cases().get(row.case)
    return StopView(row.pk, period_of(row.period), (), row.reason, row.decision, label=label)


def _change(row: LicenceChange) -> ChangeView:
    before = (row.title_before, tuple(row.scopes_before), row.holder_before)
    return ChangeView(row.pk, row.effective_on, *before, row.reason, row.decision)


def _registration(row: PracticeRegistration, state: LicenceState | None) -> RegistrationView:
    return RegistrationView(
        id=row.pk,
        facility_id=row.facility_id,
        facility_code=row.facility.code,
        facility_name=row.facility.name,
        province_code=row.facility.province_code,
        licence_number=row.licence.number,
        position=row.position,
        department=row.department,
        scopes=tuple(row.scopes),
        is_technical_head=row.is_technical_head,
        is_full_time=row.is_full_time,
        is_main=row.is_main,
        language=row.language,
        published_on=row.published_on,
        valid=period_of(row.valid),
        schedule=row.schedule,
        blocked=None if state is None or state.may_practise else state.text,
    )


def _diploma(row: Diploma) -> DiplomaView:
    what = (row.pk, row.kind, row.speciality, row.school, row.country, row.number, row.issued_on, row.evidence)
    return DiplomaView(*what, row.verified_at, row.verified_by)


def _technique(row: TechniqueAssignment) -> TechniqueView:
    place = (row.pk, row.facility_id, row.facility.name)
    return TechniqueView(*place, row.technique, row.document, period_of(row.period))


def _cme(row: CmeActivity) -> CmeView:
    what = (row.pk, row.provider, row.topic, row.hours, row.on, row.evidence)
    return CmeView(*what, row.verified_at, row.verified_by)


def _trainee(row: Supervision) -> TraineeView:
    return TraineeView(row.pk, row.trainee_id, row.trainee.full_name, row.facility.name, period_of(row.period))
