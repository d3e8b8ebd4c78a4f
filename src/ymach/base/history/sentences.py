"""Plain sentences about what happened to a profile, in both languages, made from the history. Pure.

Each table says in `data/tables.csv` how a new row and a closed period are told; everything else follows from its
columns. A table that nobody has described is told in general words.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from itertools import groupby
from typing import Any, Protocol
from uuid import UUID

from ymach.base.clock import VIETNAM, print_day
from ymach.base.history.described import column_words, table_words
from ymach.base.history.events import Entry, What, read_period, shown_columns, what_happened
from ymach.base.masking import mask
from ymach.base.numbers import number_text
from ymach.base.text import Text
from ymach.base.weekly import from_multirange, print_schedule

_PLACE = re.compile(r"\{(\w+)(?:\.(start|end))?\}")
_NOTHING = Text("để trống", "nothing")
_YES, _NO = Text("có", "yes"), Text("không", "no")
_WORDS = {
    "whole": Text("toàn bộ", "wholly"),
    "part": Text("một phần", "in part"),
    "certificate": Text("chứng chỉ hành nghề (CCHN)", "practising certificate (CCHN)"),
    "licence": Text("giấy phép hành nghề (GPHN)", "licence to practise (GPHN)"),
    "vi": Text("tiếng Việt", "Vietnamese"),
    "en": Text("tiếng Anh", "English"),
}
_GRAVE = frozenset({"suspension", "revocation", "ban", "operating-suspension", "operating-revocation"})
_LONGEST = 200


class Names(Protocol):
    """What codes and keys are called."""

    def of_code(self, catalogue: str, code: str) -> Text:
        """The name of a catalogue's entry, or the code itself."""

    def of_key(self, key: str) -> str:
        """What a row of this key is called by people (a licence's number, a facility's name), or “—”."""

    def of_province(self, code: str) -> Text:
        """The name of a province, or the code itself."""


class Told(Entry, Protocol):
    """An entry with the circumstances of its change."""

    @property
    def xact(self) -> int: ...
    @property
    def subject(self) -> UUID | None: ...
    @property
    def actor(self) -> str: ...
    @property
    def reason(self) -> str: ...
    @property
    def at(self) -> datetime: ...


@dataclass(frozen=True, slots=True)
class Step:
    """What one action did to a profile: when, by whom (`user:<uuid>` …), why, and a sentence for each row.

    is_grave: it stopped somebody from practising, or a facility from working.
    """

    at: datetime
    actor: str
    reason: str
    what: What
    lines: tuple[Text, ...]
    is_grave: bool = False


def steps(entries: Iterable[Told], names: Names, *, of: UUID) -> list[Step]:
    """Entries, in their order, as steps of the profile `of`: the rows of one action together.

    What says nothing to people is left out; what belongs to somebody else's profile begins with their name.
    """
    told = []
    for _, group in groupby(entries, key=lambda one: (one.xact, one.actor, one.reason, one.at)):
        some = list(group)
        lines = tuple(dict.fromkeys(line for one in some if (line := _line(one, names, of)) is not None))
        if lines:
            told.append(Step(some[0].at, some[0].actor, some[0].reason, _gravest(some), lines, any(map(_stops, some))))
    return told


def _line(entry: Told, names: Names, of: UUID) -> Text | None:
    line = sentence(entry, names)
    if line is None or entry.subject in (None, of):
        return line
    whose = names.of_key(str(entry.subject))
    return Text(f"{whose}: {line.vi}", f"{whose}: {line.en}")


def sentence(entry: Entry, names: Names) -> Text | None:
    """What became of one row, as a predicate: “đình chỉ giấy phép 000123/NA-GPHN …”. None: nothing people would notice."""
    words, what = table_words(entry.table), what_happened(entry)
    if what is What.REMOVED:
        thing = _filled(words.thing, entry, names)
        return Text(f"xóa {thing.vi}", f"removed {thing.en}")
    if what is What.CREATED:
        thing = _filled(words.created, entry, names)
        return thing if thing.vi else _added(entry, names)
    changed = shown_columns(entry)
    if not changed:
        return None
    if what is What.ENDED and words.ended.vi:
        return _filled(words.ended, entry, names)
    return _altered(entry, changed, names)


def value_text(table: str, column: str, value: Any, names: Names) -> Text:
    """One value as people read it; personal numbers and telephone numbers are masked."""
    if value in (None, "", []):
        return _NOTHING
    how, _, of = column_words(table, column).format.partition(":")
    match how:
        case "code":
            return names.of_code(of, str(value))
        case "list":
            return _listed(of, value, names)
        case "province":
            return names.of_province(str(value))
        case "name":
            return _same(names.of_key(str(value)))
        case "bool":
            return _YES if value else _NO
        case "word":
            return _word(str(value))
        case "period":
            return period_text(value)
        case _:
            return _number(str(value)) if how == "number" else _same(_written(how, value))


def period_text(value: object) -> Text:
    """A period of days: “từ 05/11/2026 đến hết 04/02/2027”."""
    period = read_period(value)
    if period.start is None:
        return Text("không rõ từ ngày nào", "from an unknown day")
    vi, en = f"từ {print_day(period.start)}", f"from {print_day(period.start)}"
    if period.end is None:
        return Text(vi, en)
    last = print_day(date.fromordinal(period.end.toordinal() - 1))
    return Text(f"{vi} đến hết {last}", f"{en} to {last}")


def _written(how: str, value: Any) -> str:
    """A value that reads the same in both languages."""
    text = str(value)
    match how:
        case "date":
            return print_day(date.fromisoformat(text[:10]))
        case "month":
            return date.fromisoformat(text[:10]).strftime("%m/%Y")
        case "moment":
            return datetime.fromisoformat(text).astimezone(VIETNAM).strftime("%d/%m/%Y %H:%M")
        case "masked":
            return mask(text)
        case "hours":
            return print_schedule(from_multirange(text)) or "—"
        case _:
            return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"


def _altered(entry: Entry, changed: Iterable[str], names: Names) -> Text:
    thing, before, after = _filled(table_words(entry.table).thing, entry, names), entry.before or {}, entry.after or {}
    vi, en = [], []
    for column in changed:
        label = column_words(entry.table, column).label
        old, new = (value_text(entry.table, column, row.get(column), names) for row in (before, after))
        vi.append(f"{label.vi} từ “{old.vi}” thành “{new.vi}”")
        en.append(f"{label.en} from “{old.en}” to “{new.en}”")
    return Text(f"sửa {thing.vi}: {'; '.join(vi)}", f"changed {thing.en}: {'; '.join(en)}")


def _added(entry: Entry, names: Names) -> Text:
    """The general sentence of a new row: what it is, and what it says."""
    thing, after = _filled(table_words(entry.table).thing, entry, names), entry.after or {}
    said = [
        (column_words(entry.table, name).label, value_text(entry.table, name, after[name], names))
        for name in shown_columns(entry)[:6]
    ]
    vi, en = "; ".join(f"{label.vi} {text.vi}" for label, text in said), "; ".join(f"{a.en} {b.en}" for a, b in said)
    return (
        Text(f"thêm {thing.vi}: {vi}", f"added {thing.en}: {en}")
        if said
        else Text(f"thêm {thing.vi}", f"added {thing.en}")
    )


def _filled(words: Text, entry: Entry, names: Names) -> Text:
    row: Mapping[str, Any] = entry.after or entry.before or {}

    def fill(text: str, language: str) -> str:
        def place(found: re.Match[str]) -> str:
            column, bound = found.groups()
            if bound:
                day = getattr(read_period(row.get(column)), bound)
                return print_day(day) if day else "—"
            return value_text(entry.table, column, row.get(column), names).to(language)

        return _PLACE.sub(place, text)

    return Text(fill(words.vi, "vi"), fill(words.en, "en"))


def _listed(catalogue: str, value: Any, names: Names) -> Text:
    items = value if isinstance(value, list) else [value]
    called = [names.of_code(catalogue, str(item)) if catalogue else _word(str(item)) for item in items]
    return Text(", ".join(one.vi for one in called), ", ".join(one.en for one in called))


def _stops(entry: Entry) -> bool:
    return what_happened(entry) is What.CREATED and table_words(entry.table).noun in _GRAVE


def _gravest(entries: Iterable[Entry]) -> What:
    order = (What.REMOVED, What.ENDED, What.CREATED, What.CHANGED)
    found = {what_happened(one) for one in entries}
    return next(one for one in order if one in found)


def _number(text: str) -> Text:
    """With the separators of each language; what is no number stays as it is."""
    try:
        return number_text(Decimal(text))
    except InvalidOperation:
        return _same(text)


def _word(text: str) -> Text:
    return _WORDS.get(text) or _same(text)


def _same(text: str) -> Text:
    return Text(text, text)
