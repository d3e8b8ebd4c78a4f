"""The worker's part for letters: claims, hands over, settles, until it is told to stop."""

from __future__ import annotations

import logging
from collections import Counter as Tally
from collections.abc import Callable
from datetime import datetime, timedelta
from threading import Event

from django.db import InterfaceError, OperationalError, connection

from ymach.base.clock import now
from ymach.notices import outbox
from ymach.notices.models import Letter
from ymach.notices.post import Away, Later, Post, Refused, Stationery

logger = logging.getLogger(__name__)

BATCH = 20
POLL_SECONDS = 2.0
_FIRST_PAUSE, _LONGEST_PAUSE = 5.0, 300.0
_MARGIN = timedelta(minutes=1)


class Postman:
    """Any number may run at once. post: makes a fresh connection; stopping: set from outside; clock: the present."""

    def __init__(
        self,
        post: Callable[[], Post],
        stationery: Stationery,
        *,
        stopping: Event,
        clock: Callable[[], datetime] = now,
    ) -> None:
        self._post, self._stationery, self._stopping, self._clock = post, stationery, stopping, clock
        self._pause = _FIRST_PAUSE
        self.tally: Tally[str] = Tally()

    def run(self, *, once: bool = False) -> Tally[str]:
        """Work until `stopping` is set, or with `once` until nothing is due or the server is away."""
        try:
            while not self._stopping.is_set():
                wait = self._turn()
                if once and wait:
                    break
                self._stopping.wait(wait)
        finally:
            connection.close()
        return self.tally

    def _turn(self) -> float:
        """One batch; how many seconds to wait before the next."""
        try:
            letters = outbox.claim(most=BATCH, at=self._clock())
            if not letters:
                return POLL_SECONDS
            is_away = self._deliver(letters)
        except (OperationalError, InterfaceError):
            logger.warning("letters: the database is away", exc_info=True)
            connection.close()
            return _FIRST_PAUSE
        if not is_away:
            self._pause = _FIRST_PAUSE
            return 0
        pause, self._pause = self._pause, min(self._pause * 2, _LONGEST_PAUSE)
        return pause

    def _deliver(self, letters: list[Letter]) -> bool:
        """Hand over what can be; whether the server turned out to be away."""
        away = ""
        with self._post() as post:
            for letter in letters:
                if away or self._stopping.is_set() or self._clock() > letter.due_at - _MARGIN:
                    outbox.give_back(letter, away, at=self._clock())
                    continue
                away = self._attempt(post, letter)
        return bool(away)

    def _attempt(self, post: Post, letter: Letter) -> str:
        """Try one letter and settle it; why no other can be handed over now, or nothing."""
        try:
            post.send(self._stationery.message(letter, at=self._clock()))
        except Refused as error:
            self._count("failed", outbox.settle_refused(letter, str(error), at=self._clock()))
            logger.warning("letter %s refused: %s", letter.pk, error)
        except Later as error:
            self._count("later", outbox.settle_later(letter, str(error), at=self._clock()))
        except Away as error:
            logger.warning("letters: the mail server takes none: %s", error)
            self._count("waiting", outbox.give_back(letter, str(error), at=self._clock()))
            return str(error)
        else:
            self._count("sent", outbox.settle_sent(letter, at=self._clock()))
        return ""

    def _count(self, state: str, is_ours: bool) -> None:
        self.tally[state if is_ours else "lost"] += 1
