"""The queue on disk (SQLite): every file to send, its state, its digest, its receipt. One process writes at a time."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from pathlib import Path

from ymach.base.text import Text


class State(StrEnum):
    """Where a file stands. The last four are final for its content; a changed file is a new entry."""

    WAITING = "waiting"
    SENDING = "sending"
    FAILED = "failed"
    ACCEPTED = "accepted"
    ACCEPTED_WITH_FINDINGS = "accepted_with_findings"
    HELD = "held"
    REJECTED = "rejected"

    @property
    def is_final(self) -> bool:
        return self in _FINAL

    @property
    def text(self) -> Text:
        return _WORDS[self]


_OPEN = (State.WAITING, State.SENDING, State.FAILED)
_FINAL = {State.ACCEPTED, State.ACCEPTED_WITH_FINDINGS, State.HELD, State.REJECTED}
_WORDS = {
    State.WAITING: Text("chờ gửi", "waiting"),
    State.SENDING: Text("đang gửi", "being sent"),
    State.FAILED: Text("chưa gửi được", "not sent yet"),
    State.ACCEPTED: Text("đã nhận", "accepted"),
    State.ACCEPTED_WITH_FINDINGS: Text("đã nhận, có điều cần xem", "accepted, with something to look at"),
    State.HELD: Text("Sở Y tế đang giữ", "held by the department of health"),
    State.REJECTED: Text("bị trả lại", "sent back"),
}

_SCHEMA = """
CREATE TABLE IF NOT EXISTS entry (
  source_digest TEXT PRIMARY KEY,
  path TEXT NOT NULL,
  digest TEXT NOT NULL,
  state TEXT NOT NULL,
  attempts INTEGER NOT NULL DEFAULT 0,
  submission TEXT,
  code TEXT,
  sentence_vi TEXT,
  sentence_en TEXT,
  added_at TEXT NOT NULL,
  changed_at TEXT NOT NULL
) STRICT;
CREATE INDEX IF NOT EXISTS entry_state ON entry (state);
"""
_COLUMNS = "source_digest, path, digest, state, attempts, submission, code, sentence_vi, sentence_en, changed_at"


@dataclass(frozen=True, slots=True)
class Entry:
    """One file. source_digest: SHA-256 of the file as found; digest: of the signed bytes that are sent (both hex)."""

    source_digest: str
    path: Path
    digest: str
    state: State
    attempts: int
    submission: str | None
    code: str | None
    sentence: Text | None
    changed_at: datetime


class Queue:
    """The entries of one agent folder. Use as a context manager; every change is durable when its method returns."""

    def __init__(self, file: Path) -> None:
        file.parent.mkdir(parents=True, exist_ok=True)
        self._db = sqlite3.connect(file, timeout=30, isolation_level=None)
        self._db.execute("PRAGMA journal_mode = WAL")
        self._db.execute("PRAGMA synchronous = FULL")
        self._db.executescript(_SCHEMA)

    def __enter__(self) -> Queue:
        return self

    def __exit__(self, *_: object) -> None:
        self._db.close()

    def add(self, *, source_digest: str, path: Path, digest: str, at: datetime) -> Entry:
        """Queue a file. The same content again is the entry that exists; while it is not answered, its
        signed copy may be replaced."""
        self._db.execute(
            "INSERT INTO entry (source_digest, path, digest, state, added_at, changed_at) VALUES (?, ?, ?, ?, ?, ?)"
            " ON CONFLICT (source_digest) DO UPDATE SET digest = excluded.digest, path = excluded.path"
            " WHERE state IN (?, ?, ?)",
            (source_digest, str(path), digest, State.WAITING, at.isoformat(), at.isoformat(), *_OPEN),
        )
        found = self.find(source_digest)
        if found is None:
            raise LookupError(source_digest)
        return found

    def find(self, source_digest: str) -> Entry | None:
        rows = self._db.execute(f"SELECT {_COLUMNS} FROM entry WHERE source_digest = ?", (source_digest,))  # noqa: S608
        return next((_entry(row) for row in rows), None)

    def unfinished(self) -> list[Entry]:
        """Everything that still has to be sent, oldest first. A send that was cut off is among it."""
        return [one for one in self.all() if not one.state.is_final]

    def all(self) -> list[Entry]:
        rows = self._db.execute(f"SELECT {_COLUMNS} FROM entry ORDER BY added_at, rowid")  # noqa: S608
        return [_entry(row) for row in rows]

    def counts(self) -> dict[State, int]:
        rows = dict(self._db.execute("SELECT state, count(*) FROM entry GROUP BY state"))
        return {state: rows.get(state.value, 0) for state in State}

    def start(self, entries: Iterable[Entry], *, at: datetime) -> None:
        """Say that entries are being sent, before they are."""
        with self._transaction():
            self._db.executemany(
                "UPDATE entry SET state = ?, attempts = attempts + 1, changed_at = ? WHERE source_digest = ?",
                [(State.SENDING, at.isoformat(), one.source_digest) for one in entries],
            )

    def finish(
        self,
        entry: Entry,
        state: State,
        *,
        at: datetime,
        submission: str | None = None,
        code: str | None = None,
        sentence: Text | None = None,
    ) -> None:
        """Keep what became of an entry."""
        self._db.execute(
            "UPDATE entry SET state = ?, submission = ?, code = ?, sentence_vi = ?, sentence_en = ?, changed_at = ?"
            " WHERE source_digest = ?",
            (
                state,
                submission,
                code,
                sentence.vi if sentence else None,
                sentence.en if sentence else None,
                at.isoformat(),
                entry.source_digest,
            ),
        )

    @contextmanager
    def _transaction(self) -> Iterator[None]:
        self._db.execute("BEGIN IMMEDIATE")
        try:
            yield
        except BaseException:
            self._db.execute("ROLLBACK")
            raise
        self._db.execute("COMMIT")


def _entry(row: tuple[str, str, str, str, int, str | None, str | None, str | None, str | None, str]) -> Entry:
    return Entry(
        source_digest=row[0],
        path=Path(row[1]),
        digest=row[2],
        state=State(row[3]),
        attempts=row[4],
        submission=row[5],
        code=row[6],
        sentence=Text(row[7], row[8] or "") if row[7] else None,
        changed_at=datetime.fromisoformat(row[9]),
    )
