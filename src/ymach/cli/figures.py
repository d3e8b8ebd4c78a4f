"""Looking after the figures of the registry."""

from __future__ import annotations

import sys

import click
import orjson

from ymach.base.clock import now, vietnam_day
from ymach.figures import keeping


@click.group()
def figures() -> None:
    """The figures of the registry: join rows of the tallies, prove them."""


@figures.command()
def compact() -> None:
    """Join rows of the tallies; once a night is enough, the worker does it. Sums stay what they are."""
    left = keeping.compact(vietnam_day(now()))
    click.echo("another process is at it" if left is None else f"{left} rows left")


def prove(as_json: bool) -> None:
    """Recount, print what differs, exit with 1 when something does."""
    proof = keeping.verify(vietnam_day(now()))
    if as_json:
        wrong = {"wrong_summaries": len(proof.wrong_summaries), "differences": len(proof.differences)}
        click.echo(orjson.dumps({"summaries": proof.summaries, "tallies": proof.tallies, **wrong}))
    else:
        for subject, key in proof.wrong_summaries[:50]:
            click.echo(f"  {subject} {key}: the summary is not what the registry says")
        for one in proof.differences[:50]:
            what = f"{one.day} {one.province_code or '-'} {one.subject}/{one.figure}/{one.key or '-'}"
            click.echo(f"  {what}: kept {one.kept}, actual {one.actual}")
        click.echo("the figures hold" if proof.holds else "THE FIGURES DO NOT HOLD")
    sys.exit(0 if proof.holds else 1)
