"""Probable pairs as those who decide on them see them: what both sides state, how far it agrees, what each holds."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.urls import reverse

from ymach.base.masking import mask
from ymach.base.text import Text
from ymach.citizens.links.levels import WORDS, Level
from ymach.citizens.matching.models import Pair, State
from ymach.citizens.matching.profile import Profile
from ymach.citizens.matching.vetoes import TEXTS
from ymach.citizens.models import Citizen
from ymach.exchange.holdings import Holding
from ymach.places.queries import commune, province, provinces
from ymach.web import formatting
from ymach.web.parts import Words
from ymach.web.templatetags.ymach import language
from ymach.web.words import SEX_WORDS

FIELDS: Mapping[str, Text] = {
    "name": Text("Họ và tên", "Name"),
    "birth": Text("Ngày sinh", "Born"),
    "sex": Text("Giới tính", "Sex"),
    "number": Text("Số định danh", "Personal number"),
    "insurance": Text("Số bảo hiểm y tế", "Insurance number"),
    "phone": Text("Điện thoại", "Telephone"),
    "guardian": Text("Cha, mẹ, người giám hộ", "Parent or guardian"),
    "place": Text("Nơi ở", "Place"),
    "facility": Text("Nơi ghi", "Stated by"),
}
LEVELS: Mapping[tuple[str, str], Text] = {
    ("name", "exact"): Text("khớp cả dấu", "the same, with marks"),
    ("name", "folded"): Text("khớp khi bỏ dấu", "the same without marks"),
    ("name", "moved"): Text("cùng các chữ, khác thứ tự", "the same words in another order"),
    ("name", "typo"): Text("lệch một chữ cái", "one letter differs"),
    ("name", "shortened"): Text("một bên thiếu chữ đệm", "one side lacks a middle name"),
    ("name", "ends"): Text("cùng họ và tên gọi, khác đệm", "the same first and last word"),
    ("name", "given"): Text("chỉ cùng tên gọi", "only the given name"),
    ("name", "different"): Text("tên gọi khác nhau", "another given name"),
    ("birth", "exact"): Text("khớp cả ngày", "the same day"),
    ("birth", "new-year"): Text("cùng ghi ngày 01/01", "both written as 1 January"),
    ("birth", "swapped"): Text("ngày và tháng đổi chỗ", "day and month change places"),
    ("birth", "digit"): Text("lệch một chữ số", "one digit differs"),
    ("birth", "year"): Text("cùng năm, một bên chỉ biết năm", "the same year, no more is known of one"),
    ("birth", "same-year"): Text("cùng năm, khác ngày", "the same year, another day"),
    ("birth", "different"): Text("khác năm", "another year"),
    ("number", "exact"): Text("cùng một số", "the same number"),
    ("number", "digit"): Text("lệch một chữ số", "one digit differs"),
    ("number", "swapped"): Text("hai chữ số cạnh nhau đổi chỗ", "two neighbouring digits change places"),
    ("number", "different"): Text("hai số khác hẳn", "two quite different numbers"),
    ("place", "commune"): Text("cùng xã, phường", "the same commune"),
    ("place", "province"): Text("cùng tỉnh", "the same province"),
    ("place", "different"): Text("khác tỉnh", "another province"),
    ("guardian", "same"): Text("cùng người", "the same person"),
    ("guardian", "different"): Text("khác người", "another person"),
    ("facility", "same"): Text("cùng cơ sở", "the same facility"),
    ("facility", "different"): Text("khác cơ sở", "another facility"),
}
PLAIN: Mapping[str, Text] = {
    "same": Text("khớp", "the same"),
    "different": Text("khác", "different"),
    "unknown": Text("chưa đủ để so", "not stated by both"),
}
STATES: Mapping[str, tuple[str, Text]] = {
    State.OPEN: ("held", Text("Chờ quyết định", "To decide")),
    State.LINKED: ("accepted", Text("Máy đã nối", "Linked automatically")),
    State.SAME: ("accepted", Text("Một người", "One person")),
    State.DIFFERENT: ("rejected", Text("Hai người", "Two persons")),
}
HIDDEN = Text("có, không hiện", "stated, not shown")
_MOST_BITS = 25.0
"""Where a bar ends."""


@dataclass(frozen=True, slots=True)
class Bar:
    """Bits as a bar from the middle of 100: to the right for one person, to the left for two."""

    x: str
    width: str
    tone: str

    @classmethod
    def of(cls, bits: float) -> Bar:
        length = min(abs(bits) / _MOST_BITS, 1) * 50
        return cls(f"{50 if bits >= 0 else 50 - length:.1f}", f"{length:.1f}", "good" if bits >= 0 else "bad")


@dataclass(frozen=True, slots=True)
class Evidence:
    """One field of a pair. bits: as the page writes them, with their sign; empty where nothing is known."""

    field: Text
    one: Words
    other: Words
    level: Text
    bits: str
    bar: Bar


@dataclass(frozen=True, slots=True)
class Side:
    """What is held under one identity. holdings: name of the facility and how many records; records: of all."""

    name: str
    since: date
    assurance: Text
    records: int
    holdings: Sequence[tuple[str, int]]
    joined: int


@dataclass(frozen=True, slots=True)
class Line:
    """A pair in a list."""

    pair: Pair
    href: str
    names: tuple[str, str]
    births: tuple[str, str]
    places: tuple[str, str]
    weight: str
    odds: Text
    why: Words
    badge: str
    word: Text


def lines(pairs: Sequence[Pair], *, on: date) -> list[Line]:
    """Pairs with the names, birthdays and places of both, asked for once."""
    ids = {one for pair in pairs for one in (pair.citizen_id, pair.other_id)}
    people = Citizen.objects.in_bulk(list(ids))
    homes = {unit.code: unit.name(language()) for unit in provinces(on)}
    return [_line(pair, people, homes) for pair in pairs]


def evidence(pair: Pair, one: Profile, other: Profile, names: Mapping[UUID, str], *, on: date) -> list[Evidence]:
    """Every field of a pair; what the two do not both state comes last.

    names: of the two persons and of facilities, by id.
    """
    found = []
    for field, level, bits in pair.fields:
        stated, its = (_stated(field, side, names, on) for side in (one, other))
        words = LEVELS.get((field, level)) or PLAIN[level]
        found.append(Evidence(FIELDS[field], stated, its, words, points(bits) if bits else "", Bar.of(bits)))
    return sorted(found, key=lambda row: not row.bits)


def side(citizen: Citizen, level: Level, holdings: Sequence[Holding], names: Mapping[str, str], *, joined: int) -> Side:
    """What is held under one identity. names: of facilities by code; joined: how many identities more it is."""
    return Side(
        name=citizen.full_name or formatting.EMPTY,
        since=formatting.local(citizen.created_at).date(),
        assurance=WORDS[level],
        records=sum(one.records for one in holdings),
        holdings=[(names.get(one.facility_code, one.facility_code), one.records) for one in holdings],
        joined=joined,
    )


def odds(pair: Pair) -> Text:
    """How sure the weights are, in words a person can weigh."""
    bits = float(pair.weight)
    if bits >= 10:
        return Text("rất giống", "very much alike")
    if bits >= 3:
        return Text("giống nhiều", "much alike")
    return Text("giống vừa", "somewhat alike") if bits >= 0 else Text("giống ít", "little alike")


def points(bits: float) -> str:
    """Bits as the page writes them, with their sign: +12,7."""
    return f"{'−' if bits < 0 else '+'}{formatting.number(abs(bits), language(), 1)}"


def born(citizen: Citizen) -> str:
    """The birthday as far as it is known: 17/05/1985, 1985."""
    return formatting.partial_day(citizen.birth_year, citizen.birth_month, citizen.birth_day)


def why_asked(pair: Pair) -> Words:
    """Why no machine links the two."""
    first = next(iter(pair.vetoes), "")
    if first:
        return TEXTS[first]
    return Text("Giống nhau nhưng chưa đủ chắc để máy tự nối.", "Alike, but not surely enough to be linked by itself.")


def place_name(province_code: str, commune_code: str, on: date) -> str:
    """“Phường Cửa Nam, Hà Nội”; what is not known is left out."""
    small = commune(commune_code, on) if commune_code else None
    large = province(province_code, on) if province_code else None
    return ", ".join(unit.name(language()) for unit in (small, large) if unit)


def _line(pair: Pair, people: Mapping[UUID, Citizen], homes: Mapping[str, str]) -> Line:
    sides = [people[key] for key in (pair.citizen_id, pair.other_id)]
    badge, word = STATES[pair.state]
    one, other = ((side.full_name or formatting.EMPTY) for side in sides)
    return Line(
        pair=pair,
        href=reverse("person-pair", args=[pair.citizen_id, pair.other_id]),
        names=(one, other),
        births=(born(sides[0]), born(sides[1])),
        places=(homes.get(pair.province_code, ""), homes.get(pair.other_province_code, "")),
        weight=points(float(pair.weight)),
        odds=odds(pair),
        why=pair.reason if pair.state in {State.SAME, State.DIFFERENT} else why_asked(pair),
        badge=badge,
        word=word,
    )


def _stated(field: str, side: Profile, names: Mapping[UUID, str], on: date) -> Words:
    """What one side states; a number in its middle is masked, a blind value is not there to be shown."""
    if field == "sex":
        return SEX_WORDS.get(side.sex) or formatting.EMPTY
    if field in {"insurance", "phone"}:
        return HIDDEN if getattr(side, field) else formatting.EMPTY
    if field == "facility":
        return names.get(side.facility_id, formatting.EMPTY) if side.facility_id else formatting.EMPTY
    plain = {
        "name": names.get(side.citizen_id, side.name),
        "birth": formatting.partial_day(*side.born),
        "number": mask(side.number) if side.number else "",
        "guardian": side.guardian.title(),
        "place": place_name(side.province, side.commune, on),
    }
    return plain[field] or formatting.EMPTY
