"""The queue on disk (SQLite): every file to send, its exact bytes, its state, its receipt. One process writes at a time.

A change is on the disk when its method returns (write-ahead log, synchronous = FULL). What a patient could be known by
(content, path, sentences) is sealed; digests, states and times are in clear, so that the queue can be searched.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from hashlib import sha256
from pathlib import Path

import orjson

from ymach.agent.seals import Seal, open_or_make
from ymach.agent.states import OPEN, State
from ymach.base.clock import vietnam_day
from ymach.base.text import Text

__all__ = ["Entry", "Lane", "Queue", "State"]

FILE_NAME = "queue.sqlite3"
Lane = str
CURRENT, HISTORY = "current", "history"

_SCHEMA = """
CREATE TABLE IF NOT EXISTS entry (
  source_digest TEXT PRIMARY KEY,
  digest TEXT NOT NULL,
  lane TEXT NOT NULL,
  state TEXT NOT NULL,
  attempts INTEGER NOT NULL DEFAULT 0,
  submission TEXT,
  code TEXT,
  details BLOB NOT NULL,
  received_day TEXT,
  added_at TEXT NOT NULL,
  changed_at TEXT NOT NULL
) STRICT;
CREATE INDEX IF NOT EXISTS entry_state ON entry (state);
CREATE INDEX IF NOT EXISTS entry_digest ON entry (digest);
CREATE INDEX IF NOT EXISTS entry_received_day ON entry (received_day);
CREATE TABLE IF NOT EXISTS content (
  source_digest TEXT PRIMARY KEY REFERENCES entry ON DELETE CASCADE,
  sealed BLOB NOT NULL
) STRICT;
CREATE TABLE IF NOT EXISTS seal (one INTEGER PRIMARY KEY CHECK (one = 1), sealed BLOB NOT NULL) STRICT;
"""
_COLUMNS = "source_digest, digest, lane, state, attempts, submission, code, details, received_day, changed_at"
_WITNESS = "ymach"


@dataclass(frozen=True, slots=True)
class Entry:
    """One file. source_digest: SHA-256 of the file as found; digest: of the signed bytes that are sent (both hex).

    lane: "current", or "history" for old visits sent in bulk. received_day: the day in Viet Nam that its receipt states.
    """

    source_digest: str
    path: Path
    digest: str
    lane: Lane
    state: State
    attempts: int
    submission: str | None
    code: str | None
    sentence: Text | None
    received_day: date | None
    changed_at: datetime


class Queue:
    """The entries of one agent folder. Use as a context manager.

    Raises QueueKeyGone or QueueKeyWrong when the key beside it is missing or another one.
    """

    def __init__(self, home: Path, key_file: Path | None = None) -> None:
        home.mkdir(parents=True, exist_ok=True, mode=0o700)
        self._db = sqlite3.connect(home / FILE_NAME, timeout=30, isolation_level=None)
        try:
            for pragma in ("journal_mode = WAL", "synchronous = FULL", "foreign_keys = ON", "secure_delete = ON"):
                self._db.execute(f"PRAGMA {pragma}")
            self._db.executescript(_SCHEMA)
            self._seal = self._open_seal(key_file or home / "queue.key")
        except BaseException:
            self._db.close()
            raise

    def _open_seal(self, file: Path) -> Seal:
        """The seal of this queue; a queue that holds something never gets a new key."""
        witness = next(self._db.execute("SELECT sealed FROM seal"), None)
        seal = open_or_make(file, may_make=witness is None)
        if witness is None:
            self._db.execute("INSERT OR IGNORE INTO seal VALUES (1, ?)", (seal.close(_WITNESS.encode(), _WITNESS),))
        else:
            seal.open(witness[0], _WITNESS)
        return seal

    def __enter__(self) -> Queue:
        return self

    def __exit__(self, *_: object) -> None:
        self._db.close()

    def add(self, *, source_digest: str, path: Path, content: bytes, lane: Lane = CURRENT, at: datetime) -> Entry:
        """Queue the signed bytes of a file. The same source again is the entry that exists; its bytes stay as they
        are while they are kept, because they may have reached the server already."""
        known = self.find(source_digest)
        if known is not None and self.holds(known):
            return known
        with self._transaction():
            self._db.execute(
                "INSERT INTO entry (source_digest, digest, lane, state, details, added_at, changed_at)"
                " VALUES (?, ?, ?, ?, ?, ?, ?)"
                " ON CONFLICT (source_digest) DO UPDATE SET digest = excluded.digest, state = excluded.state",
                (
                    source_digest,
                    sha256(content).hexdigest(),
                    lane,
                    State.WAITING,
                    self._details(source_digest, path, None),
                    at.isoformat(),
                    at.isoformat(),
                ),
            )
            self._db.execute(
                "INSERT INTO content VALUES (?, ?) ON CONFLICT (source_digest) DO UPDATE SET sealed = excluded.sealed",
                (source_digest, self._seal.close(content, source_digest)),
            )
        return self._found(source_digest)

    def holds(self, entry: Entry) -> bool:
        """Whether the signed bytes of an entry are still kept."""
        rows = self._db.execute("SELECT 1 FROM content WHERE source_digest = ?", (entry.source_digest,))
        return next(rows, None) is not None

    def content(self, entry: Entry) -> bytes | None:
        """The signed bytes of an entry; None when they are no longer kept."""
        rows = self._db.execute("SELECT sealed FROM content WHERE source_digest = ?", (entry.source_digest,))
        sealed = next(rows, None)
        return None if sealed is None else self._seal.open(sealed[0], entry.source_digest)

    def find(self, source_digest: str) -> Entry | None:
        rows = self._db.execute(f"SELECT {_COLUMNS} FROM entry WHERE source_digest = ?", (source_digest,))  # noqa: S608
        return next(map(self._entry, rows), None)

    def find_sent(self, digest: str) -> Entry | None:
        """The entry whose signed bytes have this digest."""
        rows = self._db.execute(f"SELECT {_COLUMNS} FROM entry WHERE digest = ?", (digest,))  # noqa: S608
        return next(map(self._entry, rows), None)

    def unfinished(self) -> list[Entry]:
        """Everything that still has to be sent: current before history, oldest first; what was cut off is among it."""
        rows = self._db.execute(
            f"SELECT {_COLUMNS} FROM entry WHERE state IN (?, ?, ?)"  # noqa: S608
            " ORDER BY lane = ?, added_at, rowid",
            (*OPEN, HISTORY),
        )
        return [self._entry(row) for row in rows]

    def all(self) -> list[Entry]:
        rows = self._db.execute(f"SELECT {_COLUMNS} FROM entry ORDER BY added_at, rowid")  # noqa: S608
        return [self._entry(row) for row in rows]

    def of_day(self, day: date) -> list[Entry]:
        """What has a receipt of this day (Viet Nam)."""
        rows = self._db.execute(
            f"SELECT {_COLUMNS} FROM entry WHERE received_day = ? ORDER BY rowid",  # noqa: S608
            (day.isoformat(),),
        )
        return [self._entry(row) for row in rows]

    def days(self) -> list[date]:
        """The days that have receipts, oldest first."""
        rows = self._db.execute("SELECT DISTINCT received_day FROM entry WHERE received_day IS NOT NULL ORDER BY 1")
        return [date.fromisoformat(row[0]) for row in rows]

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

    def again(self, entry: Entry, *, at: datetime) -> bool:
        """Let an answered entry be sent once more, with the same bytes; False when they are no longer kept."""
        if not self.holds(entry):
            return False
        self.finish(entry, State.WAITING, at=at)
        return True

    def finish(
        self,
        entry: Entry,
        state: State,
        *,
        at: datetime,
        submission: str | None = None,
        code: str | None = None,
        sentence: Text | None = None,
        received_at: datetime | None = None,
    ) -> None:
        """Keep what became of an entry. received_at: the moment its receipt states."""
        self._db.execute(
            "UPDATE entry SET state = ?, submission = ?, code = ?, details = ?, changed_at = ?,"
            " received_day = coalesce(?, received_day) WHERE source_digest = ?",
            (
                state,
                submission,
                code,
                self._details(entry.source_digest, entry.path, sentence),
                at.isoformat(),
                vietnam_day(received_at).isoformat() if received_at else None,
                entry.source_digest,
            ),
        )

    def forget(self, *, before: datetime) -> int:
        """Drop the bytes of entries that were answered before a moment; entry and receipt stay. How many."""
        dropped = self._db.execute(
            "DELETE FROM content WHERE source_digest IN"
            " (SELECT source_digest FROM entry WHERE state NOT IN (?, ?, ?) AND changed_at < ?)",
            (*OPEN, before.isoformat()),
        )
        return dropped.rowcount

    def _details(self, source_digest: str, path: Path, sentence: Text | None) -> bytes:
        told = [sentence.vi, sentence.en] if sentence else None
        # A path may hold bytes that are no text (surrogates); JSON would refuse them.
        plain = {"path": str(path).encode("utf-8", "surrogateescape").hex(), "sentence": told}
        return self._seal.close(orjson.dumps(plain), f"{source_digest} details")

    def _found(self, source_digest: str) -> Entry:
        found = self.find(source_digest)
        if found is None:
            raise LookupError(source_digest)
        return found

    def _entry(self, row: tuple[str, str, str, str, int, str | None, str | None, bytes, str | None, str]) -> Entry:
        details = orjson.loads(self._seal.open(row[7], f"{row[0]} details"))
        return Entry(
            source_digest=row[0],
            path=Path(bytes.fromhex(details["path"]).decode("utf-8", "surrogateescape")),
            digest=row[1],
            lane=row[2],
            state=State(row[3]),
            attempts=row[4],
            submission=row[5],
            code=row[6],
            sentence=Text(*details["sentence"]) if details["sentence"] else None,
            received_day=date.fromisoformat(row[8]) if row[8] else None,
            changed_at=datetime.fromisoformat(row[9]),
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
