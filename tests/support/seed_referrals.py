"""Fills a database for the story of a referral: run as a program, with the password of the accounts.

A commune health station sends one signed dossier with a referral to the central hospital, which is taken.
"""

from __future__ import annotations

import base64
import re
import sys
from uuid import UUID

import django

django.setup()

from tests.support.intake import RECEIVER, example, open_desk  # noqa: E402
from ymach.accounts.actions import create_user, grant_role  # noqa: E402
from ymach.accounts.permissions import Role  # noqa: E402
from ymach.base.actors import command  # noqa: E402
from ymach.base.clock import now  # noqa: E402
from ymach.facilities.models import Facility  # noqa: E402

BY = command("seed-referrals")
STATION = "99003"


def account(username: str, full_name: str, facility: UUID) -> None:
    user = create_user(username=username, full_name=full_name, password=sys.argv[1], by=BY, at=now())
    grant_role(user=user, role=Role.FACILITY, facility_id=facility, by=BY, at=now())


def of_station(content: bytes) -> bytes:
    """The example as the station's own: its code stands in the envelope and in every table, which are Base64."""

    def changed(found: re.Match[bytes]) -> bytes:
        table = base64.b64decode(found[1]).replace(b"99002", STATION.encode())
        return b"<NOIDUNGFILE>" + base64.b64encode(table) + b"</NOIDUNGFILE>"

    own = content.replace(b"<MACSKCB>99002", b"<MACSKCB>" + STATION.encode())
    return re.sub(rb"<NOIDUNGFILE>([^<]*)</NOIDUNGFILE>", changed, own)


def main() -> None:
    desk = open_desk(STATION)
    account("station", "Lê Thị Trạm", desk.facility.id)
    account("hospital", "Lương Thị Đón", Facility.objects.get(code=RECEIVER).pk)
    answer = desk.send_one(desk.sign(of_station(example("02-inpatient-referral.xml"))), at=now())
    if answer.is_refusal:
        sys.exit(f"the dossier was not taken: {answer.body}")


main()
