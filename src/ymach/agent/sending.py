"""Sending the queue: several at a time, with patience, and every answer written down before the next step."""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, field, replace
from datetime import datetime
from threading import Event, Lock
from typing import Protocol

from ymach.agent.errors import CopyGone, NotYet, ServerAway, StrangeAnswer
from ymach.agent.lanes import VISIT, lane_claimed
from ymach.agent.queue import HISTORY, Entry, Lane, Queue, State
from ymach.agent.receipts import Receipts
from ymach.agent.server import Answer, Server
from ymach.agent.uploads import Uploads
from ymach.agent.windows import Windows
from ymach.base.clock import now
from ymach.base.errors import YmachError
from ymach.base.text import Text

_LATER = Text(
    "Máy chủ đang bận. Hồ sơ vẫn nằm trong hàng gửi; chạy lại lệnh sau ít phút.",
    "The server is busy. The dossier stays in the queue; run the command again in a few minutes.",
)
_NOT_NOW = Text(
    "Máy chủ chỉ nhận loại hồ sơ này từ {opens}. Hồ sơ vẫn nằm trong hàng gửi.",
    "The server takes this kind of dossier only from {opens}. It stays in the queue.",
)
_NO_RECEIPT = Text(
    "Máy chủ nhận hồ sơ nhưng không trả biên nhận. Hồ sơ sẽ được gửi lại.",
    "The server took the dossier but returned no receipt. It will be sent again.",
)
_RATHER_LONG = 60.0
_SPREAD = 0.1
_random = random.SystemRandom()
Answers = dict[str, Answer | YmachError]


@dataclass(frozen=True, slots=True)
class Result:
    """What became of one file in this run."""

    entry: Entry
    state: State
    answer: Answer | None = None
    code: str | None = None
    sentence: Text | None = None
    received_at: datetime | None = None


@dataclass(slots=True)
class Patience:
    """How long to go on when the server is away or busy. seconds: in all; sleep and clock can be replaced.

    asked: seconds to wait that were beyond the patience; nothing should be sent before.
    """

    seconds: float = 300.0
    sleep: Callable[[float], object] = time.sleep
    clock: Callable[[], float] = time.monotonic
    asked: float = 0.0
    _not_before: float = 0.0
    _ends: float = 0.0
    _lock: Lock = field(default_factory=Lock)

    def begin(self) -> None:
        self._ends = self.clock() + self.seconds
        self.asked = 0.0

    def pause(self) -> None:
        """Wait as long as the server asked for, whichever thread it told."""
        delay = self._not_before - self.clock()
        if delay > 0:
            self.sleep(delay)

    def postpone(self, seconds: float) -> bool:
        """Come back after `seconds`, a little later so that not all facilities come at once; False when that is
        beyond the patience."""
        with self._lock:
            delay = seconds * (1 + _random.uniform(0, _SPREAD))
            moment = self.clock() + delay
            if moment > self._ends:
                self.asked = max(self.asked, delay)
                return False
            self._not_before = max(self._not_before, moment)
            return True


@dataclass(slots=True)
class Sending:
    """One run of `send`. Only the calling thread touches the queue; the workers talk to the server.

    upload_above: bytes from which a body is sent in pieces. stop: set it, and nothing more is begun.
    """

    queue: Queue
    server: Server
    receipts: Receipts
    uploads: Uploads
    patience: Patience = field(default_factory=Patience)
    concurrency: int = 2
    batch: int = 1
    upload_above: int = 8 * 1024 * 1024
    stop: Event = field(default_factory=Event)
    windows: Windows = field(default_factory=Windows)
    _over: Event = field(default_factory=Event)

    @property
    def _stopped(self) -> bool:
        return self.stop.is_set() or self._over.is_set()

    def run(self, entries: Sequence[Entry]) -> Iterator[Result]:
        """Send the entries and yield a result for each as it comes. What was not answered stays in the queue.

        Raises SignInRefused when the server does not let this machine in; the queue is then left as it was.
        """
        self.patience.begin()
        self._ask_for_windows()
        yield from (self._not_now(one) for one in entries if not self._may_go(one))
        going = [one for one in entries if self._may_go(one)]
        groups = iter([going[start : start + self.batch] for start in range(0, len(going), self.batch)])
        with ThreadPoolExecutor(self.concurrency) as pool:
            running: dict[Future[list[Answer | YmachError]], Sequence[Entry]] = {}
            try:
                while self._fill(pool, groups, running) or running:
                    done, _ = wait(running, return_when=FIRST_COMPLETED)
                    for future in done:
                        yield from self._record(running.pop(future), future)
            finally:
                self._over.set()

    def _ask_for_windows(self) -> None:
        """Learn when the server wants what, and whether everybody is to wait."""
        try:
            self.windows = self.server.sending()
        except (ServerAway, StrangeAnswer):
            return  # the first dossier will find out, with patience
        if self.windows.retry_after is not None and not self.patience.postpone(self.windows.retry_after):
            self._over.set()

    def _may_go(self, entry: Entry) -> bool:
        return self.windows.open_now(entry.lane, at=now())

    def _not_now(self, entry: Entry) -> Result:
        opens = self.windows.opens_at(entry.lane, at=now())
        sentence = _NOT_NOW.format(opens=opens.strftime("%H:%M %d/%m"))
        self.queue.finish(entry, State.WAITING, at=now(), code="YM-AGENT-WINDOW", sentence=sentence)
        return Result(entry, State.WAITING, None, "YM-AGENT-WINDOW", sentence)

    def _fill(
        self,
        pool: ThreadPoolExecutor,
        groups: Iterator[Sequence[Entry]],
        running: dict[Future[list[Answer | YmachError]], Sequence[Entry]],
    ) -> bool:
        """Start as many groups as there are workers; whether any was started."""
        started = False
        while len(running) < self.concurrency and not self._stopped:
            group = next(groups, None)
            if group is None:
                break
            contents = {entry.digest: self.queue.content(entry) for entry in group}
            self.queue.start(group, at=now())
            running[pool.submit(self._send, group, contents)] = group
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
        self.queue.finish(
            entry,
            result.state,
            at=now(),
            submission=result.answer.submission if result.answer else None,
            code=result.code,
            sentence=result.sentence,
            received_at=result.received_at,
        )
        return result

    def _judge(self, entry: Entry, answer: Answer) -> Result:
        """The state that an answer puts a file into; its receipt is checked and kept first."""
        if answer.later:
            return Result(entry, State.WAITING, answer, answer.code, answer.sentence or _LATER)
        received_at = None
        if answer.receipt:
            claims = self.receipts.keep(answer.receipt, entry.digest)
            answer, received_at = _with_claims(answer, claims), _received_at(claims)
        if answer.status >= 400 and not answer.code:
            raise StrangeAnswer(why=f"HTTP {answer.status}")
        if answer.status >= 400:
            return Result(entry, State.REJECTED, answer, answer.code, answer.sentence, received_at)
        if not answer.receipt or answer.outcome not in set(State):
            return Result(entry, State.FAILED, answer, "YM-AGENT-NO-RECEIPT", _NO_RECEIPT)
        return Result(entry, State(answer.outcome), answer, answer.code, answer.sentence, received_at)

    def _send(self, group: Sequence[Entry], contents: dict[str, bytes | None]) -> list[Answer | YmachError]:
        """Ask until every dossier of the group is answered or the patience ends. Runs in a worker."""
        answers: Answers = {digest: CopyGone() for digest, content in contents.items() if content is None}
        left, tries = {digest: content for digest, content in contents.items() if content is not None}, 0
        while left:
            self.patience.pause()
            if self._stopped:
                break
            answers.update(self._ask(group, left))
            left = {digest: content for digest, content in left.items() if _comes_again(answers[digest])}
            if left and not self.patience.postpone(_delay(answers[next(iter(left))], tries)):
                self._over.set()
            tries += 1
        return [answers.get(entry.digest, NotYet()) for entry in group]

    def _ask(self, group: Sequence[Entry], contents: dict[str, bytes]) -> Answers:
        answers: Answers = {}
        small: list[tuple[Entry, bytes]] = []
        for entry in group:
            content = contents.get(entry.digest, b"")
            if len(content) > self.upload_above:
                answers[entry.digest] = _or_error(self.uploads.submit, content, entry.lane)
            elif content:
                small.append((entry, content))
        if len(small) == 1 and self.batch == 1:
            entry, content = small[0]
            return answers | {entry.digest: _or_error(self.server.submit, content, entry.lane)}
        return answers | self._ask_batch(small) if small else answers

    def _ask_batch(self, small: Sequence[tuple[Entry, bytes]]) -> Answers:
        """Several at once; old visits among them make it a batch of old visits."""
        lane = HISTORY if any(entry.lane == HISTORY for entry, _ in small) else VISIT
        digests = [entry.digest for entry, _ in small]
        try:
            told = self.server.submit_batch([(entry.digest, content) for entry, content in small], lane=lane)
        except (ServerAway, StrangeAnswer) as away:
            return dict.fromkeys(digests, away)
        # A line that is missing was not answered; it goes again.
        return {digest: told.get(digest, StrangeAnswer(why="NDJSON")) for digest in digests}


class _Submit(Protocol):
    def __call__(self, content: bytes, *, lane: str) -> Answer: ...


def _or_error(submit: _Submit, content: bytes, lane: Lane) -> Answer | YmachError:
    try:
        return submit(content, lane=lane_claimed(lane, content))
    except (ServerAway, StrangeAnswer) as away:
        return away


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


def _received_at(claims: dict[str, object]) -> datetime:
    """When the server took it, as the receipt states; a receipt without a time counts for today."""
    try:
        found = datetime.fromisoformat(str(claims.get("received_at")))
    except ValueError:
        return now()
    return found if found.tzinfo else now()
