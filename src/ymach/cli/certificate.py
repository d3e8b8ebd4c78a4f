"""Which authorities are believed, and which certificates are whose."""

from __future__ import annotations

from pathlib import Path

import click

from ymach.base.actors import command
from ymach.base.clock import now, vietnam_day
from ymach.facilities.actions import end_certificate, register_certificate
from ymach.facilities.errors import FacilityNotFound
from ymach.facilities.queries import certificate_binding, facility_by_code
from ymach.trust.actions import add_anchor, withdraw_anchor
from ymach.trust.certificates import load
from ymach.trust.models import TrustAnchor

FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.group()
def certificate() -> None:
    """Authorities that are believed, and certificates of facilities."""


@certificate.command()
@click.argument("file", type=FILE)
@click.option("--reason", required=True, help="Why, e.g. the authority's licence; kept in the history.")
@click.option(
    "--issuer-only", is_flag=True, help="Only known as an issuer on the way to an authority that is believed."
)
@click.option("--crl-url", default="", help="Where its revocation list is fetched.")
def trust(file: Path, reason: str, issuer_only: bool, crl_url: str) -> None:
    """Believe an authority by its certificate (PEM or DER) from now on."""
    found = load(file.read_bytes())
    by = command("certificate trust")
    add_anchor(certificate=found, by=by, at=now(), reason=reason, trusted=not issuer_only, crl_url=crl_url)
    click.echo(f"{found.fingerprint}: {'known' if issuer_only else 'believed'}")


@certificate.command()
@click.argument("fingerprint")
@click.option("--reason", required=True, help="Why; kept in the history.")
def distrust(fingerprint: str, reason: str) -> None:
    """Believe an authority no longer. What was signed before keeps its trust."""
    fingerprint = fingerprint.lower()
    if not TrustAnchor.objects.filter(pk=fingerprint).exists():
        raise click.BadParameter("no authority has it", param_hint="FINGERPRINT")
    withdraw_anchor(fingerprint=fingerprint, by=command("certificate distrust"), at=now(), reason=reason)
    click.echo(f"{fingerprint}: believed no longer")


@certificate.command()
@click.argument("file", type=FILE)
@click.option("--facility", required=True, help="Its code, 5 characters.")
def bind(file: Path, facility: str) -> None:
    """From now on, what this certificate (PEM or DER) signs is the facility's."""
    at = now()
    holder = facility_by_code(facility.upper(), on=vietnam_day(at))
    if holder is None:
        raise FacilityNotFound(facility=facility)
    bound = register_certificate(
        facility=holder, certificate=load(file.read_bytes()), by=command("certificate bind"), at=at
    )
    click.echo(f"{bound.fingerprint}: {holder.code}")


@certificate.command()
@click.argument("fingerprint")
@click.option("--reason", required=True, help="Why; kept in the history.")
def end(fingerprint: str, reason: str) -> None:
    """From now on, what this certificate signs is nobody's."""
    at = now()
    bound = certificate_binding(fingerprint, at=at)
    if bound is None:
        raise click.BadParameter("no facility has it now", param_hint="FINGERPRINT")
    end_certificate(certificate=bound, reason=reason, by=command("certificate end"), at=at)
    click.echo(f"{bound.fingerprint}: ended")
