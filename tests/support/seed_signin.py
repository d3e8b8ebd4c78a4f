"""Fills a database for the browser tests of signing in: run as a program, with the password of all accounts."""

from __future__ import annotations

import sys

import django

django.setup()

from tests.support.factories import make_facility, make_practitioner  # noqa: E402
from ymach.accounts.actions import create_user, grant_role  # noqa: E402
from ymach.accounts.permissions import Role  # noqa: E402
from ymach.base.actors import command  # noqa: E402
from ymach.base.clock import now  # noqa: E402

BY = command("seed-signin")
NUMBER = "001085000031"


def main() -> None:
    facility = make_facility()
    person = make_practitioner("Vũ Đình Khải", personal_number=NUMBER)
    for username in ("passkey", "app", "pictures"):
        user = create_user(username=username, full_name="Lê Thị Hạnh", password=sys.argv[1], by=BY, at=now())
        grant_role(user=user, role=Role.FACILITY, facility_id=facility.id, by=BY, at=now())
    user = create_user(username="khai", full_name=person.full_name, password=sys.argv[1], by=BY, at=now())
    grant_role(user=user, role=Role.PRACTITIONER, practitioner_id=person.id, by=BY, at=now())


main()
