"""From the text of a field to a value and back, one kind of field each.

`quick` converters take clean text at the speed of C and raise ValueError on anything else; the reader then looks at the
field again, carefully, and says what is wrong.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal
from functools import lru_cache
from typing import Any

from ymach.base.clock import VIETNAM, from_vietnam
from ymach.base.findings import FindingKind
from ymach.clinical.person import PartialDate
from ymach.formats.xml130 import findings

Convert = Callable[[str], Any]
Render = Callable[[Any], str]

_NUMBER = re.compile(r"-?[0-9]{1,18}(?:\.[0-9]{1,8})?")
_YEARS = range(1850, 2200)


@dataclass(frozen=True, slots=True)
class Kind:
    """How one kind of field is written: its converter (ValueError when wrong), its writer, the finding when wrong."""

    name: str
    convert: Convert
    render: Render
    fault: FindingKind
    private: bool = False
    """Values may name a person, so they are never kept in a cache."""
    measured: bool = True
    """The length limit says something the converter does not."""

    @property
    def many(self) -> bool:
        """Whether the field is a `;` list, a tuple in the model."""
        return self.name.endswith("s")

    def quick(self, limit: int | None) -> Convert:
        """A converter for clean text of at most `limit` characters."""
        return _quick_text(self, limit) if self.private else _quick_cached(self, limit if self.measured else None)


def _quick_text(kind: Kind, limit: int | None) -> Convert:
    most = limit or 4096
    if kind.name == "text":

        def quick(raw: str) -> Any:
            if len(raw) <= most and raw.isprintable() and raw[0] not in "' " and raw[-1] != " ":
                return raw
            raise ValueError(kind.name)

    else:
        convert = kind.convert

        def quick(raw: str) -> Any:
            if len(raw) <= most and raw.isprintable() and raw[0] != "'":
                return convert(raw)
            raise ValueError(kind.name)

    return quick


@lru_cache(maxsize=256)
def _quick_cached(kind: Kind, limit: int | None) -> Convert:
    convert, most = kind.convert, limit or 4096

    @lru_cache(maxsize=4096)
    def quick(raw: str) -> Any:
        if len(raw) > most:
            raise ValueError(kind.name)
        return convert(raw)

    return quick


def _digits(raw: str) -> str:
    if raw.isascii() and raw.isdigit():
        return raw
    raise ValueError("digits")


def _integer(raw: str) -> int:
    if len(raw) > 10:
        raise ValueError("integer")
    return int(_digits(raw))


def _number(raw: str) -> Decimal:
    if _NUMBER.fullmatch(raw):
        return Decimal(raw)
    raise ValueError("number")


def _date(raw: str) -> date:
    if len(_digits(raw)) != 8:
        raise ValueError("date")
    return date(_year(raw), int(raw[4:6]), int(raw[6:]))


def _moment(raw: str) -> datetime:
    if len(_digits(raw)) != 12:
        raise ValueError("moment")
    wall = datetime(_year(raw), int(raw[4:6]), int(raw[6:8]), int(raw[8:10]), int(raw[10:]))  # noqa: DTZ001
    return from_vietnam(wall)


def _birth(raw: str) -> PartialDate:
    if len(_digits(raw)) not in (8, 12):
        raise ValueError("birth")
    clock = raw[8:].strip("0") and time(int(raw[8:10]), int(raw[10:]))
    return PartialDate(_year(raw), int(raw[4:6]) or None, int(raw[6:8]) or None, clock or None)


def _day_or_moment(raw: str) -> PartialDate:
    value = _birth(raw)
    if value.day is None:
        raise ValueError("day")
    return value


def _year(raw: str) -> int:
    year = int(raw[:4])
    if year not in _YEARS:
        raise ValueError("year")
    return year


def _texts(raw: str) -> tuple[str, ...]:
    if ";" not in raw:
        return (raw.strip(),)
    return tuple(part for part in map(str.strip, raw.split(";")) if part)


def _list_of(convert: Convert) -> Convert:
    def convert_list(raw: str) -> tuple[Any, ...]:
        return tuple(convert(part) for part in _texts(raw))

    return convert_list


def _render_number(value: Decimal) -> str:
    return format(value, "f")


def _render_date(value: date) -> str:
    return value.isoformat().replace("-", "")


@lru_cache(maxsize=4096)
def _render_moment(value: datetime) -> str:
    return value.astimezone(VIETNAM).strftime("%Y%m%d%H%M")


def _render_day(value: PartialDate) -> str:
    return f"{value.year:04d}{value.month or 0:02d}{value.day or 0:02d}"


def _render_birth(value: PartialDate) -> str:
    return _render_day(value) + (value.time.strftime("%H%M") if value.time else "0000")


def _render_day_or_moment(value: PartialDate) -> str:
    return _render_day(value) + (value.time.strftime("%H%M") if value.time else "")


def _join(render: Render) -> Render:
    def render_list(values: tuple[Any, ...]) -> str:
        return ";".join(map(render, values))

    return render_list


KINDS = {
    kind.name: kind
    for kind in (
        Kind("text", str, str, findings.CONTROL, private=True),
        Kind("texts", _texts, ";".join, findings.CONTROL, private=True),
        Kind("code", _digits, str, findings.NUMBER),
        Kind("integer", _integer, str, findings.NUMBER),
        Kind("number", _number, _render_number, findings.NUMBER),
        Kind("numbers", _list_of(_number), _join(_render_number), findings.NUMBER),
        Kind("date", _date, _render_date, findings.DATE, measured=False),
        Kind("dates", _list_of(_date), _join(_render_date), findings.DATE, measured=False),
        Kind("moment", _moment, _render_moment, findings.TIME, measured=False),
        Kind("moments", _list_of(_moment), _join(_render_moment), findings.TIME, measured=False),
        Kind("birth", _birth, _render_birth, findings.DATE, measured=False),
        Kind("birth8", _birth, _render_day, findings.DATE, measured=False),
        Kind("day_or_moment", _day_or_moment, _render_day_or_moment, findings.DATE, measured=False),
    )
}
