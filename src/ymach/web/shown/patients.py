"""A patient on one screen: from the summary that the gate of reading gives to what the components take."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from django.urls import reverse

from ymach.base.clock import vietnam_day
from ymach.base.masking import mask
from ymach.base.text import Text
from ymach.base.vietnamese import fold
from ymach.catalogues.models import Entry as CatalogueEntry
from ymach.citizens.links.levels import WORDS, Level, surest
from ymach.citizens.links.queries import levels_of
from ymach.citizens.models import Citizen, IdentifierKind
from ymach.citizens.queries import numbers_of
from ymach.clinical.dosages import plain_dosage
from ymach.clinical.person import PartialDate
from ymach.consent.rules import Basis, Decision
from ymach.exchange.reading.emergencies import of_citizens
from ymach.exchange.reading.entries import Entry
from ymach.exchange.reading.gate import Opened
from ymach.exchange.reading.summary import Medicine, Problem, Series, Summary
from ymach.web import formatting
from ymach.web.parts import Alert, Fact, Hop, Trend, Words
from ymach.web.shown import clinical
from ymach.web.sources import source_words
from ymach.web.words import SEX_WORDS, record_words

SHOWN_TRENDS, SHOWN_PROBLEMS, SHOWN_VISITS, SHOWN_MOVES = 12, 10, 6, 6
FIRST = ("hba1c", "glucose", "egfr", "creatinin", "k+", "na+", "hgb", "ldl-c", "can nang", "ure", "ast", "alt")
"""What is looked at first, of results with more than one value; then those with most values."""
STEADY = Decimal("0.02")
"""A change under two hundredths of the value before is none."""
NO_ALLERGY = Alert(
    "note",
    "pill",
    Text("Dị ứng: chưa có hồ sơ nào nói tới", "Allergies: no record says anything"),
    Text("Hỏi người bệnh.", "Ask the patient."),
)


@dataclass(frozen=True, slots=True)
class Head:
    """Who it is: name, sex, birth, age, numbers with the middle hidden, and how sure that is."""

    name: str
    sex: Text | str
    born: str
    age: int | None
    number: str
    insurance: str
    level: Text
    is_sure: bool


@dataclass(frozen=True, slots=True)
class RecordLine:
    """One record in the list of everything."""

    entry: Entry
    kind: Text
    text: str
    place: str
    href: str


@dataclass(frozen=True, slots=True)
class MedicineLine:
    """One medicine. until: the day it is enough for; is_over: that day has passed."""

    medicine: Medicine
    how: Words
    until: date | None
    is_over: bool
    place: str


def head_of(citizen_ids: Iterable[UUID], first: UUID, *, on: date) -> Head:
    """The person behind these identities; `first` names them. on: today in Viet Nam."""
    ids = list(citizen_ids)
    people = {one.citizen_id: one for one in Citizen.objects.filter(pk__in=ids)}
    person = people.get(first) or next(iter(people.values()))
    level = surest(levels_of(ids).values()) if ids else Level.PROVISIONAL
    birth = _birth(person)
    return Head(
        name=person.full_name or formatting.EMPTY,
        sex=SEX_WORDS.get(person.sex or "", ""),
        born=clinical.born(birth),
        age=clinical.age(birth, on),
        number=_masked(ids, IdentifierKind.PERSONAL_NUMBER),
        insurance=_masked(ids, IdentifierKind.INSURANCE_NUMBER),
        level=WORDS[level],
        is_sure=level in {Level.CARD_READ, Level.VERIFIED},
    )


def basis_of(opened: Opened, names: Mapping[UUID, str]) -> Text:
    """On which ground the reader sees this, in a sentence."""
    decision = opened.decision
    if decision.basis is Basis.REFERRAL:
        who = ", ".join(names.get(one, "") for one in decision.facilities or ())
        return Text(f"Bạn đang xem theo: giấy chuyển cơ sở của {who}.", f"You are reading under: a referral by {who}.")
    return _BASES.get(decision.basis or Basis.LAW, _BASES[Basis.LAW])


def emergency_of(opened: Opened) -> Text | str:
    """Until when an emergency keeps these records open and who looks at it again; "" where none opened them."""
    references = {one.reference for one in opened.decision.openings if one.basis is Basis.EMERGENCY}
    if not references:
        return ""
    one = next(one for one in of_citizens(opened.citizen_ids) if f"emergency:{one.id}" in references)
    until, due = formatting.moment(one.ends_at), formatting.moment(one.review_due_at)
    closes = Text(f"Mở khẩn cấp tới {until}, sau đó hồ sơ tự đóng.", f"Open until {until}; then it closes by itself.")
    if one.reviewed_at is not None:
        who, when = one.reviewer_label, formatting.moment(one.reviewed_at)
        return Text(f"{closes.vi} {who} đã xem lại lúc {when}.", f"{closes.en} {who} reviewed it at {when}.")
    return Text(
        f"{closes.vi} Trước {due}, một người khác ở cơ sở bạn, Sở Y tế hoặc bên kiểm tra sẽ xem lại.",
        f"{closes.en} By {due} somebody else of your facility, the department or an auditor reviews it.",
    )


_BASES = {
    Basis.CONSENT: Text("Bạn đang xem theo: đồng ý của người bệnh.", "You are reading under: the patient's consent."),
    Basis.EMERGENCY: Text(
        "Bạn đang xem theo: mở khẩn cấp. Người bệnh đã được báo.",
        "You are reading under: an emergency access. The patient was told.",
    ),
    Basis.OWN_RECORD: Text(
        "Bạn đang xem theo: hồ sơ do chính cơ sở bạn lập.", "You are reading under: records your own facility made."
    ),
    Basis.LAW: Text("Bạn đang xem theo: quy định của luật.", "You are reading under: the law."),
    Basis.SELF: Text("Hồ sơ của chính bạn.", "Your own records."),
    Basis.PROXY: Text("Bạn xem thay người mà bạn đại diện.", "You read for somebody you act for."),
}


def law_of(decision: Decision) -> Text:
    """The article, and that the reading is written down."""
    law = source_words(decision.law)
    return Text(
        f"Căn cứ: {law.vi}. Lần xem này được ghi vào nhật ký; người bệnh xem được.",
        f"Basis: {law.en}. This reading is in the journal; the patient can see it.",
    )


def alerts(summary: Summary) -> list[Alert]:
    """Allergies first; where nobody says anything of them, that."""
    return clinical.known_allergies(summary.allergies) or [NO_ALLERGY]


def problems(summary: Summary, *, on: date) -> list[dict[str, object]]:
    """Diagnoses with the words of the catalogue. on: today in Viet Nam."""
    shown = summary.problems[:SHOWN_PROBLEMS]
    words = _diagnoses([one.code for one in shown], on)
    return [{"code": one.code, "name": _name_of(one, words), "note": _since(one)} for one in shown]


def trends(summary: Summary, language: str) -> list[Trend]:
    """The results over time, those first that say most of how somebody fares."""
    return [_trend(one, language) for one in sorted(summary.trends, key=_place_of)[:SHOWN_TRENDS]]


def medicines(lines: Iterable[Medicine], names: Mapping[UUID, str], *, on: date) -> list[MedicineLine]:
    return [
        MedicineLine(
            one,
            plain_dosage(one.dosage),
            one.until,
            one.until is not None and one.until < on,
            names.get(one.place.facility_id, one.place.facility_code),
        )
        for one in lines
    ]


def visits(summary: Summary, names: Mapping[UUID, str], handle: str) -> list[Hop]:
    """The last visits as a line."""
    hops = []
    for one in [one for one in summary.visits if one.kind == "visit"][:SHOWN_VISITS]:
        stay = one.ended_at is not None and vietnam_day(one.ended_at) > vietnam_day(one.happened_at)
        said = text_of(one)
        hops.append(
            Hop(
                "bed" if stay else "person",
                names.get(one.facility_id, one.facility_code),
                said,
                day=vietnam_day(one.happened_at),
                href=href_of(one, handle),
            )
        )
    return hops


def moves(summary: Summary, names: Mapping[UUID, str], handle: str, *, on: date) -> list[dict[str, object]]:
    """Referrals and appointments, the newest first; an appointment that is still to come says so."""
    found = sorted([*summary.referrals, *summary.appointments], key=lambda one: one.happened_at, reverse=True)
    return [
        {
            "title": record_words(one.kind),
            "day": vietnam_day(one.happened_at),
            "text": text_of(one),
            "place": names.get(one.facility_id, one.facility_code),
            "to": one.summary.get("to_facility") or "",
            "is_to_come": one.kind == "appointment" and vietnam_day(one.happened_at) >= on,
            "href": href_of(one, handle),
        }
        for one in found[:SHOWN_MOVES]
    ]


def book(summary: Summary) -> list[Fact]:
    """Vaccinations and measures."""
    doses = [
        Fact(
            one.vaccine, formatting.partial_iso(one.on), Text(f"mũi {one.dose}", f"dose {one.dose}") if one.dose else ""
        )
        for one in summary.vaccinations
    ]
    measures = [
        Fact(one.name, f"{one.value} {one.unit}".strip(), formatting.day(vietnam_day(one.at)))
        for one in summary.measures
    ]
    return [*measures, *doses]


def record_lines(entries: Sequence[Entry], names: Mapping[UUID, str], handle: str) -> list[RecordLine]:
    return [
        RecordLine(
            one,
            record_words(one.kind),
            text_of(one),
            names.get(one.facility_id, one.facility_code),
            href_of(one, handle),
        )
        for one in entries
    ]


def text_of(entry: Entry) -> str:
    """What a record says, in a line."""
    summary = entry.summary
    names = [
        *(line.get("name") or "" for line in summary.get("lines", ())),
        *(one.get("substance") or "" for one in summary.get("allergies", ())),
        *(one.get("vaccine") or "" for one in summary.get("vaccinations", ())),
        *(one.get("name") or "" for one in summary.get("measures", ())),
    ]
    said = summary.get("diagnosis_text") or summary.get("reason") or summary.get("service") or ""
    return "; ".join(filter(None, names)) or said


def matches(entry: Entry, words: str, place: str) -> bool:
    """Whether a record holds all the words, tone marks aside. place: the name of its facility."""
    held = fold(f"{text_of(entry)} {entry.summary.get('diagnosis') or ''} {entry.dossier_code} {place}")
    return all(word in held for word in fold(words).split())


def href_of(entry: Entry, handle: str) -> str:
    return reverse("patient-record", args=[handle, entry.id])


def result_rows(summary: Summary, names: Mapping[UUID, str]) -> Iterable[tuple[str, Decimal, str, datetime, str]]:
    """Every number of every series, for a file."""
    for one in summary.trends:
        for point in reversed(one.points):
            place = names.get(point.place.facility_id, point.place.facility_code)
            yield one.name, point.value, one.unit, point.at, place


def _diagnoses(codes: Sequence[str], on: date) -> dict[str, Text]:
    """The words of ICD-10 codes in the release in force, in one statement."""
    rows = CatalogueEntry.objects.filter(release__catalogue_id="icd10", release__valid__contains=on, code__in=codes)
    return {one.code: Text(one.name_vi, one.name_en or one.name_vi) for one in rows}


def _birth(person: Citizen) -> PartialDate | None:
    if not person.birth_year:
        return None
    return PartialDate(person.birth_year, person.birth_month, person.birth_day if person.birth_month else None)


def _masked(ids: list[UUID], kind: IdentifierKind) -> str:
    found = [number for numbers in numbers_of(ids, kind).values() for number in numbers]
    return mask(found[0]) if found else ""


def _name_of(one: Problem, words: Mapping[str, Text]) -> Text:
    return words.get(one.code) or Text(one.text or one.code, one.text or one.code)


def _since(one: Problem) -> Text:
    last = formatting.day(vietnam_day(one.last_at))
    if one.visits < 2:
        return Text(f"ghi {last}", f"written {last}")
    first = vietnam_day(one.first_at).year
    return Text(
        f"từ {first} · {one.visits} lượt khám · lần cuối {last}", f"since {first} · {one.visits} visits · last {last}"
    )


def _trend(one: Series, language: str) -> Trend:
    last, before = one.points[-1], one.points[-2] if len(one.points) > 1 else None
    places = max(-int(last.value.normalize().as_tuple().exponent), 0)
    way, words = _way(last.value, before.value if before else None)
    day = formatting.day(vietnam_day(last.at))
    return Trend(
        name=one.name,
        unit=one.unit,
        values=[float(point.value) for point in one.points],
        shown=formatting.number(last.value, language, min(places, 3)),
        way=way,
        words=words,
        note=Text(f"{day} · {len(one.points)} lần đo", f"{day} · {len(one.points)} values"),
    )


def _place_of(one: Series) -> tuple[bool, int]:
    """Those with a single value last; among the others the known names in their order, the rest as they come."""
    name = fold(one.name)
    return len(one.points) < 2, FIRST.index(name) if name in FIRST else len(FIRST)


def _way(last: Decimal, before: Decimal | None) -> tuple[str, Text]:
    if before is None:
        return "flat", Text("một lần đo", "one value")
    if abs(last - before) <= abs(before) * STEADY:
        return "flat", Text("như lần trước", "as before")
    return ("up", Text("tăng", "up")) if last > before else ("fall", Text("giảm", "down"))
