"""One account for each role of a demonstration, with a password that everybody knows."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from ymach.accounts.actions import create_user, grant_role
from ymach.accounts.models import User
from ymach.accounts.permissions import Role
from ymach.base.actors import Actor
from ymach.base.text import Text
from ymach.citizens.models import Identifier
from ymach.facilities.models import Facility
from ymach.practitioners.models import Licence
from ymach.synth.examples import EXAMPLE_CITIZEN
from ymach.synth.fixed import PROVINCE

PASSWORD = "ymach-demo-2026"  # noqa: S105 - shown to everybody who starts the demonstration


@dataclass(frozen=True, slots=True)
class DemoAccount:
    """An account of a demonstration: what it shows, and who it is."""

    username: str
    full_name: str
    role: Role
    shows: Text


ACCOUNTS = (
    DemoAccount("bo-y-te", "Phạm Quốc Việt", Role.MINISTRY, Text("Bộ Y tế: cả nước", "Ministry: the country")),
    DemoAccount(
        "so-y-te",
        "Nguyễn Thị Thu",
        Role.DEPARTMENT_ADMIN,
        Text("Sở Y tế Nghệ An: quản trị", "Department of health, Nghệ An: administrator"),
    ),
    DemoAccount(
        "chuyen-vien",
        "Võ Thị Hạnh",
        Role.DEPARTMENT,
        Text("Sở Y tế Nghệ An: chuyên viên", "Department of health, Nghệ An: officer"),
    ),
    DemoAccount("benh-vien", "Hồ Văn Công", Role.FACILITY, Text("Cơ sở 99001", "Facility 99001")),
    DemoAccount(
        "bac-si",
        "Lê Thị Minh Họa",
        Role.PRACTITIONER,
        Text("Người hành nghề 0099901/BYT-CCHN", "Practitioner 0099901/BYT-CCHN"),
    ),
    DemoAccount(
        "nguoi-dan", "Nguyễn Thị Mẫu", Role.CITIZEN, Text("Người dân, sổ sức khỏe", "Citizen, the health book")
    ),
)


def make_accounts(*, by: Actor, at: datetime) -> int:
    """Make the accounts that are not there yet and whose subject is known; returns how many.

    The citizen is known once the first example has been received: call it again then.
    """
    held, made = set(User.objects.values_list("username", flat=True)), 0
    for one in ACCOUNTS:
        limit = _limit(one.role)
        if one.username in held or limit is None:
            continue
        user = create_user(username=one.username, full_name=one.full_name, password=PASSWORD, by=by, at=at)
        grant_role(user=user, role=one.role, by=by, at=at, **limit)
        made += 1
    return made


def _limit(role: Role) -> dict[str, Any] | None:
    """What the role is limited to; None while that is not in the registry yet."""
    if role is Role.MINISTRY:
        return {}
    if role in {Role.DEPARTMENT, Role.DEPARTMENT_ADMIN}:
        return {"province_code": PROVINCE}
    name, key = _subject(role)
    return None if key is None else {name: key}


def _subject(role: Role) -> tuple[str, Any]:
    if role is Role.FACILITY:
        return "facility_id", Facility.objects.filter(code="99001").values_list("id", flat=True).first()
    if role is Role.PRACTITIONER:
        held = Licence.objects.filter(number_key="0099901/BYT-CCHN")
        return "practitioner_id", held.values_list("practitioner_id", flat=True).first()
    known = Identifier.objects.filter(kind="personal-number", value=EXAMPLE_CITIZEN)
    return "citizen_id", known.values_list("citizen_id", flat=True).first()
