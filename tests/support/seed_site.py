"""Fills a database for browser tests: run as a program, with the password of all accounts as its argument.

Two facilities of one province have sent the shipped dossiers over two weeks, with faults here and there.
"""

from __future__ import annotations

import base64
import re
import sys
from datetime import timedelta
from uuid import UUID

import django

django.setup()

from tests.support.intake import AUTHORS, Desk, example, open_desk  # noqa: E402
from ymach.accounts.actions import create_user, grant_role  # noqa: E402
from ymach.accounts.permissions import Role  # noqa: E402
from ymach.base.actors import command  # noqa: E402
from ymach.base.clock import now  # noqa: E402
from ymach.exchange.models import Record  # noqa: E402
from ymach.practitioners.models import Licence  # noqa: E402

BY = command("seed-site")
DAYS = 9


def account(username: str, full_name: str, role: Role | None, **limits: str | UUID) -> None:
    user = create_user(username=username, full_name=full_name, password=sys.argv[1], by=BY, at=now())
    if role:
        grant_role(user=user, role=role, by=BY, at=now(), **limits)  # type: ignore[arg-type]


def under_code(content: bytes, before: str, after: str) -> bytes:
    """The dossier with another MA_LK: the tables inside are Base64."""

    def changed(found: re.Match[bytes]) -> bytes:
        table = base64.b64decode(found[1]).replace(before.encode(), after.encode())
        return b"<NOIDUNGFILE>" + base64.b64encode(table) + b"</NOIDUNGFILE>"

    return re.sub(rb"<NOIDUNGFILE>([^<]*)</NOIDUNGFILE>", changed, content)


def send_two_weeks(desk: Desk, name: str, code: str) -> None:
    """One good dossier a day under its own code, and today one that is signed by nobody."""
    for back in range(DAYS):
        for number in range(1 + (back * 7) % 4):
            content = under_code(example(name), code, f"{code}.{back}{number}")
            desk.send_one(desk.sign(content), at=now() - timedelta(days=back, minutes=7 * number))
    desk.send_one(example(name), at=now())


def main() -> None:
    mine = open_desk("99001")
    other = open_desk("99002", authors=())
    send_two_weeks(mine, "01-outpatient.xml", "99001.26.0001234")
    send_two_weeks(other, "02-inpatient-referral.xml", "99002.26.0005678")
    licence = Licence.objects.filter(number=next(iter(AUTHORS))).get()
    citizen = Record.objects.filter(facility_id=mine.facility.id).values_list("citizen_id", flat=True)[0]
    account("ministry", "Phạm Quốc Việt", Role.MINISTRY)
    account("department", "Nguyễn Thị Thu", Role.DEPARTMENT, province_code="01")
    account("facility", "Lê Thị Hạnh", Role.FACILITY, facility_id=mine.facility.id)
    account("facility-two", "Hoàng Thu Hà", Role.FACILITY, facility_id=other.facility.id)
    account("practitioner", "Vũ Đình Khải", Role.PRACTITIONER, practitioner_id=licence.practitioner_id)
    account("citizen", "Trần Văn Bình", Role.CITIZEN, citizen_id=citizen)
    account("auditor", "Đinh Thị Soát", Role.AUDITOR)
    account("nobody", "Lê Văn Mới", None)


main()
