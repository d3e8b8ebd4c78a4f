"""What a stand-in holds, so that a test can say what was lost and what was doubled. In memory, or in a file as well."""

from __future__ import annotations

import sqlite3
from collections import Counter
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

_TABLE = """
CREATE TABLE IF NOT EXISTS entry (
  reference TEXT PRIMARY KEY, facility TEXT, digest TEXT, kind TEXT, at TEXT, received INTEGER NOT NULL)
"""


@dataclass(slots=True)
class Entry:
    """One file taken in. kind: its `loaiHoSo`. at: `thoiGianTiepNhan`. received: how often it came."""

    reference: str
    facility: str
    digest: str
    kind: str
    at: str
    received: int = 1


_BODIES = "CREATE TABLE IF NOT EXISTS body (reference TEXT PRIMARY KEY, text TEXT NOT NULL)"


class Ledger:
    """Entries in the order in which they were taken in; the same bytes of one facility are recognised.

    file: SQLite, so that the ledger survives the stand-in's own end, however sudden.
    """

    def __init__(self, file: Path | None = None) -> None:
        self._entries: list[Entry] = []
        self._bodies: dict[str, str] = {}
        self._known: dict[tuple[str, str], Entry] = {}
        self._store = None if file is None else sqlite3.connect(file, isolation_level=None, check_same_thread=False)
        if self._store is not None:
            self._store.execute("PRAGMA journal_mode = WAL")
            self._store.execute("PRAGMA synchronous = NORMAL")
            self._store.execute(_TABLE)
            self._store.execute(_BODIES)
            self._bodies = dict(self._store.execute("SELECT reference, text FROM body"))
            for row in self._store.execute(
                "SELECT reference, facility, digest, kind, at, received FROM entry ORDER BY rowid"
            ):
                self._remember(Entry(*row))

    def take(
        self, facility: str, digest: str, kind: str, *, at: datetime, recognise: bool = True
    ) -> tuple[Entry, bool]:
        """Take a file in; its entry, and whether it was known already. recognise False: a partner without memory.

        at: Viet Nam time.
        """
        known = self._known.get((facility, digest)) if recognise else None
        if known is not None:
            known.received += 1
            self._write("UPDATE entry SET received = ? WHERE reference = ?", known.received, known.reference)
            return known, True
        entry = Entry(f"GD{len(self._entries) + 1:09d}", facility, digest, kind, f"{at:%Y%m%d%H%M%S}")
        self._remember(entry)
        self._write("INSERT INTO entry VALUES (?, ?, ?, ?, ?, ?)", *asdict(entry).values())
        return entry, False

    def keep(self, reference: str, text: str) -> None:
        """Keep what was taken in under a reference, for a partner that shows it again."""
        self._bodies[reference] = text
        self._write("INSERT OR REPLACE INTO body VALUES (?, ?)", reference, text)

    def kept(self, reference: str) -> str:
        """What was kept; empty for nothing."""
        return self._bodies.get(reference, "")

    def as_dict(self) -> dict[str, Any]:
        """All entries, and how many of them are second entries for bytes that were there already."""
        times = Counter((entry.facility, entry.digest) for entry in self._entries)
        doubled = sum(number - 1 for number in times.values())
        return {"doubled": doubled, "entries": [asdict(entry) for entry in self._entries]}

    def close(self) -> None:
        if self._store is not None:
            self._store.close()

    def _remember(self, entry: Entry) -> None:
        self._entries.append(entry)
        self._known.setdefault((entry.facility, entry.digest), entry)

    def _write(self, statement: str, *values: object) -> None:
        if self._store is not None:
            self._store.execute(statement, values)
