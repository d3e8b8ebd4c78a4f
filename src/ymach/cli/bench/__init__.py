"""Benchmarks over real HTTP against a real server: each prepares its store once under var/bench, starts its own
servers, bounds its own time, tells its progress on standard error and prints exactly one JSON line last."""

from __future__ import annotations

import click

from ymach.cli.bench.intake import intake
from ymach.cli.bench.kill import kill


@click.group()
def bench() -> None:
    """Measure. One JSON line each; progress on standard error."""


bench.add_command(intake)
bench.add_command(kill)
