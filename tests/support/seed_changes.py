"""Fills a database for browser tests of changes: run as a program, with the password of its accounts as its argument."""

from __future__ import annotations

import sys
from datetime import timedelta
from uuid import UUID

import django

django.setup()

from tests.support.changing import joining, ready, staff_of  # noqa: E402
from tests.support.factories import make_facility, make_licence, make_practitioner, make_registration  # noqa: E402
from ymach.accounts.actions import create_user, grant_role  # noqa: E402
from ymach.accounts.permissions import Role  # noqa: E402
from ymach.base.actors import command  # noqa: E402
from ymach.base.clock import now, vietnam_day  # noqa: E402
from ymach.base.periods import Period  # noqa: E402
from ymach.changes import staff_lists  # noqa: E402

BY = command("seed-changes")
NAMES = ("Trần Minh Đức", "Lê Thị Hoa", "Phạm Quang Huy", "Võ Thị Ngọc Ánh")
HEAD = ["Số giấy phép", "Họ và tên", "Vị trí chuyên môn", "Giờ hành nghề trong tuần", "Làm việc từ ngày"]


def account(username: str, full_name: str, role: Role, **limits: str | UUID) -> None:
    user = create_user(username=username, full_name=full_name, password=sys.argv[1], by=BY, at=now())
    grant_role(user=user, role=role, by=BY, at=now(), **limits)  # type: ignore[arg-type]


def main() -> None:
    facility = make_facility("01001", name="Bệnh viện Đa khoa Hoàn Kiếm")
    other = make_facility("79001", province_code="79", name="Phòng khám Bến Thành")
    account("department", "Nguyễn Thị Thu", Role.DEPARTMENT, province_code="01")
    account("facility", "Lê Thị Hạnh", Role.FACILITY, facility_id=facility.pk)
    day = vietnam_day(now())
    for number, name in enumerate(NAMES):
        person = make_practitioner(name)
        start = day - timedelta(days=900)
        ends = day + timedelta(days=20 + 45 * number)
        held = {"since": start, "valid": Period(start, ends), "issuer_province_code": "01"}
        licence = make_licence(f"00077{number}/HN-GPHN", practitioner=person, **held)  # type: ignore[arg-type]
        make_registration(licence, other, schedule="T2-T6: 07:00 đến 16:00", valid=Period(start))
        hours = {"schedule": "T2-T6: 16:15 đến 20:00", "starts_on": (day + timedelta(days=7)).isoformat()}
        (ready if number < 3 else joining)(person, facility, **hours)
    rows = [HEAD, ["000770/HN-GPHN", "Người Khác", "Bác sĩ", "", "01/12/2026"]]
    kept = staff_lists.take(rows, facility=facility, name="ds.csv", by=staff_of(facility), at=now())
    staff_lists.go_on(kept, by=staff_of(facility), at=now())


main()
