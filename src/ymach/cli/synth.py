"""A synthetic country: its registry into the database, its dossiers into a folder."""

from __future__ import annotations

import sys
import time
from pathlib import Path

import click

from ymach.base.actors import command
from ymach.base.clock import now, vietnam_day
from ymach.figures.keeping import compact
from ymach.synth.errors import CountryThere, NoFacility
from ymach.synth.first_load import load_first
from ymach.synth.folder import write_folder
from ymach.synth.load import load_country
from ymach.synth.registry import make_country
from ymach.synth.world import (
    bind_certificates,
    establish_trust,
    has_country,
    open_certificates,
    refuse_outside_demo,
    senders_on,
    writing_senders,
)

_INTO_DEMO = click.option(
    "--into-demo", is_flag=True, help="Allow it on an installation that is not marked as a demonstration."
)


@click.group()
def synth() -> None:
    """A synthetic country: registry and dossiers. None of its people exist."""


@synth.command()
@click.option("--practitioners", default=4000, show_default=True, type=click.IntRange(0, 990_000))
@click.option("--facilities", default=340, show_default=True, type=click.IntRange(1, 400_000))
@click.option("--seed", default=1, show_default=True, help="The same seed gives the same country.")
@click.option("--writers", default=2, show_default=True, type=click.IntRange(1, 16), help="Connections at a time.")
@_INTO_DEMO
def registry(practitioners: int, facilities: int, seed: int, writers: int, into_demo: bool) -> None:
    """Load facilities and practitioners. Refused when they are there already.

    An empty registry takes them in one transaction: its tables are closed to everybody until it is done.
    """
    refuse_outside_demo(allowed=into_demo)
    if has_country():
        raise CountryThere
    country = make_country(seed, facilities=facilities, practitioners=practitioners)
    begun = time.monotonic()

    def tell(what: str, count: int) -> None:
        click.echo(f"{time.monotonic() - begun:7.1f} s  {count:>7} {what}", err=True)

    sys.setswitchinterval(0.0005)  # who generates hands the interpreter over to who writes
    by, at = command("synth"), now()
    if not load_first(country, by=by, at=at, tell=tell, abreast=writers):
        load_country(country, by=by, at=at, tell=tell, writers=writers)
    tell("figures", compact(vietnam_day(now())) or 0)
    click.echo(f"{len(country.facilities)} facilities, {practitioners} practitioners")


@synth.command()
@click.option("--count", default=100, show_default=True, type=click.IntRange(1))
@click.option("--out", required=True, type=click.Path(file_okay=False, path_type=Path), help="Folder of the files.")
@click.option("--faults", default=0.0, show_default=True, type=click.FloatRange(0, 1), help="Share of faulty ones.")
@click.option("--facility", "codes", multiple=True, help="Only this facility's; may be given several times.")
@click.option("--senders", default=200, show_default=True, type=click.IntRange(1), help="Most facilities that send.")
@click.option("--kind", default=None, help="Only this kind, e.g. outpatient.")
@click.option("--lines", default=35, show_default=True, type=click.IntRange(1, 400), help="Lines of a dossier, about.")
@click.option("--seed", default=1, show_default=True)
@click.option("--unsigned", is_flag=True, help="Leave CHUKYDONVI empty.")
@_INTO_DEMO
def dossiers(
    count: int,
    out: Path,
    faults: float,
    codes: tuple[str, ...],
    senders: int,
    kind: str | None,
    lines: int,
    seed: int,
    unsigned: bool,
    into_demo: bool,
) -> None:
    """Write signed files, and `expected.jsonl` beside them: what the intake must make of each."""
    refuse_outside_demo(allowed=into_demo)
    at, by = now(), command("synth")
    writers = writing_senders(at=at, codes=codes or None, most=senders)
    if not writers:
        raise NoFacility
    certificates = open_certificates(at=at)
    establish_trust(certificates, by=by, at=at)
    bind_certificates(certificates, [sender for sender, _ in writers], by=by, at=at)
    sign = None if unsigned else certificates.sign
    options = {"kind": kind, "lines": lines}
    written = write_folder(out, writers, seed=seed, at=at, count=count, faults=faults, sign=sign, options=options)
    click.echo(f"{written.files} files, {written.size // max(written.files, 1)} bytes each, in {out}")


@synth.command()
@click.option("--facility", "code", required=True, help="Whose certificate, e.g. 99001.")
@click.option(
    "--out", required=True, type=click.Path(dir_okay=False, path_type=Path), help="The PKCS#12 file to write."
)
@click.option("--password", default="demo", show_default=True, help="Of the file.")
@_INTO_DEMO
def certificate(code: str, out: Path, password: str, into_demo: bool) -> None:
    """Write a facility's demo certificate and key as a PKCS#12 file, for the agent."""
    refuse_outside_demo(allowed=into_demo)
    at, by = now(), command("synth")
    senders = senders_on(vietnam_day(at), codes=[code])
    if not senders:
        raise NoFacility
    certificates = open_certificates(at=at)
    establish_trust(certificates, by=by, at=at)
    bind_certificates(certificates, senders, by=by, at=at)
    out.parent.mkdir(parents=True, exist_ok=True)
    out.touch(0o600)
    out.write_bytes(certificates.issued(senders[0]).pkcs12(password))
    click.echo(f"{out}, password {password}")
