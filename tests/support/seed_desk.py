"""Fills a database for the story of the desk: run as a program, with the password of the account and the site's address.

It then waits for the code of a wristband on its input, and sends a signed dossier whose patient has that code and no name.
"""

from __future__ import annotations

import sys
import urllib.request

import django

django.setup()

from tests.support.hostile import with_values  # noqa: E402
from tests.support.intake import example, open_desk  # noqa: E402
from ymach.accounts.actions import create_user, grant_role  # noqa: E402
from ymach.accounts.permissions import Role  # noqa: E402
from ymach.base.actors import command  # noqa: E402
from ymach.base.clock import now  # noqa: E402
from ymach.exchange.platform import access_tokens  # noqa: E402

BY = command("seed-desk")
HOSPITAL = "99001"


def main() -> None:
    desk = open_desk(HOSPITAL)
    user = create_user(username="desk", full_name="Đào Thị Lan", password=sys.argv[1], by=BY, at=now())
    grant_role(user=user, role=Role.FACILITY, facility_id=desk.facility.id, by=BY, at=now())
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    code = sys.stdin.readline().strip()
    content = with_values(
        {"MA_BN": code, "SO_CCCD": "", "HO_TEN": "Không rõ", "MA_THE_BHYT": ""}, content=example("01-outpatient.xml")
    )
    token = access_tokens().issue(HOSPITAL, at=now())
    headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/xml"}
    request = urllib.request.Request(f"{sys.argv[2]}/api/v1/submissions", desk.sign(content), headers)
    with urllib.request.urlopen(request, timeout=60) as answer:
        if answer.status != 201:
            sys.exit(f"the dossier was not taken: {answer.status}")


main()
