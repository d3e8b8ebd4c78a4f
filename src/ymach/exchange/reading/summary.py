"""A person on one screen, made of the records that may be seen: each thing with where and when it was said.

Plain functions over entries. Nothing is concluded that no record says: a problem is a diagnosis that was written, a
medicine is a line that was prescribed, a trend is the numbers as laboratories gave them.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal, InvalidOperation
from uuid import UUID

from ymach.base.clock import vietnam_day
from ymach.base.vietnamese import fold
from ymach.exchange import health_books
from ymach.exchange.health_books import KnownAllergy, Said, current_allergies
from ymach.exchange.reading.entries import Entry

ENDED_LATELY = timedelta(days=7)
"""A medicine that ran out within so many days is still shown: the next prescription may not be written yet."""
WITHOUT_DAYS = timedelta(days=30)
"""How long a prescription counts that does not say for how many days: the longest ordinary one (Circular 26/2025/TT-BYT)."""
RECENT = timedelta(days=730)
"""A diagnosis that was written once is a present problem for so long; one written at two visits stays."""
CHECK_UP = re.compile(r"^Z(0|1[0-3])")
"""ICD-10 Z00 to Z13: examinations and screening are no problems."""
_DAYS = re.compile(r"([0-9]{1,3})\s*ngay\b")


@dataclass(frozen=True, slots=True)
class Place:
    """Where something was said, and in which record."""

    facility_id: UUID
    facility_code: str
    record_id: UUID
    submission_id: UUID
    dossier_code: str

    @classmethod
    def of(cls, entry: Entry) -> Place:
        return cls(entry.facility_id, entry.facility_code, entry.id, entry.submission_id, entry.dossier_code)


@dataclass(frozen=True, slots=True)
class Problem:
    """A diagnosis as ICD-10 code; text: as last written with it as the main one. visits: how many wrote it."""

    code: str
    text: str
    first_at: datetime
    last_at: datetime
    visits: int
    place: Place


@dataclass(frozen=True, slots=True)
class Medicine:
    """One prescribed line. until: the day (Viet Nam) it is enough for, None where the dosage does not say."""

    name: str
    strength: str
    dosage: str
    instructions: str
    quantity: str
    unit: str
    prescribed_at: datetime
    until: date | None
    place: Place


@dataclass(frozen=True, slots=True)
class Point:
    """One numeric result."""

    at: datetime
    value: Decimal
    place: Place


@dataclass(frozen=True, slots=True)
class Series:
    """One indicator over time, oldest first; always in one unit. code: the laboratory's, LOINC or a name of ours."""

    code: str
    name: str
    unit: str
    points: tuple[Point, ...]


@dataclass(frozen=True, slots=True)
class Vaccination:
    """One dose. on: 2024, 2024-03 or 2024-03-05, as far as known."""

    vaccine: str
    dose: int | None
    on: str
    place: Place


@dataclass(frozen=True, slots=True)
class Measure:
    """One measurement of the body as it was written."""

    name: str
    value: str
    unit: str
    at: datetime
    place: Place


@dataclass(frozen=True, slots=True)
class Summary:
    """What is shown of a person. entries: every record that may be seen, the newest first; the rest is made of them.

    withheld: compartments of which something exists that is not shown; the reader is told that, not which.
    is_narrowed: further records exist that the basis does not open.
    """

    entries: tuple[Entry, ...] = ()
    allergies: tuple[KnownAllergy, ...] = ()
    problems: tuple[Problem, ...] = ()
    medicines_now: tuple[Medicine, ...] = ()
    medicines_before: tuple[Medicine, ...] = ()
    visits: tuple[Entry, ...] = ()
    trends: tuple[Series, ...] = ()
    referrals: tuple[Entry, ...] = ()
    appointments: tuple[Entry, ...] = ()
    vaccinations: tuple[Vaccination, ...] = ()
    measures: tuple[Measure, ...] = ()
    withheld: frozenset[str] = field(default_factory=frozenset)
    is_narrowed: bool = False


def summarise(
    entries: Sequence[Entry],
    *,
    today: date,
    withheld: frozenset[str] = frozenset(),
    is_narrowed: bool = False,
) -> Summary:
    """The summary of the entries that may be seen, which are given newest first. today: in Viet Nam."""
    now, before = medicines_of(entries, today=today)
    return Summary(
        entries=tuple(entries),
        allergies=tuple(_allergies(entries)),
        problems=tuple(problems_of(entries, today=today)),
        medicines_now=now,
        medicines_before=before,
        visits=_of_kind(entries, "visit", "check-in"),
        trends=tuple(trends_of(entries)),
        referrals=_of_kind(entries, "referral"),
        appointments=_of_kind(entries, "appointment"),
        vaccinations=tuple(_vaccinations(entries)),
        measures=tuple(_measures(entries)),
        withheld=withheld,
        is_narrowed=is_narrowed,
    )


def problems_of(entries: Iterable[Entry], *, today: date) -> list[Problem]:
    """The diagnoses that count now: written lately, or at more than one visit; those of many visits first."""
    seen: dict[str, list[Entry]] = defaultdict(list)
    for entry in entries:
        if entry.kind == "visit":
            for code in dict.fromkeys(_codes(entry)):
                seen[code].append(entry)
    found = [_problem(code, visits) for code, visits in seen.items() if not CHECK_UP.match(code)]
    since = today - RECENT
    kept = [one for one in found if one.visits > 1 or vietnam_day(one.last_at) >= since]
    return sorted(kept, key=lambda one: (one.visits < 2, -one.last_at.timestamp(), one.code))


def medicines_of(entries: Iterable[Entry], *, today: date) -> tuple[tuple[Medicine, ...], tuple[Medicine, ...]]:
    """What is taken now (not run out, or lately), and what was before; of each medicine its last prescription."""
    latest: dict[tuple[str, str], Medicine] = {}
    for entry in entries:
        if entry.kind == "prescription":
            for line in entry.summary.get("lines", ()):
                one = _medicine(line, entry)
                latest.setdefault((fold(one.name), fold(one.strength)), one)
    ordered = sorted(latest.values(), key=lambda one: (-one.prescribed_at.timestamp(), fold(one.name)))
    now = tuple(one for one in ordered if _is_taken(one, today))
    return now, tuple(one for one in ordered if not _is_taken(one, today))


def days_of(dosage: str) -> int | None:
    """For how many days a dosage is, where it says so (LIEU_DUNG: “1 viên/lần * 2 lần/ngày * 30 ngày”, Decision 4750/QĐ-BYT)."""
    found = _DAYS.findall(fold(dosage))
    return int(found[-1]) if found else None


def trends_of(entries: Iterable[Entry]) -> list[Series]:
    """The numeric results over time, those with most points first. Another unit is another series."""
    points: dict[tuple[str, str], dict[datetime, Point]] = defaultdict(dict)
    heads: dict[tuple[str, str], tuple[str, str, str]] = {}
    for entry in entries:
        for number in _numbers(entry):
            key = (fold(number.code or number.name), fold(number.unit))
            heads.setdefault(key, (number.code, number.name or number.code, number.unit))
            points[key].setdefault(number.at, Point(number.at, number.value, Place.of(entry)))
    found = [Series(*heads[key], tuple(mine[at] for at in sorted(mine))) for key, mine in points.items()]
    return sorted(found, key=lambda one: (-len(one.points), fold(one.name)))


def number_of(text: str | None) -> Decimal | None:
    """A result that is a number, with comma or point; None for words, signs (“>200”) and everything else."""
    try:
        found = Decimal((text or "").strip().replace(",", "."))
    except InvalidOperation:
        return None
    return found if found.is_finite() else None


@dataclass(frozen=True, slots=True)
class _Number:
    code: str
    name: str
    value: Decimal
    unit: str
    at: datetime


def _numbers(entry: Entry) -> Iterator[_Number]:
    """The results of a visit, and its weight; the measures of a health book."""
    for code, name, text, unit, at in entry.summary.get("values", ()):
        value = number_of(text)
        if value is not None:
            yield _Number(code, name, value, unit, datetime.fromisoformat(at) if at else entry.happened_at)
    weight = number_of(entry.summary.get("weight"))
    if weight is not None:
        yield _Number("29463-7", "Cân nặng", weight, "kg", entry.happened_at)
    for one in entry.summary.get("measures", ()):
        value = number_of(one.get("value"))
        if value is not None:
            yield _Number("", one.get("name") or "", value, one.get("unit") or "", entry.happened_at)


def _of_kind(entries: Iterable[Entry], *kinds: str) -> tuple[Entry, ...]:
    return tuple(one for one in entries if one.kind in kinds)


def _allergies(entries: Iterable[Entry]) -> list[KnownAllergy]:
    books = _of_kind(entries, health_books.KIND)
    return current_allergies(Said(one.summary, one.happened_at, one.facility_code) for one in books)


def _codes(entry: Entry) -> list[str]:
    codes = (entry.summary.get("diagnosis"), *(entry.summary.get("other_diagnoses") or ()))
    return [code for code in codes if code]


def _problem(code: str, visits: Sequence[Entry]) -> Problem:
    last, first = visits[0], visits[-1]
    as_main = next((one for one in visits if one.summary.get("diagnosis") == code), None)
    text = (as_main.summary.get("diagnosis_text") or "") if as_main else ""
    return Problem(code, text, first.happened_at, last.happened_at, len(visits), Place.of(last))


def _medicine(line: dict[str, str | None], entry: Entry) -> Medicine:
    dosage = line.get("dosage") or ""
    days = days_of(dosage)
    return Medicine(
        name=line.get("name") or "",
        strength=line.get("strength") or "",
        dosage=dosage,
        instructions=line.get("instructions") or "",
        quantity=line.get("quantity") or "",
        unit=line.get("unit") or "",
        prescribed_at=entry.happened_at,
        until=None if days is None else vietnam_day(entry.happened_at) + timedelta(days=days),
        place=Place.of(entry),
    )


def _is_taken(one: Medicine, today: date) -> bool:
    if one.until is None:
        return vietnam_day(one.prescribed_at) + WITHOUT_DAYS >= today
    return one.until + ENDED_LATELY >= today


def _vaccinations(entries: Iterable[Entry]) -> list[Vaccination]:
    """Each dose once, as last told; the newest first."""
    found: dict[tuple[str, str], Vaccination] = {}
    for entry in _of_kind(entries, health_books.KIND):
        for one in entry.summary.get("vaccinations", ()):
            dose = Vaccination(one.get("vaccine") or "", one.get("dose"), one.get("on") or "", Place.of(entry))
            found.setdefault((fold(dose.vaccine), dose.on or str(dose.dose)), dose)
    return sorted(found.values(), key=lambda one: one.on, reverse=True)


def _measures(entries: Iterable[Entry]) -> list[Measure]:
    """Of each measure the newest."""
    found: dict[str, Measure] = {}
    for entry in _of_kind(entries, health_books.KIND):
        for one in entry.summary.get("measures", ()):
            name = one.get("name") or ""
            said = Measure(name, one.get("value") or "", one.get("unit") or "", entry.happened_at, Place.of(entry))
            found.setdefault(fold(name), said)
    return list(found.values())
