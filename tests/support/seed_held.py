"""Fills a database for the browser story of what is held: run as a program, with the password of all accounts.

A facility whose doctor was unknown, whose other doctor was suspended, has sent dossiers over a week; the registry has
since learned of the first.
"""

from __future__ import annotations

import sys
from datetime import date, timedelta
from uuid import UUID

import django

django.setup()

from tests.support.factories import make_licence, make_registration  # noqa: E402
from tests.support.held import SOME, outpatient  # noqa: E402
from tests.support.intake import open_desk  # noqa: E402
from ymach.accounts.actions import create_user, grant_role  # noqa: E402
from ymach.accounts.permissions import Role  # noqa: E402
from ymach.base.actors import command  # noqa: E402
from ymach.base.clock import now  # noqa: E402
from ymach.base.periods import Period  # noqa: E402

BY = command("seed-held")
SUSPENDED = "0099904/BYT-CCHN"


def account(username: str, full_name: str, role: Role, **limits: str | UUID) -> None:
    user = create_user(username=username, full_name=full_name, password=sys.argv[1], by=BY, at=now())
    grant_role(user=user, role=role, by=BY, at=now(), **limits)  # type: ignore[arg-type]


def main() -> None:
    desk = open_desk("99001", authors=SOME)
    suspended = make_licence(SUSPENDED, suspended=Period(date(2026, 10, 1), date(2027, 1, 1)))
    make_registration(suspended, desk.facility)
    for back in range(7, 0, -1):
        for number in range(1 + back % 3):
            at = now() - timedelta(days=back, minutes=17 * number)
            doctor = (SUSPENDED, "", "0099908/BYT-CCHN")[(back + number) % 3]
            desk.send_one(outpatient(desk, f"99001.26.{back:04}{number}", doctor=doctor), at=at)
        desk.send_one(outpatient(desk, f"99001.26.9{back:03}", doctor=SOME[0]), at=now() - timedelta(days=back))
    make_registration(make_licence("0099901/BYT-CCHN"), desk.facility)
    account("ministry", "Phạm Quốc Việt", Role.MINISTRY)
    account("ministry-two", "Đỗ Minh Châu", Role.MINISTRY)
    account("department", "Nguyễn Thị Thu", Role.DEPARTMENT, province_code="01")
    account("facility", "Lê Thị Hạnh", Role.FACILITY, facility_id=desk.facility.id)


main()
