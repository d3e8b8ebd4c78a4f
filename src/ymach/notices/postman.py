"""The worker's part for letters."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import datetime, timedelta
from threading import Event

from ymach.base.clock import now
from ymach.base.rounds import Rounds
from ymach.notices import outbox
from ymach.notices.models import Letter
from ymach.notices.post import Away, Later, Post, Refused, Stationery

logger = logging.getLogger(__name__)

BATCH = 20
POLL_SECONDS = 2.0
_FIRST_PAUSE, _LONGEST_PAUSE = 5.0, 300.0
_MARGIN = timedelta(minutes=1)


class Postman(Rounds):
    """Carries letters: claims, hands over, settles. post: makes a fresh connection."""

    name = "letters"

    def __init__(
        self,
        post: Callable[[], Post],
        stationery: Stationery,
        *,
        stopping: Event,
        clock: Callable[[], datetime] = now,
    ) -> None:
        super().__init__(stopping=stopping, clock=clock)
        self._post, self._stationery = post, stationery
        self._pause = _FIRST_PAUSE

    def turn(self) -> float:
        """One batch. A server that is away is given longer and longer pauses."""
        letters = outbox.claim(most=BATCH, at=self.clock())
        if not letters:
            return POLL_SECONDS
        if not self._deliver(letters):
            self._pause = _FIRST_PAUSE
            return 0
        pause, self._pause = self._pause, min(self._pause * 2, _LONGEST_PAUSE)
        return pause

    def _deliver(self, letters: list[Letter]) -> bool:
        """Hand over what can be; whether the server turned out to be away."""
        away = ""
        with self._post() as post:
            for letter in letters:
                if away or self.stopping.is_set() or self.clock() > letter.due_at - _MARGIN:
                    outbox.give_back(letter, away, at=self.clock())
                    continue
                away = self._attempt(post, letter)
        return bool(away)

    def _attempt(self, post: Post, letter: Letter) -> str:
        """Try one letter and settle it; why no other can be handed over now, or nothing."""
        try:
            post.send(self._stationery.message(letter, at=self.clock()))
        except Refused as error:
            self._count("failed", outbox.settle_refused(letter, str(error), at=self.clock()))
            logger.warning("letter %s refused: %s", letter.pk, error)
        except Later as error:
            self._count("later", outbox.settle_later(letter, str(error), at=self.clock()))
        except Away as error:
            logger.warning("letters: the mail server takes none: %s", error)
            self._count("waiting", outbox.give_back(letter, str(error), at=self.clock()))
            return str(error)
        else:
            self._count("sent", outbox.settle_sent(letter, at=self.clock()))
        return ""

    def _count(self, state: str, is_ours: bool) -> None:
        self.tally[state if is_ours else "lost"] += 1
