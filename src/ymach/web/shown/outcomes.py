"""Counters by place and outcome: what the lists of provinces and facilities are made of. No query here."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import TypeVar
from urllib.parse import urlencode
from uuid import UUID

from ymach.base.text import Text
from ymach.web.parts import Column, Words
from ymach.web.sheets import Cell, Sheet
from ymach.web.shown.submissions import OUTCOMES

NUMBER_HEADS = {
    "total": Text("Hồ sơ", "Dossiers"),
    "accepted": Text("Đã nhận", "Accepted"),
    "accepted_with_findings": Text("Có lưu ý", "With findings"),
    "held": Text("Sở giữ", "Held"),
    "rejected": Text("Không nhận", "Rejected"),
}
CODE, FACILITY, PROVINCE = Text("Mã", "Code"), Text("Cơ sở", "Facility"), Text("Tỉnh, thành phố", "Province")
Outcomes = dict[str, int]
Key = TypeVar("Key", str, UUID)


@dataclass(frozen=True, slots=True)
class Line:
    """One place with its counters of a day. `code`, `name` and `province` go to the file, `note` to the page.

    href opens the place; listing is the address, with its `?`, of the submissions that were counted, or empty.
    """

    code: str
    name: str
    note: Words = ""
    province: str = ""
    outcomes: Outcomes = field(default_factory=dict)
    href: str = ""
    listing: str = ""

    def number(self, outcome: str) -> int:
        """How many came to `outcome`; “total” is all."""
        return self.total if outcome == "total" else self.outcomes.get(outcome, 0)

    @property
    def total(self) -> int:
        return sum(self.outcomes.values())

    @property
    def numbers(self) -> list[tuple[str, Text, int, str]]:
        """Outcome, its words, how many, and the address that opens them (empty where there is nothing to open)."""
        return [(key, head, self.number(key), self._address(key)) for key, head in NUMBER_HEADS.items()]

    def _address(self, outcome: str) -> str:
        if not self.listing or not self.number(outcome):
            return ""
        return self.listing if outcome == "total" else f"{self.listing}&{urlencode({'outcome': outcome})}"


def by_outcome(found: Mapping[tuple[Key, str], int]) -> dict[Key, Outcomes]:
    """Counters by place, each with its outcomes."""
    places: dict[Key, Outcomes] = {}
    for (key, state), number in found.items():
        places.setdefault(key, dict.fromkeys(OUTCOMES, 0))[state] = number
    return places


def busiest(lines: Iterable[Line]) -> list[Line]:
    """The lines with the most dossiers first."""
    return sorted(lines, key=lambda line: -line.total)


def columns(first: Text, ordered_by: str = "total") -> list[Column]:
    """The heads of a table of lines that is always ordered by one figure, the highest first."""
    numbers = [
        Column(head, order="descending" if key == ordered_by else "", is_number=True)
        for key, head in NUMBER_HEADS.items()
    ]
    return [Column(first), *numbers]


def sheet(lines: Callable[[], Iterable[Line]]) -> Sheet:
    """The lines as a file."""
    heads = [CODE, Text("Tên", "Name"), PROVINCE, *NUMBER_HEADS.values()]
    return Sheet(heads, lambda: (_cells(line) for line in lines()))


def _cells(line: Line) -> list[Cell]:
    return [line.code, line.name, line.province, *(line.number(key) for key in NUMBER_HEADS)]
