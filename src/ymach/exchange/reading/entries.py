"""The records of a person that hold now, as rows: what lists, the summary and the decision of what is shown go by."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any
from uuid import UUID

import orjson

from ymach.base import pg

MOST = 2000
"""Of one person; the newest."""

_OF = """
SELECT citizen_id, id, facility_id, facility_code, submission_id, dossier_code, kind, happened_at, ended_at, compartment,
  version, summary
FROM exchange_record WHERE citizen_id = ANY(%s::uuid[]) AND is_current AND outcome <> 'held'
ORDER BY happened_at DESC, id LIMIT %s
"""


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


def ask_entries(citizens: Iterable[UUID], *, limit: int = MOST) -> Callable[[], list[Entry]]:
    """The records of these identities, the newest first, without those a department holds; asked now, read when called."""
    rows = pg.ask(_OF, [list(citizens), limit])
    return lambda: [Entry(*row) for row in rows()]
