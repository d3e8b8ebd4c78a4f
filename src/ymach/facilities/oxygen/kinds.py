"""Kinds of oxygen sources and what each has: fields with unit and limits, from `data/oxygen.toml`. Reading is strict."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from functools import cache
from types import MappingProxyType
from typing import Any

from ymach.base.findings import Finding
from ymach.base.text import Text
from ymach.facilities.errors import OxygenDetailUnknown, OxygenDetailWrong, OxygenKindUnknown
from ymach.facilities.findings import OXYGEN_UNUSUAL
from ymach.facilities.lists import read_toml
from ymach.facilities.oxygen.units import FILE, units

_LONGEST_TEXT = 200


@dataclass(frozen=True, slots=True)
class Field:
    """One thing to know of a kind. type: number (decimal), whole, text, day (ISO) or choice.

    least, most refuse; usual_least, usual_most only warn (`source` says who says so).
    """

    name: str
    text: Text
    type: str
    unit: Text | None
    is_required: bool
    least: Decimal | None
    most: Decimal | None
    usual_least: Decimal | None
    usual_most: Decimal | None
    source: str
    choices: Mapping[str, Text]


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of source. units: codes in which its consumption is recorded; distributes: a network, not a source."""

    code: str
    text: Text
    units: tuple[str, ...]
    distributes: bool
    fields: Mapping[str, Field]


@cache
def kinds() -> Mapping[str, Kind]:
    """All kinds, by code: those of the catalogue oxygen_source_type, and NETWORK."""
    rows = read_toml(FILE)["kinds"]
    return MappingProxyType({code: _kind(code, {**rows.get(row.get("like"), {}), **row}) for code, row in rows.items()})


def kind(code: str) -> Kind:
    """One kind. Raises OxygenKindUnknown."""
    try:
        return kinds()[code]
    except KeyError:
        raise OxygenKindUnknown(field="kind", kind=code) from None


@cache
def down_reasons() -> Mapping[str, Text]:
    """Why a source may be down."""
    return _texts(read_toml(FILE)["reasons"])


def read_details(code: str, given: Mapping[str, object]) -> dict[str, str]:
    """The details of a source of this kind as they are kept: known fields, filled in, numbers in plain decimal text.

    given: text, numbers or dates by name of field; blank means not known. Raises OxygenKindUnknown, OxygenDetailUnknown for
    a field of another kind, OxygenDetailWrong (its `field` is `details.<name>`) for the first that is wrong or missing.
    """
    known = kind(code).fields
    for name in given:
        if name not in known:
            raise OxygenDetailUnknown(field=f"details.{name}", name=name, kind=kind(code).text.vi)
    return {name: text for name, field in known.items() if (text := _read(field, given.get(name)))}


def unusual(code: str, details: Mapping[str, str]) -> tuple[Finding, ...]:
    """Warnings about values outside their usual range, e.g. a purity below 82 % of a concentrator."""
    return tuple(_unusual(kind(code).fields.values(), details))


def number(details: Mapping[str, str], name: str) -> Decimal:
    """A number of the details; zero when it is not known."""
    return Decimal(details.get(name) or 0)


def _unusual(fields: Any, details: Mapping[str, str]) -> Iterator[Finding]:
    for field in fields:
        value = details.get(field.name)
        if value is None or field.type not in {"number", "whole"}:
            continue
        low, high = field.usual_least, field.usual_most
        if (low is not None and Decimal(value) < low) or (high is not None and Decimal(value) > high):
            usual = f"{low if low is not None else ''}–{high if high is not None else ''}".strip("–")
            unit = field.unit.vi if field.unit else ""
            yield OXYGEN_UNUSUAL.at(
                field=field.name, value=value, usual=usual, unit=unit, what=field.text.vi, what_en=field.text.en
            )


def _read(field: Field, given: object) -> str:
    text = given.isoformat() if isinstance(given, date) else "" if given is None else str(given).strip()
    if not text:
        if field.is_required:
            raise _wrong(field, "", Text("một giá trị", "a value"))
        return ""
    return _READERS[field.type](field, text)


def _number(field: Field, text: str) -> str:
    try:
        value = Decimal(text.replace(",", "."))
    except InvalidOperation:
        raise _wrong(field, text, Text("một số", "a number")) from None
    low, high = field.least, field.most
    if not value.is_finite() or (low is not None and value < low) or (high is not None and value > high):
        raise _wrong(field, text, Text(f"số từ {low} đến {high}", f"a number between {low} and {high}"))
    return format(value.normalize() + 0, "f")


def _whole(field: Field, text: str) -> str:
    if not (text.isascii() and text.isdigit()):
        raise _wrong(field, text, Text("một số nguyên", "a whole number"))
    return _number(field, text)


def _day(field: Field, text: str) -> str:
    try:
        return date.fromisoformat(text).isoformat()
    except ValueError:
        raise _wrong(field, text, Text("một ngày", "a day")) from None


def _text(field: Field, text: str) -> str:
    if len(text) > _LONGEST_TEXT:
        raise _wrong(field, f"{text[:20]}…", Text(f"tối đa {_LONGEST_TEXT} chữ", f"at most {_LONGEST_TEXT} letters"))
    return text


def _choice(field: Field, text: str) -> str:
    if text not in field.choices:
        raise _wrong(field, text, Text("một mục trong danh sách", "one of the choices"))
    return text


_READERS = {"number": _number, "whole": _whole, "day": _day, "text": _text, "choice": _choice}


def _wrong(field: Field, value: str, need: Text) -> OxygenDetailWrong:
    names = {"name": field.text.vi, "name_en": field.text.en, "need": need.vi, "need_en": need.en}
    return OxygenDetailWrong(field=f"details.{field.name}", value=value, **names)


def _kind(code: str, row: Mapping[str, Any]) -> Kind:
    fields = {name: _field(name, one) for name, one in row["fields"].items()}
    text = Text(row["vi"], row["en"])
    return Kind(code, text, tuple(row["units"]), row.get("distributes", False), MappingProxyType(fields))


def _field(name: str, row: Mapping[str, Any]) -> Field:
    return Field(
        name=name,
        text=Text(row["vi"], row["en"]),
        type=row["type"],
        unit=Text(row["unit"], row.get("unit_en", row["unit"])) if "unit" in row else None,
        is_required=row.get("required", False),
        least=_limit(row, "min"),
        most=_limit(row, "max"),
        usual_least=_limit(row, "usual_min"),
        usual_most=_limit(row, "usual_max"),
        source=row.get("source", ""),
        choices=_choices(row),
    )


def _limit(row: Mapping[str, Any], name: str) -> Decimal | None:
    return Decimal(row[name]) if name in row else None


def _choices(row: Mapping[str, Any]) -> Mapping[str, Text]:
    if row.get("choices_from") == "cylinders":
        return MappingProxyType({code: unit.text for code, unit in units().items() if code.startswith("CYL_")})
    return MappingProxyType({code: Text(*texts) for code, texts in row.get("choices", {}).items()})


def _texts(rows: Mapping[str, Mapping[str, str]]) -> Mapping[str, Text]:
    return MappingProxyType({code: Text(row["vi"], row["en"]) for code, row in rows.items()})
