"""What an emergency card can show and what it shows: lines of the book to tick, rows of the card."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from ymach.base.text import Text
from ymach.citizens.emergency_cards.picture import Row
from ymach.citizens.emergency_cards.rules import BLOOD, NAME, Choice, Line, ticked
from ymach.citizens.models import Citizen
from ymach.exchange.reading.summary import Summary

TITLE = Text("THÔNG TIN KHẨN CẤP", "EMERGENCY INFORMATION")
NAMES = {
    "allergy": Text("Dị ứng", "Allergies"),
    "condition": Text("Bệnh", "Conditions"),
    "medicine": Text("Thuốc đang dùng", "Medicines"),
}


@dataclass(frozen=True, slots=True)
class Tick:
    """One box of the form."""

    key: str
    words: str
    note: Text | str
    is_on: bool


@dataclass(frozen=True, slots=True)
class Known:
    """What the book has for a card. blood: "" where nobody wrote it."""

    name: str
    blood: str
    lines: tuple[Line, ...]


def known_of(citizen: Citizen, blood: str, summary: Summary, names: Mapping[str, Text]) -> Known:
    """Everything that may be ticked. summary: made without restricted compartments."""
    lines = (
        *(Line("allergy", one.substance, is_grave=one.is_grave) for one in summary.allergies),
        *(
            Line("condition", names[one.code].vi if one.code in names else one.text or one.code, one.code)
            for one in summary.problems
        ),
        *(Line("medicine", f"{one.name} {one.strength}".strip()) for one in summary.medicines_now),
    )
    return Known(citizen.full_name, blood, lines)


def ticks_of(known: Known, choice: Choice) -> list[tuple[Text, list[Tick]]]:
    """The boxes of the form, by group; only what there is."""
    first = [Tick(NAME, known.name, Text("họ tên của bạn", "your name"), NAME in choice.shown)]
    if known.blood:
        first.append(Tick(BLOOD, known.blood, Text("nhóm máu", "blood group"), BLOOD in choice.shown))
    groups = [(Text("Tên, nhóm máu", "Name, blood group"), first)]
    for kind, title in NAMES.items():
        mine = [Tick(one.key, one.words, "", one.key in choice.shown) for one in known.lines if one.kind == kind]
        if mine:
            groups.append((title, mine))
    return groups


def rows_of(known: Known, choice: Choice) -> list[Row]:
    """The rows of the card: only what is ticked and still so."""
    rows = []
    if NAME in choice.shown:
        rows.append(Row(Text("Họ tên", "Name"), known.name))
    if BLOOD in choice.shown and known.blood:
        rows.append(Row(Text("Nhóm máu", "Blood group"), known.blood))
    for kind, title in NAMES.items():
        mine = [one for one in ticked(known.lines, choice) if one.kind == kind]
        if mine:
            rows.append(Row(title, ", ".join(one.words for one in mine), kind == "allergy"))
    if choice.contact_name:
        rows.append(Row(Text("Gọi cho", "Call"), _contact(choice)))
    return rows


def wished(known: Known, chosen: Sequence[str]) -> frozenset[str]:
    """What was ticked of what there is; anything else that a form says is not believed."""
    return frozenset(chosen) & {NAME, BLOOD, *(one.key for one in known.lines)}


def _contact(choice: Choice) -> str:
    relation = f" ({choice.contact_relation})" if choice.contact_relation else ""
    return f"{choice.contact_name}{relation} {choice.contact_phone}"
