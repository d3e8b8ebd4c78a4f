"""What became of one row, and what of it everybody may know: the events that followers of the registry are told."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from enum import StrEnum
from typing import Any, Protocol

from ymach.base.history.described import HIDDEN, column_words, in_order, table_words
from ymach.base.periods import Period
from ymach.base.weekly import from_multirange, print_schedule

PERIODS = ("valid", "period")
Row = Mapping[str, Any]


class Entry(Protocol):
    """An entry of the history; `HistoryEntry` is one."""

    @property
    def table(self) -> str: ...
    @property
    def operation(self) -> str: ...
    @property
    def before(self) -> Row | None: ...
    @property
    def after(self) -> Row | None: ...


class What(StrEnum):
    """What became of the row. ENDED: its period was closed or shortened; REMOVED: it is gone, as if it had never been."""

    CREATED = "created"
    CHANGED = "changed"
    ENDED = "ended"
    REMOVED = "removed"


def what_happened(entry: Entry) -> What:
    """What became of the row of an entry."""
    if entry.operation == "I":
        return What.CREATED
    if entry.operation == "D":
        return What.REMOVED
    before, after = entry.before or {}, entry.after or {}
    is_closed = any(name in after and _is_shorter(before.get(name), after[name]) for name in PERIODS)
    return What.ENDED if is_closed else What.CHANGED


def changed_columns(entry: Entry) -> tuple[str, ...]:
    """The columns whose value is another now; of a new row those that say something, of a removed one none."""
    before, after = entry.before or {}, entry.after or {}
    return tuple(name for name, value in after.items() if value != before.get(name) and (before or _says(value)))


def shown_columns(entry: Entry) -> tuple[str, ...]:
    """The changed columns that mean something to people: not search keys, not counters of the machinery."""
    changed = in_order(changed_columns(entry))
    return tuple(name for name in changed if column_words(entry.table, name).format != HIDDEN)


def public_values(entry: Entry) -> dict[str, Any]:
    """The changed public columns with their new values, for programs: periods as from/to, hours as people write them."""
    after = entry.after or {}
    return {
        name: _plain(column_words(entry.table, name).format, after[name])
        for name in changed_columns(entry)
        if column_words(entry.table, name).is_public
    }


def is_told(entry: Entry) -> bool:
    """Whether the public learns anything: a change of a telephone number is no event."""
    return entry.operation != "U" or bool(public_values(entry))


def noun_of(entry: Entry) -> str:
    """The name of the row's kind in the feed."""
    return table_words(entry.table).noun


def read_period(text: object) -> Period:
    """The period of a daterange (or of the days of a tstzrange) as the history keeps it: `[2026-11-05,2027-02-05)`."""
    if not isinstance(text, str) or text == "empty":
        return Period()
    start, _, end = text.strip("[]()").replace('"', "").partition(",")
    return Period(_day(start), _day(end))


def _day(text: str) -> date | None:
    return None if not text or text.endswith("infinity") else date.fromisoformat(text[:10])


def _is_shorter(before: object, after: object) -> bool:
    was, now = read_period(before).end, read_period(after).end
    return now is not None and (was is None or now < was)


def _plain(how: str, value: Any) -> Any:
    if how == "period":
        period = read_period(value)
        return {"from": period.start and period.start.isoformat(), "to": period.end and period.end.isoformat()}
    if how == "hours" and isinstance(value, str):
        return print_schedule(from_multirange(value))
    return value


def _says(value: object) -> bool:
    return value not in (None, "", [], {}, False)
