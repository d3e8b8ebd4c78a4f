"""A dossier as a clinician reads it: vital signs out of the notes, results by service, what must be seen first.

Reference ranges of vital signs are those that score nothing in NEWS2 (Royal College of Physicians, 2017), for people
of 16 years and over; children get none.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from ymach.base.text import Text
from ymach.clinical.dossier import Dossier
from ymach.clinical.person import PartialDate
from ymach.clinical.result import Result
from ymach.exchange.health_books import KnownAllergy
from ymach.facilities.models import Facility
from ymach.web import formatting
from ymach.web.parts import Alert, Trend

ADULT = 16
# Decision 4750/QĐ-BYT 2023, XML5: CSST<M102_T39_HA130/80_NT26_SP93>
_SIGNS = re.compile(r"\s*CSST\s*<([^>]*)>\s*")
_PARTS = re.compile(r"(HA|NT|SP|M|T|CN|CC)\s*([0-9]+(?:[.,][0-9]+)?)(?:/([0-9]+(?:[.,][0-9]+)?))?")


@dataclass(frozen=True, slots=True)
class Sign:
    """One vital sign: its tag in the notes, words, unit, and the range that scores nothing in NEWS2."""

    tag: str
    name: Text
    unit: Text
    low: float | None
    high: float | None
    grave_low: float | None
    grave_high: float | None


_A_MINUTE, _DEGREES, _PERCENT = Text("lần/phút", "/min"), Text("°C", "°C"), Text("%", "%")
SIGNS = (
    Sign("M", Text("Mạch", "Pulse"), _A_MINUTE, 51, 90, 40, 131),
    Sign("T", Text("Nhiệt độ", "Temperature"), _DEGREES, 36.1, 38.0, 35.0, None),
    Sign("HA", Text("Huyết áp tâm thu", "Systolic pressure"), Text("mmHg", "mmHg"), 111, 219, 90, 220),
    Sign("NT", Text("Nhịp thở", "Respiration"), _A_MINUTE, 12, 20, 8, 25),
    Sign("SP", Text("SpO₂", "SpO₂"), _PERCENT, 96, None, 91, None),
)


@dataclass(frozen=True, slots=True)
class Reading:
    """The vital signs of one note; `lower` is the diastolic pressure."""

    at: datetime | None
    values: dict[str, float]
    lower: float | None = None


@dataclass(frozen=True, slots=True)
class ResultGroup:
    """The results of one service."""

    name: str
    results: tuple[Result, ...]


def split_signs(text: str | None, at: datetime | None) -> tuple[str, Reading | None]:
    """The note without its `CSST<…>`, and what stood in it."""
    found = _SIGNS.search(text or "")
    if not found:
        return (text or "").strip(), None
    values: dict[str, float] = {}
    lower = None
    for tag, first, second in _PARTS.findall(found[1]):
        values[tag] = _number(first)
        lower = _number(second) if second else lower
    return _SIGNS.sub(" ", text or "").strip(), Reading(at, values, lower) if values else None


def readings(dossier: Dossier) -> list[Reading]:
    """Every reading of the dossier, oldest first."""
    found = [split_signs(note.course, note.noted_at)[1] for note in dossier.notes]
    return sorted((one for one in found if one), key=lambda one: one.at.timestamp() if one.at else 0)


def trends(dossier: Dossier, language: str) -> list[Trend]:
    """The vital signs over the stay, with the adult range where the person is an adult."""
    taken, is_adult = readings(dossier), _age_at_visit(dossier) >= ADULT
    found = []
    for sign in SIGNS:
        values = [one.values[sign.tag] for one in taken if sign.tag in one.values]
        if values:
            found.append(_trend(sign, values, taken, is_adult, language))
    return found


def alerts(dossier: Dossier, compartment: str = "") -> list[Alert]:
    """What must be seen first: grave vital signs, a restricted compartment, and what is not known."""
    found = [*_grave_signs(dossier)]
    if compartment:
        title = Text("Hồ sơ thuộc ngăn dữ liệu hạn chế", "This dossier is in a restricted compartment")
        found.append(Alert("note", "lock", title, Text("Chỉ dùng cho việc điều trị này.", "For this treatment only.")))
    return [*_allergies(dossier), *found, *_nothing_said(dossier)]


def known_allergies(known: Iterable[KnownAllergy]) -> list[Alert]:
    """What other dossiers of the person say of allergies, the grave ones first, and which facility wrote it (one statement)."""
    found, known = [], list(known)
    codes = {one.facility_code for one in known}
    names = dict(Facility.objects.filter(code__in=codes).values_list("code", "name")) if codes else {}
    for one in known:
        place, day = names.get(one.facility_code, one.facility_code), formatting.day(one.said_at)
        before = f"{one.reaction} · " if one.reaction else ""
        note = Text(f"{before}{place} ghi {day}", f"{before}said by {place}, {day}")
        found.append(_allergy_alert(one.substance, note, is_grave=one.is_grave))
    return found


def _allergies(dossier: Dossier) -> Iterable[Alert]:
    book = dossier.health_book
    active = [one for one in (book.allergies if book else ()) if one.status not in {"inactive", "resolved"}]
    for one in sorted(active, key=lambda one: one.criticality != "high"):
        note = " · ".join(part for part in (one.reaction, born(one.since) if one.since else "") if part)
        is_grave = one.criticality == "high"
        yield _allergy_alert(one.substance or one.substance_code or formatting.EMPTY, note, is_grave=is_grave)


def _allergy_alert(substance: str, note: Text | str, *, is_grave: bool) -> Alert:
    vi = f"Dị ứng NẶNG: {substance}" if is_grave else f"Dị ứng: {substance}"
    en = f"SEVERE allergy: {substance}" if is_grave else f"Allergy: {substance}"
    return Alert("bad" if is_grave else "note", "stuck" if is_grave else "pill", Text(vi, en), note)


def _nothing_said(dossier: Dossier) -> Iterable[Alert]:
    if dossier.health_book is not None and dossier.health_book.allergies:
        return
    title = Text("Dị ứng: hồ sơ này không nói gì", "Allergies: this dossier says nothing")
    ask = Text("Hỏi người bệnh.", "Ask the patient.")
    no_field = Text(
        "Bộ bảng XML 130 không có ô dị ứng. Hỏi người bệnh.",
        "The XML 130 tables have no field for it. Ask the patient.",
    )
    yield Alert("note", "pill", title, no_field if dossier.health_book is None else ask)


def result_groups(dossier: Dossier) -> list[ResultGroup]:
    """Results under the service that gave them, in the order of the dossier."""
    names = {service.code: service.name for service in dossier.services if service.code}
    groups: dict[str, list[Result]] = {}
    for result in dossier.results:
        groups.setdefault(result.service_code or "", []).append(result)
    return [ResultGroup(names.get(code) or code or formatting.EMPTY, tuple(some)) for code, some in groups.items()]


def born(birth: PartialDate | None) -> str:
    """A birth date with only the parts that are known: 1985, 03/1985, 12/03/1985."""
    return formatting.partial_day(birth.year, birth.month, birth.day) if birth else formatting.EMPTY


def age(birth: PartialDate | None, on: date) -> int | None:
    """Whole years on the day `on`; the first possible day counts where parts are unknown."""
    if birth is None:
        return None
    day = birth.earliest
    return on.year - day.year - ((on.month, on.day) < (day.month, day.day))


def _age_at_visit(dossier: Dossier) -> int:
    visit = dossier.visit
    if visit is None or visit.started_at is None:
        return 0
    return age(visit.birth_date, visit.started_at.date()) or 0


def _trend(sign: Sign, values: Sequence[float], taken: Sequence[Reading], is_adult: bool, language: str) -> Trend:
    last, before = values[-1], values[-2] if len(values) > 1 else values[-1]
    shown = formatting.number(last, language, 0 if last == int(last) else 1)
    if sign.tag == "HA" and taken[-1].lower:
        shown = f"{shown}/{formatting.number(taken[-1].lower, language, 0)}"
    low, high = (sign.low, sign.high) if is_adult else (None, None)
    at = taken[-1].at
    return Trend(
        name=sign.name,
        unit=sign.unit,
        values=values,
        low=low,
        high=high,
        shown=shown,
        tone=_tone(sign, last) if is_adult else "",
        way="up" if last > before else "fall" if last < before else "flat",
        words=_words(last, low, high),
        note=formatting.moment(at) if at else "",
    )


def _tone(sign: Sign, value: float) -> str:
    too_low = sign.grave_low is not None and value <= sign.grave_low
    too_high = sign.grave_high is not None and value >= sign.grave_high
    if too_low or too_high:
        return "bad"
    below = sign.low is not None and value < sign.low
    return "note" if below or (sign.high is not None and value > sign.high) else ""


def _words(value: float, low: float | None, high: float | None) -> Text:
    if low is not None and value < low:
        return Text("thấp", "low")
    if high is not None and value > high:
        return Text("cao", "high")
    return Text("trong khoảng", "in range") if low is not None or high is not None else Text("", "")


def _grave_signs(dossier: Dossier) -> Iterable[Alert]:
    if _age_at_visit(dossier) < ADULT:
        return
    for sign in SIGNS:
        grave = [(one, one.values[sign.tag]) for one in readings(dossier) if sign.tag in one.values]
        grave = [(one, value) for one, value in grave if _tone(sign, value) == "bad"]
        if grave:
            one, value = grave[-1]
            vi, en = (
                f"{formatting.number(value, to, 0 if value == int(value) else 1)}{formatting.NO_BREAK}{sign.unit.to(to)}"
                for to in ("vi", "en")
            )
            words = Text(f"{sign.name.vi} {vi}", f"{sign.name.en} {en}")
            yield Alert("bad", "stuck", words, formatting.moment(one.at))


def _number(text: str) -> float:
    return float(text.replace(",", "."))
