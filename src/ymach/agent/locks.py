"""One agent at a time in a folder, on every system alike.

The lock is a database that is held open exclusively: SQLite knows how to lock a file on Windows, Linux and macOS, and
the system lets go of it when the process dies, however it dies.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from ymach.agent.errors import RunningAlready

FILE_NAME = "lock.sqlite3"


def is_taken(home: Path) -> bool:
    """Whether an agent is at work in `home` now."""
    try:
        with alone(home):
            return False
    except RunningAlready:
        return True


@contextmanager
def alone(home: Path) -> Iterator[None]:
    """Be the only agent that writes in `home`. Raises RunningAlready."""
    home.mkdir(parents=True, exist_ok=True, mode=0o700)
    with closing(sqlite3.connect(home / FILE_NAME, timeout=0, isolation_level=None)) as held:
        try:
            held.execute("BEGIN EXCLUSIVE")
        except sqlite3.OperationalError as busy:
            raise RunningAlready(folder=str(home)) from busy
        yield
        held.execute("ROLLBACK")
