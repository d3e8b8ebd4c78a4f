"""Questions at a steady rate to a server over a whole registry, whether it keeps up or not (open loop).

Each question has its moment; how long it took is counted from that moment, so that waiting behind a slow one shows.
"""

from __future__ import annotations

import contextlib
import http.client
import random
import signal
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from ymach.base.embedded import cluster
from ymach.cli.bench.figures import per_second, percentile_ms
from ymach.cli.bench.ground import Ground, end, free_port, prepare, schema
from ymach.cli.bench.load import connect
from ymach.config import Environment

CLIENTS = 16
WARM_UP_SECONDS = 5


@dataclass(frozen=True, slots=True)
class Question:
    """An address, what tells from its answer that it was the right one, and what goes in the head of the request."""

    path: str
    is_right: Callable[[bytes], bool]
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Answer:
    """status 0: none came. seconds: from the moment the question was due."""

    status: int
    seconds: float
    is_right: bool


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody of the registry who is asked for."""

    name: str
    folded: str
    number: str


@contextlib.contextmanager
def registry_site(practitioners: int, facilities: int) -> Iterator[Ground]:
    """A running site over a prepared registry, kept for the next run; it is only read. Anonymous readers are not bounded."""
    var = (Environment().var / "bench").resolve()
    var.mkdir(parents=True, exist_ok=True)
    name = f"bench_registry_{practitioners}_{facilities}_{schema()}"
    here = Ground(var, cluster(Environment(var=var)), name, free_port())
    here.cluster.start()
    try:
        prepare(here, name, practitioners, facilities)
        here.wait(here.spawn("serve", "--port", str(here.port), YMACH_PUBLIC_PER_MINUTE="0"))
        yield here
    finally:
        for process in here.processes:
            end(process, signal.SIGTERM)
        here.cluster.stop()


def people(here: Ground, count: int, rng: random.Random) -> list[Person]:
    """Some of the registry's people, from everywhere in it."""
    size = "(SELECT greatest(reltuples, 1) FROM pg_class WHERE relname = 'publication_entry')"
    rows = here.cluster.sql(
        f"SELECT name, folded, number FROM publication_entry WHERE random() < {2 * count} / {size}",  # noqa: S608
        database=here.database,
    )
    found = [Person(*row.split("|")) for row in rows.splitlines() if row.count("|") == 2]
    rng.shuffle(found)
    return found[:count]


def ask_all(url: str, questions: Sequence[Question], *, per_s: float) -> list[Answer]:
    """Ask each question at its moment, `per_s` a second, over a few kept-alive connections."""
    start = time.perf_counter() + 0.2
    due = iter([(start + number / per_s, question) for number, question in enumerate(questions)])
    answers: list[Answer] = []
    lock = threading.Lock()

    def client() -> None:
        connection = connect(url)
        while True:
            with lock:
                turn = next(due, None)
            if turn is None:
                break
            moment, question = turn
            time.sleep(max(moment - time.perf_counter(), 0))
            answers.append(_ask(connection, question, moment))
        connection.close()

    threads = [threading.Thread(target=client, daemon=True) for _ in range(CLIENTS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return answers


def line_of(name: str, answers: Sequence[Answer], seconds: float) -> dict[str, object]:
    """The figures every benchmark of questions prints."""
    waited = [answer.seconds for answer in answers]
    return {
        "bench": name,
        "p50_ms": percentile_ms(waited, 0.50),
        "p99_ms": percentile_ms(waited, 0.99),
        "per_s": per_second(len(answers), seconds),
        "asked": len(answers),
        "errors": sum(answer.status != 200 for answer in answers),
    }


def _ask(connection: http.client.HTTPConnection, question: Question, moment: float) -> Answer:
    try:
        connection.request("GET", question.path, headers=dict(question.headers))
        response = connection.getresponse()
        body = response.read()
    except (OSError, http.client.HTTPException):
        connection.close()
        return Answer(0, time.perf_counter() - moment, False)
    seconds = time.perf_counter() - moment
    return Answer(response.status, seconds, response.status == 200 and question.is_right(body))
