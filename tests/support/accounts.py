"""Accounts of every role, and browsers of theirs that are signed in."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.test import Client

from ymach.accounts.actions import create_user, grant_role
from ymach.accounts.models import User
from ymach.accounts.permissions import Role
from ymach.base.actors import SYSTEM
from ymach.base.clock import now


def make_account(
    role: Role,
    username: str = "",
    full_name: str = "Lê Thị Hạnh",
    *,
    password: str | None = None,
    at: datetime | None = None,
    **limits: Any,
) -> User:
    """One account, made at `at` (default: now), with the role since the day before. username: the role's, if blank."""
    made_at = at or now()
    user = create_user(username=username or role.value, full_name=full_name, password=password, by=SYSTEM, at=made_at)
    grant_role(user=user, role=role, by=SYSTEM, at=made_at - timedelta(days=1), **limits)
    return user


def signed_in(role: Role, username: str = "", full_name: str = "Lê Thị Hạnh", **limits: Any) -> Client:
    """A browser in which a new account is signed in."""
    client = Client()
    client.force_login(make_account(role, username, full_name, **limits))
    return client
