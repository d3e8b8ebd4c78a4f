"""Accounts from the operator's terminal: the first invitation of an empty installation."""

from __future__ import annotations

from datetime import timedelta

import click
from django.conf import settings

from ymach.accounts.invitations import Terms, invite
from ymach.accounts.permissions import Role
from ymach.accounts.rules import DEPARTMENTS, Limits
from ymach.accounts.words import ROLE_WORDS
from ymach.base.actors import command
from ymach.base.clock import now, vietnam_day
from ymach.base.text import Text
from ymach.places.queries import province

ROLES = (Role.MINISTRY, Role.AUDITOR, Role.DEPARTMENT_ADMIN)


@click.group()
def account() -> None:
    """Accounts: the first ones; all others are invited on the page /accounts."""


@account.command("invite")
@click.option("--role", required=True, type=click.Choice([role.value for role in ROLES]), help="What it may do.")
@click.option("--email", required=True, help="Where the link is sent.")
@click.option("--province", "province_code", help="Code of the province, e.g. 40; for department-admin.")
@click.option("--name", default="", help="Full name, which the person can correct.")
def invite_one(role: str, email: str, province_code: str | None, name: str) -> None:
    """Invite somebody by e-mail and print the link, for an installation without a mail server.

    The link is a secret: hand it to nobody else. It works once, until it expires.
    """
    limits, unit = _offer(Role(role), province_code)
    terms = Terms(ROLE_WORDS[limits.role], unit, timedelta(days=settings.ENVIRONMENT.invitation_days))
    sent = invite(email=email, limits=limits, terms=terms, by=command("account"), at=now(), full_name=name)
    click.echo(f"{settings.ENVIRONMENT.base_url}{sent.link}")
    click.echo(f"{sent.invitation.email}, {role}, {sent.invitation.expires_at:%Y-%m-%d %H:%M} UTC", err=True)


def _offer(role: Role, province_code: str | None) -> tuple[Limits, Text | None]:
    if role not in DEPARTMENTS:
        if province_code:
            message = f"--province is not for {role.value}"
            raise click.UsageError(message)
        return Limits(role), None
    unit = province(province_code or "", vietnam_day(now()))
    if unit is None:
        message = "--province: the code of one of the 34 provinces is needed"
        raise click.UsageError(message)
    return Limits(role, province_code=unit.code), Text(unit.name("vi"), unit.name("en"))
