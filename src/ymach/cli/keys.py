"""The keys of data at rest: look, make a newer one, seal anew under it."""

from __future__ import annotations

import click

from ymach.base import data_keys, sealing
from ymach.base.clock import now, vietnam_day
from ymach.cli.main import start_django

YEAR_DAYS = 366


@click.group()
def keys() -> None:
    """The keys that seal data at rest (YMACH_DATA_KEYS)."""


@keys.command()
@click.option("--count", is_flag=True, help="Count what each key sealed; reads every table that is sealed.")
def status(count: bool) -> None:
    """Say where the file is, which keys it holds and how old they are; never the keys themselves."""
    start_django(as_owner=count)
    ring, today = sealing.keyring(), vietnam_day(now())
    click.echo(f"file: {sealing.path()}")
    for key in ring.keys:
        note = "seals and opens" if key is ring.newest else "opens"
        click.echo(f"key {key.id.hex()} since {key.since}: {note}")
    if (today - ring.newest.since).days > YEAR_DAYS:
        click.echo("The newest key is older than a year: ymach keys rotate, then ymach keys reseal.")
    if count:
        _tell_counts({one.id.hex() for one in ring.keys})


@keys.command()
def rotate() -> None:
    """Make a newer key. Running processes use it within a minute; older keys go on opening what they sealed."""
    start_django()
    ring = sealing.keyring().rotated(vietnam_day(now()))
    data_keys.save(sealing.path(), ring)
    sealing.configure(sealing.path())
    click.echo(f"key {ring.newest.id.hex()} seals from now on; copy {sealing.path()} to where its copy is kept")


@keys.command()
@click.option("--limit", type=click.IntRange(min=1), help="Rows at most; call again for more.")
def reseal(limit: int | None) -> None:
    """Seal under the newest key what older keys sealed, and what is older than sealing. It can be stopped at any time."""
    start_django(as_owner=True)
    from ymach.cli import resealing

    done = resealing.reseal(limit=limit, told=lambda name, rows: click.echo(f"{name}: {rows}", err=True))
    click.echo(f"{done.rows} sealed anew{'; there may be more' if done.left else ''}")


def _tell_counts(known: set[str]) -> None:
    from ymach.cli import resealing

    for name, found in resealing.counts().items():
        for key, number in sorted(found.items()):
            word = "" if key in known or key == resealing.PLAIN else " (not in the file!)"
            click.echo(f"{name}: {number} under {key}{word}")
