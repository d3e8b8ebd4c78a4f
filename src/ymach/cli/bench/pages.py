"""`ymach bench pages`: how long the pages of a working day take, over a whole country, one reader after the other."""

from __future__ import annotations

import re
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from html import unescape

import click
import httpx
import orjson

from ymach.cli.bench.asking import registry_site
from ymach.cli.bench.figures import per_second, percentile_ms
from ymach.cli.bench.ground import Ground, tell

PASSWORD = "bench-mot-hai-ba"  # noqa: S105 - of accounts that live as long as the benchmark
PROVINCE = "79"
READERS = {
    "ministry": ("/registry", "/registry/practitioners", "/registry/facilities"),
    "department": (
        *("/department", "/worklist", "/worklist?due=overdue", "/worklist?due=today", "/worklist?kind=cme"),
        *("/worklist?state=returned", "/changes", "/deadlines", "/registry/practitioners", "/registry/facilities"),
    ),
    "facility": ("/deadlines", "/changes"),
}
LONG = ("/worklist", "/worklist?due=overdue", "/worklist?kind=cme", "/deadlines")
"""Lists of which a later page is read, too."""
_ONWARDS = re.compile(r'href="(\?[^"]*after=[^"]*)"')


@click.command()
@click.option("--practitioners", default=850_000, show_default=True)
@click.option("--facilities", default=70_000, show_default=True)
@click.option("--times", default=40, show_default=True, help="How often each page is read.")
@click.option("--json", "as_json", is_flag=True, help="Only the JSON line on standard output (always printed).")
def pages(practitioners: int, facilities: int, times: int, as_json: bool) -> None:
    """Read the ministry's dashboard, a department's day, the lists behind the numbers; a worklist of 100,000 requests,
    what is due about 3,000 people."""
    with registry_site(practitioners, facilities) as here:
        _make_crowd(here)
        taken: dict[str, list[float]] = {}
        errors, began = 0, time.monotonic()
        for role, paths in READERS.items():
            with httpx.Client(base_url=here.url, timeout=60, follow_redirects=True) as reader:
                _sign_in(reader, f"bench-{role}")
                for name, path in _addresses(reader, paths):
                    tell(f"{role} reads {name} {times} times …")
                    taken[f"{role} {name}"], failed = _read(reader, path, times)
                    errors += failed
        elapsed = time.monotonic() - began
    every = [one for seconds in taken.values() for one in seconds]
    line = {
        "bench": "pages",
        "p50_ms": percentile_ms(every, 0.5),
        "p99_ms": percentile_ms(every, 0.99),
        "per_s": per_second(len(every), elapsed),
        "errors": errors,
        "pages": {
            name: {"p50_ms": percentile_ms(seconds, 0.5), "p95_ms": percentile_ms(seconds, 0.95)}
            for name, seconds in taken.items()
        },
        "rows": practitioners,
    }
    click.echo(orjson.dumps(line))


def _make_crowd(here: Ground) -> None:
    """What `crowd` says, once in the store, and three accounts to read it with."""
    environment = {**here.environment(), "DJANGO_SETTINGS_MODULE": "ymach.settings"}
    command = [sys.executable, "-m", "ymach.cli.bench.crowd", PASSWORD, PROVINCE]
    subprocess.run(command, env=environment, stdout=sys.stderr, check=True)  # noqa: S603 - our own program
    here.cluster.sql("ANALYZE changes_request", database=here.database)


def _addresses(reader: httpx.Client, paths: Sequence[str]) -> Iterator[tuple[str, str]]:
    """What a page is called in the figures, and its address; of long lists the next page as well."""
    for path in paths:
        yield path, path
        onwards = _ONWARDS.search(reader.get(path).text) if path in LONG else None
        if onwards is not None:
            yield f"{path} next", path.partition("?")[0] + unescape(onwards[1])


def _sign_in(reader: httpx.Client, username: str) -> None:
    token = reader.get("/sign-in").text.partition('name="csrfmiddlewaretoken" value="')[2].partition('"')[0]
    reader.post("/sign-in", data={"username": username, "password": PASSWORD, "csrfmiddlewaretoken": token})


def _read(reader: httpx.Client, path: str, times: int) -> tuple[list[float], int]:
    """Seconds of each reading, and how many were not answered with the page; the first of each worker is not measured."""
    failed, seconds = 0, []
    for number in range(times + 8):
        began = time.monotonic()
        answer = reader.get(path)
        if number >= 8:
            seconds.append(time.monotonic() - began)
            failed += answer.status_code != 200 or answer.url.path != path.partition("?")[0]
    return seconds, failed
