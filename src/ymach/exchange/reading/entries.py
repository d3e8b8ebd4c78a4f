"""A record of a person that holds now: what lists, the summary and the decision of what is shown go by."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any
from uuid import UUID

import orjson


@dataclass(frozen=True)
class Entry:
    """One record: whose, where, when (aware UTC), what kind, in which compartment ("": none); `summary` as it was kept."""

    citizen_id: UUID
    id: UUID
    facility_id: UUID
    facility_code: str
    submission_id: UUID
    dossier_code: str
    kind: str
    happened_at: datetime
    ended_at: datetime | None
    compartment: str
    version: int
    kept: str | Mapping[str, Any]

    @cached_property
    def summary(self) -> Mapping[str, Any]:
        """What was kept of it, read when it is first needed."""
        if isinstance(self.kept, str):
            read: dict[str, Any] = orjson.loads(self.kept)
            return read
        return self.kept
