"""The accounts of a demonstration, made in the database."""

from __future__ import annotations

from datetime import datetime
from functools import cache
from typing import Any

from django.contrib.auth.hashers import make_password

from ymach.accounts.actions import create_user, grant_role
from ymach.accounts.models import User
from ymach.accounts.permissions import Role
from ymach.base.actors import Actor
from ymach.citizens.queries import known_under
from ymach.facilities.models import Facility
from ymach.practitioners.models import Licence
from ymach.synth.fixed import PROVINCE
from ymach.synth.sign_ins import ACCOUNTS, PASSWORD, DemoAccount


def make_accounts(*, by: Actor, at: datetime) -> int:
    """Make the accounts that are not there yet and whose subject is known; returns how many.

    The citizen is known once the first example has been received: call it again then.
    """
    held, made = set(User.objects.values_list("username", flat=True)), 0
    for one in ACCOUNTS:
        limit = _limit(one)
        if one.username in held or limit is None:
            continue
        user = create_user(
            username=one.username,
            full_name=one.full_name,
            password=None,
            hashed=_hashed(),
            email=one.email,
            by=by,
            at=at,
        )
        grant_role(user=user, role=one.role, by=by, at=at, **limit)
        if one.at:
            place = Facility.objects.filter(code=one.at).values_list("id", flat=True).first()
            grant_role(user=user, role=Role.FACILITY, facility_id=place, by=by, at=at)
        made += 1
    return made


@cache
def _hashed() -> str:
    """Hashing takes a quarter of a second, by design; everybody knows this password, and all have the same."""
    return make_password(PASSWORD)


def _limit(one: DemoAccount) -> dict[str, Any] | None:
    """What the role is limited to; None while that is not in the registry yet."""
    if one.role in {Role.MINISTRY, Role.AUDITOR}:
        return {}
    if one.role in {Role.DEPARTMENT, Role.DEPARTMENT_ADMIN}:
        return {"province_code": PROVINCE}
    name, key = _subject(one)
    return None if key is None else {name: key}


def _subject(one: DemoAccount) -> tuple[str, Any]:
    if one.role is Role.FACILITY:
        return "facility_id", Facility.objects.filter(code=one.of).values_list("id", flat=True).first()
    if one.role is Role.PRACTITIONER:
        held = Licence.objects.filter(number_key=one.of)
        return "practitioner_id", held.values_list("practitioner_id", flat=True).first()
    known = known_under([("personal-number", one.of)]) if one.of else {}
    return "citizen_id", next((person.citizen_id for person in known.values()), None)
