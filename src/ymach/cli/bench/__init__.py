"""Benchmarks over real HTTP against a real server: each prepares its store once under var/bench, starts its own
servers, bounds its own time, tells its progress on standard error and prints exactly one JSON line last."""

from __future__ import annotations

import click

from ymach.cli.bench.deliver import deliver
from ymach.cli.bench.intake import intake
from ymach.cli.bench.kill import kill
from ymach.cli.bench.lanes import lanes
from ymach.cli.bench.licence import licence
from ymach.cli.bench.lookup import lookup
from ymach.cli.bench.match import match
from ymach.cli.bench.pages import pages
from ymach.cli.bench.search import search


@click.group()
def bench() -> None:
    """Measure. One JSON line each; progress on standard error."""


bench.add_command(deliver)
bench.add_command(intake)
bench.add_command(kill)
bench.add_command(lanes)
bench.add_command(licence)
bench.add_command(lookup)
bench.add_command(match)
bench.add_command(pages)
bench.add_command(search)
