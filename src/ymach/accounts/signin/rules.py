"""Rules of signing in, as plain functions."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from ymach.accounts.permissions import Role

WITHOUT_SECOND_FACTOR = frozenset({Role.PRACTITIONER.value, Role.CITIZEN.value})
"""Who sees only what concerns themselves may go without; every other role, a new one too, is staff."""


def needs_second_factor(roles: Iterable[str]) -> bool:
    """Whether an account that holds `roles` acts for an office or a facility, and so must prove itself twice."""
    return any(role not in WITHOUT_SECOND_FACTOR for role in roles)


def account_of(practitioner_accounts: set[UUID], citizen_accounts: set[UUID]) -> UUID | None:
    """The one account that a proven personal number opens, or None.

    A practitioner's account comes first; several accounts of one kind are nobody's: somebody must tidy them up.
    """
    for accounts in (practitioner_accounts, citizen_accounts):
        if accounts:
            return next(iter(accounts)) if len(accounts) == 1 else None
    return None
