"""`ymach bench pages`: how long the pages of a working day take, over a whole country, one reader after the other."""

from __future__ import annotations

import subprocess
import sys
import time

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
    "department": ("/department", "/worklist", "/deadlines", "/registry/practitioners", "/registry/facilities"),
}
_ACCOUNTS = """
import sys, django
django.setup()
from ymach.accounts.actions import create_user, grant_role
from ymach.accounts.models import User
from ymach.accounts.permissions import Role
from ymach.base.actors import command
from ymach.base.clock import now
password, province = sys.argv[1:]
for role, limits in ((Role.MINISTRY, {}), (Role.DEPARTMENT, {"province_code": province})):
    if User.objects.filter(username=f"bench-{role.value}").exists():
        continue  # the store is kept between runs
    user = create_user(username=f"bench-{role.value}", full_name="Bench", password=password, by=command("bench"), at=now())
    grant_role(user=user, role=role, by=command("bench"), at=now(), **limits)
"""


@click.command()
@click.option("--practitioners", default=850_000, show_default=True)
@click.option("--facilities", default=70_000, show_default=True)
@click.option("--times", default=40, show_default=True, help="How often each page is read.")
@click.option("--json", "as_json", is_flag=True, help="Only the JSON line on standard output (always printed).")
def pages(practitioners: int, facilities: int, times: int, as_json: bool) -> None:
    """Read the ministry's dashboard, a department's day, its worklist and the lists behind the numbers."""
    with registry_site(practitioners, facilities) as here:
        _make_accounts(here)
        taken: dict[str, list[float]] = {}
        errors, began = 0, time.monotonic()
        for role, paths in READERS.items():
            with httpx.Client(base_url=here.url, timeout=60, follow_redirects=True) as reader:
                _sign_in(reader, f"bench-{role}")
                for path in paths:
                    tell(f"{role} reads {path} {times} times …")
                    seconds, failed = _read(reader, path, times)
                    taken[f"{role} {path}"] = seconds
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


def _make_accounts(here: Ground) -> None:
    environment = {**here.environment(), "DJANGO_SETTINGS_MODULE": "ymach.settings"}
    command = [sys.executable, "-c", _ACCOUNTS, PASSWORD, PROVINCE]
    subprocess.run(command, env=environment, stdout=sys.stderr, check=True)  # noqa: S603 - our own program


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
            failed += answer.status_code != 200 or str(answer.url.path) != path
    return seconds, failed
