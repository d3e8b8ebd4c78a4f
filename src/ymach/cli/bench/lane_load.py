"""The loads of the benchmark of lanes: neighbours who send at a steady pace, and one facility that sends all it has."""

from __future__ import annotations

import base64
import http.client
import threading
import time
from collections import Counter, deque
from collections.abc import Sequence
from dataclasses import dataclass, field

import orjson

from ymach.cli.bench.load import connect, together

CLIENTS = 24
LONGEST_WAIT = 5.0
"""Seconds that a neighbour waits before it comes again, whatever it was told; it counts as waiting."""


@dataclass(frozen=True, slots=True)
class Errand:
    """One dossier to send: lane "" claims none. due: seconds after the start."""

    lane: str
    content: bytes
    token: str
    due: float


@dataclass(slots=True)
class Outcome:
    """What came back: seconds from when each was due to its receipt, by lane; receipts; how often one was refused."""

    seconds: dict[str, list[float]] = field(default_factory=dict)
    receipts: list[str] = field(default_factory=list)
    statuses: Counter[int] = field(default_factory=Counter)
    offered: int = 0
    lasted: float = 0.0

    @property
    def refused(self) -> int:
        return self.statuses[429]

    @property
    def errors(self) -> int:
        """Answers that are neither a receipt nor “come later”."""
        return sum(count for status, count in self.statuses.items() if status not in {200, 201, 422, 429})


def send_at_pace(url: str, errands: Sequence[Errand]) -> Outcome:
    """Send each errand at its moment (open loop); who is told to come later comes again then, and has waited."""
    outcome, lock, work = Outcome(offered=len(errands)), threading.Lock(), deque(errands)
    start = time.perf_counter() + 0.2

    def client() -> None:
        connection = connect(url)
        while True:
            with lock:
                errand = work.popleft() if work else None
            if errand is None:
                break
            time.sleep(max(start + errand.due - time.perf_counter(), 0))
            _deliver(connection, errand, start + errand.due, outcome, lock)
        connection.close()

    together(client, CLIENTS)
    outcome.lasted = time.perf_counter() - start
    return outcome


def _deliver(
    connection: http.client.HTTPConnection, errand: Errand, due: float, outcome: Outcome, lock: threading.Lock
) -> None:
    headers = {"Authorization": f"Bearer {errand.token}", "Content-Type": "application/xml"}
    headers |= {"Ymach-Lane": errand.lane} if errand.lane else {}
    give_up = time.perf_counter() + 30
    while time.perf_counter() < give_up:
        status, body, wait = post(connection, "/api/v1/submissions", errand.content, headers)
        with lock:
            outcome.statuses[status] += 1
            if status != 429 and body:
                outcome.receipts.append(str(orjson.loads(body).get("receipt") or ""))
                outcome.seconds.setdefault(errand.lane, []).append(time.perf_counter() - due)
        if status != 429:
            return
        time.sleep(min(wait, LONGEST_WAIT))


def backfill(
    url: str, contents: Sequence[bytes], token: str, *, size: int, per_s: float, seconds: float, clients: int
) -> Outcome:
    """One facility's old visits in batches of `size`, `per_s` dossiers a second, for so many seconds; what is refused is
    offered again at once, which no agent of ours does."""
    groups = [contents[start : start + size] for start in range(0, len(contents), size)]
    work = deque((_lines(group), len(group)) for group in groups)
    outcome, lock, start = Outcome(), threading.Lock(), time.perf_counter()
    headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/x-ndjson"}

    def client() -> None:
        connection = connect(url)
        while True:
            with lock:
                due = start + outcome.offered / per_s
                if not work or due - start > seconds:
                    break
                body, count = work.popleft()
                outcome.offered += count
            time.sleep(max(due - time.perf_counter(), 0))
            status, answer, _ = post(connection, "/api/v1/submissions:batch", body, headers)
            with lock:
                if status == 200:
                    _note(outcome, answer)
                else:
                    outcome.statuses[status] += count
                    work.append((body, count))
        connection.close()

    together(client, clients)
    outcome.lasted = time.perf_counter() - start
    return outcome


def post(
    connection: http.client.HTTPConnection, path: str, body: bytes, headers: dict[str, str]
) -> tuple[int, bytes, float]:
    """Status (0: no answer), body, and seconds until one may come again."""
    try:
        connection.request("POST", path, body, headers)
        response = connection.getresponse()
        return response.status, response.read(), float(response.getheader("Retry-After") or 0.5)
    except (OSError, http.client.HTTPException):
        connection.close()
        return 0, b"", 0.5


def _lines(contents: Sequence[bytes]) -> bytes:
    lines = [{"id": str(number), "content": base64.b64encode(one).decode()} for number, one in enumerate(contents)]
    return b"\n".join(map(orjson.dumps, lines))


def _note(outcome: Outcome, answer: bytes) -> None:
    for line in answer.splitlines():
        told = orjson.loads(line)
        outcome.statuses[told["status"]] += 1
        outcome.receipts.append(str(told["body"].get("receipt") or ""))
