"""Fills a database for the browser story of a breach: a doctor's account read two dozen persons' records in an evening.

Run as a program, with the password of all accounts; who looks is the auditor `kiem-toan`.
"""

from __future__ import annotations

import sys
from datetime import timedelta
from uuid import UUID

import django

django.setup()

from tests.support.factories import make_facility  # noqa: E402
from ymach.accounts.actions import create_user, grant_role  # noqa: E402
from ymach.accounts.permissions import Role  # noqa: E402
from ymach.audit.actions import record  # noqa: E402
from ymach.audit.chain import Event  # noqa: E402
from ymach.audit.queries import verify  # noqa: E402
from ymach.audit.roots import close_days  # noqa: E402
from ymach.audit.verification import keep_check  # noqa: E402
from ymach.base.actors import command  # noqa: E402
from ymach.base.clock import now, start_of_day, vietnam_day  # noqa: E402
from ymach.base.ids import new_id  # noqa: E402
from ymach.citizens.models import Citizen  # noqa: E402
from ymach.exchange.journal import open_root, sign_root  # noqa: E402

BY = command("seed-breach")
NAMES = ("Nguyễn Thị Hoa", "Trần Văn Bình", "Lê Minh Châu", "Phạm Quốc Dũng", "Vũ Thị Én", "Đỗ Gia Hân")
BASIS = "Law 15/2023/QH15 art. 69: the facility reads the record it made"


def account(username: str, full_name: str, role: Role, **limits: str | UUID) -> str:
    user = create_user(username=username, full_name=full_name, password=sys.argv[1], by=BY, at=now())
    grant_role(user=user, role=role, by=BY, at=now(), **limits)  # type: ignore[arg-type]
    return f"user:{user.pk}"


def main() -> None:
    facility, at = make_facility("01001"), now()
    account("kiem-toan", "Trịnh Công Tâm", Role.AUDITOR)
    doctor = account("bac-si", "Ngô Thanh Sơn", Role.FACILITY, facility_id=facility.pk)
    evening = start_of_day(vietnam_day(at) - timedelta(days=2)) + timedelta(hours=20)
    actions = (("dossier:read", "visit"), ("dossier:read", "results"), ("prescription:read", ""))
    for number in range(24):
        person = Citizen.objects.create(citizen_id=new_id(), full_name=NAMES[number % 6], created_at=at)
        for offset, (action, part) in enumerate(actions[: 1 + number % 3]):
            moment = evening + timedelta(minutes=number, seconds=offset)
            subject, detail = f"submission:{new_id()}", {"part": part} if part else None
            record(Event(moment, doctor, action, subject, BASIS, person.pk, detail), facility_id=facility.pk)
    close_days(sign_root, at=at)
    keep_check(verify(open_root), since=None, until=None, began_at=at, at=now(), by=BY)


if __name__ == "__main__":
    main()
