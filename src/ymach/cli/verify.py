"""Proofs an operator can run at any time."""

from __future__ import annotations

import sys
from datetime import datetime

import click
import orjson

from ymach.cli.figures import prove
from ymach.exchange.platform import platform_key
from ymach.exchange.verification import verify_counters, verify_stream, wrong_receipts
from ymach.publication.verification import verify_entries
from ymach.trust.platform import jwks


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
            "lanes": proof.lanes,
            "provinces": proof.provinces,
            "destinations": proof.destinations,
        }
        click.echo(orjson.dumps(line))
    else:
        click.echo(f"{proof.lanes} counters of {proof.provinces} provinces and {proof.destinations} destinations")
        click.echo(f"{proof.counted} counted = {proof.receipts} receipts = {proof.submissions} submissions?")
        for one in proof.differences[:50]:
            where = f"{one.day} {one.facility_id} {one.subject}/{one.name}/{one.state}"
            click.echo(f"  {where}: counter {one.counted}, actual {one.actual}")
        click.echo("the counters hold" if proof.holds else "THE COUNTERS DO NOT HOLD")
    sys.exit(0 if proof.holds else 1)


@verify.command()
@click.option("--day", type=click.DateTime(["%Y-%m-%d"]), help="Only of this day in Viet Nam. Default: all.")
@click.option("--json", "as_json", is_flag=True, help="One JSON line.")
def receipts(day: datetime | None, as_json: bool) -> None:
    """Verify every receipt we keep, and that it is about its submission. Exit code 1 when one was changed."""
    count, wrong = 0, []
    for one in wrong_receipts(jwks(platform_key()), day=day.date() if day else None):
        count += 1
        if one is not None:
            wrong.append(one)
    if as_json:
        told = [{"submission": str(one.submission), "code": one.code} for one in wrong]
        click.echo(orjson.dumps({"receipts": count, "wrong": told}))
    else:
        for one in wrong[:50]:
            click.echo(f"  {one.submission}: {one.code}")
        click.echo(f"{count} receipts: " + ("A RECEIPT DOES NOT HOLD" if wrong else "all hold"))
    sys.exit(1 if wrong else 0)


@verify.command()
@click.option("--json", "as_json", is_flag=True, help="One JSON line.")
def events(as_json: bool) -> None:
    """Compare the stream of events with the journals. Exit code 1 when one is missing, added or out of its place."""
    proof = verify_stream()
    if as_json:
        click.echo(orjson.dumps({"events": proof.events, "last": proof.last, "differences": proof.differing}))
    else:
        click.echo(f"{proof.events} events = position {proof.last}? {proof.differing} differ from the journals")
        click.echo("the stream holds" if proof.holds else "THE STREAM DOES NOT HOLD")
    sys.exit(0 if proof.holds else 1)


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
