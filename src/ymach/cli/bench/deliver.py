"""`ymach bench deliver`: how many deliveries a second reach a fast partner, and what becomes of them when partners are
away, forget their answers, and the worker is killed."""

from __future__ import annotations

import random
import signal
import subprocess
import time
from dataclasses import dataclass
from typing import Any

import click
import orjson

from ymach.cli.bench.cpu import tree_seconds
from ymach.cli.bench.figures import per_second
from ymach.cli.bench.ground import Ground, end, ground, samples, tell
from ymach.cli.bench.outbox import fill
from ymach.cli.bench.partners import Partners
from ymach.exchange.deliveries.names import INSURANCE

FILES = 200
WARM = 0.1
"""Of the deliveries: before that a worker starts, signs in and compiles its statements."""
_PATIENCE = 600


@click.command()
@click.option("--deliveries", default=8000, show_default=True, help="To a fast partner, for the speed.")
@click.option("--each", default=300, show_default=True, help="To each destination, for the truth.")
@click.option("--outage", default=60, show_default=True, help="Seconds for which every partner is away.")
@click.option("--kills", default=3, show_default=True, help="How often the worker is killed meanwhile.")
@click.option("--senders", default=16, show_default=True, help="Files at a time, each destination.")
@click.option("--seed", default=1, show_default=True, help="At which moments.")
@click.option("--json", "as_json", is_flag=True, help="Only the JSON line on standard output (always printed).")
def deliver(deliveries: int, each: int, outage: int, kills: int, senders: int, seed: int, as_json: bool) -> None:
    """Carry a full outbox: first fast, then through an outage, lost answers and kill −9; nothing lost, nothing doubled."""
    with ground(practitioners=400, facilities=60) as here:
        files = samples(here, FILES)
        partners = Partners(here)
        partners.start()
        bench = _Bench(here, partners, senders)
        line: dict[str, Any] = {"bench": "deliver"}
        if deliveries:
            fill(here, files, deliveries, [partners.destinations[INSURANCE]])
            line |= bench.speed(deliveries)
        if each:
            fill(here, files, each, list(partners.destinations.values()))
            line |= bench.truth(outage, kills, random.Random(seed))  # noqa: S311 - not a secret
        lost = partners.lost()
        line |= {"lost": sum(lost.values()), "doubled": partners.doubled(), "undelivered": bench.waiting()}
        line |= {"counter_mismatch": bench.counter_mismatch()}
    click.echo(orjson.dumps(line))


@dataclass
class _Bench:
    here: Ground
    partners: Partners
    senders: int
    worker: subprocess.Popen[bytes] | None = None

    def speed(self, number: int) -> dict[str, Any]:
        """From the first claim to the last result, by the deliveries' own events; processor time without the start."""
        tell(f"carrying {number} deliveries …")
        self._start(INSURANCE)
        while self._delivered() < WARM * number:
            time.sleep(0.05)
        before, done = self._processor(), self._delivered()
        self._until_done()
        after = self._processor()
        self._stop(signal.SIGTERM)
        seconds = float(
            self._sql(
                "SELECT extract(epoch FROM max(at) FILTER (WHERE state = 'delivered') - min(at) FILTER (WHERE state = 'sending'))"
                " FROM exchange_delivery_event"
            )
        )
        spent = {name: round((after[name] - before[name]) * 1000 / max(number - done, 1), 2) for name in after}
        return {
            "deliveries_per_s": per_second(number, seconds),
            "deliveries": number,
            "cpu_ms_per_delivery": spent,
        }

    def truth(self, outage: int, kills: int, rng: random.Random) -> dict[str, Any]:
        """Lost answers first, then an outage of everybody with kills in it, then everybody is well again."""
        tell(f"all destinations; {outage} s outage, {kills} kills …")
        self.partners.behave(forget=True, share=0.3)
        self._start()
        time.sleep(5)
        self.partners.behave(down=True)
        start = time.monotonic()
        for number in range(kills):
            due = start + outage * (number + rng.random()) / kills
            time.sleep(max(due - time.monotonic(), 0))
            self._stop(signal.SIGKILL)
            tell(f"worker killed {time.monotonic() - start:.0f} s into the outage")
            self._start()
        time.sleep(max(start + outage - time.monotonic(), 0))
        self.partners.behave(forget=True, share=0.2)
        self._nudge()
        time.sleep(2)
        if kills:  # once more, while the answers come in
            self._stop(signal.SIGKILL)
            self._start()
        self.partners.behave()
        self._until_done(nudge=True)
        self._stop(signal.SIGTERM)
        return {"outage_s": outage, "kills": kills + bool(kills), "destinations": len(self.partners.destinations)}

    def waiting(self) -> int:
        return int(self._sql("SELECT count(*) FROM exchange_delivery WHERE state <> 'delivered'"))

    def counter_mismatch(self) -> int:
        """Counters of deliveries that differ from a recount."""
        return int(
            self._sql(
                "SELECT count(*) FROM (SELECT facility_id, split_part(destination, ':', 1) AS name, state, count(*) AS number"
                " FROM exchange_delivery GROUP BY 1, 2, 3) a FULL JOIN (SELECT facility_id, name, state, sum(number) AS number"
                " FROM exchange_counter WHERE subject = 'delivery' GROUP BY 1, 2, 3 HAVING sum(number) <> 0) b"
                " USING (facility_id, name, state) WHERE a.number IS DISTINCT FROM b.number"
            )
        )

    def _start(self, *only: str) -> None:
        named = [part for name in only for part in ("--destination", name)]
        self.worker = self.here.spawn("worker", "--senders", str(self.senders), *named, **self.partners.settings())

    def _stop(self, how: signal.Signals) -> None:
        if self.worker is not None:
            end(self.worker, how)

    def _until_done(self, *, nudge: bool = False) -> None:
        deadline = time.monotonic() + _PATIENCE
        while self.waiting() and time.monotonic() < deadline:
            time.sleep(0.5 if not nudge else 2)
            if nudge:
                self._nudge()

    def _nudge(self) -> None:
        """Failed deliveries wait their turn; nobody wants to watch the back-off."""
        self._sql("UPDATE exchange_delivery SET due_at = now() WHERE state = 'waiting'")

    def _delivered(self) -> int:
        return int(self._sql("SELECT count(*) FROM exchange_delivery WHERE state = 'delivered'"))

    def _processor(self) -> dict[str, float]:
        postmaster = int((self.here.cluster.data / "postmaster.pid").read_text(encoding="utf-8").split()[0])
        portal = self.partners.processes[INSURANCE]
        worker = self.worker.pid if self.worker else 0
        return {
            "worker": tree_seconds(worker),
            "database": tree_seconds(postmaster),
            "partner": tree_seconds(portal.pid),
        }

    def _sql(self, statement: str) -> str:
        return self.here.cluster.sql(statement, database=self.here.database).strip() or "0"
