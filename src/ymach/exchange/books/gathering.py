"""One summary out of all that may be seen of a person, in the words of the clinical model: for paper and for others' software."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from uuid import UUID

from ymach.base.clock import vietnam_day
from ymach.base.text import Text
from ymach.catalogues.models import Entry as CatalogueEntry
from ymach.citizens.models import Citizen, IdentifierKind
from ymach.citizens.queries import numbers_of
from ymach.clinical.patient_summary import (
    AllergyFact,
    MedicineFact,
    PatientSummary,
    PlanFact,
    ProblemFact,
    ProcedureFact,
    ResultFact,
    Source,
    Subject,
    VaccinationFact,
)
from ymach.clinical.person import PartialDate
from ymach.clinical.visit import Visit
from ymach.exchange.appointments.models import Appointment
from ymach.exchange.books.episodes import Episode, episodes_of
from ymach.exchange.books.plans import COMING, appointments_of, referrals_of
from ymach.exchange.reading.gate import Opened
from ymach.exchange.reading.summary import Summary
from ymach.exchange.referrals.models import Referral
from ymach.facilities.models import Facility

OPERATIONS = frozenset({"8", "18"})
"""MA_NHOM of operations and procedures (Decision 4750/QD-BYT 2023)."""
POINTS = 5
"""Of one indicator, the newest so many go into a summary."""


@dataclass(frozen=True)
class Taken:
    """Everything that a paper or a document is made of. facilities: by id, as the registry has them now."""

    citizen: Citizen
    opened: Opened
    episodes: Sequence[Episode]
    appointments: Sequence[Appointment]
    referrals: Sequence[Referral]
    facilities: Mapping[UUID, Facility]
    diagnoses: Mapping[str, Text]

    def source(self, facility_id: UUID, code: str) -> Source:
        known = self.facilities.get(facility_id)
        return Source(code, known.name if known else code)

    @property
    def newest_visit(self) -> Visit | None:
        return self.episodes[0].dossier.visit if self.episodes else None


def diagnosis_names(codes: Iterable[str], on: date) -> dict[str, Text]:
    """The names of ICD-10 codes in the list of a day; a code that the list does not hold is left out."""
    rows = CatalogueEntry.objects.filter(
        release__catalogue_id="icd10", release__valid__contains=on, code__in=set(codes)
    )
    return {code: Text(vi, en or vi) for code, vi, en in rows.values_list("code", "name_vi", "name_en")}


def without_restricted(opened: Opened) -> Opened:
    """The same without records of restricted compartments: what is taken along is shown to others. It says so itself."""
    kept = tuple(one for one in opened.entries if not one.compartment)
    left_out = frozenset(one.compartment for one in opened.entries if one.compartment)
    return replace(opened, entries=kept, withheld=opened.withheld | left_out)


def take(citizen: Citizen, opened: Opened) -> Taken:
    """Everything behind what was opened: dossiers read again, facilities and diagnoses by name."""
    day = vietnam_day(opened.at)
    found = opened.summary
    coming, papers = appointments_of(opened.entries, since=day), referrals_of(opened.entries)
    ids = {one.facility_id for one in opened.entries} | {one.receiver_id for one in papers if one.receiver_id}
    return Taken(
        citizen=citizen,
        opened=opened,
        episodes=episodes_of(opened.entries),
        appointments=coming,
        referrals=papers,
        facilities=Facility.objects.in_bulk(list(ids)),
        diagnoses=diagnosis_names((one.code for one in found.problems), day),
    )


def summary_of(taken: Taken, *, key: UUID) -> PatientSummary:
    """The patient summary. key: an opaque name of the person, new with every document."""
    found = taken.opened.summary
    return PatientSummary(
        subject=subject_of(taken, key=key),
        made_at=taken.opened.at,
        allergies=tuple(
            AllergyFact(substance=one.substance, is_grave=one.is_grave, reaction=one.reaction, said_at=one.said_at)
            for one in found.allergies
        ),
        problems=tuple(
            ProblemFact(
                code=one.code,
                name=taken.diagnoses[one.code].vi if one.code in taken.diagnoses else "",
                text=one.text,
                first_at=one.first_at,
                last_at=one.last_at,
            )
            for one in found.problems
        ),
        medicines=tuple(_medicines(found)),
        vaccinations=tuple(
            VaccinationFact(vaccine=one.vaccine, dose=one.dose, on=one.on) for one in found.vaccinations
        ),
        results=tuple(_results(taken)),
        procedures=tuple(_procedures(taken)),
        plans=tuple(_plans(taken)),
        is_withheld=taken.opened.is_partial,
    )


def subject_of(taken: Taken, *, key: UUID) -> Subject:
    """Who it is: the identity as kept, with telephone and address as the newest visit stated them."""
    citizen, visit = taken.citizen, taken.newest_visit
    numbers = numbers_of([citizen.citizen_id]).get(citizen.citizen_id, [])
    insured = numbers_of([citizen.citizen_id], IdentifierKind.INSURANCE_NUMBER).get(citizen.citizen_id, [])
    year, month, day = citizen.birth_year, citizen.birth_month, citizen.birth_day
    return Subject(
        key=key,
        name=citizen.full_name,
        birth=PartialDate(year, month, day) if year else None,
        sex=citizen.sex or "",
        personal_number=numbers[0] if numbers else "",
        insurance_number=insured[0] if insured else "",
        phone=(visit.phone if visit else None) or "",
        address=(visit.address if visit else None) or "",
    )


def _medicines(found: Summary) -> Iterator[MedicineFact]:
    for one in found.medicines_now:
        yield MedicineFact(
            name=one.name,
            strength=one.strength,
            dosage=one.dosage,
            instructions=one.instructions,
            since=one.prescribed_at,
            until=one.until if one.until and one.until >= vietnam_day(one.prescribed_at) else None,
        )


def _results(taken: Taken) -> Iterator[ResultFact]:
    for series in taken.opened.summary.trends:
        for point in series.points[-POINTS:]:
            source = taken.source(point.place.facility_id, point.place.facility_code)
            yield ResultFact(
                code=series.code, name=series.name, value=point.value, unit=series.unit, at=point.at, source=source
            )


def _procedures(taken: Taken) -> Iterator[ProcedureFact]:
    for one in taken.episodes:
        source = taken.source(one.entry.facility_id, one.entry.facility_code)
        for service in one.dossier.services:
            if service.cost_group in OPERATIONS and (service.name or service.procedures):
                yield ProcedureFact(
                    name=service.name or ", ".join(service.procedures),
                    codes=service.procedures,
                    at=service.performed_at or service.ordered_at or one.entry.happened_at,
                    source=source,
                )


def _plans(taken: Taken) -> Iterator[PlanFact]:
    for one in taken.appointments:
        place = taken.source(one.facility_id, one.facility_code).name
        yield PlanFact(title="Khám lại · Re-examination", words=_said(place, one.diagnosis_text), on=one.on_day)
    for paper in taken.referrals:
        if paper.state in COMING:
            known = taken.facilities.get(paper.receiver_id) if paper.receiver_id else None
            place = known.name if known else paper.receiver_code
            yield PlanFact(title="Chuyển cơ sở · Referral", words=_said(place, paper.diagnosis_text))


def _said(*parts: str) -> str:
    return ": ".join(part for part in parts if part)
