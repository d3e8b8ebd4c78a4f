"""The records of a person that hold now, as rows."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from uuid import UUID

from ymach.base import pg
from ymach.exchange.reading.entries import Entry

MOST = 2000
"""Of one person; the newest."""

_OF = """
SELECT citizen_id, id, facility_id, facility_code, submission_id, dossier_code, kind, happened_at, ended_at, compartment,
  version, summary
FROM exchange_record WHERE citizen_id = ANY(%s::uuid[]) AND is_current AND outcome <> 'held'
ORDER BY happened_at DESC, id LIMIT %s
"""


def ask_entries(citizens: Iterable[UUID], *, limit: int = MOST) -> Callable[[], list[Entry]]:
    """The records of these identities, the newest first, without those a department holds; asked now, read when called."""
    rows = pg.ask(_OF, [list(citizens), limit])
    return lambda: [Entry(*row) for row in rows()]
