"""`ymach bench intake`: how many signed dossiers a second, and how long one waits for its receipt."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

import click
import httpx
import orjson

from ymach.base.embedded import cluster
from ymach.cli.bench.figures import per_second, percentile_ms
from ymach.cli.bench.ground import Ground, Sample, ground, samples, tell
from ymach.cli.bench.load import Result, Tokens, send_all
from ymach.config import Environment
from ymach.exchange.receipts.claims import claims_of

WARM_UP = 100


@click.command()
@click.option("--dossiers", default=3000, show_default=True, help="How many to send.")
@click.option("--connections", default=8, show_default=True, help="Connections kept open at once.")
@click.option("--batch", default=0, help="Send so many in one request.")
@click.option("--url", default="", help="A running demo server instead of an own temporary one.")
@click.option("--seconds", default=300, show_default=True, help="Stop sending after so long.")
@click.option("--json", "as_json", is_flag=True, help="Only the JSON line on standard output (always printed).")
def intake(dossiers: int, connections: int, batch: int, url: str, seconds: int, as_json: bool) -> None:
    """Send signed dossiers (about 40 KB, 39 lines) with all checks on, and look every receipt up afterwards."""
    with _place(url, dossiers + WARM_UP) as (address, var, all_samples):
        tokens = Tokens(address, var)
        for code in {sample.facility_code for sample in all_samples}:
            tokens.of(code)
        warm, measured = all_samples[:WARM_UP], all_samples[WARM_UP:]
        send_all(address, warm, tokens, connections=connections, batch=batch)
        tell(f"sending {len(measured)} dossiers over {connections} connections …")
        started = time.monotonic()
        results = send_all(address, measured, tokens, connections=connections, batch=batch, stop_at=started + seconds)
        elapsed = time.monotonic() - started
        tell("looking every receipt up …")
        lost = count_lost(address, results, tokens)
    size = sum(len(sample.content) for sample in measured) / max(len(measured), 1)
    click.echo(orjson.dumps(_line(results, elapsed, lost, size)))


def count_lost(url: str, results: Sequence[Result], tokens: Tokens) -> int:
    """How many receipts that were answered cannot be fetched again, letter by letter the same."""
    lost = 0
    with httpx.Client(base_url=url, timeout=30) as client:
        for result in results:
            if result.receipt:
                key = claims_of(result.receipt)["jti"]
                headers = {"Authorization": f"Bearer {tokens.of(result.sample.facility_code)}"}
                answer = client.get(f"/api/v1/submissions/{key}/receipt", headers=headers)
                lost += answer.status_code != 200 or answer.text != result.receipt
    return lost


@contextlib.contextmanager
def _place(url: str, count: int) -> Iterator[tuple[str, Path, list[Sample]]]:
    """A server to send to and what to send: an own one, or a running demo whose authority signs the dossiers."""
    if url:
        var = Environment().var.resolve()
        here = Ground(var, cluster(Environment()), "ymach", int(url.rpartition(":")[2] or 80))
        yield url.rstrip("/"), var, samples(here, count)
        return
    with ground() as here:
        ready = samples(here, count)
        here.serve()
        yield here.url, here.var, ready


def _line(results: list[Result], elapsed: float, lost: int, size: float) -> dict[str, object]:
    waited = [result.seconds for result in results]
    return {
        "bench": "intake",
        "dossiers_per_s": per_second(len(results), elapsed),
        "p50_ms": percentile_ms(waited, 0.50),
        "p99_ms": percentile_ms(waited, 0.99),
        "sent": len(results),
        "accepted": sum(result.status in {200, 201} for result in results),
        "rejected": sum(400 <= result.status < 500 for result in results),
        "unexpected": sum(result.sample.refused != (400 <= result.status < 500) for result in results),
        "errors": sum(result.is_error for result in results),
        "lost": lost,
        "mean_kb": round(size / 1024, 1),
        "seconds": round(elapsed, 2),
    }
