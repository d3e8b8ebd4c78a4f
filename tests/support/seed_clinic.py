"""Fills a database with one clinic: run as a program, with the password of everything and the file for its key."""

from __future__ import annotations

import sys
from pathlib import Path

import django

django.setup()

from tests.support.intake import open_desk  # noqa: E402
from ymach.accounts.actions import create_user, grant_role  # noqa: E402
from ymach.accounts.permissions import Role  # noqa: E402
from ymach.base.actors import command  # noqa: E402
from ymach.base.clock import now  # noqa: E402


def main() -> None:
    password, p12 = sys.argv[1], Path(sys.argv[2])
    desk, by = open_desk("99001"), command("seed-clinic")
    p12.write_bytes(desk.issued.pkcs12(password))
    clerk = create_user(username="clinic", full_name="Lê Thị Hạnh", password=password, by=by, at=now())
    grant_role(user=clerk, role=Role.FACILITY, facility_id=desk.facility.id, by=by, at=now())


main()
