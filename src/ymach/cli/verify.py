"""Proofs an operator can run at any time."""

from __future__ import annotations

import sys
from datetime import datetime

import click
import orjson

from ymach.audit.queries import broken_chains
from ymach.cli.figures import prove
from ymach.exchange.verification import verify_counters
from ymach.publication.verification import verify_entries


@click.group()
def verify() -> None:
    """Prove that what is shown equals what is kept."""


@verify.command()
@click.option("--day", type=click.DateTime(["%Y-%m-%d"]), help="Only this day in Viet Nam. Default: everything.")
@click.option("--json", "as_json", is_flag=True, help="One JSON line.")
def counters(day: datetime | None, as_json: bool) -> None:
    """Recount submissions, records and deliveries and compare with the counters. Exit code 1 when they differ."""
    proof = verify_counters(day.date() if day else None)
    if as_json:
        line = {
            "counted": proof.counted,
            "receipts": proof.receipts,
            "submissions": proof.submissions,
            "differences": len(proof.differences),
        }
        click.echo(orjson.dumps(line))
    else:
        click.echo(f"{proof.counted} counted = {proof.receipts} receipts = {proof.submissions} submissions?")
        for one in proof.differences[:50]:
            where = f"{one.day} {one.facility_id} {one.subject}/{one.name}/{one.state}"
            click.echo(f"  {where}: counter {one.counted}, actual {one.actual}")
        click.echo("the counters hold" if proof.holds else "THE COUNTERS DO NOT HOLD")
    sys.exit(0 if proof.holds else 1)


@verify.command()
@click.option("--json", "as_json", is_flag=True, help="One JSON line.")
def journal(as_json: bool) -> None:
    """Follow every chain of the journal to its head. Exit code 1 when an event was changed, is missing or was added."""
    broken = broken_chains()
    if as_json:
        click.echo(orjson.dumps({"broken": [{"facility_id": str(key), "day": day} for key, day in broken]}))
    else:
        for key, day in broken:
            click.echo(f"  {day} {key}: the chain is broken")
        click.echo("THE JOURNAL DOES NOT HOLD" if broken else "the journal holds")
    sys.exit(1 if broken else 0)


@verify.command()
@click.option("--json", "as_json", is_flag=True, help="One JSON line.")
def figures(as_json: bool) -> None:
    """Recount people, facilities and requests and compare with the registry's figures. Exit code 1 when they differ."""
    prove(as_json)


@verify.command()
@click.option("--json", "as_json", is_flag=True, help="One JSON line.")
def publication(as_json: bool) -> None:
    """Compose every published licence anew and compare. Exit code 1 when one is wrong, missing or left over."""
    proof = verify_entries()
    if as_json:
        figures = {"published": proof.published, "licences": proof.licences, "differences": len(proof.differing)}
        click.echo(orjson.dumps({**figures, "missing_words": proof.missing_words}))
    else:
        click.echo(f"{proof.published} published = {proof.licences} licences?")
        for key in proof.differing[:50]:
            click.echo(f"  {key}: differs from the registry")
        click.echo("the publication holds" if proof.holds else "THE PUBLICATION DOES NOT HOLD")
    sys.exit(0 if proof.holds else 1)
