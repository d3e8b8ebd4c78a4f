"""The gate of a process: places, turns, their order, and what the processes tell each other."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable

import pytest

from ymach.exchange.lanes.board import STEP_SECONDS, STEPS, Board, LaneState
from ymach.exchange.lanes.errors import LaneFull
from ymach.exchange.lanes.gate import Gate, Place
from ymach.exchange.lanes.rules import PLACES, Lane


def make_gate(turns: int = 2) -> tuple[Gate, Board]:
    board = Board(4, 4 * turns)
    return Gate(turns, board), board


def state(board: Board, lane: Lane) -> LaneState:
    return next(one for one in board.states() if one.lane is lane)


def soon(is_so: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 5
    while not is_so():
        assert time.monotonic() < deadline
        time.sleep(0.001)


class Crowd:
    """Requests that wait for a turn one after the other, each in a thread, and note when they have it."""

    def __init__(self, gate: Gate) -> None:
        self.gate, self.order, self.threads = gate, list[str](), list[threading.Thread]()
        self.blocker = gate.enter(Lane.VISIT, "blocker")
        self.blocker.take()

    def come(self, name: str, lane: Lane, key: str) -> None:
        place = self.gate.enter(lane, key)
        thread = threading.Thread(target=self._work, args=(place, name))
        thread.start()
        self.threads.append(thread)
        line = self.gate._lines[lane]
        soon(lambda: sum(map(len, line._senders.values())) == self._waiting(lane))

    def _waiting(self, lane: Lane) -> int:
        return self.gate._inside[lane] - self.gate._at_work[lane]

    def _work(self, place: Place, name: str) -> None:
        place.take_first()
        self.order.append(name)
        place.leave()

    def go(self) -> list[str]:
        self.blocker.leave()
        for thread in self.threads:
            thread.join(5)
        return self.order


def test_a_lane_that_is_full_says_so_at_once_and_the_others_go_on() -> None:
    gate, board = make_gate()
    places = [gate.enter(Lane.VISIT, f"{number}") for number in range(PLACES[Lane.VISIT])]
    with pytest.raises(LaneFull) as told:
        gate.enter(Lane.VISIT, "late")
    assert told.value.values["retry_after"] >= 1
    assert state(board, Lane.VISIT).refused == 1
    gate.enter(Lane.REFERRAL, "99001").leave()
    places[0].leave()
    gate.enter(Lane.VISIT, "late").leave()


def test_one_sender_leaves_half_of_a_lane_to_the_others() -> None:
    gate, _ = make_gate()
    for _ in range(PLACES[Lane.HISTORY] // 2):
        gate.enter(Lane.HISTORY, "99001")
    with pytest.raises(LaneFull):
        gate.enter(Lane.HISTORY, "99001")
    gate.enter(Lane.HISTORY, "99002")


def test_the_more_urgent_come_first_and_senders_take_turns() -> None:
    crowd = Crowd(make_gate(1)[0])
    for name, lane, key in [
        ("old", Lane.HISTORY, "A"),
        ("visit A1", Lane.VISIT, "A"),
        ("visit A2", Lane.VISIT, "A"),
        ("visit B1", Lane.VISIT, "B"),
        ("referral", Lane.REFERRAL, "A"),
    ]:
        crowd.come(name, lane, key)
    order = crowd.go()
    assert order[0] == "referral"
    assert order.index("visit B1") < order.index("visit A2")
    assert sorted(order) == ["old", "referral", "visit A1", "visit A2", "visit B1"]


def test_no_more_than_the_turns_are_at_work() -> None:
    gate, board = make_gate(2)
    most, lock = [0], threading.Lock()

    def work(number: int) -> None:
        place = gate.enter(Lane.VISIT, f"{number}")
        place.take()
        with lock:
            most[0] = max(most[0], state(board, Lane.VISIT).at_work)
        time.sleep(0.002)
        place.leave()

    threads = [threading.Thread(target=work, args=(number,)) for number in range(10)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(5)
    assert most[0] == 2
    assert (state(board, Lane.VISIT).inside, state(board, Lane.VISIT).served) == (0, 10)


def test_who_loses_patience_is_told_to_come_later_and_leaves_nothing_behind() -> None:
    gate, _ = make_gate(1)
    working = gate.enter(Lane.VISIT, "A")
    working.take()
    other = gate.enter(Lane.VISIT, "B")
    with pytest.raises(LaneFull):
        other.take(patience=0.01)
    other.leave()
    working.leave()
    last = gate.enter(Lane.VISIT, "C")
    last.take(patience=0.01)
    last.leave()


def test_what_was_refused_is_forgotten_after_a_minute() -> None:
    clock = [1_000_000.0]
    board = Board(2, 4, clock=lambda: clock[0])
    row = board.row()
    row.refused(Lane.VISIT)
    assert state(board, Lane.VISIT).refused == 1
    clock[0] += STEP_SECONDS * STEPS
    assert state(board, Lane.VISIT).refused == 0


def test_what_a_process_does_is_seen_by_the_others_and_goes_with_it() -> None:
    board = Board(2, 4)
    board.row()
    ready, done = os.pipe(), os.pipe()
    child = os.fork()
    if child == 0:
        board.row().tell(Lane.REFERRAL, inside=3, at_work=2)
        os.write(ready[1], b"x")
        os.read(done[0], 1)
        os._exit(0)
    os.read(ready[0], 1)
    assert (state(board, Lane.REFERRAL).inside, state(board, Lane.REFERRAL).places) == (3, 2 * PLACES[Lane.REFERRAL])
    os.write(done[1], b"x")
    os.waitpid(child, 0)
    assert (state(board, Lane.REFERRAL).inside, state(board, Lane.REFERRAL).places) == (0, PLACES[Lane.REFERRAL])


def test_a_false_claim_is_remembered_for_its_time() -> None:
    clock = [1_000_000.0]
    board = Board(2, 4, clock=lambda: clock[0])
    board.ban("99001", 600)
    assert (board.is_banned("99001"), board.is_banned("99002")) == (True, False)
    clock[0] += 601
    assert not board.is_banned("99001")
    for number in range(1000):
        board.ban(f"{number}", 600)
    assert board.is_banned("999")


def test_old_visits_of_all_processes_share_few_turns_while_others_work() -> None:
    gate, _ = make_gate(2)
    gate._row.worked(4.0)  # the urgent lanes use half of the eight turns
    old = gate.enter(Lane.HISTORY, "B")
    gate._row.tell(Lane.HISTORY, inside=2, at_work=1)  # as if another process had one at work
    with pytest.raises(LaneFull):
        old.take(patience=0.02)
    gate._row.tell(Lane.HISTORY, inside=1, at_work=0)
    old.take(patience=1.0)
    assert old.is_at_work
    old.leave()
