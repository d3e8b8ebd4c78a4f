"""Accounts behind the subject of a membership."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from django.db.models import Q

from ymach.accounts.permissions import Role
from ymach.accounts.queries import in_force


def practitioner_accounts(practitioner_ids: list[UUID], *, on: date) -> set[UUID]:
    """Ids of the accounts that may sign in and act as one of these practitioners on the day `on` (Viet Nam)."""
    return _accounts(Q(role=Role.PRACTITIONER.value, practitioner_id__in=practitioner_ids), on)


def citizen_accounts(citizen_ids: list[UUID], *, on: date) -> set[UUID]:
    """Ids of the accounts that may sign in and act as one of these citizens on the day `on` (Viet Nam)."""
    return _accounts(Q(role=Role.CITIZEN.value, citizen_id__in=citizen_ids), on)


def _accounts(of: Q, on: date) -> set[UUID]:
    return set(in_force(on).filter(of, user__is_active=True).values_list("user_id", flat=True))
