"""The journal: proving it, its signed roots, and whom an account reached."""

from __future__ import annotations

import csv
import sys
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from uuid import UUID

import click
import orjson
from django.db import transaction

from ymach.accounts.models import User
from ymach.audit.actions import REGISTRY, record
from ymach.audit.chain import Event
from ymach.audit.faults import Fault
from ymach.audit.queries import affected_by, affected_persons, latest_roots, verify
from ymach.audit.roots import Kept, close_days, export, read_export
from ymach.audit.verification import keep_check
from ymach.audit.words import act_words
from ymach.base.actors import command
from ymach.base.clock import from_vietnam, now
from ymach.base.errors import NotFound
from ymach.exchange.journal import open_root, sign_root
from ymach.facilities.models import Facility

DAY = click.DateTime(["%Y-%m-%d"])
MOMENT = click.DateTime(["%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M", "%Y-%m-%d"])
BY = command("audit")
BASIS = "oversight"
MOST_SHOWN = 100


@click.group()
def audit() -> None:
    """The journal of who read and wrote what."""


@audit.command(name="verify")
@click.option("--since", type=DAY, help="From this day in Viet Nam. Default: from the first.")
@click.option("--until", type=DAY, help="To the end of this day. Default: to the last.")
@click.option("--facility", help="Only this facility's chains: its code.")
@click.option("--roots", type=click.Path(exists=True, path_type=Path), help="Folder of roots kept outside.")
@click.option("--keep", is_flag=True, help="Note the result, for the page of auditors.")
@click.option("--json", "as_json", is_flag=True, help="One JSON line.")
def verify_journal(
    since: datetime | None,
    until: datetime | None,
    facility: str | None,
    roots: Path | None,
    keep: bool,
    as_json: bool,
) -> None:
    """Follow every chain of the journal to its end, and to what was signed. Exit code 1 when anything does not hold.

    Names each event that was changed, is missing or was added: facility, day, number.
    """
    began, first, last = now(), since and since.date(), until and until.date()
    whose = _facility(facility) if facility else None
    proof = verify(open_root, since=first, until=last, facility_id=whose, outside=_outside(roots))
    if keep and whose is None:
        keep_check(proof, since=first, until=last, began_at=began, at=now(), by=BY)
    if as_json:
        told = {"chains": proof.chains, "events": proof.events, "roots": proof.roots, "holds": proof.holds}
        late = [one.as_json() for one in proof.late]
        click.echo(orjson.dumps({**told, "faults": [one.as_json() for one in proof.faults], "late": late}))
    else:
        _tell(proof.faults)
        for one in proof.late[:MOST_SHOWN]:
            click.echo(f"  note: {one.day} {one.facility_id}: {one.words.en}, and sealed by the next root")
        click.echo(f"{proof.events} events in {proof.chains} chains, {proof.roots} signed roots")
        click.echo("the journal holds" if proof.holds else f"THE JOURNAL DOES NOT HOLD: {len(proof.faults)} faults")
    sys.exit(0 if proof.holds else 1)


@audit.command()
@click.option("--close", is_flag=True, help="Sign what is due now; the worker does it by itself.")
@click.option(
    "--export", "folder", type=click.Path(path_type=Path), help="Write each root to this folder, if it is not there."
)
@click.option("--limit", default=30, show_default=True, type=click.IntRange(1), help="The last so many days.")
def roots(close: bool, folder: Path | None, limit: int) -> None:
    """The signed roots of closed days. Keep an export in a place that the database's administrators cannot reach."""
    if close:
        close_days(sign_root, at=now(), most=100_000)
    for one in latest_roots(limit):
        click.echo(f"{one.day} {bytes(one.root).hex()} {one.leaves} chains, {one.events} events, {one.late} late")
        if folder is not None:
            _write(folder / f"{one.day}.root.json", export(one))


@audit.command()
@click.option("--actor", required=True, help="user:…, machine:…, system:…, or a user's sign-in name.")
@click.option("--from", "start", required=True, type=MOMENT, help="Vietnam time, 2026-11-20T08:00.")
@click.option("--until", "end", required=True, type=MOMENT, help="Vietnam time; this moment not included.")
@click.option("--csv", "as_csv", is_flag=True, help="The persons, one a line, by their ids.")
def affected(actor: str, start: datetime, end: datetime, as_csv: bool) -> None:
    """Whom an account reached between two moments, by kind. The question itself is an event of the journal."""
    key, first, last = _actor(actor), from_vietnam(start), from_vietnam(end)
    asked = {"from": first.isoformat(), "until": last.isoformat()}
    with transaction.atomic():
        record(Event(now(), str(BY), "audit:asked", f"actor:{key}", BASIS, detail=asked), facility_id=REGISTRY)
    if as_csv:
        writer = csv.writer(sys.stdout)
        writer.writerow(["citizen_id", "events", "first_at", "last_at", "actions"])
        for one in affected_persons(key, start=first, end=last):
            times = (one.first_at.isoformat(), one.last_at.isoformat())
            writer.writerow([one.citizen_id, one.events, *times, " ".join(one.actions)])
        return
    found = affected_by(key, start=first, end=last)
    click.echo(f"{key}: {found.persons} persons, {found.events} events")
    for act in found.acts:
        words = f"{act_words(act.action).en} {act.part}".strip()
        click.echo(f"  {act.events:>8} {act.persons:>8}  {words}, at {len(act.facilities)} facilities")


def _tell(faults: tuple[Fault, ...]) -> None:
    ids = {UUID(one.facility_id) for one in faults if one.facility_id}
    codes = {str(key): code for key, code in Facility.objects.filter(pk__in=ids).values_list("pk", "code")}
    for one in faults[:MOST_SHOWN]:
        whose = codes.get(one.facility_id) or (one.facility_id if one.facility_id != str(REGISTRY) else "registry")
        click.echo(f"  {one.day} {whose}: {one.words.en}".replace(" :", ":"))
    if len(faults) > MOST_SHOWN:
        click.echo(f"  … and {len(faults) - MOST_SHOWN} more (--json for all)")


def _facility(code: str) -> UUID:
    found = Facility.objects.filter(code=code).values_list("pk", flat=True).first()
    if found is None:
        raise NotFound
    return found


def _actor(given: str) -> str:
    if ":" in given:
        return given
    found = User.objects.filter(username=given.casefold()).values_list("pk", flat=True).first()
    if found is None:
        raise NotFound
    return f"user:{found}"


def _outside(folder: Path | None) -> Iterator[Kept]:
    for path in sorted(folder.glob("*.root.json")) if folder else ():
        try:
            yield read_export(path.read_bytes())
        except ValueError:
            raise click.BadParameter(f"{path.name} is no exported root", param_hint="--roots") from None


def _write(path: Path, content: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    if not path.exists():
        path.write_bytes(content)
