"""Fills a database for an outage in a browser: a hospital that has sent dossiers just now, its clerk, the ministry.

Run as a program, with the password of both accounts as its argument.
"""

from __future__ import annotations

import base64
import re
import sys
from uuid import UUID

import django

django.setup()

from tests.support.intake import example, open_desk  # noqa: E402
from ymach.accounts.actions import create_user, grant_role  # noqa: E402
from ymach.accounts.permissions import Role  # noqa: E402
from ymach.base.actors import command  # noqa: E402
from ymach.base.clock import now  # noqa: E402

BY = command("seed-outage")
DOSSIERS = 12
CODE = "99001.26.0001234"


def account(username: str, role: Role, **limits: UUID) -> None:
    user = create_user(username=username, full_name="Lê Thị Hạnh", password=sys.argv[1], by=BY, at=now())
    grant_role(user=user, role=role, by=BY, at=now(), **limits)


def under_code(content: bytes, after: str) -> bytes:
    """The dossier with another MA_LK: the tables inside are Base64."""

    def changed(found: re.Match[bytes]) -> bytes:
        table = base64.b64decode(found[1]).replace(CODE.encode(), after.encode())
        return b"<NOIDUNGFILE>" + base64.b64encode(table) + b"</NOIDUNGFILE>"

    return re.sub(rb"<NOIDUNGFILE>([^<]*)</NOIDUNGFILE>", changed, content)


def main() -> None:
    desk = open_desk("99001")
    for number in range(DOSSIERS):
        desk.send_one(desk.sign(under_code(example("01-outpatient.xml"), f"{CODE}.{number}")), at=now())
    account("ministry", Role.MINISTRY)
    account("facility", Role.FACILITY, facility_id=desk.facility.id)


main()
