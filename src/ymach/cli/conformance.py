"""The conformance kit: written to a folder, sent as a vendor's software would, and its report verified."""

from __future__ import annotations

import sys
from pathlib import Path

import click
import orjson

from ymach.agent.keys import open_p12
from ymach.agent.server import Server
from ymach.base.clock import now
from ymach.base.errors import Misconfigured
from ymach.cli.conformance_sending import Runner
from ymach.exchange.conformance.proof import verify_report

FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.group()
def conformance() -> None:
    """For vendors: one golden file a finding, and what must come out of each."""


@conformance.command()
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path))
@click.option("--facility", "code", required=True, help="For which facility of this registry, e.g. 99001.")
def export(folder: Path, code: str) -> None:
    """Write the unsigned files of a facility to FOLDER, with cases.jsonl: what to do and what must come out."""
    from ymach.cli.main import start_django

    start_django()
    from ymach.exchange.conformance.errors import NobodyHere
    from ymach.synth.golden.facility import LIST, kit_of, listing

    files = kit_of(code, at=now())
    if not files:
        raise NobodyHere
    (folder / "files").mkdir(parents=True, exist_ok=True)
    (folder / LIST).write_bytes(listing(files))
    for one in files:
        (folder / "files" / one.name).write_bytes(one.content)
    click.echo(f"{len(files)} cases in {folder}")


@conformance.command()
@click.option("--url", required=True, help="Address of the server, https://…")
@click.option("--facility", "code", required=True, help="The facility's code.")
@click.option("--key", "p12", type=FILE, required=True, help="Its PKCS#12 file.")
@click.option("--password", envvar="YMACH_AGENT_P12_PASSWORD", required=True, help="Of the file; or the variable.")
@click.option("--software", default="", help="Name and version, for the report.")
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), help="File for the signed report.")
def run(url: str, code: str, p12: Path, password: str, software: str, out: Path | None) -> None:
    """Open a run, sign and send every case as a dry run, take the signed report. Exit code 1 unless all passed."""
    identity = open_p12(p12, password)
    with Server(url.rstrip("/"), code, identity) as server:
        runner = Runner(server, identity.signer(), clock=now)
        opened = runner.open(software)
        for line, status in runner.send(opened, runner.kit(opened)):
            click.echo(f"{status}  {line.case}", err=True)
        finished = runner.finish(opened)
    for one in finished["cases"]:
        if one["verdict"] != "passed":
            click.echo(f"{one['verdict']}: {one['case']}: {one['expected']} expected, {one.get('outcome')}")
    click.echo(" ".join(f"{name}={verdict}" for name, verdict in finished["groups"].items()))
    if out is not None:
        out.write_text(finished["report"], encoding="ascii")
    sys.exit(0 if finished["passed"] else 1)


@conformance.command()
@click.argument("report", type=FILE)
@click.option("--keys", type=FILE, required=True, help="The platform's keys, saved from /.well-known/jwks.json.")
def verify(report: Path, keys: Path) -> None:
    """Verify a signed REPORT without a network. Exit code 1 when it is refused."""
    try:
        published = orjson.loads(keys.read_bytes())
    except orjson.JSONDecodeError:
        raise Misconfigured(why=f"{keys.name}: JWKS") from None
    claims = verify_report(report.read_text(encoding="utf-8", errors="replace"), published)
    verdict = "passed" if claims["passed"] else "did not pass"
    click.echo(f"{claims['sub']} {claims['software'] or '—'}: {verdict}, {claims['finished_at']}, kit {claims['kit']}")
    click.echo(" ".join(f"{name}={one}" for name, one in claims["groups"].items()))
