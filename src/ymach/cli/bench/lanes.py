"""`ymach bench lanes`: three times the load that fits, most of it one facility's old visits; who feels it?"""

from __future__ import annotations

import hashlib
import multiprocessing
import time
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass

import click
import orjson

from ymach.cli.bench.figures import per_second, percentile_ms
from ymach.cli.bench.ground import Ground, Sample, ground, samples, tell
from ymach.cli.bench.lane_load import Errand, Outcome, backfill, send_at_pace
from ymach.cli.bench.load import Tokens, send_all
from ymach.exchange.receipts.claims import claims_of

WARM_UP, MEASURED, MEASURE_SECONDS = 80, 1100, 5
MOST_PER_S = 200
"""Of dossiers signed beforehand; a faster machine is measured with this as the load that fits."""
NEIGHBOURS = {"referral": 0.05, "prescription": 0.10, "": 0.45}
"""Shares of the load that fits, by lane claimed: together 0.6 of it."""
KINDS = {"referral": "referral", "prescription": "prescription", "": "outpatient"}
OVERLOAD = 3.0
BATCH, BACKFILL_CLIENTS, BACKFILL_DOSSIERS = 20, 40, 5000


@click.command()
@click.option("--seconds", default=8, show_default=True, type=click.IntRange(2, 60), help="Of each of the two loads.")
@click.option("--json", "as_json", is_flag=True, help="Only the JSON line on standard output (always printed).")
def lanes(seconds: int, as_json: bool) -> None:
    """Measure what fits, then send three times that: the neighbours' steady load, the rest one facility's batches.

    referral_p99_ms, prescription_p99_ms: from the moment a dossier was due to its receipt, under the overload.
    neighbour_slowdown: receipts a second that all the others get without the backfill, divided by those with it; they
    send the same steady load both times, and come again when told to. refused: answers "come later" under the overload.
    lost: receipts given that the store does not hold letter by letter.
    """
    with ground() as here:
        bench = _Bench(here, _Stock.of(here, seconds), Tokens(here.url, here.var))
        here.serve()
        bench.sign_in()
        fits = bench.measure()
        tell(f"{fits:.0f} dossiers a second fit; the neighbours alone, for {seconds} s …")
        alone = send_at_pace(here.url, bench.errands(fits, seconds, 0))
        tell(f"the same with one facility's backfill, {OVERLOAD} times what fits …")
        crowded, greedy = bench.overload(fits, seconds)
        lost = _lost(here, [*alone.receipts, *crowded.receipts, *greedy.receipts])
    click.echo(orjson.dumps(_line(fits, seconds, alone, crowded, greedy, lost)))


@dataclass(frozen=True, slots=True)
class _Stock:
    """Signed dossiers: of the neighbours by lane, enough for both loads, and of the one facility."""

    neighbours: dict[str, list[Sample]]
    greedy: list[Sample]

    @classmethod
    def of(cls, here: Ground, seconds: int) -> _Stock:
        count = {lane: int(2 * share * MOST_PER_S * seconds) + 2 for lane, share in NEIGHBOURS.items()}
        count[""] += WARM_UP + MEASURED
        stock = {lane: samples(here, number, kind=KINDS[lane]) for lane, number in count.items()}
        code = stock[""][0].facility_code
        greedy = samples(here, BACKFILL_DOSSIERS, facility=code)
        return cls({lane: [one for one in own if one.facility_code != code] for lane, own in stock.items()}, greedy)


@dataclass(frozen=True, slots=True)
class _Bench:
    here: Ground
    stock: _Stock
    tokens: Tokens

    def sign_in(self) -> None:
        for code in {one.facility_code for own in [*self.stock.neighbours.values(), self.stock.greedy] for one in own}:
            self.tokens.of(code)

    def measure(self) -> float:
        """Dossiers a second over eight connections that send one after the other: the load that fits."""
        own = self.stock.neighbours[""]
        warm, measured = [own.pop() for _ in range(WARM_UP)], [own.pop() for _ in range(MEASURED)]
        send_all(self.here.url, warm, self.tokens, connections=8)
        started = time.monotonic()
        stop_at = started + MEASURE_SECONDS
        results = send_all(self.here.url, measured, self.tokens, connections=8, stop_at=stop_at)
        return min(per_second(len(results), time.monotonic() - started), MOST_PER_S)

    def errands(self, fits: float, seconds: int, half: int) -> list[Errand]:
        """The neighbours' steady load; half 0 or 1: which dossiers."""
        errands = []
        for lane, share in NEIGHBOURS.items():
            own = self.stock.neighbours[lane]
            count = min(int(share * fits * seconds), len(own) // 2)
            chosen = own[half * (len(own) // 2) :][:count]
            errands += [
                Errand(lane, one.content, self.tokens.of(one.facility_code), number * seconds / count)
                for number, one in enumerate(chosen)
            ]
        return sorted(errands, key=lambda errand: errand.due)

    def overload(self, fits: float, seconds: int) -> tuple[Outcome, Outcome]:
        """The neighbours again, with the backfill beside them, which begins a second before and ends after them."""
        contents, token = [one.content for one in self.stock.greedy], self.tokens.of(self.stock.greedy[0].facility_code)
        per_s = (OVERLOAD - sum(NEIGHBOURS.values())) * fits
        errands = self.errands(fits, seconds, 1)
        with ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("spawn")) as pool:
            pool.submit(time.sleep, 0).result()  # the process is there
            running = pool.submit(
                backfill,
                *(self.here.url, contents, token),
                size=BATCH,
                per_s=per_s,
                seconds=seconds + 2,
                clients=BACKFILL_CLIENTS,
            )
            time.sleep(1)
            return send_at_pace(self.here.url, errands), running.result()


def _lost(here: Ground, receipts: Sequence[str]) -> int:
    """Receipts that the store does not hold as they were given."""
    rows = here.cluster.sql("SELECT submission_id || ' ' || md5(jws) FROM exchange_receipt", database=here.database)
    kept = set(rows.split("\n"))
    given = {f"{claims_of(one)['jti']} {hashlib.md5(one.encode()).hexdigest()}" for one in receipts if one}  # noqa: S324
    return len(given - kept)


def _line(fits: float, seconds: int, alone: Outcome, crowded: Outcome, greedy: Outcome, lost: int) -> dict[str, object]:
    before, after = (per_second(len(one.receipts), one.lasted) for one in (alone, crowded))
    waited = [one for own in crowded.seconds.values() for one in own]
    calm = [one for own in alone.seconds.values() for one in own]
    return {
        "bench": "lanes",
        "fits_per_s": fits,
        "offered_per_s": round(crowded.offered / seconds + greedy.offered / (seconds + 2), 1),
        "referral_p99_ms": percentile_ms(crowded.seconds.get("referral", []), 0.99),
        "prescription_p99_ms": percentile_ms(crowded.seconds.get("prescription", []), 0.99),
        "neighbour_slowdown": round(before / after, 3) if after else 999.0,
        "neighbour_p50_ms": percentile_ms(waited, 0.5),
        "neighbour_p99_ms": percentile_ms(waited, 0.99),
        "alone_p50_ms": percentile_ms(calm, 0.5),
        "history_per_s": per_second(len(greedy.receipts), greedy.lasted),
        "refused": crowded.refused + greedy.refused,
        "neighbours_refused": crowded.refused,
        "errors": alone.errors + crowded.errors + greedy.errors,
        "lost": lost,
    }
