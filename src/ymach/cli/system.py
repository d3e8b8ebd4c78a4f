"""Systems that are no facility's and sign in by a certificate of their own."""

from __future__ import annotations

from pathlib import Path

import click

from ymach.accounts.permissions import Role
from ymach.accounts.systems import add_system, suspend_system
from ymach.base.actors import command
from ymach.base.clock import now
from ymach.trust.certificates import load


@click.group()
def system() -> None:
    """Systems that follow the registry, e.g. a department's own."""


@system.command()
@click.argument("client_id")
@click.option("--name", required=True, help="As people read it, e.g. “Sở Y tế Nghệ An · quản lý hành nghề”.")
@click.option(
    "--province", default=None, help="Code of the department's province; without it the system is the ministry's."
)
@click.option(
    "--certificate", required=True, type=click.Path(exists=True, dir_okay=False, path_type=Path), help="PEM or DER."
)
def add(client_id: str, name: str, province: str | None, certificate: Path) -> None:
    """Register a system by its certificate. It signs in as facilities do, under CLIENT_ID."""
    der = load(certificate.read_bytes()).der
    role = Role.DEPARTMENT if province else Role.MINISTRY
    add_system(
        client_id=client_id,
        name=name,
        role=role,
        province_code=province,
        certificate=der,
        by=command("system add"),
        at=now(),
    )
    click.echo(f"{client_id}: registered")


@system.command()
@click.argument("client_id")
@click.option("--reason", required=True, help="Why; kept in the history.")
def suspend(client_id: str, reason: str) -> None:
    """Let a system in no longer."""
    suspend_system(client_id=client_id, reason=reason, by=command("system suspend"), at=now())
    click.echo(f"{client_id}: suspended")
