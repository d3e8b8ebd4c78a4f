"""The versions before those that are being stored: read from the kept bytes, to tell what a new one brings."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from uuid import UUID

import zstandard

from ymach.base import pg
from ymach.base.errors import YmachError
from ymach.clinical.dossier import Dossier
from ymach.exchange import contents, kept_bytes
from ymach.exchange.intake import store_sql
from ymach.exchange.intake.case import DossierCase

MOST_BYTES = 1024 * 1024
"""Of a file that is read again while its facility waits."""


@dataclass(slots=True)
class Earlier:
    """The earlier version of each dossier, opened when it is first needed."""

    submissions: Mapping[tuple[str, str], UUID] = field(default_factory=dict)
    rows: Callable[[], pg.Rows] = list
    _opened: dict[UUID, list[Dossier]] | None = None

    @classmethod
    def ask(cls, facility_id: UUID, submissions: Mapping[tuple[str, str], UUID]) -> Earlier:
        """Asked now, read later; asks nothing when there is none. submissions: by kind and code of the dossier."""
        if not submissions:
            return cls()
        wanted = sorted(set(submissions.values()))
        return cls(submissions, pg.ask(store_sql.EARLIER, [facility_id, wanted, MOST_BYTES]))

    def of(self, one: DossierCase) -> Dossier | None:
        """The version before; None when there is none, or it cannot be read."""
        key = self.submissions.get((one.kind, one.dossier.code))
        if key is None:
            return None
        return next((old for old in self._dossiers().get(key, ()) if old.code == one.dossier.code), None)

    def _dossiers(self) -> dict[UUID, list[Dossier]]:
        if self._opened is None:
            self._opened = {key: _open(key, bytes(content), size) for key, size, content in self.rows()}
        return self._opened


def _open(submission_id: UUID, content: bytes, size: int) -> list[Dossier]:
    try:
        return contents.dossiers_of(kept_bytes.opened(submission_id, content, size))
    except (YmachError, zstandard.ZstdError):
        return []
