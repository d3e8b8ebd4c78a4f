"""Which records a dossier holds. A record is what people look for: a visit, a prescription, a referral, an appointment …"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from ymach.base.clock import start_of_day
from ymach.clinical.dossier import Dossier
from ymach.clinical.person import PartialDate
from ymach.clinical.visit import Visit

OUTPATIENT_KINDS = frozenset({"01", "02", "05", "07", "08", "11", "12", "13", "14"})
"""Kinds of visit (MA_LOAI_KCB, Decision 1804/QĐ-BYT 2026) whose medicines are a prescription to be dispensed."""

_HIV = re.compile(r"^(B2[0-4]|Z21|R75|F02\.4|O98\.7)")
HIV_COMPARTMENT = "hiv"
_WEIGHT = "29463-7"  # LOINC
_NUMBER = re.compile(r"\s*-?[0-9]{1,9}([.,][0-9]{1,6})?\s*")
MOST_VALUES = 60
"""Of one visit that the summary keeps; all of them are in the kept bytes."""


@dataclass(frozen=True, slots=True)
class RecordDraft:
    """A record before it is decided and stored.

    tables: the tables whose findings concern it. happened_at, ended_at: aware UTC. summary: what lists show; JSON.
    """

    kind: str
    tables: frozenset[str]
    happened_at: datetime
    ended_at: datetime | None
    summary: dict[str, Any]
    compartment: str


def records_of(dossier: Dossier, *, received_at: datetime) -> tuple[RecordDraft, ...]:
    """The records of a dossier, the visit (or check-in) first. A record without a time of its own takes the visit's."""
    return tuple(_drafts(dossier, received_at))


def compartment_of(dossier: Dossier) -> str:
    """The restricted compartment a dossier belongs to: HIV care by Law 64/2006 art. 30 (amended 71/2020), or none."""
    visit = dossier.visit
    codes = (visit.main_diagnosis or "", *visit.other_diagnoses) if visit else ()
    return HIV_COMPARTMENT if dossier.hiv_care or any(_HIV.match(code) for code in codes) else ""


def _drafts(dossier: Dossier, received_at: datetime) -> Iterator[RecordDraft]:
    main = dossier.visit or dossier.check_in
    start = (main.started_at if main else None) or received_at
    end = dossier.visit.ended_at if dossier.visit else None
    compartment = compartment_of(dossier)
    for kind, tables, build in _KINDS:
        built = build(dossier)
        if built is not None:
            happened, summary = built
            yield RecordDraft(kind, tables, happened or start, end, summary, compartment)


Built = tuple[datetime | None, dict[str, Any]] | None


def _check_in(dossier: Dossier) -> Built:
    one = dossier.check_in
    if one is None:
        return None
    return one.started_at, {"kind": one.kind, "service": one.service_name or one.medicine_name or one.supply_name}


def _visit(dossier: Dossier) -> Built:
    visit = dossier.visit
    if visit is None:
        return None
    return visit.started_at, {
        **_diagnosis(visit),
        "kind": visit.kind,
        "reason": visit.reason,
        "department": visit.department,
        "result": visit.result,
        "discharge_type": visit.discharge_type,
        "medicines": len(dossier.medicines),
        "services": len(dossier.services),
        "results": len(dossier.results),
        "total": None if visit.total_hospital is None else str(visit.total_hospital),
        **_figures(dossier, visit),
    }


def _figures(dossier: Dossier, visit: Visit) -> dict[str, Any]:
    """The numbers of a visit, for trends: [code, name, value, unit, when] each; only what is there takes room."""
    values = [
        [
            one.indicator_code or "",
            one.indicator_name or "",
            one.value,
            one.unit or "",
            one.resulted_at and one.resulted_at.isoformat(),
        ]
        for one in dossier.results
        if one.value and _NUMBER.fullmatch(one.value)
    ]
    found: dict[str, Any] = {}
    if values:
        found["values"] = values[:MOST_VALUES]
    if visit.weight_kg is not None:
        found["weight"] = f"{visit.weight_kg:f}"
    return found


def _prescription(dossier: Dossier) -> Built:
    visit = dossier.visit
    if visit is None or not dossier.medicines or (visit.kind or "01") not in OUTPATIENT_KINDS:
        return None
    lines = [
        {
            "name": line.name,
            "strength": line.strength,
            "quantity": None if line.quantity is None else f"{line.quantity.normalize():f}",
            "unit": line.unit,
            "dosage": line.dosage,
            "instructions": line.instructions,
        }
        for line in dossier.medicines
    ]
    ordered = [line.ordered_at for line in dossier.medicines if line.ordered_at]
    return min(ordered, default=None), {**_diagnosis(visit), "lines": lines}


def _referral(dossier: Dossier) -> Built:
    one = dossier.referral
    if one is None:
        return None
    return None, {
        "number": one.number,
        "to_facility": one.to_facility,
        "reason": one.reason,
        "diagnosis_text": one.diagnosis_text,
    }


def _appointment(dossier: Dossier) -> Built:
    one = dossier.appointment
    if one is None:
        return None
    return _midnight(one.appointed_on), {
        "number": one.number,
        "on": _iso(one.appointed_on),
        "diagnosis_text": one.diagnosis_text,
    }


def _health_book(dossier: Dossier) -> Built:
    """What belongs to the person and not to the visit; a weight alone is the visit's own."""
    book = dossier.health_book
    measures = [one for one in (book.measures if book else ()) if one.code != _WEIGHT]
    if book is None or not (book.allergies or book.vaccinations or book.guardian or measures):
        return None
    return None, {
        "allergies": [
            {
                "substance": one.substance or one.substance_code,
                "criticality": one.criticality,
                "status": one.status,
                "reaction": one.reaction,
            }
            for one in book.allergies
        ],
        "vaccinations": [
            {"vaccine": one.vaccine or one.vaccine_code, "dose": one.dose_number, "on": written(one.given_on)}
            for one in book.vaccinations
        ],
        "measures": [
            {"name": one.name or one.code, "value": None if one.value is None else f"{one.value:f}", "unit": one.unit}
            for one in measures
        ],
        "has_guardian": book.guardian is not None,
    }


def _present(*names: str) -> Callable[[Dossier], Built]:
    """A record that is there as soon as any of the dossier's parts is; its content is read from the kept bytes."""

    def build(dossier: Dossier) -> Built:
        parts = [part for part in (getattr(dossier, name) for name in names) if part]
        return (None, {"count": sum(len(part) if isinstance(part, tuple) else 1 for part in parts)}) if parts else None

    return build


_KINDS: tuple[tuple[str, frozenset[str], Callable[[Dossier], Built]], ...] = (
    ("check-in", frozenset({"XML0"}), _check_in),
    ("visit", frozenset({"XML1", "XML2", "XML3", "XML4", "XML5"}), _visit),
    ("prescription", frozenset({"XML1", "XML2"}), _prescription),
    ("referral", frozenset({"XML13"}), _referral),
    ("appointment", frozenset({"XML14"}), _appointment),
    ("discharge", frozenset({"XML7"}), _present("discharge")),
    ("summary", frozenset({"XML8"}), _present("summary")),
    ("birth-certificate", frozenset({"XML9"}), _present("births")),
    ("pregnancy-rest", frozenset({"XML10"}), _present("pregnancy_rest")),
    ("sick-leave", frozenset({"XML11"}), _present("sick_leave")),
    ("assessment", frozenset({"XML12"}), _present("assessments")),
    ("hiv-care", frozenset({"XML6"}), _present("hiv_care")),
    ("tuberculosis-care", frozenset({"XML15"}), _present("tuberculosis")),
    ("health-book", frozenset(), _health_book),
)

RECORD_KINDS = tuple(kind for kind, _, _ in _KINDS)


def _diagnosis(visit: Visit) -> dict[str, Any]:
    return {
        "diagnosis": visit.main_diagnosis,
        "other_diagnoses": list(visit.other_diagnoses),
        "diagnosis_text": visit.discharge_diagnosis_text or visit.admission_diagnosis_text,
    }


def written(day: PartialDate | None) -> str | None:
    """A day of which parts may be unknown, as 2024, 2024-03 or 2024-03-05."""
    if day is None:
        return None
    parts = [f"{day.year:04d}", *(f"{part:02d}" for part in (day.month, day.day) if part)]
    return "-".join(parts)


def _midnight(day: date | None) -> datetime | None:
    return None if day is None else start_of_day(day)


def _iso(day: date | None) -> str | None:
    return None if day is None else day.isoformat()
