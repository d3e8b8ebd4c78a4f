"""The lines of one visit as they are written down: medicines, services, results, notes. Each line knows its author."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from random import Random
from typing import Any

from ymach.clinical.medication import Medicine
from ymach.clinical.note import Note
from ymach.clinical.result import Result
from ymach.clinical.service import Service
from ymach.synth.care.conditions import Condition, Drug, Indicator, ServiceKind, indicators, readings, services
from ymach.synth.care.money import amounts
from ymach.synth.care.patients import Patient
from ymach.synth.care.staff import Place, Team

_SUPPLY = "10"
_TENDER, _SUPPLY_TENDER = "1234/QD-SYT;G1;N3;{year}", "2345/QD-SYT;G3;N5;{year}"
_ASKS_FOR_PERFORMER = frozenset({"1", "2", "3", "8", "13", "18"})


@dataclass(slots=True)
class Chart:
    """What is written during one visit. recovery: 0 as ill as on arrival, 1 well; results follow it."""

    rng: Random
    place: Place
    team: Team
    patient: Patient
    condition: Condition
    code: str
    recovery: float = 0.0
    medicines: list[Medicine] = field(default_factory=list)
    services: list[Service] = field(default_factory=list)
    results: list[Result] = field(default_factory=list)
    notes: list[Note] = field(default_factory=list)

    @property
    def lines(self) -> int:
        return len(self.medicines) + len(self.services) + len(self.results) + len(self.notes)

    def prescribe(self, drug: Drug, days: int, at: datetime, *, given_after: int = 0) -> None:
        """One medicine for so many days; given_after: minutes from order to first dose."""
        quantity = Decimal(drug.per_day * days)
        self.medicines.append(
            Medicine(
                visit_code=self.code,
                sequence=len(self.medicines) + 1,
                code=drug.code,
                cost_group="4",
                name=drug.name,
                unit=drug.unit,
                strength=drug.strength,
                route=drug.route,
                form=drug.form,
                dosage=drug.dosage(days),
                instructions=drug.instructions,
                registration_number=drug.registration,
                tender=_TENDER.format(year=at.year),
                unit_price=drug.price,
                payer="1",
                department=self.condition.department,
                prescribers=(self.team.doctor.number,),
                ordered_at=at,
                given_at=at + timedelta(minutes=given_after),
                **amounts(quantity, drug.price, self.patient.benefit),
            )
        )

    def order(
        self,
        kind: ServiceKind,
        at: datetime,
        *,
        quantity: int = 1,
        until: datetime | None = None,
        bed: str | None = None,
    ) -> None:
        """One service or supply, with its results. until: the latest time of a result."""
        performed = at + timedelta(minutes=kind.starts_after)
        resulted = performed + timedelta(minutes=kind.takes)
        if until is not None:
            resulted = until if bed else min(resulted, until)
        performer = self._performer(kind)
        is_supply = kind.group == _SUPPLY
        self.services.append(
            Service(
                visit_code=self.code,
                sequence=len(self.services) + 1,
                code=None if is_supply else kind.code,
                supply_code=f"N03.02.{9990 + len(kind.key)}.0001.0001" if is_supply else None,
                cost_group=kind.group,
                supply_name=kind.name if is_supply else None,
                name=None if is_supply else kind.name,
                unit=kind.unit,
                tender=_SUPPLY_TENDER.format(year=at.year) if is_supply else None,
                unit_price_hospital=kind.price,
                unit_price_insured=kind.price,
                service_rate=Decimal(100),
                department=self.condition.department,
                beds=(bed,) if bed else (),
                orderers=(self.team.doctor.number,),
                performers=(performer,) if performer else (),
                diagnoses=(self.condition.main,),
                ordered_at=at,
                performed_at=performed,
                resulted_at=None if is_supply else resulted,
                devices=(f"{kind.device}.1.{self.place.code}.{kind.key[:4].upper()}",) if kind.device else (),
                **amounts(Decimal(quantity), kind.price, self.patient.benefit),
            )
        )
        self._conclude(kind, resulted)

    def note(self, at: datetime, *, said: str, by_nurse: bool = False, consultation: str | None = None) -> None:
        """An entry of the clinical course with vital signs, in the form Decision 4750/QĐ-BYT gives them."""
        author = self.team.nurse if by_nurse else self.team.doctor
        self.notes.append(
            Note(
                visit_code=self.code,
                sequence=len(self.notes) + 1,
                course=f"{said}. CSST<{self._vital_signs()}>",
                consultation=consultation,
                noted_at=at,
                authors=(author.number,),
            )
        )

    def _performer(self, kind: ServiceKind) -> str | None:
        if kind.group not in _ASKS_FOR_PERFORMER:
            return None
        by_doctor = kind.group in {"13", "18"} or self.team.reader is None
        return self.team.doctor.number if by_doctor or self.team.reader is None else self.team.reader.number

    def _conclude(self, kind: ServiceKind, at: datetime) -> None:
        reader = self.team.reader.number if self.team.reader else None
        is_ill = kind.key in self.condition.abnormal and self.rng.random() > self.recovery * 0.5
        for indicator in indicators().get(kind.key, ()):
            value = self._value(indicator, is_ill=is_ill)
            self._result(kind, at, reader, indicator_name=indicator.name, value=value, unit=indicator.unit or None)
        reading = readings().get(kind.key)
        if reading is not None:
            text = reading.abnormal if is_ill else reading.normal
            number = self.rng.randint(120, 155) if kind.key == "fetal_us" else self.rng.randint(62, 92)
            self._result(
                kind,
                at,
                reader,
                indicator_name=kind.name,
                description=text.format(n=number),
                conclusion=reading.abnormal_conclusion if is_ill else reading.normal_conclusion,
            )

    def _result(self, kind: ServiceKind, at: datetime, reader: str | None, **found: Any) -> None:
        self.results.append(
            Result(
                visit_code=self.code,
                sequence=len(self.results) + 1,
                service_code=kind.code,
                resulted_at=at,
                reader=reader,
                **found,
            )
        )

    def _value(self, indicator: Indicator, *, is_ill: bool) -> str:
        """A value in the normal range, or on the way from the abnormal range to it."""
        low, high = indicator.normal
        normal = low + (high - low) * self.rng.betavariate(2, 2)
        if not is_ill or self.rng.random() < 0.25:
            return f"{normal:.{indicator.decimals}f}"
        ill = self.rng.uniform(*indicator.abnormal)
        return f"{ill + (normal - ill) * self.recovery:.{indicator.decimals}f}"

    def _vital_signs(self) -> str:
        rng, ill = self.rng, 1 - self.recovery
        has_fever = {"blood_count", "crp"} & self.condition.abnormal
        pulse = rng.randint(66, 84) + round(18 * ill * bool(has_fever))
        temperature = 36.6 + rng.random() * 0.6 + (rng.random() * 1.8 * ill if has_fever else 0)
        pressure = rng.randint(108, 134) + (round(22 * ill) if self.condition.main == "I10" else 0)
        oxygen = 98 - round(rng.random() * 2) - (round(7 * ill) if "J96.0" in self.condition.others else 0)
        return (
            f"M{pulse}_T{temperature:.1f}_HA{pressure}/{rng.randint(64, 86)}_NT{rng.randint(16, 22)}"
            f"_SP{oxygen}_CN{self.patient.weight_kg}"
        )


def supplies() -> tuple[ServiceKind, ...]:
    """The supplies of an infusion."""
    known = services()
    return known["infusion_set"], known["catheter"], known["syringe"]
