"""The agent as a service: watch the folder, send what is there, compare after closing, and say that it lives.

Every step can be cut anywhere. A file stays in the watched folder until its answer is in the queue; what was signed is
in the queue before it is sent; an answer is written down before the file is moved. Starting again goes on from there.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from hashlib import sha256
from pathlib import Path
from threading import Event

from ymach.agent import heartbeat
from ymach.agent.clock import Clock
from ymach.agent.config import Config
from ymach.agent.documents import DocumentSigner
from ymach.agent.errors import DiskTrouble, NotOffered, PinBlocked, PinRefused, SignInRefused, TokenAway, Unreadable
from ymach.agent.files import Preparing, Unready
from ymach.agent.keys import check_valid
from ymach.agent.queue import Entry, Queue, State
from ymach.agent.reconcile import Difference, Reconciling
from ymach.agent.sending import Patience, Result, Sending
from ymach.agent.server import Server
from ymach.agent.watch import GIVE_UP_AFTER, Folders, Watch
from ymach.agent.windows import Windows
from ymach.base.clock import VIETNAM, now
from ymach.base.errors import Misconfigured, YmachError

LOOK_EVERY = 2.0
PATIENCE = 30.0
HELLO_EVERY = timedelta(minutes=5)
RECONCILE_AGAIN = timedelta(minutes=15)
SAY_AGAIN = timedelta(minutes=5)
FAILED_RESTS = timedelta(minutes=5)
BEAT_EVERY = timedelta(seconds=5)
LOOK_BACK = timedelta(days=7)
_LONG_AGO = datetime(2000, 1, 1, tzinfo=VIETNAM)


@dataclass(slots=True)
class Told:
    """Whom the service tells what happens; each can be replaced."""

    result: Callable[[Result], None]
    unready: Callable[[Unready], None]
    difference: Callable[[Difference, Sequence[Entry]], None]
    trouble: Callable[[YmachError], None]
    note: Callable[[Result | Unready], str]


@dataclass(slots=True)
class Service:
    """One running agent. turn() does everything that is due once; run() goes on until `stop` is set.

    certificate: the facility's, judged anew every turn. reopen: opens the key again after its token was away.
    send_missing: queue again what the day's comparison finds missing.
    """

    config: Config
    queue: Queue
    server: Server
    signer: DocumentSigner
    clock: Clock
    folders: Folders
    told: Told
    make_sending: Callable[[Patience], Sending]
    reconciling: Reconciling
    reopen: Callable[[], DocumentSigner]
    send_missing: bool = False
    stop: Event = field(default_factory=Event)
    every: float = LOOK_EVERY
    watch: Watch = field(init=False)
    _windows: Windows = field(default_factory=Windows)
    _key_lost: bool = False
    _not_before: datetime = _LONG_AGO
    _said_hello: datetime = _LONG_AGO
    _reconcile_not_before: datetime = _LONG_AGO
    _tidied: datetime = _LONG_AGO
    _offered: bool = True
    _trouble: str | None = None
    _told_at: dict[str, datetime] = field(default_factory=dict)
    _beaten: tuple[str, datetime] = ("", _LONG_AGO)

    def __post_init__(self) -> None:
        self.watch = Watch(self.folders)

    def run(self) -> None:
        """Until `stop` is set. Raises what waiting makes worse (a PIN that is refused)."""
        self.folders.make()
        try:
            while not self.stop.is_set():
                self.turn()
                self.stop.wait(self.every)
        finally:
            self._beat("stopped")

    def turn(self) -> None:
        """Everything that is due now, once. What is wrong outside is told, and tried again in a later turn."""
        self._trouble = None
        for step in (self._say_hello, self._find_key, self._take, self._send, self._reconcile, self._tidy):
            try:
                step()
            except (PinRefused, PinBlocked):
                raise
            except YmachError as wrong:
                self._tell(wrong)
            except (OSError, sqlite3.Error) as wrong:
                self._tell(DiskTrouble(why=type(wrong).__name__))
            if self.stop.is_set():
                return
        self._beat("watching")

    def _say_hello(self) -> None:
        """Learn the server's time now and then, so that the clock is known before something is signed."""
        if now() - self._said_hello < HELLO_EVERY:
            return
        self._windows = Windows()  # may have changed: the next sending asks
        self.server.hello()
        self._said_hello = now()
        if self.server.heard:
            self.clock.learn(self.server.skew)

    def _find_key(self) -> None:
        """Refuse an ended certificate; look again for a token that was away."""
        if self._key_lost:
            self.signer = self.reopen()
            self._key_lost = False
        check_valid(self.signer.certificate, at=now())

    def _take(self) -> None:
        """Sign and queue what lies ready; move what was answered before, or cannot be read.

        A clock or certificate that must not sign holds up only what is not signed yet.
        """
        for path in self.watch.ready():
            if self.stop.is_set():
                return
            preparing = Preparing(self.queue, self.signer, self.folders.lane(path), before_signing=self._check_signing)
            try:
                self._put_away(path, preparing.add(path, at=now()))
            except TokenAway:
                self._key_lost = True
                raise
            except Misconfigured as wrong:
                self._tell(wrong)

    def _check_signing(self) -> None:
        check_valid(self.signer.certificate, at=now())
        self.clock.check_before_signing()

    def _put_away(self, path: Path, prepared: Entry | Unready) -> None:
        """Move a file that cannot be read, or whose content was answered before."""
        if isinstance(prepared, Unready):
            # A copy over a bad line may pause for long: only what has been quiet for a minute is given up.
            if self.watch.age(prepared.path) >= GIVE_UP_AFTER:
                self.told.unready(prepared)
                self._moving(lambda: self.folders.unreadable(prepared.path, self.told.note(prepared)))
        elif prepared.state.is_final:
            self._move(path, Result(prepared, prepared.state, code=prepared.code, sentence=prepared.sentence))
        elif prepared.path == path:
            self.watch.take(path)

    def _may_go(self, entry: Entry) -> bool:
        """What failed for no reason of ours or the line's is tried again only now and then."""
        rests = entry.state is State.FAILED and now() - entry.changed_at < FAILED_RESTS
        return not rests and self._windows.open_now(entry.lane, at=now())

    def _send(self) -> None:
        waiting = [one for one in self.queue.unfinished() if self._may_go(one)] if now() >= self._not_before else []
        if not waiting:
            return
        patience = Patience(PATIENCE, sleep=self.stop.wait)
        sending = self.make_sending(patience)
        sending.stop = self.stop
        try:
            for result in sending.run(waiting):
                self._beat("sending")
                self._settle(result)
        except TokenAway:
            self._key_lost = True
            raise
        except SignInRefused:
            self._not_before = now() + HELLO_EVERY
            raise
        self._windows = sending.windows
        self._not_before = now() + timedelta(seconds=patience.asked)

    def _settle(self, result: Result) -> None:
        """Tell and put away what is answered. What must wait is told once for all, not file by file every turn."""
        if result.state.is_final:
            self.watch.release(result.entry.path)
            self.told.result(result)
            # Somebody may have put a corrected file in its place meanwhile: that one is not answered yet.
            if _is_still(result.entry):
                self._move(result.entry.path, result)
        elif self._is_new(f"{result.code} {result.entry.digest if result.state is State.FAILED else ''}"):
            self.told.result(result)

    def _is_new(self, what: str) -> bool:
        """Whether this was not said in the last few minutes."""
        if now() - self._told_at.get(what, _LONG_AGO) < SAY_AGAIN:
            return False
        self._told_at[what] = now()
        return True

    def _move(self, path: Path, result: Result) -> None:
        """Put a file of the watched folder where its outcome belongs."""
        if self.folders.inbox in path.parents:
            note = self.told.note(result) if result.state in {State.REJECTED, State.HELD} else None
            self._moving(lambda: self.folders.done(path, result.state, note))

    def _moving(self, move: Callable[[], object]) -> None:
        try:
            move()
        except OSError as busy:  # open in an editor, say: the next look at the folder tries again
            self._tell(Unreadable(why=busy.strerror or type(busy).__name__))

    def _reconcile(self) -> None:
        """After the closing hour compare today, and days before that were missed; again when a day has grown."""
        here = now().astimezone(VIETNAM)
        if not self._offered or now() < self._reconcile_not_before:
            return
        due = self.reconciling.left(today=here.date(), after=here.date() - LOOK_BACK)
        if here.time() >= self.config.closing_time and not self.reconciling.is_done(here.date()):
            due += [here.date()] if self.queue.of_day(here.date()) else []
        if due:
            self._reconcile_not_before = now() + RECONCILE_AGAIN
        for day in due:
            self._compare(day)

    def _compare(self, day: date) -> None:
        try:
            found = self.reconciling.compare(day)
        except NotOffered:
            self._offered = False
            return
        queued = self.reconciling.send_again(found, at=now())[0] if self.send_missing else []
        self.told.difference(found, queued)

    def _tidy(self) -> None:
        if now() - self._tidied > timedelta(days=1):
            self.queue.forget(before=now() - timedelta(days=self.config.keep_days))
            self._tidied = now()

    def _tell(self, wrong: YmachError) -> None:
        """Say what is wrong, the same thing only every few minutes."""
        self._trouble = wrong.code
        if self._is_new(wrong.code):
            self.told.trouble(wrong)

    def _beat(self, doing: str) -> None:
        if self._beaten[0] == doing and now() - self._beaten[1] < BEAT_EVERY:
            return
        try:
            counts = {state.value: count for state, count in self.queue.counts().items() if count}
            heartbeat.write(self.config.home, at=now(), doing=doing, counts=counts, trouble=self._trouble)
        except (OSError, sqlite3.Error) as wrong:
            self._tell(DiskTrouble(why=type(wrong).__name__))
        self._beaten = (doing, now())


def _is_still(entry: Entry) -> bool:
    """Whether the file an entry came from is there and has the content that was queued."""
    try:
        return sha256(entry.path.read_bytes()).hexdigest() == entry.source_digest
    except OSError:
        return False
