"""The agent's service with the kiosk's check-ins among what it signs and sends."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from ymach.agent.errors import ServerAway, TokenAway
from ymach.agent.files import Preparing
from ymach.agent.kiosk.store import Store
from ymach.agent.sending import Result
from ymach.agent.service import Service
from ymach.base.clock import now
from ymach.base.errors import Misconfigured, YmachError


@dataclass(slots=True)
class Line:
    """Whether the server can be reached, as far as the last try told. Safe to share between threads."""

    _lost_at: datetime | None = None
    _lock: threading.Lock = field(default_factory=threading.Lock)

    @property
    def lost_at(self) -> datetime | None:
        """Since when nothing gets through (UTC); None when the line is there."""
        with self._lock:
            return self._lost_at

    def lost(self, *, at: datetime) -> None:
        with self._lock:
            self._lost_at = self._lost_at or at

    def back(self) -> None:
        with self._lock:
            self._lost_at = None


@dataclass(slots=True)
class KioskService(Service):
    """Signs the kiosk's check-ins before the files of the watched folder, and tells the kiosk what became of them."""

    book: Store | None = None
    line: Line = field(default_factory=Line)

    def _say_hello(self) -> None:
        before = self._said_hello
        Service._say_hello(self)
        if self._said_hello != before:
            self.line.back()

    def _take(self) -> None:
        if self.book is not None:
            self._take_check_ins(self.book)
        Service._take(self)

    def _take_check_ins(self, book: Store) -> None:
        """Sign and queue what was checked in. What cannot be signed now stays sealed in the kiosk's book."""
        preparing = Preparing(self.queue, self.signer, before_signing=self._check_signing)
        for one in book.waiting():
            try:
                entry = preparing.add_content(one.content, Path(f"{one.visit}.xml"), at=now())
            except TokenAway:
                self._key_lost = True
                raise
            except Misconfigured as wrong:
                self._tell(wrong)
                return
            book.queued(one.visit, entry.source_digest)

    def _settle(self, result: Result) -> None:
        if result.code == ServerAway.code:
            self.line.lost(at=now())
        elif result.answer is not None:
            self.line.back()
        if result.state.is_final and self.book is not None:
            self.book.answered(result.entry.source_digest, result.state.value)
        Service._settle(self, result)

    def _tell(self, wrong: YmachError) -> None:
        if isinstance(wrong, ServerAway):
            self.line.lost(at=now())
        Service._tell(self, wrong)

    def _tidy(self) -> None:
        Service._tidy(self)
        if self.book is not None:
            self.book.forget(at=now())
