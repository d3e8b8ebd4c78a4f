"""The demonstration's citizen: visits over some months, results that change, a health book, an appointment, a child."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal

from ymach.base.clock import vietnam_day
from ymach.clinical.appointment import Appointment
from ymach.clinical.dossier import Dossier
from ymach.clinical.health_book import Allergy, HealthBook, Measure, Vaccination
from ymach.clinical.person import PartialDate
from ymach.clinical.visit import Visit
from ymach.exchange.contents import dossiers_of
from ymach.synth.examples import examples

BOOK = HealthBook(
    allergies=(
        Allergy(substance="Penicillin", category="medication", criticality="high", reaction="Phản vệ độ II, 2019"),
        Allergy(substance="Tôm, cua", category="food", criticality="low", reaction="Nổi mày đay"),
    ),
    vaccinations=(
        Vaccination(vaccine="Cúm mùa", dose_number=1, given_on=PartialDate(2026, 4, 12)),
        Vaccination(vaccine="Viêm gan B", dose_number=3, given_on=PartialDate(2024, 9)),
    ),
    measures=(Measure(code="8302-2", name="Chiều cao", value=Decimal(158), unit="cm"),),
)
BETWEEN = timedelta(days=31)
COMES_BACK_DAYS = 2
# Weight and what is added to the sample's glucose, the oldest visit first; the last one of a shorter row holds on.
_WEIGHTS = (Decimal("61.5"), Decimal("60.8"), Decimal("60.2"), Decimal("59.4"))
_GLUCOSE = (Decimal("2.6"), Decimal("1.4"), Decimal("0.8"), Decimal("-0.4"))


def book_visits(count: int, *, until: datetime) -> Iterator[Dossier]:
    """So many visits of the example's person, the oldest first, a month apart; the last begins at `until` (aware)."""
    first = next(one for one in examples() if one.name.startswith("01"))
    (sample,) = dossiers_of(first.xml)
    if sample.visit is None or sample.visit.started_at is None:
        return
    for number in range(count):
        shift = until - BETWEEN * (count - 1 - number) - sample.visit.started_at
        one = _moved(sample, sample.visit, f"{sample.code}-S{count - number}", shift, number)
        yield _with_book(one, sample.visit, until) if number == count - 1 else one


def _moved(sample: Dossier, visit: Visit, code: str, shift: timedelta, number: int) -> Dossier:
    def at(moment: datetime | None) -> datetime | None:
        return moment + shift if moment else None

    moved = replace(
        visit,
        code=code,
        blood_group="O+",
        weight_kg=_WEIGHTS[min(number, len(_WEIGHTS) - 1)],
        started_at=at(visit.started_at),
        ended_at=at(visit.ended_at),
        paid_at=at(visit.paid_at),
        next_appointments=(),
    )
    more = _GLUCOSE[min(number, len(_GLUCOSE) - 1)]
    return replace(
        sample,
        code=code,
        visit=moved,
        results=tuple(
            replace(one, visit_code=code, resulted_at=at(one.resulted_at), value=_changed(one.value, more))
            for one in sample.results
        ),
        medicines=tuple(
            replace(one, visit_code=code, ordered_at=at(one.ordered_at), given_at=at(one.given_at))
            for one in sample.medicines
        ),
        services=tuple(
            replace(
                one,
                visit_code=code,
                ordered_at=at(one.ordered_at),
                performed_at=at(one.performed_at),
                resulted_at=at(one.resulted_at),
            )
            for one in sample.services
        ),
        notes=tuple(replace(one, visit_code=code, noted_at=at(one.noted_at)) for one in sample.notes),
    )


def _with_book(one: Dossier, sample: Visit, until: datetime) -> Dossier:
    slip = Appointment(
        visit_code=one.code,
        number="HK-2026-017",
        facility_code=one.facility_code,
        full_name=sample.full_name,
        sex=sample.sex,
        birth_date=sample.birth_date,
        started_at=one.visit.started_at if one.visit else None,
        ended_at=one.visit.ended_at if one.visit else None,
        appointed=PartialDate.of(vietnam_day(until) + timedelta(days=COMES_BACK_DAYS)),
        main_diagnosis=sample.main_diagnosis,
        diagnosis_text=sample.discharge_diagnosis_text,
    )
    return replace(one, appointment=slip, health_book=BOOK)


def _changed(value: str | None, more: Decimal) -> str | None:
    """A number changed by so much; a reading in words as it is."""
    try:
        return f"{Decimal(value or '') + more:f}"
    except ArithmeticError:
        return value
