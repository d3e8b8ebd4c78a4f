"""Who stands before the screen: kept in memory only, forgotten when the person is gone."""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from threading import Lock

from ymach.agent.kiosk.rules import Pays
from ymach.agent.kiosk.store import Ticket
from ymach.base.text import Text
from ymach.formats.cccd_qr import Card, InsuranceNumber

_MOST = 32
_GRACE = 15.0


@dataclass(slots=True)
class Turn:
    """One browser at the kiosk. key: its cookie. form: what each of its forms carries. wrong: said once, then gone."""

    key: str = field(default_factory=lambda: secrets.token_urlsafe(24))
    form: str = field(default_factory=lambda: secrets.token_urlsafe(24))
    language: str = "vi"
    card: Card | None = field(default=None, repr=False)
    accompanied: bool = False
    pays: Pays | None = None
    insurance: InsuranceNumber | None = field(default=None, repr=False)
    typed: str = field(default="", repr=False)
    ticket: Ticket | None = None
    wrong: Text | None = None
    touched: float = 0.0
    seen: float = 0.0
    lock: Lock = field(default_factory=Lock, repr=False)

    def forget(self) -> None:
        """Everything about the person."""
        self.card = self.pays = self.insurance = self.ticket = None
        self.accompanied, self.typed = False, ""

    @property
    def knows_somebody(self) -> bool:
        return self.card is not None or self.ticket is not None


@dataclass(slots=True)
class Turns:
    """The turns of all browsers. seconds: after which a person is forgotten here too, should the screen not say so."""

    seconds: float
    clock: Callable[[], float] = time.monotonic
    _turns: dict[str, Turn] = field(default_factory=dict)
    _lock: Lock = field(default_factory=Lock)

    def find(self, key: str) -> Turn | None:
        """The turn of a cookie, with the person forgotten when nobody touched the screen for too long."""
        with self._lock:
            turn = self._turns.get(key)
        if turn is None:
            return None
        turn.seen = self.clock()
        if turn.knows_somebody and turn.seen - turn.touched > self.seconds + _GRACE:
            turn.forget()
            turn.language = "vi"
        return turn

    def begin(self) -> Turn:
        """A turn for a browser that has none. Many of those (a watchdog that asks without cookies) displace each other,
        never the screen: its page asks every few seconds."""
        turn = Turn(touched=self.clock(), seen=self.clock())
        with self._lock:
            while len(self._turns) >= _MOST:
                del self._turns[min(self._turns.values(), key=lambda one: one.seen).key]
            self._turns[turn.key] = turn
        return turn

    def touch(self, turn: Turn) -> None:
        turn.touched = self.clock()
