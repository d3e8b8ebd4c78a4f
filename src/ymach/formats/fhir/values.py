"""From FHIR primitives to the values of the model and back, one kind of field each.

`take` functions accept the form that FHIR prescribes and what senders write instead without doubt about the meaning (a
time without zone is Viet Nam's). They raise ValueError for a wrong value, TypeError for a wrong type.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta, timezone
from decimal import Decimal
from functools import lru_cache
from typing import Any

import orjson

from ymach.base.clock import VIETNAM, from_vietnam
from ymach.clinical.person import PartialDate
from ymach.formats.xml130.convert import Kind

Take = Callable[[Any], Any]
Give = Callable[[Any], Any]

WANTED = {
    "text": "string",
    "code": "code",
    "integer": "integer",
    "number": "decimal",
    "date": "date",
    "moment": "dateTime",
    "birth": "dateTime",
}
"""What findings call each kind of value: FHIR's own word."""

_MOST_DIGITS = 18
_FINEST = -8
_YEARS = range(1850, 2200)
_WALL = timezone(timedelta(hours=7))
"""Viet Nam's clock of today, also for births in years when the zone was another: the paper says what the clock said."""


def element_kind(kind: Kind) -> str:
    """The kind of one value: lists are lists of it, and all partly known dates are alike."""
    name = kind.name.removesuffix("s")
    return "birth" if name in {"birth", "birth8", "day_or_moment"} else name


def taker(kind: Kind, limit: int | None) -> Take:
    """How one FHIR primitive becomes a value of `kind`; for a list kind, a tuple of values."""
    name = element_kind(kind)
    if name in {"text", "code"}:
        return _text_taker(kind.quick(limit))
    take = _TAKE[name]
    return (lambda raw: (take(raw),)) if kind.many else take


def giver(kind: Kind) -> Give:
    """How one value becomes a FHIR primitive; for a list kind, one member of the list."""
    return _GIVE[element_kind(kind)]


def value_name(kind: Kind) -> str:
    """The choice of `value[x]` in an extension."""
    return {
        "text": "valueString",
        "code": "valueCode",
        "integer": "valueInteger",
        "number": "valueDecimal",
        "date": "valueDate",
        "moment": "valueDateTime",
        "birth": "valueDateTime",
    }[element_kind(kind)]


def plain_number(value: Decimal | int) -> str:
    """A number as digits without exponent. Raises ValueError when it is beyond all measure."""
    return format(_number(value), "f")


def _text_taker(quick: Take) -> Take:
    def take(raw: Any) -> Any:
        if type(raw) is not str:
            raise TypeError(type(raw).__name__)
        if not raw:
            raise ValueError("empty")
        return quick(raw)

    return take


def _integer(raw: Any) -> int:
    if type(raw) is not int:
        raise TypeError(type(raw).__name__)
    if not 0 <= raw < 10**10:
        raise ValueError(raw)
    return raw


def _number(raw: Any) -> Decimal:
    if type(raw) is int:
        if abs(raw) >= 10**_MOST_DIGITS:
            raise ValueError("digits")
        return Decimal(raw)
    if type(raw) is not Decimal:
        raise TypeError(type(raw).__name__)
    exponent = raw.as_tuple().exponent
    if not isinstance(exponent, int) or exponent < _FINEST or raw.adjusted() >= _MOST_DIGITS:
        raise ValueError("digits")
    return raw


def _text(raw: Any) -> str:
    if type(raw) is not str:
        raise TypeError(type(raw).__name__)
    return raw


def _date(raw: Any) -> date:
    return _cached_date(_text(raw))


def _moment(raw: Any) -> datetime:
    return _cached_moment(_text(raw))


def _partial(raw: Any) -> PartialDate:
    text = _text(raw)
    if len(text) > 10:
        wall = _cached_moment(text).astimezone(_WALL)
        clock = time(wall.hour, wall.minute)
        return PartialDate(wall.year, wall.month, wall.day, None if clock == time() else clock)
    pieces = text.split("-")
    widths = [len(piece) for piece in pieces]
    if widths not in ([4], [4, 2], [4, 2, 2]) or not text.replace("-", "").isdecimal() or not text.isascii():
        raise ValueError("date")
    numbers = [int(piece) for piece in pieces]
    month = numbers[1] if len(numbers) > 1 else None
    day = numbers[2] if len(numbers) > 2 else None
    return PartialDate(_year(numbers[0]), month, day)


@lru_cache(maxsize=4096)
def _cached_date(text: str) -> date:
    if len(text) > 10:
        return _cached_moment(text).astimezone(VIETNAM).date()
    if len(text) != 10 or text[4] != "-" or text[7] != "-":
        raise ValueError("date")
    value = date.fromisoformat(text)
    _year(value.year)
    return value


@lru_cache(maxsize=4096)
def _cached_moment(text: str) -> datetime:
    if not 16 <= len(text) <= 40 or text[4] != "-" or text[7] != "-" or text[10] != "T" or text[13] != ":":
        raise ValueError("dateTime")
    value = datetime.fromisoformat(text).replace(microsecond=0)
    _year(value.year)
    return from_vietnam(value) if value.tzinfo is None else value.astimezone(UTC)


def _year(year: int) -> int:
    if year not in _YEARS:
        raise ValueError("year")
    return year


@lru_cache(maxsize=4096)
def give_moment(value: datetime) -> str:
    """A moment as FHIR writes it, on Viet Nam's clock."""
    return value.astimezone(VIETNAM).isoformat(timespec="seconds")


def _give_partial(value: PartialDate) -> str:
    if value.time is not None and value.day is not None and value.month is not None:
        wall = datetime.combine(date(value.year, value.month, value.day), value.time, _WALL)
        return wall.isoformat(timespec="seconds")
    parts = [f"{value.year:04d}", *(f"{part:02d}" for part in (value.month, value.day) if part is not None)]
    return "-".join(parts)


def give_number(value: Decimal) -> orjson.Fragment:
    """A decimal with all its digits, trailing zeros included, as JSON."""
    return orjson.Fragment(format(value, "f"))


_TAKE: dict[str, Take] = {
    "integer": _integer,
    "number": _number,
    "date": _date,
    "moment": _moment,
    "birth": _partial,
}
_GIVE: dict[str, Give] = {
    "text": str,
    "code": str,
    "integer": int,
    "number": give_number,
    "date": date.isoformat,
    "moment": give_moment,
    "birth": _give_partial,
}
