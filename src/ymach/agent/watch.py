"""The watched folder: a file is taken when it has stopped growing, and moved by its outcome when it is answered.

The folder is looked at by the clock rather than by notices of the system, because the folders hospitals use are often
network shares, where notices get lost. Layout, in the language of the facility:

    inbox/            put files here (sub-folders too; the one for old visits is sent in the server's hours for them)
    inbox/../da-nhan  what was accepted; likewise dang-giu, bi-tra-lai (with a note that says why), khong-doc-duoc
"""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from ymach.agent import durable
from ymach.agent.files import is_document, move
from ymach.agent.queue import CURRENT, HISTORY, Lane
from ymach.agent.states import State

SETTLE = 2.0
GIVE_UP_AFTER = 60.0
_UNFINISHED = (".part", ".tmp", ".filepart", ".crdownload", ".download")
_FOLDERS = {
    "vi": {"accepted": "da-nhan", "held": "dang-giu", "rejected": "bi-tra-lai", "unreadable": "khong-doc-duoc"},
    "en": {"accepted": "accepted", "held": "held", "rejected": "sent-back", "unreadable": "unreadable"},
}
_HISTORY = {"vi": "ho-so-cu", "en": "history"}
_KIND = {
    State.ACCEPTED: "accepted",
    State.ACCEPTED_WITH_FINDINGS: "accepted",
    State.HELD: "held",
    State.REJECTED: "rejected",
}


@dataclass(frozen=True, slots=True)
class Folders:
    """Where files come from and go to. inbox: the watched folder; the others lie beside it."""

    inbox: Path
    language: str = "vi"

    def make(self) -> None:
        for folder in (self.inbox, self.history, *(self._outcome(kind) for kind in _FOLDERS["vi"])):
            folder.mkdir(parents=True, exist_ok=True)

    @property
    def history(self) -> Path:
        """Old visits, sent in bulk when the server wants them."""
        return self.inbox / _HISTORY.get(self.language, "history")

    def lane(self, path: Path) -> Lane:
        return HISTORY if self.history in path.parents else CURRENT

    def done(self, path: Path, state: State, note: str | None = None) -> Path:
        """Move an answered file to the folder of its outcome; `note` is put beside it as a text file."""
        return self._move(path, self._outcome(_KIND[state]), note)

    def unreadable(self, path: Path, note: str) -> Path:
        return self._move(path, self._outcome("unreadable"), note)

    def _outcome(self, kind: str) -> Path:
        return self.inbox.parent / _FOLDERS.get(self.language, _FOLDERS["en"])[kind]

    def _move(self, path: Path, folder: Path, note: str | None) -> Path:
        moved = move(path, folder)
        if note:
            durable.write(moved.with_name(f"{moved.name}.txt"), note_bytes(note))
        return moved


def note_bytes(note: str, platform: str = sys.platform) -> bytes:
    """A note as the editors of this system open it: Notepad wants a mark for UTF-8 and its own line ends."""
    return ("\ufeff" + note.replace("\n", "\r\n")).encode() if platform == "win32" else note.encode()


@dataclass(frozen=True, slots=True)
class _Look:
    size: int
    changed: int
    since: float


@dataclass(slots=True)
class Watch:
    """Remembers what each file looked like, so that one that still grows is left alone.

    settle: seconds a file must have stayed the same before it is taken.
    """

    folders: Folders
    settle: float = SETTLE
    clock: Callable[[], float] = time.monotonic
    _looks: dict[Path, _Look] = field(default_factory=dict)
    _taken: dict[Path, _Look] = field(default_factory=dict)

    def ready(self) -> list[Path]:
        """The files that have stopped growing and are not taken yet, in order of name."""
        present = dict(self._present())
        self._looks = {path: self._look(path, size, changed) for path, (size, changed) in present.items()}
        self._taken = {path: look for path, look in self._taken.items() if self._looks.get(path) is look}
        quiet = (path for path in present if path not in self._taken and self.age(path) >= self.settle)
        return sorted(path for path in quiet if not is_held_open(path))

    def take(self, path: Path) -> None:
        """Do not offer this file again as long as it looks the same: it is queued and waits for its answer."""
        if path in self._looks:
            self._taken[path] = self._looks[path]

    def release(self, path: Path) -> None:
        """Offer this file again."""
        self._taken.pop(path, None)

    def age(self, path: Path) -> float:
        """Seconds since the file last looked different."""
        look = self._looks.get(path)
        return self.clock() - look.since if look else 0.0

    @property
    def growing(self) -> int:
        """How many files are there that still change."""
        return sum(self.age(path) < self.settle for path in self._looks)

    def _look(self, path: Path, size: int, changed: int) -> _Look:
        known = self._looks.get(path)
        same = known is not None and (known.size, known.changed) == (size, changed)
        return known if known is not None and same else _Look(size, changed, self.clock())

    def _present(self) -> Iterator[tuple[Path, tuple[int, int]]]:
        for path in self.folders.inbox.rglob("*"):
            try:
                if is_taken(path):
                    found = path.stat()
                    yield path, (found.st_size, found.st_mtime_ns)
            except OSError:
                continue  # moved away or not yet allowed to look: the next round sees it


def is_taken(path: Path) -> bool:
    """Whether this is a file to send: XML or FHIR, not hidden, not a program's unfinished or lock file."""
    name = path.name
    return is_document(path) and not name.startswith((".", "~")) and not name.lower().endswith(_UNFINISHED)


def is_held_open(path: Path) -> bool:
    """Whether another program still writes. Windows refuses to open such a file for writing; elsewhere nobody knows,
    and the time of quiet has to do. A file marked read-only cannot be asked and counts as finished."""
    if sys.platform != "win32" or not os.access(path, os.W_OK):
        return False
    try:
        with path.open("rb+"):
            return False
    except OSError:
        return True
