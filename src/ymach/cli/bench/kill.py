"""`ymach bench kill`: server, worker and database are killed under load; afterwards nothing is missing or doubled."""

from __future__ import annotations

import random
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial

import click
import orjson

from ymach.base.errors import Unavailable
from ymach.cli.bench.ground import Ground, Sample, end, ground, samples, tell
from ymach.cli.bench.intake import count_lost
from ymach.cli.bench.load import Result, Tokens, send_all
from ymach.cli.bench.partners import Partners

DRAIN_SECONDS = 120
RESEND_SECONDS = 120
"""For so long what got no receipt in a round is sent again; then the benchmark gives up with an error."""
CONNECTIONS = 4
BATCH = 10
VICTIMS = ("server", "database", "worker", "everything", "database")


@click.command()
@click.option("--rounds", default=5, show_default=True, help="How many times something is killed.")
@click.option("--dossiers", default=300, show_default=True, help="Dossiers sent in each round.")
@click.option("--seed", default=1, show_default=True, help="Which victims, at which moments.")
@click.option("--json", "as_json", is_flag=True, help="Only the JSON line on standard output (always printed).")
def kill(rounds: int, dossiers: int, seed: int, as_json: bool) -> None:
    """Kill −9 under load, start again, send again what got no receipt, and compare everything at the end.

    Dossiers come one by one, in batches and in pieces; how one comes changes when it is sent again."""
    rng = random.Random(seed)  # noqa: S311 - not a secret
    with ground() as here:
        ready = samples(here, rounds * dossiers, faults=0.1, kind="")
        town = _Town(here, Partners(here))
        town.start()
        tokens = Tokens(here.url, here.var)
        for code in {sample.facility_code for sample in ready}:
            tokens.of(code)
        results: list[Result] = []
        for number in range(rounds):
            part = ready[number * dossiers : (number + 1) * dossiers]
            results += _round(town, part, tokens, rng, number + 1)
        delivered = town.drain()
        missing = count_lost(here.url, results, tokens)
        line = _line(results, missing, town, delivered)
    click.echo(orjson.dumps(line))


@dataclass
class _Town:
    """Everything that runs and may be killed."""

    here: Ground
    partners: Partners
    server: subprocess.Popen[bytes] | None = None
    worker: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        self.partners.start()
        self.server = self.here.serve(**self.partners.settings())
        self.start_worker()

    def start_worker(self) -> None:
        self.worker = self.here.spawn("worker", **self.partners.settings())

    def kill(self, victim: str) -> None:
        """SIGKILL, as a power cut would."""
        if victim in {"database", "everything"}:
            self.here.cluster.kill()
        if victim in {"server", "everything"} and self.server:
            end(self.server, signal.SIGKILL)
        if victim in {"worker", "everything"} and self.worker:
            end(self.worker, signal.SIGKILL)

    def restore(self) -> None:
        """Start again whatever does not run."""
        self.here.cluster.start()
        if self.server is None or self.server.poll() is not None:
            self.server = self.here.serve(**self.partners.settings())
        else:
            self.here.wait(self.server)
        if self.worker is None or self.worker.poll() is not None:
            self.start_worker()

    def drain(self) -> int:
        """Wait until every delivery has arrived; returns how many are still open."""
        deadline = time.monotonic() + DRAIN_SECONDS
        while time.monotonic() < deadline:
            waiting = self._open()
            if waiting == 0:
                return 0
            # Failed deliveries wait their turn; nobody wants to watch the back-off.
            self._sql("UPDATE exchange_delivery SET due_at = now() WHERE state = 'waiting'")
            time.sleep(1)
        return self._open()

    def _open(self) -> int:
        return int(self._sql("SELECT count(*) FROM exchange_delivery WHERE state IN ('waiting', 'sending')"))

    def _sql(self, statement: str) -> str:
        return self.here.cluster.sql(statement, database=self.here.database).strip() or "0"

    def doubled(self) -> int:
        """Contents stored twice, and what any partner holds twice."""
        stored = self._sql(
            "SELECT count(*) FROM (SELECT 1 FROM exchange_submission WHERE outcome <> 'rejected'"
            " GROUP BY facility_id, digest HAVING count(*) > 1) d"
        )
        return int(stored) + self.partners.doubled()

    def counter_mismatch(self) -> int:
        """Counters that differ from a recount."""
        command = [sys.executable, "-m", "ymach", "verify", "counters", "--json"]
        done = subprocess.run(command, env=self.here.environment(), capture_output=True, check=False)  # noqa: S603
        proof = orjson.loads(done.stdout.splitlines()[-1])
        return int(proof["differences"]) + int(proof["counted"] != proof["receipts"])


def _round(town: _Town, part: Sequence[Sample], tokens: Tokens, rng: random.Random, number: int) -> list[Result]:
    victim = VICTIMS[(number - 1) % len(VICTIMS)]
    delay = rng.uniform(0.1, 1.5)
    tell(f"round {number}: {victim} dies after {delay:.2f} s")
    killer = threading.Timer(delay, town.kill, [victim])
    killer.start()
    results = _send_all_ways(town.here.url, part, tokens)
    killer.join()
    town.restore()
    given = [result for result in results if result.receipt]
    unanswered = [result.sample for result in results if not result.receipt]
    tell(f"         {len(given)} receipts, {len(unanswered)} sent again")
    deadline = time.monotonic() + RESEND_SECONDS
    while unanswered:
        if time.monotonic() > deadline:
            raise Unavailable
        again = _send_all_ways(town.here.url, unanswered, tokens)
        given += [result for result in again if result.receipt]
        unanswered = [result.sample for result in again if not result.receipt]
        town.restore()
    return given


def _send_all_ways(url: str, part: Sequence[Sample], tokens: Tokens) -> list[Result]:
    """Half of them one by one, beside them a quarter in batches and a quarter in pieces, whatever is sent how."""
    ways: Sequence[tuple[Sequence[Sample], Callable[..., list[Result]]]] = [
        (part[::2], partial(send_all, connections=CONNECTIONS - 2)),
        (part[1::4], partial(send_all, connections=1, batch=BATCH)),
        (part[3::4], partial(send_all, connections=1, in_pieces=True)),
    ]
    with ThreadPoolExecutor(len(ways)) as pool:
        sent = [pool.submit(send, url, own, tokens) for own, send in ways]
        return [result for one in sent for result in one.result()]


def _line(results: list[Result], missing: int, town: _Town, undelivered: int) -> dict[str, object]:
    return {
        "bench": "kill",
        "receipts": len(results),
        "missing": missing,
        "doubled": town.doubled(),
        "counter_mismatch": town.counter_mismatch(),
        "undelivered": undelivered,
        "lost_at_partners": sum(town.partners.lost().values()),
    }
