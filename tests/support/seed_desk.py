"""Fills a database for the story of the desk: run as a program, with the password of the account and the path of a file.

The file holds what the hospital's software will send: a signed dossier whose patient has no name, under the wristband of the
form FORM, and the software's token.
"""

from __future__ import annotations

import json
import sys
from base64 import b64encode
from pathlib import Path
from uuid import UUID

import django

django.setup()

from tests.support.hostile import with_values  # noqa: E402
from tests.support.intake import example, open_desk  # noqa: E402
from ymach.accounts.actions import create_user, grant_role  # noqa: E402
from ymach.accounts.permissions import Role  # noqa: E402
from ymach.base.actors import command  # noqa: E402
from ymach.base.clock import now  # noqa: E402
from ymach.citizens.provisional.codes import code_of  # noqa: E402
from ymach.exchange.platform import access_tokens  # noqa: E402

BY = command("seed-desk")
HOSPITAL = "99001"


def main(password: str, path: str, form: str) -> None:
    desk = open_desk(HOSPITAL)
    user = create_user(username="desk", full_name="Đào Thị Lan", password=password, by=BY, at=now())
    grant_role(user=user, role=Role.FACILITY, facility_id=desk.facility.id, by=BY, at=now())
    nameless = {"MA_BN": code_of(UUID(form)), "SO_CCCD": "", "HO_TEN": "Không rõ", "MA_THE_BHYT": ""}
    signed = desk.sign(with_values(nameless, content=example("01-outpatient.xml")))
    token = access_tokens().issue(HOSPITAL, at=now())
    Path(path).write_text(json.dumps({"token": token, "dossier": b64encode(signed).decode()}), encoding="utf-8")


main(*sys.argv[1:])
