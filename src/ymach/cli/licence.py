"""Checking the QR code of a licence without a network: the published keys in a file are enough."""

from __future__ import annotations

from pathlib import Path

import click
import orjson

from ymach.base.clock import now
from ymach.base.errors import Misconfigured
from ymach.publication.seals import verify_qr


@click.group()
def licence() -> None:
    """Licences to practise, without a network."""


@licence.command("verify-qr")
@click.argument("code")
@click.option(
    "--keys",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    required=True,
    help="The platform's published keys, saved from /.well-known/jwks.json.",
)
@click.option("--json", "as_json", is_flag=True, help="One JSON line.")
def verify(code: str, keys: Path, as_json: bool) -> None:
    """Verify CODE: the text of a QR code, its address, or a file that holds it. Exit code 1 when it is refused."""
    text = code if len(code) > 255 or not Path(code).is_file() else Path(code).read_text(encoding="utf-8")
    try:
        published = orjson.loads(keys.read_bytes())
    except orjson.JSONDecodeError:
        raise Misconfigured(why=f"{keys.name}: JWKS") from None
    claims = verify_qr(text.strip().rpartition("/")[2], published, at=now())
    told = {
        "number": claims.number,
        "name": claims.name,
        "title": claims.title,
        "signed": claims.issued_at.date().isoformat(),
        "ends": claims.expires_at.date().isoformat(),
        "kid": claims.kid,
    }
    if as_json:
        click.echo(orjson.dumps(told))
        return
    click.echo(f"{claims.number}  {claims.name}  ({claims.title})")
    click.echo(f"signed {told['signed']}, ends {told['ends']}, key {claims.kid}")
    click.echo("The code is genuine. Whether the licence still holds, only the registry can say.")
