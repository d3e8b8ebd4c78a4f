"""Fills a database for the story of a doctor: run as a program, with the password of all accounts."""

from __future__ import annotations

import sys
from datetime import timedelta
from uuid import UUID

import django

django.setup()

from tests.support.intake import AT, RECEIVER, Desk, example, open_desk  # noqa: E402
from tests.support.patients import make_patient, make_record  # noqa: E402
from ymach.accounts.actions import create_user, grant_role  # noqa: E402
from ymach.accounts.permissions import Role  # noqa: E402
from ymach.base.actors import command  # noqa: E402
from ymach.base.clock import now  # noqa: E402
from ymach.citizens.models import Citizen  # noqa: E402
from ymach.exchange.models import Record  # noqa: E402
from ymach.facilities.models import Facility  # noqa: E402

BY = command("seed-patients")
STRANGER = "001158000412"


def account(username: str, full_name: str, role: Role, **limits: object) -> None:
    user = create_user(username=username, full_name=full_name, password=sys.argv[1], by=BY, at=now())
    grant_role(user=user, role=role, by=BY, at=now(), **limits)  # type: ignore[arg-type]


def refer(desk: Desk) -> UUID:
    """A dossier with a referral to RECEIVER; its patient."""
    desk.send_one(desk.sign(example("02-inpatient-referral.xml")), at=AT)
    return Record.objects.filter(kind="referral").get().citizen_id


def make_history(patient: UUID, place: Facility) -> None:
    for ago, sugar in ((420, "6.9"), (300, "7.4"), (180, "8.1"), (20, "8.6")):
        at = now() - timedelta(days=ago)
        values = [["", "HbA1c", sugar, "%", None]]
        make_record(patient, place, at=at, diagnosis="E11.9", diagnosis_text="Đái tháo đường", values=values)
        lines = [{"name": "Metformin", "strength": "850mg", "dosage": "1 viên/lần * 2 lần/ngày * 30 ngày"}]
        make_record(patient, place, kind="prescription", at=at, lines=lines)
    grave = [{"substance": "Penicillin", "criticality": "high", "reaction": "Phản vệ"}]
    make_record(patient, place, kind="health-book", allergies=grave, at=now() - timedelta(days=400))
    make_record(
        patient, place, compartment="hiv", diagnosis="B20", diagnosis_text="Bí mật", at=now() - timedelta(days=9)
    )


def main() -> None:
    desk = open_desk("99002")
    hospital = Facility.objects.get(code=RECEIVER)
    account("doctor", "BS Hoàng Thu Hà", Role.FACILITY, facility_id=hospital.pk)
    account("head", "Trưởng phòng Lê Văn Xem", Role.DEPARTMENT, province_code=hospital.province_code)
    stranger = make_patient(number=STRANGER)
    make_history(stranger, desk.facility)
    account("patient", "Đặng Thị Ngọc Lan", Role.CITIZEN, citizen_id=stranger)
    referred = refer(desk)
    make_history(referred, desk.facility)
    Citizen.objects.filter(pk=referred).update(
        full_name="Phạm Văn Chuyển", name_folded="pham van chuyen", birth_year=1960, birth_month=2, birth_day=1
    )


if __name__ == "__main__":
    main()
