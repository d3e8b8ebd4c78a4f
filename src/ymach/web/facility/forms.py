"""Forms of a facility's profile: what each asks for, how it stands now, and the action that writes it.

A form is read by the fields of `ymach.changes.fields`, as requests for changes are: what is wrong stands beside its
field, and nothing typed is lost.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from uuid import UUID

from ymach.accounts.permissions import Permission
from ymach.base.actors import Actor
from ymach.base.clock import vietnam_day
from ymach.base.errors import NotFound, YmachError
from ymach.base.findings import Finding
from ymach.base.text import Text
from ymach.changes.contract import Case
from ymach.changes.errors import FieldWrong
from ymach.changes.fields import Field, Shape, Value, Values, day, read, show, typed
from ymach.changes.kinds import kind_named
from ymach.facilities import access
from ymach.facilities.models import Facility
from ymach.web.asking import Asking

MOVED = Text(
    "Có người vừa sửa hồ sơ này. Những gì bạn ghi vẫn còn bên dưới; xem lại rồi ghi lần nữa.",
    "Somebody has just changed this profile. What you typed is kept below; look at it, then save again.",
)

Raw = Mapping[str, Sequence[str]]
FROM = Field(
    name="starts_on",
    label=Text("Từ ngày", "From"),
    shape=Shape.DAY,
    hint=Text("Viết như 20/11/2026. Bỏ trống là từ hôm nay.", "Like 20/11/2026. Blank means from today."),
)
REMOVE = Text("Xóa khỏi hồ sơ", "Remove from the profile")
WRITTEN = Text("Đã ghi vào sổ bộ.", "Written into the registry.")
WRITE = Text("Ghi vào sổ bộ", "Write into the registry")
_ENDS = ("last_day", "ends_on", "effective_on")
_CALLED = {"valid_from": ("starts_on",), "period": _ENDS}  # by the rules: as the forms call them


class FormUnknown(NotFound):
    code = "YM-FACILITY-FORM-UNKNOWN"
    sentence = Text("Không có biểu mẫu này.", "There is no such form.")


class ThingGone(NotFound):
    code = "YM-FACILITY-THING-GONE"
    sentence = Text(
        "Mục này không còn trong hồ sơ. Mở lại trang cơ sở.",
        "This is no longer part of the profile. Reload the facility's page.",
    )


@dataclass(frozen=True, slots=True)
class Target:
    """What a form is about on the day `on` (Viet Nam). item: which of several, blank for a new one; kind: of its sort."""

    facility: Facility
    on: date
    item: str = ""
    kind: str = ""

    @property
    def key(self) -> UUID:
        """The item as the key it is. Raises ThingGone for text that is none, and for a new one."""
        try:
            return UUID(self.item)
        except ValueError:
            raise ThingGone from None

    @property
    def key_or_new(self) -> UUID | None:
        """The item as the key it is; None for a new one. Raises ThingGone."""
        return self.key if self.item else None


@dataclass(frozen=True, slots=True)
class Saving:
    """What is to be written: values by name of field, who, when, and the revision of the profile the form showed."""

    target: Target
    values: Values
    by: Actor
    at: datetime
    seen: int | None

    @property
    def facility(self) -> Facility:
        return self.target.facility

    @property
    def starts_on(self) -> date | None:
        return self.day("starts_on")

    def day(self, name: str) -> date | None:
        return day(self.values.get(name))

    def text(self, name: str) -> str:
        value = self.values.get(name)
        return value if isinstance(value, str) else ""

    def codes(self, name: str) -> list[str]:
        value = self.values.get(name)
        return value if isinstance(value, list) else []

    def yes(self, name: str) -> bool:
        return self.values.get(name) is True

    def whole(self, name: str) -> int | None:
        """A whole number; None for nothing. Raises FieldWrong."""
        return whole(self.values.get(name), name)


Kinds = Mapping[str, Text]


@dataclass(frozen=True, slots=True, kw_only=True)
class FacilityForm:
    """One form. part: the section of the facility's page it belongs to; decides: only the department responsible may.

    fields and present are asked of the target; save writes and gives warnings; end ends the thing the form is about.
    kinds: what has to be chosen first; is_grave: hard to undo.
    """

    word: str
    title: Text
    lede: Text
    part: str
    fields: Callable[[Target], Sequence[Field]]
    save: Callable[[Saving], Sequence[Finding]]
    present: Callable[[Target], Values] = field(default=lambda target: {})
    end: Callable[[Saving], None] | None = None
    end_label: Text = REMOVE
    kinds: Callable[[Target], Kinds] | None = None
    done: Text = WRITTEN
    button: Text = WRITE
    source: str = "Ymạch"
    decides: bool = False
    is_grave: bool = False

    def require(self, by: Actor, facility: Facility) -> None:
        """Raise NotAllowed unless `by` may write this of the facility."""
        if self.decides:
            access.require_decider(by, Permission.FACILITY_MANAGE, where=facility)
        else:
            access.require_own_word(by, facility=facility)


def case_for(facility: Facility | None, by: Actor, at: datetime) -> Case:
    """The frame in which fields of a form are read and shown."""
    kind = kind_named("facility-identity")
    return Case(kind=kind, subject=None, facility=facility, values={}, by=by, at=at, on=vietnam_day(at))


def read_all(fields: Sequence[Field], raw: Raw, case: Case) -> tuple[dict[str, Value], dict[str, Text]]:
    """The values of a form, and what is wrong, by name of field."""
    values: dict[str, Value] = {}
    errors: dict[str, Text] = {}
    for one in fields:
        try:
            values[one.name] = read(one, raw.get(one.name, ()), case)
        except YmachError as error:
            errors[one.name] = error.text
    return values, errors


def raw_of(fields: Sequence[Field], values: Values) -> dict[str, list[str]]:
    """The values as a form would send them."""
    raw: dict[str, list[str]] = {}
    for one in fields:
        value = values.get(one.name)
        if one.shape is Shape.YES:
            raw[one.name] = ["yes"] if value else []
        else:
            raw[one.name] = list(value) if isinstance(value, list) else [typed(one, value)]
    return raw


def asking(
    fields: Sequence[Field], raw: Raw, errors: Mapping[str, Text], case: Case, present: Values | None = None
) -> list[Asking]:
    """The fields as the form shows them. present: values that stand in the registry now, where they are to be told."""
    found = []
    for one in fields:
        given = list(raw.get(one.name, ()))
        found.append(
            Asking(
                field=one,
                typed=given[0] if given else "",
                chosen=frozenset(given),
                choices=one.choices(case) if one.choices else [],
                present=show(one, present[one.name], case) if present and one.name in present else None,
                error=errors.get(one.name),
            )
        )
    return found


def field_of(error: YmachError, fields: Sequence[Field]) -> str:
    """The field an error belongs beside; empty for the whole form."""
    name = (error.field or "").removeprefix("details.")
    here = {one.name for one in fields}
    return next((one for one in (name, *_CALLED.get(name, ())) if one in here), "")


def choices(given: Mapping[str, Text]) -> Callable[[Case], Sequence[tuple[str, Text]]]:
    """A list of the package as choices of a field."""
    return lambda case: list(given.items())


def whole(value: Value, name: str) -> int | None:
    """A whole number kept as text. Raises FieldWrong."""
    text = value if isinstance(value, str) else ""
    if not text:
        return None
    if not (text.isascii() and text.isdigit() and len(text) < 10):
        raise FieldWrong(field=name, vi="Ghi một số nguyên.", en="Write a whole number.")
    return int(text)
