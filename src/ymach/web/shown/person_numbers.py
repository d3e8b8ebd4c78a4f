"""A person's numbers, links and decisions as a desk and a department read them.

Where somebody was treated is for departments to see: a facility is told of its own alone.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from uuid import UUID

from ymach.base.actors import SYSTEM
from ymach.base.clock import vietnam_day
from ymach.base.masking import mask
from ymach.base.text import Text
from ymach.citizens.identifiers import Decision, Number
from ymach.citizens.links.evidence import WORDS as EVIDENCE_WORDS
from ymach.citizens.links.evidence import Kind as Evidence
from ymach.citizens.links.levels import Level
from ymach.citizens.links.queries import LinkStory, history_of, identities_of, levels_of
from ymach.citizens.models import Citizen, IdentifierKind
from ymach.facilities.queries import names_of
from ymach.places.queries import province
from ymach.web import formatting
from ymach.web.parts import Fact, Hop, Words
from ymach.web.shown.assurance import Assured, assured
from ymach.web.shown.people import Person, people
from ymach.web.words import SEX_WORDS

KINDS: Mapping[IdentifierKind, Text] = {
    IdentifierKind.PERSONAL_NUMBER: Text("Số định danh cá nhân", "Personal number"),
    IdentifierKind.OLD_NUMBER: Text("Số chứng minh cũ (9 số)", "Old identity card (9 digits)"),
    IdentifierKind.INSURANCE_NUMBER: Text("Số bảo hiểm y tế", "Insurance number"),
    IdentifierKind.PASSPORT: Text("Hộ chiếu", "Passport"),
    IdentifierKind.PROVISIONAL: Text("Mã vòng tay", "Wristband code"),
    IdentifierKind.HEALTH_BOOK: Text("Mã sổ sức khỏe", "Health book code"),
    IdentifierKind.FACILITY_PATIENT: Text("Mã người bệnh của cơ sở", "A facility's own number"),
}
_ORDER = list(KINDS)
PAPERS = (
    *(Evidence.CITIZEN_CARD, Evidence.POPULATION_DATABASE, Evidence.INSURANCE_CARD, Evidence.BIRTH_CERTIFICATE),
    *(Evidence.PASSPORT, Evidence.BIOMETRIC_REPORT),
)
"""What shows that a number is somebody's."""
CHANGED = frozenset(
    {
        *(IdentifierKind.PERSONAL_NUMBER, IdentifierKind.OLD_NUMBER, IdentifierKind.INSURANCE_NUMBER),
        IdentifierKind.PASSPORT,
    }
)
"""What a desk adds and ends; a wristband is linked, a facility's own number comes with its dossiers."""
ELSEWHERE = Text("một cơ sở khác", "another facility")
DEPARTMENT = Text("Sở Y tế", "A department of health")
BY_DECISION = Text("quyết định của Sở Y tế", "a decision of the department")
MACHINE = Text("máy so khớp", "automatic matching")
HIDDEN = Text("không hiện số", "number not shown")
PAPER_CHOICES = [("", Text("Chọn giấy tờ", "Choose the paper")), *((one.value, EVIDENCE_WORDS[one]) for one in PAPERS)]

Handle = Callable[[UUID], str]


@dataclass(frozen=True, slots=True)
class Line:
    """One number. value: masked; told: since or until when, by whom and on which paper; token: for the form's acts."""

    words: Text
    value: Words
    told: Text
    why: str = ""
    token: str = ""
    is_here: bool = False


@dataclass(frozen=True, slots=True)
class Other:
    """Another identity of the same person. handle: of its own page."""

    person: Person
    level: Assured
    handle: str


@dataclass(frozen=True, slots=True)
class Places:
    """Whom the page names: a department everybody, a facility itself alone (own: its id)."""

    own: UUID | None
    names: Mapping[UUID, str] = field(default_factory=dict)

    @classmethod
    def of(cls, own: UUID | None, ids: Iterable[UUID | None]) -> Places:
        return cls(own, names_of({one for one in ids if one and own in {None, one}}))

    def sees(self, facility_id: UUID | None) -> bool:
        return self.own is None or self.own == facility_id

    def word(self, facility_id: UUID) -> Words:
        return self.names.get(facility_id, ELSEWHERE)


def listed(numbers: Iterable[Number], own: UUID | None) -> list[Number]:
    """The numbers a reader is told of, by kind: a facility's own numbers of a patient would tell where they were treated."""
    local = IdentifierKind.FACILITY_PATIENT
    told = [one for one in numbers if own is None or one.kind is not local or facility_of(one) == own]
    return sorted(told, key=lambda one: _ORDER.index(one.kind))


def facility_of(number: Number) -> UUID | None:
    """Who stated a number, where a facility did."""
    word, _, key = number.source.partition(":")
    return UUID(key) if word == "facility" else None


def line_of(number: Number, places: Places, *, token: str = "", is_here: bool = False) -> Line:
    """A number as the page shows it."""
    day = formatting.day
    since = Text(f"từ {day(number.since)}", f"since {day(number.since)}")
    until = Text(f"đến {day(number.until)}", f"until {day(number.until)}") if number.until else None
    source = _source(number, places)
    by = Text(f"ghi bởi {_vi(source)}", f"stated by {_en(source)}") if source else None
    paper = EVIDENCE_WORDS[number.evidence] if number.evidence else None
    return Line(
        words=KINDS[number.kind],
        value=mask(number.value) if number.value else HIDDEN,
        told=_joined(since, until, by, paper),
        why=number.ended_reason,
        token=token,
        is_here=is_here,
    )


def facts_of(person: Citizen) -> list[Fact]:
    """Birth and sex, as far as known."""
    born = formatting.partial_day(person.birth_year, person.birth_month, person.birth_day)
    return [
        Fact(Text("Ngày sinh", "Born"), born),
        Fact(Text("Giới tính", "Sex"), SEX_WORDS.get(person.sex or "") or formatting.EMPTY),
    ]


def others_of(citizen_id: UUID, handle: Handle) -> list[Other]:
    """The identities that are the same person by links that hold."""
    ids = [one for one in identities_of([citizen_id]) if one != citizen_id]
    levels, known = levels_of(ids), people(ids)
    return [Other(known[one], assured(levels.get(one, Level.PROVISIONAL)), handle(one)) for one in ids if one in known]


def links_of(citizen_id: UUID, own: UUID | None, pairs: Mapping[UUID, str]) -> list[Hop]:
    """What this identity was linked with and taken apart from, the newest first. pairs: addresses by the other's id."""
    stories = history_of([citizen_id])
    places = Places.of(own, (one.facility_id for one in stories))
    sides = [one.to_citizen_id if one.citizen_id == citizen_id else one.citizen_id for one in stories]
    known = people(sides)
    return [
        _link(one, known[other].name if other in known else formatting.EMPTY, places, pairs.get(other, ""))
        for one, other in zip(stories, sides, strict=True)
    ]


def decided(citizen_id: UUID, decisions: Sequence[Decision], handle: Handle | None) -> list[Hop]:
    """What was decided about the person's numbers. handle: for readers who may know the other person."""
    sides = {side for one in decisions for side in (one.citizen_id, one.to_citizen_id) if side and side != citizen_id}
    known = people(sides) if handle else {}
    hops = []
    for one in decisions:
        other = one.to_citizen_id if one.citizen_id == citizen_id else one.citizen_id
        name = known[other].name if other in known else ""
        title = _decided(one, citizen_id, name, number_words(one.kind, one.value))
        href = handle(other) if handle and other and other != citizen_id else ""
        tone, icon = ("note", "match") if one.to_citizen_id else ("", "close")
        hops.append(Hop(icon, title, one.decided_by_label, tone, at=one.decided_at, href=href, also=[one.reason]))
    return hops


def number_words(kind: IdentifierKind, value: str) -> Text:
    """A number with its kind in a sentence, masked: “số định danh cá nhân 001•••••2345”."""
    words = KINDS[kind]
    return Text(f"{_lower(words.vi)} {mask(value)}".strip(), f"{_lower(words.en)} {mask(value)}".strip())


def _decided(one: Decision, citizen_id: UUID, name: str, number: Text) -> Text:
    if one.to_citizen_id is None:
        return Text(f"Hết hiệu lực: {number.vi}", f"Ended: {number.en}")
    if one.citizen_id == citizen_id:
        said = Text(name or "người khác", name or "another person")
        return Text(f"Chuyển cho {said.vi}: {number.vi}", f"Moved to {said.en}: {number.en}")
    said = Text(name or "một người khác", name or "another person")
    return Text(f"Nhận từ {said.vi}: {number.vi}", f"Moved here from {said.en}: {number.en}")


def _link(story: LinkStory, name: str, places: Places, href: str) -> Hop:
    by: Words = DEPARTMENT
    if story.facility_id is not None:
        by = places.word(story.facility_id)
    elif story.by == str(SYSTEM):
        by = MACHINE
    note = Text(_vi(by), _en(by))
    also: list[Words] = [EVIDENCE_WORDS[story.evidence]]
    if places.sees(story.facility_id):
        also += [one for one in (story.reference, story.reason) if one]
    if story.undone_at is None:
        return Hop(
            "match", Text(f"Nối với {name}", f"Linked with {name}"), note, "good", story.since, href=href, also=also
        )
    day = formatting.day(story.undone_at)
    why = f": {story.undone_why}" if story.undone_why and places.sees(story.facility_id) else ""
    also.append(Text(f"gỡ ngày {day}{why}", f"taken apart on {day}{why}"))
    return Hop(
        "close", Text(f"Đã gỡ khỏi {name}", f"Taken apart from {name}"), note, "", story.since, href=href, also=also
    )


def _source(number: Number, places: Places) -> Words:
    word, _, key = number.source.partition(":")
    if word == "facility":
        return places.word(UUID(key))
    if word == "department":
        unit = province(key, vietnam_day(number.since))
        return Text(f"Sở Y tế {unit.name('vi')}", f"the department of {unit.name('en')}") if unit else DEPARTMENT
    return BY_DECISION if word == "decision" else ""


def _joined(*parts: Text | None) -> Text:
    some = [one for one in parts if one]
    return Text(" · ".join(one.vi for one in some), " · ".join(one.en for one in some))


def _vi(words: Words) -> str:
    return words.vi if isinstance(words, Text) else words


def _en(words: Words) -> str:
    return words.en if isinstance(words, Text) else words


def _lower(text: str) -> str:
    return text[:1].lower() + text[1:]
