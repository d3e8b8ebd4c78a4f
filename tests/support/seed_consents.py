"""Fills a database for the browser story of consents: run as a program, with the password of all accounts."""

from __future__ import annotations

import sys
from datetime import date, timedelta
from uuid import UUID

import django

django.setup()

from tests.support.factories import make_facility  # noqa: E402
from tests.support.patients import make_patient, make_record  # noqa: E402
from ymach.accounts.actions import create_user, grant_role  # noqa: E402
from ymach.accounts.permissions import Role  # noqa: E402
from ymach.base.actors import command  # noqa: E402
from ymach.base.clock import now, vietnam_day  # noqa: E402

BY = command("seed-consents")
MOTHER, CHILD = "001190000011", "001318000012"


def account(username: str, full_name: str, role: Role, **limits: UUID) -> None:
    user = create_user(username=username, full_name=full_name, password=sys.argv[1], by=BY, at=now())
    grant_role(user=user, role=role, by=BY, at=now(), **limits)  # type: ignore[arg-type]


def main() -> None:
    clinic = make_facility("01001", name="Phòng khám Đa khoa Sao Mai")
    hospital = make_facility("01002", name="Bệnh viện Nhi Bình An")
    mother = make_patient("Lê Thị Mai", born=date(1990, 5, 1), number=MOTHER)
    child = make_patient("Trần Minh An", born=vietnam_day(now()) - timedelta(days=9 * 365), number=CHILD)
    make_record(child, hospital, diagnosis_text="Hen phế quản", diagnosis="J45")
    make_record(mother, hospital, diagnosis_text="Viêm họng cấp", diagnosis="J02")
    account("clerk", "Lê Thị Hạnh", Role.FACILITY, facility_id=clinic.id)
    account("mother", "Lê Thị Mai", Role.CITIZEN, citizen_id=mother)
    account("child", "Trần Minh An", Role.CITIZEN, citizen_id=child)


if __name__ == "__main__":
    main()
