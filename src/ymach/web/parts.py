"""What the components take: small frozen things made by views, without query or rule.

`Words` is a Text, shown in the reader's language, or text that needs no translation (a name, a number).
`tone` is "good", "note", "hold", "bad", "wait" or "" (plain); `icon` is a symbol of icons.svg.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal

from ymach.base.text import Text
from ymach.web import charts

Words = Text | str
Number = int | float | Decimal


@dataclass(frozen=True, slots=True)
class Todo:
    """Something that waits for this person."""

    tone: str
    icon: str
    title: Words
    text: Words = ""
    note: Words = ""
    act: Words = ""
    href: str = ""


@dataclass(frozen=True, slots=True)
class Stat:
    """One figure of a sum; `href` opens the list that made it; `days`: the values of the days before."""

    label: Words
    value: Number | None
    note: Words = ""
    icon: str = "receipt"
    tone: str = ""
    href: str = ""
    days: Sequence[float] = ()

    @property
    def spark(self) -> charts.Spark | None:
        return charts.spark(self.days)


@dataclass(frozen=True, slots=True)
class Fact:
    """A name and its value; `note` is the small line under it."""

    name: Words
    value: Words
    note: Words = ""
    tone: str = ""
    is_code: bool = False
    href: str = ""


@dataclass(frozen=True, slots=True)
class Hop:
    """One thing that happened, or will: an entry of a timeline. also: what happened with it, line by line."""

    icon: str
    title: Words
    note: Words = ""
    tone: str = ""
    at: datetime | None = None
    day: date | None = None
    href: str = ""
    also: Sequence[Words] = ()


@dataclass(frozen=True, slots=True)
class Tab:
    """One view of a list, with its own address."""

    label: Words
    href: str
    is_here: bool = False
    count: int | None = None
    tone: str = ""
    icon: str = ""


@dataclass(frozen=True, slots=True)
class Column:
    """A head of a table. `href` sorts by it; `order` is "ascending", "descending" or "" (not sorted by it now)."""

    label: Words
    href: str = ""
    order: str = ""
    is_number: bool = False


@dataclass(frozen=True, slots=True)
class Trouble:
    """A finding as its readers see it. `where` is table, row and field; `href` opens others of the same kind."""

    tone: str
    code: str
    text: Words
    do: Words
    source: Words = ""
    where: Words = ""
    href: str = ""
    more: Words = ""


@dataclass(frozen=True, slots=True)
class Measure:
    """One of the four words with its gauge. Values are percent; the gauge begins at `start` and says so."""

    word: Words
    value: float
    what: Words
    target: float
    change: float | None = None
    why: Words = ""
    href: str = ""
    is_here: bool = False
    start: float = 70

    @property
    def reach(self) -> str:
        return charts.share(self.value, self.start)

    @property
    def mark(self) -> str:
        return charts.share(self.target, self.start)


@dataclass(frozen=True, slots=True)
class Rank:
    """One line of a ranked list, in percent; the bar begins at `start`."""

    name: Words
    value: float
    note: Words = ""
    href: str = ""
    start: float = 0
    tone: str = "good"

    @property
    def reach(self) -> str:
        return charts.share(self.value, self.start)


@dataclass(frozen=True, slots=True)
class Alert:
    """Something a clinician must see first: tone "bad" for danger, "note" for care."""

    tone: str
    icon: str
    title: Words
    note: Words = ""


@dataclass(frozen=True, slots=True)
class Trend:
    """A result over time, oldest first, with its reference range. `way` is "up", "fall" or "flat"."""

    name: Words
    unit: Words
    values: Sequence[float]
    low: float | None = None
    high: float | None = None
    shown: str = ""
    tone: str = ""
    way: str = "flat"
    words: Words = ""
    note: Words = ""

    @property
    def figure(self) -> charts.Mini | None:
        return charts.mini(self.values, self.low, self.high)


@dataclass(frozen=True, slots=True)
class Key:
    """One entry of a legend. `mark` is a tone, "seq-1"…"seq-5", "line" or "open"."""

    mark: str
    words: Words


@dataclass(frozen=True, slots=True)
class Pages:
    """The pages before and after: the address of each, its words, and what this page shows.

    Lists that grow while they are read go by key (older, newer); lists sorted by the reader by number.
    """

    newer: str = ""
    older: str = ""
    note: Words = ""
    label: Words = field(default_factory=lambda: Text("Trang", "Pages"))
    newer_label: Words = field(default_factory=lambda: Text("Mới hơn", "Newer"))
    older_label: Words = field(default_factory=lambda: Text("Cũ hơn", "Older"))


def numbered(here: int, count: int, size: int, address: Callable[[int], str]) -> Pages:
    """The pages of a list with `count` lines, `size` a page; `address` makes the address of a page number."""
    return Pages(
        newer=address(here - 1) if here > 1 else "",
        older=address(here + 1) if here * size < count else "",
        newer_label=Text("Trang trước", "Previous page"),
        older_label=Text("Trang sau", "Next page"),
    )


@dataclass(frozen=True, slots=True)
class Counted:
    """A cell of a table of figures: what it counts, how many, the list behind it."""

    head: Text
    value: float | None
    href: str = ""
    places: int | None = None
    is_percent: bool = False
    is_bad: bool = False
