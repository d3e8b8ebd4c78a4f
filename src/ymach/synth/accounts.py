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
    """An account of a demonstration: what it shows, and who it is. of: code, licence or number its role is limited to."""

    username: str
    full_name: str
    role: Role
    shows: Text
    of: str = ""

    @property
    def email(self) -> str:
        """Where letters to it go: nowhere, .example is nobody's; a demonstration shows them on the page /letters."""
        return f"{self.username}@ymach.example"


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
    DemoAccount("benh-vien", "Hồ Văn Công", Role.FACILITY, Text("Cơ sở 99001", "Facility 99001"), "99001"),
    DemoAccount("benh-vien-2", "Cao Thị Bích", Role.FACILITY, Text("Cơ sở 99002", "Facility 99002"), "99002"),
    DemoAccount(
        "bac-si",
        "Lê Thị Minh Họa",
        Role.PRACTITIONER,
        Text("Người hành nghề 0099901/BYT-CCHN", "Practitioner 0099901/BYT-CCHN"),
        "0099901/BYT-CCHN",
    ),
    DemoAccount(
        "nguoi-dan",
        "Nguyễn Thị Mẫu",
        Role.CITIZEN,
        Text("Người dân, sổ sức khỏe", "Citizen, the health book"),
        EXAMPLE_CITIZEN,
    ),
    DemoAccount("kiem-toan", "Đinh Công Minh", Role.AUDITOR, Text("Kiểm tra độc lập: số liệu", "Auditor: figures")),
)


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
            username=one.username, full_name=one.full_name, password=PASSWORD, email=one.email, by=by, at=at
        )
        grant_role(user=user, role=one.role, by=by, at=at, **limit)
        made += 1
    return made


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
    known = Identifier.objects.filter(kind="personal-number", value=one.of)
    return "citizen_id", known.values_list("citizen_id", flat=True).first()
