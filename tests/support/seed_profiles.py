"""Fills a database with one whole profile and a facility's people: a program, with the password of all accounts."""

from __future__ import annotations

import sys
from datetime import date, timedelta
from uuid import UUID

import django

django.setup()

from tests.support.changing import joining  # noqa: E402
from tests.support.factories import START, make_licence, make_practitioner, make_registration  # noqa: E402
from tests.support.profiles import whole_profile  # noqa: E402
from ymach.accounts.actions import create_user, grant_role  # noqa: E402
from ymach.accounts.permissions import Role  # noqa: E402
from ymach.base.actors import command  # noqa: E402
from ymach.base.clock import now, vietnam_day  # noqa: E402
from ymach.base.periods import Period  # noqa: E402
from ymach.facilities.models import Facility  # noqa: E402
from ymach.practitioners.actions import ban_practitioner, convert_licence  # noqa: E402
from ymach.practitioners.models import Licence  # noqa: E402
from ymach.practitioners.rules.tables import ban_cases  # noqa: E402

BY = command("seed-profiles")
COLLEAGUES = ("Nguyễn Văn An", "Trần Thị Bình", "Lê Hoàng Cường")


def account(username: str, full_name: str, role: Role, **limits: str | UUID) -> None:
    user = create_user(username=username, full_name=full_name, password=sys.argv[1], by=BY, at=now())
    grant_role(user=user, role=role, by=BY, at=now(), **limits)  # type: ignore[arg-type]


def ban_last(facility: Facility) -> None:
    """Somebody with an old certificate that became a licence, banned for half a year."""
    at = now()
    person = make_practitioner("Vũ Thị Kim Chi")
    old = make_licence(
        "004567/NA-CCHN",
        practitioner=person,
        generation=Licence.Generation.CERTIFICATE,
        valid=Period(START),
        issuer_province_code="40",
    )
    licence = convert_licence(
        certificate=old,
        number="000321/NA-GPHN",
        issuer="Sở Y tế",
        issued_on=date(2025, 6, 1),
        by=BY,
        at=at,
        decision="8/QĐ-SYT",
        decided_on=date(2025, 5, 30),
    )
    make_registration(licence, facility, valid=Period(date(2025, 6, 1)))
    ban_practitioner(
        practitioner=person,
        period=Period(vietnam_day(at), vietnam_day(at) + timedelta(days=180)),
        case=next(iter(ban_cases())),
        reason="Bản án sơ thẩm",
        decision="12/2026/HS-ST",
        by=BY,
        at=at,
    )


def main() -> None:
    whole = whole_profile()
    for number, name in enumerate(COLLEAGUES):
        licence = make_licence(f"00077{number}/NA-GPHN", practitioner=make_practitioner(name))
        make_registration(licence, whole.facility, schedule="T2-T6: 07:00 đến 11:30, 13:00 đến 17:00")
    ban_last(whole.facility)
    make_licence("000999/NA-GPHN", practitioner=make_practitioner("Cao Bá Quát"))
    joining(whole.person, whole.former)
    account("own", "Phan Thị Hiền", Role.PRACTITIONER, practitioner_id=whole.person.pk)
    account("staff", "Lê Thị Hạnh", Role.FACILITY, facility_id=whole.facility.pk)
    account("department", "Nguyễn Thị Thu", Role.DEPARTMENT, province_code="40")


main()
