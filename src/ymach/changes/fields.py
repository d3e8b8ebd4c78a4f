"""The fields a kind of change asks for: how each is read from a form, kept as JSON, and shown to people.

A value kept is a string, a list of codes, a bool or None; days are ISO 8601, hours as `print_schedule` writes them.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from typing import TYPE_CHECKING, Any
from uuid import UUID

from ymach.base.clock import print_day
from ymach.base.numbers import number_text
from ymach.base.text import Text
from ymach.base.vietnamese import fold, tidy_name
from ymach.base.weekly import NotASchedule, parse_schedule, print_schedule, schedule_words
from ymach.catalogues.queries import search
from ymach.changes.errors import FieldMissing, FieldUnchosen, FieldWrong

if TYPE_CHECKING:
    from ymach.changes.contract import Case

Value = str | list[str] | bool | None
Values = Mapping[str, Value]
Choices = Sequence[tuple[str, Text]]

EMPTY = "—"
MOST_FOUND = 20
"""Choices that one look-up shows."""
YES, NO = Text("có", "yes"), Text("không", "no")
_EMAIL = re.compile(r"[^@\s<>\"']+@[^@\s<>\"']+\.[^@\s<>\"'.]{2,}")
_LIKE_A_DAY = re.compile(r"[0-9]{1,2}/[0-9]{1,2}/[0-9]{4}")
_PHONE = re.compile(r"\+?[0-9][0-9 .\-]{6,18}[0-9]")
_GROUPED = re.compile(r"\d{1,3}(?:\.\d{3})+")


class Shape(StrEnum):
    """What a value looks like, and with that how it is asked for, checked and shown."""

    TEXT = "text"
    AREA = "area"
    NAME = "name"
    DAY = "day"
    CHOICE = "choice"
    MANY = "many"
    HOURS = "hours"
    NUMBER = "number"
    WHOLE = "whole"
    YES = "yes"
    EMAIL = "email"
    PHONE = "phone"


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """One field. choices: asked of the case, for `choice` and `many`; find: instead of a long list, those that match some
    words, at most MOST_FOUND, and named: those of given codes (without it `choices` names them); is_private: shown only
    to those who decide, to the maker and to the person; low, high: bounds of a number; digits: exactly so many digits;
    finds_person: a personal number by which the person is looked up before the rest is typed."""

    name: str
    label: Text
    shape: Shape = Shape.TEXT
    is_required: bool = False
    hint: Text | None = None
    choices: Callable[[Case], Choices] | None = None
    find: Callable[[Case, str], Choices] | None = None
    named: Callable[[Case, Sequence[str]], Choices] | None = None
    is_private: bool = False
    longest: int = 200
    low: Decimal | None = None
    high: Decimal | None = None
    digits: int = 0
    finds_person: bool = False


def catalogue(code: str) -> Callable[[Case], Choices]:
    """The entries of a small catalogue on the day of the case."""

    def entries(case: Case) -> Choices:
        found = search(code, "", case.on, limit=200)
        return [(entry.code, Text(entry.name_vi, entry.name_en or entry.name_vi)) for entry in found]

    return entries


def matching(choices: Choices, words: str) -> Choices:
    """Those whose words hold all of `words`, with or without marks, at most MOST_FOUND."""
    wanted = fold(words).split()
    return [one for one in choices if all(word in fold(one[1].vi) for word in wanted)][:MOST_FOUND]


def named(field: Field, codes: Sequence[str], case: Case) -> Choices:
    """The choices behind `codes`; what is none of the field's is left out."""
    if field.named is not None:
        return field.named(case, codes)
    return [one for one in field.choices(case) if one[0] in codes] if field.choices is not None else []


def fixed(*choices: tuple[str, Text]) -> Callable[[Case], Choices]:
    """Always the same choices."""
    return lambda case: choices


def read(field: Field, raw: Sequence[str], case: Case) -> Value:
    """The value in what a form sent for `field`. Raises FieldMissing, FieldWrong."""
    given = [text.strip() for text in raw if text.strip()]
    if field.shape is Shape.YES:
        return bool(given)
    if not given:
        if field.is_required:
            missing = FieldUnchosen if field.shape in {Shape.CHOICE, Shape.MANY} else FieldMissing
            raise missing(field=field.name)
        return [] if field.shape is Shape.MANY else "" if field.shape is not Shape.DAY else None
    if field.shape is Shape.MANY:
        return _read_many(field, given, case)
    text = given[0]
    if len(text) > field.longest:
        raise _wrong(field, f"dài tối đa {field.longest} chữ.", f"At most {field.longest} characters.")
    return _READERS.get(field.shape, _read_text)(field, text, case)


def show(field: Field, value: Value, case: Case) -> Text:
    """The value as people read it; “—” for nothing."""
    if value is None or value in ("", []):
        return Text(EMPTY, EMPTY)
    if isinstance(value, bool):
        return YES if value else NO
    if field.choices is not None or field.named is not None:
        codes = value if isinstance(value, list) else [value]
        return _named(codes, named(field, codes, case))
    if field.shape is Shape.DAY and isinstance(value, str):
        value = print_day(date.fromisoformat(value))
    if field.shape is Shape.HOURS and isinstance(value, str):
        return schedule_words(parse_schedule(value))
    plain = ", ".join(value) if isinstance(value, list) else value
    return Text(plain, plain)


def typed(field: Field, value: Value) -> str:
    """The value as it stands in an input of a form."""
    if field.shape is Shape.DAY and isinstance(value, str) and value:
        return print_day(date.fromisoformat(value))
    return "" if value is None else str(value)


def day(value: Value) -> date | None:
    """A kept day as a day."""
    return date.fromisoformat(value) if isinstance(value, str) and value else None


def text(value: Value) -> str:
    """A kept text as text."""
    return value if isinstance(value, str) else ""


def key(value: Value) -> UUID | None:
    """A kept id as an id; None for anything else."""
    try:
        return UUID(value) if isinstance(value, str) else None
    except ValueError:
        return None


def codes(value: Value) -> list[str]:
    """Kept codes as a list."""
    return list(value) if isinstance(value, list) else []


def _named(values: Sequence[str], choices: Choices) -> Text:
    names = dict(choices)
    found = [names.get(value, Text(value, value)) for value in values]
    return Text("; ".join(one.vi for one in found), "; ".join(one.en for one in found))


def _read_many(field: Field, given: Sequence[str], case: Case) -> list[str]:
    known = dict(field.choices(case)) if field.choices else {}
    for one in given:
        if known and one not in known:
            raise _wrong(field, f"không có lựa chọn “{one[:30]}”.", f"There is no choice “{one[:30]}”.")
    return sorted(set(given), key=list(known).index if known else None)


def _read_text(field: Field, text: str, case: Case) -> str:
    if field.digits and not re.fullmatch(rf"[0-9]{{{field.digits}}}", text):
        raise _wrong(field, f"cần đúng {field.digits} chữ số.", f"Exactly {field.digits} digits are needed.")
    return text


def _read_name(field: Field, text: str, case: Case) -> str:
    if any(letter.isdigit() for letter in text):
        raise _wrong(field, "họ tên không có chữ số.", "A name has no digits.")
    return tidy_name(text)


def _read_day(field: Field, text: str, case: Case) -> str:
    for form in ("%d/%m/%Y", "%Y-%m-%d"):
        try:
            return datetime.strptime(text, form).date().isoformat()  # noqa: DTZ007 - a calendar day has no zone
        except ValueError:
            continue
    if _LIKE_A_DAY.fullmatch(text):
        raise _wrong(field, f"không có ngày {text}. Ghi như 20/11/2026.", f"There is no {text}. Write like 20/11/2026.")
    raise _wrong(field, "ngày viết như 20/11/2026.", "Write the day like 20/11/2026.")


def _read_choice(field: Field, text: str, case: Case) -> str:
    if (field.choices is not None or field.named is not None) and text not in dict(named(field, [text], case)):
        raise _wrong(field, "chọn một mục trong danh sách.", "Choose from the list.")
    return text


def _read_hours(field: Field, text: str, case: Case) -> str:
    try:
        return print_schedule(parse_schedule(text))
    except NotASchedule as fault:
        raise _wrong(field, fault.text.vi, fault.text.en) from fault


def _read_number(field: Field, text: str, case: Case) -> str:
    """Both "21,03" and "21.0285" are written; a point is never read as one of thousands, which only `whole` numbers have."""
    try:
        number = Decimal(text.replace(",", "."))
    except InvalidOperation:
        raise _wrong(field, "ghi một con số.", "Write a number.") from None
    return _bounded(field, number)


def _read_whole(field: Field, text: str, case: Case) -> str:
    """ "1.200", as Vietnamese writes it, is twelve hundred; "1,5" beds are none."""
    plain = text.replace(".", "") if _GROUPED.fullmatch(text) else text
    if not (plain.isascii() and plain.isdigit()):
        raise _wrong(field, "ghi một số nguyên, như 12 hoặc 1.200.", "Write a whole number, like 12 or 1.200.")
    return _bounded(field, Decimal(int(plain)))


def _bounded(field: Field, number: Decimal) -> str:
    in_bounds = number.is_finite() and (field.low is None or number >= field.low)
    if not in_bounds or (field.high is not None and number > field.high):
        raise _out_of_bounds(field)
    return f"{number:f}"


def _out_of_bounds(field: Field) -> FieldWrong:
    low, high = (number_text(bound) if bound is not None else None for bound in (field.low, field.high))
    if low is None or high is None:
        least, most = (f"từ {low.vi} trở lên.", f"{low.en} or more.") if low else ("số nhỏ hơn.", "A smaller number.")
        return _wrong(field, least, most)
    return _wrong(field, f"từ {low.vi} đến {high.vi}.", f"From {low.en} to {high.en}.")


def _read_email(field: Field, text: str, case: Case) -> str:
    if not _EMAIL.fullmatch(text):
        raise _wrong(field, "địa chỉ viết như ten@benhvien.vn.", "Write the address like name@hospital.vn.")
    return text


def _read_phone(field: Field, text: str, case: Case) -> str:
    if not _PHONE.fullmatch(text):
        raise _wrong(field, "số điện thoại viết như 0901 234 567.", "Write the number like 0901 234 567.")
    return text


def _wrong(field: Field, vi: str, en: str) -> FieldWrong:
    return FieldWrong(field=field.name, vi=vi[:1].upper() + vi[1:], en=en)


_READERS: Mapping[Shape, Callable[[Field, str, Any], str]] = {
    Shape.NAME: _read_name,
    Shape.DAY: _read_day,
    Shape.CHOICE: _read_choice,
    Shape.HOURS: _read_hours,
    Shape.NUMBER: _read_number,
    Shape.WHOLE: _read_whole,
    Shape.EMAIL: _read_email,
    Shape.PHONE: _read_phone,
}
