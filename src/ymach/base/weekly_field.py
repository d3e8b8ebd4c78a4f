"""The column type of weekly hours: int4multirange in PostgreSQL, `base.weekly.Schedule` in Python."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import models
from psycopg.types.multirange import Int4Multirange, Multirange
from psycopg.types.range import Range

from ymach.base.weekly import NO_FIXED_HOURS, Schedule, Slot, parse_schedule

if TYPE_CHECKING:
    _Field = models.Field[Schedule, Schedule]
else:  # Django's field is generic for the type checker alone
    _Field = models.Field


class WeeklyScheduleField(_Field):
    """Minutes of the week in Viet Nam time, Monday 00:00 = 0; an empty value means no fixed hours."""

    empty_strings_allowed = False

    def __init__(self, **options: Any) -> None:
        options.setdefault("default", NO_FIXED_HOURS)
        super().__init__(**options)

    def deconstruct(self) -> tuple[str, str, Any, Any]:
        name, path, args, options = super().deconstruct()
        options.pop("default", None)
        return name, path, args, options

    def db_type(self, connection: Any) -> str:
        return "int4multirange"

    def get_placeholder(self, value: Any, compiler: Any, connection: Any) -> str:
        return "%s::int4multirange"

    def from_db_value(self, value: Multirange[int] | None, expression: Any, connection: Any) -> Schedule | None:
        return None if value is None else Schedule(tuple(Slot(r.lower or 0, r.upper or 0) for r in value))

    def to_python(self, value: Any) -> Schedule | None:
        return parse_schedule(value) if isinstance(value, str) else value

    def get_prep_value(self, value: Any) -> Any:
        if isinstance(value, Schedule):
            return Int4Multirange([Range(slot.start, slot.end) for slot in value.slots])
        return super().get_prep_value(value)
