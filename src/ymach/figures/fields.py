"""Days that need not be in a row, as PostgreSQL keeps them: `datemultirange`."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models.lookups import Lookup


class DaysField(models.Field):  # type: ignore[type-arg]
    """Any number of periods of days that do not touch each other. Read only: triggers write it."""

    def db_type(self, connection: Any) -> str:
        return "datemultirange"


@DaysField.register_lookup
class HasDay(Lookup):
    """`active__has_day=day`: whether the day is one of the days."""

    lookup_name = "has_day"
    prepare_rhs = False

    def as_sql(self, compiler: Any, connection: Any) -> Any:
        left, left_params = self.process_lhs(compiler, connection)
        return f"{left} @> %s::date", [*left_params, self.rhs]
