"""The kiosk's own book on disk (SQLite): the numbers given, and the check-ins that the agent has not signed yet.

A number is on the disk when it is shown; numbers of a room follow each other without a gap, also after a cut. Notices
are sealed until the agent's queue has them. Of a person only a keyed digest is kept, to give the same number again, and
that for a day.
"""

from __future__ import annotations

import hmac
import secrets
import sqlite3
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from hashlib import sha256
from pathlib import Path
from threading import Lock

from ymach.agent.seals import Seal
from ymach.base.clock import vietnam_day

FILE_NAME = "kiosk.sqlite3"
_LETTERS = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
_SCHEMA = """
CREATE TABLE IF NOT EXISTS ticket (
  day TEXT NOT NULL,
  room TEXT NOT NULL,
  number INTEGER NOT NULL,
  visit TEXT,
  person TEXT,
  sealed BLOB,
  digest TEXT,
  outcome TEXT,
  at TEXT NOT NULL,
  PRIMARY KEY (day, room, number)
) STRICT, WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS ticket_person ON ticket (person, at) WHERE person IS NOT NULL;
CREATE INDEX IF NOT EXISTS ticket_digest ON ticket (digest) WHERE digest IS NOT NULL;
"""


@dataclass(frozen=True, slots=True)
class Ticket:
    """A number in a room on a day. visit: key of the visit (MA_LK), None at the desk. at: aware, UTC."""

    room: str
    number: int
    visit: str | None
    at: datetime
    again: bool = False


@dataclass(frozen=True, slots=True)
class Waiting:
    """A check-in that is not in the agent's queue yet. content: the notice, not signed."""

    visit: str
    content: bytes


Make = Callable[[int, str], tuple[str, bytes]]
"""Given the number and random letters: the key of the visit and the notice."""


class Store:
    """The book of one kiosk. Safe to share between threads. seal: the agent's queue key."""

    def __init__(self, home: Path, seal: Seal) -> None:
        home.mkdir(parents=True, exist_ok=True, mode=0o700)
        self._seal, self._lock = seal, Lock()
        self._db = sqlite3.connect(home / FILE_NAME, timeout=30, isolation_level=None, check_same_thread=False)
        for pragma in ("journal_mode = WAL", "synchronous = FULL", "secure_delete = ON"):
            self._db.execute(f"PRAGMA {pragma}")
        self._db.executescript(_SCHEMA)

    def close(self) -> None:
        with self._lock:
            self._db.close()

    def person(self, number: str) -> str:
        """What is kept of a person instead of the number: a digest nobody can compute without the key."""
        return hmac.new(self._seal.key, f"kiosk person {number}".encode(), sha256).hexdigest()

    def recent(self, person: str, *, since: datetime) -> Ticket | None:
        """The number that a person got since a moment."""
        with self._lock:
            return self._recent(person, since)

    def give(self, room: str, *, person: str, since: datetime, at: datetime, make: Make) -> Ticket:
        """The next number of a room, with its notice; the number given since a moment when there is one."""
        with self._lock, closing(self._db.cursor()) as cursor:
            cursor.execute("BEGIN IMMEDIATE")
            try:
                ticket = self._recent(person, since) or self._new(cursor, room, person, at, make)
            except BaseException:
                cursor.execute("ROLLBACK")
                raise
            cursor.execute("COMMIT")
        return ticket

    def give_plain(self, room: str, *, at: datetime) -> Ticket:
        """The next number of a room for somebody who is not known here: no notice is made."""
        with self._lock:
            rows = self._db.execute(
                "INSERT INTO ticket (day, room, number, outcome, at)"
                " SELECT ?1, ?2, coalesce(max(number), 0) + 1, 'none', ?3 FROM ticket WHERE day = ?1 AND room = ?2"
                " RETURNING number",
                (_day(at), room, at.isoformat()),
            )
            number: int = rows.fetchone()[0]
        return Ticket(room, number, None, at)

    def waiting(self) -> list[Waiting]:
        """The check-ins that are still to be signed, oldest first."""
        with self._lock:
            rows = self._db.execute("SELECT visit, sealed FROM ticket WHERE sealed IS NOT NULL ORDER BY at").fetchall()
        return [Waiting(visit, self._seal.open(sealed, visit)) for visit, sealed in rows]

    def queued(self, visit: str, source_digest: str) -> None:
        """The agent's queue has a check-in: its content is dropped here."""
        with self._lock:
            self._db.execute("UPDATE ticket SET sealed = NULL, digest = ? WHERE visit = ?", (source_digest, visit))

    def answered(self, source_digest: str, outcome: str) -> None:
        """The server has answered a check-in."""
        with self._lock:
            self._db.execute("UPDATE ticket SET outcome = ? WHERE digest = ?", (outcome, source_digest))

    def open_count(self) -> int:
        """How many check-ins have no answer yet."""
        with self._lock:
            found: int = self._db.execute("SELECT count(*) FROM ticket WHERE outcome IS NULL").fetchone()[0]
        return found

    def refused_count(self, *, day: date) -> int:
        """How many check-ins of a day were sent back."""
        with self._lock:
            rows = self._db.execute(
                "SELECT count(*) FROM ticket WHERE day = ? AND outcome = 'rejected'", (day.isoformat(),)
            )
            found: int = rows.fetchone()[0]
        return found

    def forget(self, *, at: datetime) -> None:
        """Drop what is kept of persons for longer than a day."""
        with self._lock:
            before = (at - timedelta(days=1)).isoformat()
            self._db.execute("UPDATE ticket SET person = NULL WHERE person IS NOT NULL AND at < ?", (before,))

    def _new(self, cursor: sqlite3.Cursor, room: str, person: str, at: datetime, make: Make) -> Ticket:
        number = self._last(_day(at), room) + 1
        visit, content = make(number, "".join(secrets.choice(_LETTERS) for _ in range(4)))
        cursor.execute(
            "INSERT INTO ticket (day, room, number, visit, person, sealed, at) VALUES (?, ?, ?, ?, ?, ?, ?)",
            (_day(at), room, number, visit, person, self._seal.close(content, visit), at.isoformat()),
        )
        return Ticket(room, number, visit, at)

    def _last(self, day: str, room: str) -> int:
        rows = self._db.execute("SELECT coalesce(max(number), 0) FROM ticket WHERE day = ? AND room = ?", (day, room))
        found: int = rows.fetchone()[0]
        return found

    def _recent(self, person: str, since: datetime) -> Ticket | None:
        rows = self._db.execute(
            "SELECT room, number, visit, at FROM ticket WHERE person = ? AND at >= ? ORDER BY at DESC LIMIT 1",
            (person, since.isoformat()),
        )
        found = rows.fetchone()
        return Ticket(found[0], found[1], found[2], datetime.fromisoformat(found[3]), again=True) if found else None


def _day(at: datetime) -> str:
    return vietnam_day(at).isoformat()
