"""The prescriptions of a dossier as they stand on paper: one for each prescriber and kind of medicine. Plain functions.

A prescription of HIV care says nobody's name (Law 64/2006/QH11 art. 30): the year of birth and the sex are what a
pharmacist needs. Of a child under 72 months it says age, weight and who comes along (Circular 26/2025/TT-BYT art. 6).
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import orjson

from ymach.base.clock import vietnam_day
from ymach.base.vietnamese import fold
from ymach.clinical.dossier import Dossier
from ymach.clinical.medication import Medicine
from ymach.clinical.person import PartialDate
from ymach.clinical.prescription_code import by_kind
from ymach.clinical.visit import Visit
from ymach.exchange.records import OUTPATIENT_KINDS, compartment_of

CHILD_MONTHS = 72
"""Under so many months a prescription says more (Circular 26/2025/TT-BYT art. 6)."""

_REPLACES = re.compile(r"thay the don (?:thuoc )?(?:so )?([0-9a-z]{12}-[cnhyt])\b")


@dataclass(frozen=True, slots=True)
class Sheet:
    """One prescription. part: its place in the dossier, from 0. prescriber: licence as written, "" if nobody is named."""

    part: int
    prescriber: str
    kind: str
    medicines: tuple[Medicine, ...]

    @property
    def ordered_at(self) -> datetime | None:
        """When the first of its medicines was ordered."""
        return min((line.ordered_at for line in self.medicines if line.ordered_at), default=None)


def sheets_of(dossier: Dossier) -> list[Sheet]:
    """The prescriptions of a dossier, always in the same order. None where nothing is to be dispensed."""
    if not prescribes(dossier):
        return []
    return [Sheet(part, *one) for part, one in enumerate(_sheets(dossier))]


def prescribes(dossier: Dossier) -> bool:
    """Whether its medicines are a prescription to be dispensed, and not given in a stay."""
    visit = dossier.visit
    return visit is not None and bool(dossier.medicines) and (visit.kind or "01") in OUTPATIENT_KINDS


def body_of(dossier: Dossier, sheet: Sheet, *, issued_at: datetime) -> dict[str, Any]:
    """What stands on a prescription, as JSON: person, diagnoses, advice, lines. Quantities are decimal text."""
    visit = dossier.visit or Visit()
    return {
        "patient": {**person(dossier, visit), **child(dossier, visit, on=vietnam_day(issued_at))},
        "diagnoses": [code for code in (visit.main_diagnosis, *visit.other_diagnoses) if code],
        "diagnosis_text": visit.discharge_diagnosis_text or visit.admission_diagnosis_text or "",
        "advice": visit.advice or "",
        "lines": [_line(number, line) for number, line in enumerate(sheet.medicines, 1)],
    }


def digest_of(sheet: Sheet, body: dict[str, Any], issued_at: datetime) -> str:
    """SHA-256 in hexadecimal: two versions of a dossier with the same one hold the same prescription."""
    said = {"by": sheet.prescriber, "kind": sheet.kind, "at": issued_at, "body": body}
    return hashlib.sha256(orjson.dumps(said, option=orjson.OPT_SORT_KEYS)).hexdigest()


def named_before(dossier: Dossier) -> tuple[str, ...]:
    """The codes of prescriptions that a dossier says it replaces: “Thay thế đơn <code>” in its note (GHI_CHU)."""
    advice = dossier.visit.advice if dossier.visit else None
    return tuple(dict.fromkeys(_REPLACES.findall(fold(advice)))) if advice else ()


def pseudonym(dossier: Dossier) -> str:
    """Eight characters by which the facility finds the dossier again, and nobody else the person."""
    return hashlib.sha256(f"{dossier.facility_code}\n{dossier.code}".encode()).hexdigest()[:8].upper()


def age_in_months(born: PartialDate | None, on: date) -> int | None:
    """Whole months of age on a day; of a birth that is partly known the youngest possible age. None: not known."""
    if born is None:
        return None
    day = born.earliest
    return max((on.year - day.year) * 12 + on.month - day.month - (on.day < day.day), 0)


def person(dossier: Dossier, visit: Visit) -> dict[str, Any]:
    """Who takes the medicines, as far as a pharmacist needs it."""
    born = visit.birth_date
    if compartment_of(dossier):
        name, birth = f"Người bệnh {pseudonym(dossier)}", str(born.year) if born else ""
        return {"name": name, "birth": birth, "sex": visit.sex or "", "is_withheld": True}
    return {"name": visit.full_name or "", "birth": _birth(born), "sex": visit.sex or "", "is_withheld": False}


def child(dossier: Dossier, visit: Visit, *, on: date) -> dict[str, Any]:
    """What is said of a child under 72 months beside; nothing of anybody else."""
    months = age_in_months(visit.birth_date, on)
    if months is None or months >= CHILD_MONTHS:
        return {}
    weight = "" if visit.weight_kg is None else plain(visit.weight_kg)
    guardian = "" if compartment_of(dossier) else _guardian(dossier)
    return {"age_months": months, "weight_kg": weight, "guardian": guardian}


def plain(value: Decimal) -> str:
    """A decimal without zeros at its end and without exponent."""
    return f"{value.normalize():f}"


def _sheets(dossier: Dossier) -> Iterator[tuple[str, str, tuple[Medicine, ...]]]:
    """Prescriber, kind and lines: controlled medicines stand on a paper of their own (Circular 26/2025/TT-BYT)."""
    by_prescriber: dict[str, list[Medicine]] = {}
    for line in dossier.medicines:
        by_prescriber.setdefault(line.prescribers[0] if line.prescribers else "", []).append(line)
    for prescriber, lines in by_prescriber.items():
        for kind, mine in by_kind(lines).items():
            yield prescriber, kind, tuple(mine)


def _line(number: int, line: Medicine) -> dict[str, Any]:
    return {
        "number": number,
        "code": line.registration_number or line.code or "",
        "name": line.name or "",
        "strength": line.strength or "",
        "quantity": "" if line.quantity is None else plain(line.quantity),
        "unit": line.unit or "",
        "dosage": line.dosage or "",
        "instructions": line.instructions or "",
    }


def _birth(born: PartialDate | None) -> str:
    if born is None:
        return ""
    known: Sequence[int | None] = (born.day, born.month)
    return "/".join([*(f"{part:02d}" for part in known if part is not None), str(born.year)])


def _guardian(dossier: Dossier) -> str:
    book = dossier.health_book
    if book is not None and book.guardian is not None and book.guardian.full_name:
        return book.guardian.full_name
    return (dossier.summary.guardian_name if dossier.summary else None) or ""
