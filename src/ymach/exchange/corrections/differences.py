"""What one version of a dossier says otherwise than another, field by field in words. Plain functions, no database."""

from __future__ import annotations

import csv
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from functools import cache
from importlib.resources import files
from typing import Any

from ymach.base.clock import VIETNAM, print_day
from ymach.base.masking import mask
from ymach.base.numbers import number_text
from ymach.base.text import Text
from ymach.clinical.dossier import Dossier
from ymach.formats.xml130.labels import label_of
from ymach.formats.xml130.schema import OTHER_LAYOUT, Field, Table, tables

MOST = 200
"""Differences listed between two versions; how many more there are is told."""
LONGEST = 300
_LEFT_OUT = frozenset({"MA_LK", "STT"})
_MASKED = frozenset({"SO_CCCD", "MA_THE_BHYT", "DIEN_THOAI", "MA_BHXH", "SO_CCCD_ME", "SO_CCCD_CHA"})
_RESULTS = frozenset({"results"})
_RESULT_FIELDS = frozenset({"NGAY_KQ"})
NOTHING = Text("", "")

Row = Any


class What(StrEnum):
    """What became of a line or a field."""

    CHANGED = "changed"
    ADDED = "added"
    REMOVED = "removed"


@dataclass(frozen=True, slots=True)
class Difference:
    """One field that says something else, or one line that came or went.

    part: of the dossier ("results"), title: its name. line: which of its lines, as people call it. label: of the field;
    of a whole line empty. before, after: as people read them, "" for nothing.
    """

    part: str
    title: Text
    what: What
    line: str
    label: Text
    tag: str
    before: Text
    after: Text


@dataclass(frozen=True, slots=True)
class Comparison:
    """The differences, at most MOST of them, how many more there are, and whether only results were added."""

    differences: tuple[Difference, ...]
    more: int
    only_results: bool

    @property
    def is_same(self) -> bool:
        return not self.differences


@dataclass(frozen=True, slots=True)
class _Part:
    """How a part of a dossier is called and compared. identity: attributes by which a line is the same one, the
    strictest first; show: those by which people know a line."""

    attribute: str
    title: Text
    identity: tuple[tuple[str, ...], ...]
    show: tuple[str, ...]


def compare(before: Dossier, after: Dossier, *, most: int = MOST) -> Comparison:
    """What `after` says otherwise than `before`. Numbers of persons are masked."""
    found = [one for part, table in _plan() for one in _of_part(part, table, before, after)]
    only = bool(found) and all(_is_result(one) for one in found)
    return Comparison(tuple(found[:most]), max(len(found) - most, 0), only)


def _is_result(one: Difference) -> bool:
    if one.part in _RESULTS:
        return one.what is What.ADDED or (one.what is What.CHANGED and one.before == NOTHING)
    return one.what is What.CHANGED and one.tag in _RESULT_FIELDS and one.before == NOTHING


def _of_part(part: _Part, table: Table, before: Dossier, after: Dossier) -> Iterator[Difference]:
    old, new = (_rows(getattr(one, part.attribute)) for one in (before, after))
    for left, right in _paired(old, new, part, table):
        if left is None or right is None:
            yield _whole(part, left, right)
        else:
            yield from _of_line(part, table, left, right)


def _of_line(part: _Part, table: Table, left: Row, right: Row) -> Iterator[Difference]:
    name = _named(part, right) if part.identity else ""
    for field in _fields(table):
        was, now = getattr(left, field.attribute), getattr(right, field.attribute)
        if was != now:
            label, texts = label_of(table.name, field.tag), (_text(field, was), _text(field, now))
            yield Difference(part.attribute, part.title, What.CHANGED, name, label, field.tag, *texts)


def _whole(part: _Part, left: Row | None, right: Row | None) -> Difference:
    what = What.ADDED if left is None else What.REMOVED
    name = _named(part, right if left is None else left)
    said = Text(name, name)
    before, after = (NOTHING, said) if left is None else (said, NOTHING)
    return Difference(part.attribute, part.title, what, name, NOTHING, "", before, after)


def _paired(
    old: Sequence[Row], new: Sequence[Row], part: _Part, table: Table
) -> Iterator[tuple[Row | None, Row | None]]:
    """Lines side by side: first the equal ones go, then those of the same identity are paired, then in order."""
    plain = _content(table)
    pairs, old, new = _matched(old, new, plain)
    del pairs
    for names in part.identity:
        pairs, old, new = _matched(old, new, _by(names))
        yield from pairs
    if not part.identity:
        count = min(len(old), len(new))
        yield from zip(old[:count], new[:count], strict=True)
        old, new = old[count:], new[count:]
    yield from ((row, None) for row in old)
    yield from ((None, row) for row in new)


def _matched(
    old: Sequence[Row], new: Sequence[Row], key: Callable[[Row], Any]
) -> tuple[list[tuple[Row, Row]], list[Row], list[Row]]:
    """The pairs of the same key, in order, and what is left on both sides."""
    waiting: dict[Any, list[Row]] = defaultdict(list)
    for row in old:
        waiting[key(row)].append(row)
    pairs, left = [], []
    for row in new:
        partners = waiting.get(key(row))
        if partners:
            pairs.append((partners.pop(0), row))
        else:
            left.append(row)
    taken = {id(row) for row, _ in pairs}
    return pairs, [row for row in old if id(row) not in taken], left


def _content(table: Table) -> Callable[[Row], Any]:
    return _by(tuple(field.attribute for field in _fields(table)))


def _by(names: tuple[str, ...]) -> Callable[[Row], Any]:
    return lambda row: tuple(getattr(row, name) for name in names)


def _rows(value: Any) -> list[Row]:
    return [] if value is None else list(value) if isinstance(value, tuple) else [value]


def _named(part: _Part, row: Row) -> str:
    said = [_plain(getattr(row, name)).vi for name in part.show]
    return " ".join(text for text in said if text)[:LONGEST] or part.title.vi


def _text(field: Field, value: Any) -> Text:
    text = _plain(value)
    if field.tag in _MASKED and text.vi:
        return Text(mask(text.vi), mask(text.en))
    return text


def _plain(value: Any) -> Text:
    """A value as people read it: times in Viet Nam, numbers with separators, texts cut at LONGEST characters."""
    if value is None or value == ():
        return NOTHING
    if isinstance(value, tuple):
        parts = [_plain(one) for one in value]
        return Text("; ".join(one.vi for one in parts), "; ".join(one.en for one in parts))
    if isinstance(value, datetime):
        said = f"{value.astimezone(VIETNAM):%H:%M %d/%m/%Y}"
        return Text(said, said)
    if isinstance(value, date):
        return Text(print_day(value), print_day(value))
    if isinstance(value, Decimal):
        return number_text(value)
    said = str(value)
    said = said if len(said) <= LONGEST else said[: LONGEST - 1] + "…"
    return Text(said, said)


def _fields(table: Table) -> list[Field]:
    return [field for field in table.fields if field.tag not in _LEFT_OUT]


@cache
def _plan() -> tuple[tuple[_Part, Table], ...]:
    """The parts of a dossier in their order, each with its table."""
    text = files("ymach.exchange.corrections").joinpath("tables.csv").read_text(encoding="utf-8")
    by_attribute = {table.attribute: table for key, table in tables().items() if key != OTHER_LAYOUT}
    return tuple((_part(row), by_attribute[row["attribute"]]) for row in csv.DictReader(text.splitlines()))


def _part(row: dict[str, str]) -> _Part:
    identity = tuple(tuple(one.split("+")) for one in row["identity"].split("|") if one)
    show = tuple(name for name in row["show"].split("+") if name)
    return _Part(row["attribute"], Text(row["vi"], row["en"]), identity, show)
