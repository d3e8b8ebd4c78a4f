"""A partner's list against our deliveries to it: what is missing on either side, what stands in another version or state.

The insurance portal has no look-up in its contract; its list is a file: MA_CSKCB, MA_LK, TRANG_THAI, MA_GIAO_DICH.
"""

from __future__ import annotations

import csv
import io
from collections import Counter as Tally
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from itertools import islice
from typing import Any

from ymach.base.vietnamese import fold
from ymach.exchange.reconciliation.errors import ColumnsMissing, FileUnreadable, PeriodWrong, StateUnknown, TooMany

MOST_LINES = 200_000
MOST_BYTES = 20 * 1024 * 1024
MOST_DAYS = 31
KEPT = 5000
"""Differences that are kept with the result."""

TAKEN, REFUSED = "delivered", "refused"
_WORDS = {
    TAKEN: {"1", "200", "da nhan", "da tiep nhan", "tiep nhan", "taken", "accepted", "delivered"},
    REFUSED: {"0", "tu choi", "khong nhan", "refused", "rejected"},
}
_STATES = {word: state for state, words in _WORDS.items() for word in words}
_CODE, _FACILITY, _STATE, _REFERENCE = "MA_LK", "MA_CSKCB", "TRANG_THAI", "MA_GIAO_DICH"
Key = tuple[str, str]
"""Facility code and dossier code."""


class Sort(StrEnum):
    """How something differs."""

    MISSING_THERE = "missing-there"
    MISSING_HERE = "missing-here"
    OTHER_VERSION = "other-version"
    OTHER_STATE = "other-state"


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the partner's list. state: "delivered" or "refused". reference: its number, if it gives one."""

    facility: str
    code: str
    state: str
    reference: str = ""


@dataclass(frozen=True, slots=True)
class Sent:
    """Our delivery of the last version of a dossier. earlier: the partner's references of versions before."""

    facility: str
    code: str
    state: str
    version: int
    reference: str
    submission: str
    earlier: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Different:
    """One difference, with both sides as far as there are two."""

    sort: Sort
    facility: str
    code: str
    theirs: str = ""
    ours: str = ""
    their_reference: str = ""
    our_reference: str = ""
    version: int | None = None
    submission: str = ""

    def as_json(self) -> dict[str, Any]:
        return {name: getattr(self, name) for name in self.__slots__}


@dataclass(frozen=True, slots=True)
class PartnerFound:
    """The lists compared. lines: theirs. compared: ours. agreed: keys on which nothing differs."""

    lines: int
    compared: int
    agreed: int
    differences: Sequence[Different]

    def count(self, sort: Sort) -> int:
        return Tally(one.sort for one in self.differences)[sort]


def read_lines(content: bytes) -> list[Line]:
    """The lines of a CSV (comma or semicolon, UTF-8). Raises FileUnreadable, ColumnsMissing, StateUnknown, TooMany."""
    if len(content) > MOST_BYTES:
        raise FileUnreadable(field="file", megabytes=MOST_BYTES // 1024**2)
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as wrong:
        raise FileUnreadable(field="file", megabytes=MOST_BYTES // 1024**2) from wrong
    first = text.partition("\n")[0]
    reader = csv.DictReader(io.StringIO(text), delimiter=";" if first.count(";") > first.count(",") else ",")
    names = {name.strip().upper(): name for name in reader.fieldnames or () if name}
    if not {_FACILITY, _CODE, _STATE} <= names.keys():
        raise ColumnsMissing(field="file")
    try:
        found = list(islice(_lines(reader, names), MOST_LINES + 1))
    except csv.Error as wrong:
        raise FileUnreadable(field="file", megabytes=MOST_BYTES // 1024**2) from wrong
    if len(found) > MOST_LINES:
        raise TooMany(field="file", most=MOST_LINES)
    return found


def check_period(first: date | None, last: date | None, *, today: date) -> tuple[date, date]:
    """Both days, in order, not after `today`, not more than MOST_DAYS. Raises PeriodWrong."""
    if first is None or last is None or not first <= last <= today or (last - first).days >= MOST_DAYS:
        raise PeriodWrong(field="last", most=MOST_DAYS)
    return first, last


def compare(lines: Iterable[Line], sent: Mapping[Key, Sent]) -> PartnerFound:
    """Their list against ours. Of several lines about one dossier the last counts."""
    all_lines = list(lines)
    theirs = {(one.facility, one.code): one for one in all_lines}
    keys = sorted(theirs.keys() | sent.keys())
    found = [one for one in (_difference(key, theirs.get(key), sent.get(key)) for key in keys) if one is not None]
    return PartnerFound(len(all_lines), len(sent), len(keys) - len(found), found)


def _difference(key: Key, theirs: Line | None, ours: Sent | None) -> Different | None:
    sort = _sort(theirs, ours)
    if sort is None:
        return None
    return Different(
        sort,
        *key,
        theirs=theirs.state if theirs else "",
        ours=ours.state if ours else "",
        their_reference=theirs.reference if theirs else "",
        our_reference=ours.reference if ours else "",
        version=ours.version if ours else None,
        submission=ours.submission if ours else "",
    )


def _sort(theirs: Line | None, ours: Sent | None) -> Sort | None:
    if ours is None:
        return Sort.MISSING_HERE
    if theirs is None:
        return Sort.MISSING_THERE if ours.state == TAKEN else None
    if theirs.reference and theirs.reference in ours.earlier:
        return Sort.OTHER_VERSION
    if theirs.state != ours.state:
        return Sort.OTHER_STATE
    is_other = theirs.reference and ours.reference and theirs.reference != ours.reference
    return Sort.OTHER_VERSION if is_other and ours.state == TAKEN else None


def _lines(reader: Iterable[Mapping[str, str | None]], names: Mapping[str, str]) -> Iterator[Line]:
    def cell(row: Mapping[str, str | None], name: str) -> str:
        return (row.get(names.get(name, "")) or "").strip().lstrip("'")[:200]

    for number, row in enumerate(reader, 2):
        if not cell(row, _FACILITY) and not cell(row, _CODE):
            continue
        state = _STATES.get(fold(cell(row, _STATE)))
        if state is None:
            raise StateUnknown(field="file", row=number, state=cell(row, _STATE)[:40])
        yield Line(cell(row, _FACILITY), cell(row, _CODE), state, cell(row, _REFERENCE))
