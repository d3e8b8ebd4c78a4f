"""Sending the queue: several at a time, with patience, and every answer written down before the next step."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, field, replace
from pathlib import Path
from threading import Event, Lock

from ymach.agent.errors import CopyGone, ServerAway, StrangeAnswer
from ymach.agent.files import kept_content
from ymach.agent.queue import Entry, Queue, State
from ymach.agent.receipts import Receipts
from ymach.agent.server import Answer, Server
from ymach.base.clock import now
from ymach.base.errors import YmachError
from ymach.base.text import Text

_LATER = Text(
    "Máy chủ đang bận. Hồ sơ vẫn nằm trong hàng gửi; chạy lại lệnh sau ít phút.",
    "The server is busy. The dossier stays in the queue; run the command again in a few minutes.",
)
_NO_RECEIPT = Text(
    "Máy chủ nhận hồ sơ nhưng không trả biên nhận. Hồ sơ sẽ được gửi lại.",
    "The server took the dossier but returned no receipt. It will be sent again.",
)
_RATHER_LONG = 60.0


@dataclass(frozen=True, slots=True)
class Result:
    """What became of one file in this run."""

    entry: Entry
    state: State
    answer: Answer | None = None
    code: str | None = None
    sentence: Text | None = None


@dataclass(slots=True)
class Patience:
    """How long to go on when the server is away or busy. seconds: in all; sleep and clock can be replaced in tests."""

    seconds: float = 300.0
    sleep: Callable[[float], None] = time.sleep
    clock: Callable[[], float] = time.monotonic
    _not_before: float = 0.0
    _ends: float = 0.0
    _lock: Lock = field(default_factory=Lock)

    def begin(self) -> None:
        self._ends = self.clock() + self.seconds

    def pause(self) -> None:
        """Wait as long as the server asked for, whichever thread it told."""
        delay = self._not_before - self.clock()
        if delay > 0:
            self.sleep(delay)

    def postpone(self, seconds: float) -> bool:
        """Come back after `seconds`; False when that is beyond the patience."""
        with self._lock:
            moment = self.clock() + seconds
            if moment > self._ends:
                return False
            self._not_before = max(self._not_before, moment)
            return True


@dataclass(slots=True)
class Sending:
    """One run of `send`. Only the calling thread touches the queue; the workers talk to the server."""

    queue: Queue
    server: Server
    receipts: Receipts
    folder: Path
    patience: Patience = field(default_factory=Patience)
    concurrency: int = 2
    batch: int = 1
    _stop: Event = field(default_factory=Event)

    def run(self, entries: Sequence[Entry]) -> Iterator[Result]:
        """Send the entries and yield a result for each as it comes. What was not answered stays in the queue.

        Raises SignInRefused when the server does not let this machine in; the queue is then left as it was.
        """
        self.patience.begin()
        groups = iter([entries[start : start + self.batch] for start in range(0, len(entries), self.batch)])
        with ThreadPoolExecutor(self.concurrency) as pool:
            running: dict[Future[list[Answer | YmachError]], Sequence[Entry]] = {}
            try:
                while self._fill(pool, groups, running) or running:
                    done, _ = wait(running, return_when=FIRST_COMPLETED)
                    for future in done:
                        yield from self._record(running.pop(future), future)
            finally:
                self._stop.set()

    def _fill(
        self,
        pool: ThreadPoolExecutor,
        groups: Iterator[Sequence[Entry]],
        running: dict[Future[list[Answer | YmachError]], Sequence[Entry]],
    ) -> bool:
        """Start as many groups as there are workers; whether any was started."""
        started = False
        while len(running) < self.concurrency and not self._stop.is_set():
            group = next(groups, None)
            if group is None:
                break
            self.queue.start(group, at=now())
            running[pool.submit(self._send, group)] = group
            started = True
        return started

    def _record(self, group: Sequence[Entry], future: Future[list[Answer | YmachError]]) -> Iterator[Result]:
        failure = future.exception()
        if failure is not None:
            for entry in group:
                self.queue.finish(entry, State.WAITING, at=now())
            raise failure
        for entry, answer in zip(group, future.result(), strict=True):
            yield self._finish(entry, answer)

    def _finish(self, entry: Entry, answer: Answer | YmachError) -> Result:
        try:
            if isinstance(answer, YmachError):
                raise answer
            result = self._judge(entry, answer)
        except YmachError as wrong:
            state = State.FAILED if wrong.permanent else State.WAITING
            result = Result(entry, state, code=wrong.code, sentence=wrong.text)
        number = result.answer.submission if result.answer else None
        self.queue.finish(entry, result.state, at=now(), submission=number, code=result.code, sentence=result.sentence)
        return result

    def _judge(self, entry: Entry, answer: Answer) -> Result:
        """The state that an answer puts a file into; its receipt is checked and kept first."""
        if answer.later:
            return Result(entry, State.WAITING, answer, answer.code, answer.sentence or _LATER)
        if answer.receipt:
            claims = self.receipts.keep(answer.receipt, entry.digest)
            answer = _with_claims(answer, claims)
        if answer.status >= 400 and not answer.code:
            raise StrangeAnswer(why=f"HTTP {answer.status}")
        if answer.status >= 400:
            return Result(entry, State.REJECTED, answer, answer.code, answer.sentence)
        if not answer.receipt or answer.outcome not in set(State):
            return Result(entry, State.FAILED, answer, "YM-AGENT-NO-RECEIPT", _NO_RECEIPT)
        return Result(entry, State(answer.outcome), answer, answer.code, answer.sentence)

    def _send(self, group: Sequence[Entry]) -> list[Answer | YmachError]:
        """Ask until every dossier of the group is answered or the patience ends. Runs in a worker."""
        answers: dict[str, Answer | YmachError] = {}
        left, tries = list(group), 0
        while left:
            self.patience.pause()
            if self._stop.is_set():
                break
            answers.update(self._ask(left))
            left = [entry for entry in left if _comes_again(answers[entry.digest])]
            if left and not self.patience.postpone(_delay(answers[left[0].digest], tries)):
                self._stop.set()
            tries += 1
        return [answers.get(entry.digest, ServerAway(why="—")) for entry in group]

    def _ask(self, entries: Sequence[Entry]) -> dict[str, Answer | YmachError]:
        contents = {entry.digest: kept_content(self.folder, entry) for entry in entries}
        ready = [(digest, content) for digest, content in contents.items() if content is not None]
        answers: dict[str, Answer | YmachError] = {
            digest: CopyGone() for digest, content in contents.items() if content is None
        }
        if not ready:
            return answers
        try:
            if self.batch == 1:
                return {**answers, ready[0][0]: self.server.submit(ready[0][1])}
            told = self.server.submit_batch(ready)
        except (ServerAway, StrangeAnswer) as away:
            return {**answers, **dict.fromkeys([digest for digest, _ in ready], away)}
        # A line that is missing was not answered; it goes again.
        return {**answers, **{digest: told.get(digest, StrangeAnswer(why="NDJSON")) for digest, _ in ready}}


def _comes_again(answer: Answer | YmachError) -> bool:
    return not answer.permanent if isinstance(answer, YmachError) else answer.later


def _delay(answer: Answer | YmachError, tries: int) -> float:
    """Seconds until the next try: what the server asked for, else twice as long each time, a minute at most."""
    stated = answer.retry_after if isinstance(answer, Answer) else None
    return float(stated) if stated is not None else min(0.5 * 2.0**tries, _RATHER_LONG)


def _with_claims(answer: Answer, claims: dict[str, object]) -> Answer:
    """The answer, with number and outcome as the signed receipt states them."""
    stated = claims.get("outcome")
    return replace(answer, outcome=str(stated) if stated else answer.outcome, submission=str(claims.get("jti")))
