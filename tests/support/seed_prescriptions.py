"""Fills a database for the browser story of prescriptions; run as a program, with the password of all accounts."""

from __future__ import annotations

import sys

import django

django.setup()

from tests.support.intake import open_desk  # noqa: E402
from tests.support.prescriptions import of_yesterday, open_pharmacy  # noqa: E402
from ymach.accounts.actions import create_user, grant_role  # noqa: E402
from ymach.accounts.permissions import Role  # noqa: E402
from ymach.base.actors import command  # noqa: E402
from ymach.base.clock import now  # noqa: E402
from ymach.facilities.models import Facility  # noqa: E402

BY = command("seed-prescriptions")


def staff(username: str, facility: Facility) -> None:
    user = create_user(username=username, full_name="Lê Thị Hạnh", password=sys.argv[1], by=BY, at=now())
    grant_role(user=user, role=Role.FACILITY, facility_id=facility.id, by=BY, at=now())


def main() -> None:
    desk = open_desk("99003")
    desk.send_one(desk.sign(of_yesterday()), at=now())
    staff("facility", desk.facility)
    staff("pharmacy", open_pharmacy("99101").facility)
    staff("pharmacy-two", open_pharmacy("99102").facility)


main()
