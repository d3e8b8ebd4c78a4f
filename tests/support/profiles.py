"""One practitioner with a whole profile, and accounts that look at it."""

from __future__ import annotations

import html
import re
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from django.http import HttpResponse
from django.test import Client

from tests.support.factories import BY, START, make_facility, make_licence, make_practitioner
from tests.support.settled import settled_together
from ymach.accounts.actions import create_user, grant_role
from ymach.accounts.permissions import Role
from ymach.base.actors import SYSTEM
from ymach.base.clock import now, vietnam_day
from ymach.base.ids import new_id
from ymach.base.periods import Period
from ymach.base.weekly import parse_schedule
from ymach.facilities.models import Facility
from ymach.practitioners import actions
from ymach.practitioners.models import Licence, PracticeRegistration, Practitioner
from ymach.practitioners.rules.tables import diploma_kinds

NUMBER, PHONE, EMAIL = "040185000123", "0912345678", "hien@example.vn"


@dataclass
class Whole:
    """A person with an old certificate and a licence, at two facilities, with training and a technique."""

    person: Practitioner
    facility: Facility
    second: Facility
    former: Facility
    licence: Licence
    registration: PracticeRegistration

    @property
    def address(self) -> str:
        return f"/practitioners/{self.person.pk}"


def whole_profile() -> Whole:
    """Somebody of Nghệ An: two places now, one before."""
    with settled_together(at=now()):
        return _make_profile()


def _make_profile() -> Whole:
    person, at = make_practitioner("Phan Thị Hiền", personal_number=NUMBER), now()
    facility, second, former = (
        make_facility("40001", province_code="40", name="Bệnh viện Vinh"),
        make_facility("40002", province_code="40", name="Phòng khám Bến Thủy"),
        make_facility("01009", province_code="01", name="Bệnh viện Cũ"),
    )
    licence = make_licence("000123/NA-GPHN", practitioner=person, issuer_province_code="40")
    registration = _register(licence, facility, "T2-T6: 07:00 đến 16:30", is_main=True)
    _register(licence, second, "T7: 08:00 đến 11:00", is_full_time=False)
    _register(licence, former, "CN: 08:00 đến 11:00", valid=Period(START, date(2025, 1, 1)), is_full_time=False)
    actions.edit_contact(practitioner=person, phone=PHONE, email=EMAIL, by=BY, at=at)
    evidence = new_id()
    cme = actions.add_cme(
        practitioner=person,
        provider="Đại học Y khoa Vinh",
        topic="Hồi sức cấp cứu",
        hours=Decimal(48),
        on=vietnam_day(at) - timedelta(days=90),
        evidence=evidence,
        by=BY,
        at=at,
    )
    actions.verify_cme(activity=cme, by=BY, at=at)
    actions.add_diploma(
        practitioner=person,
        kind=next(iter(diploma_kinds())),
        speciality="Y đa khoa",
        school="Đại học Y Hà Nội",
        issued_on=date(2010, 7, 1),
        by=BY,
        at=at,
    )
    actions.assign_technique(
        practitioner=person,
        facility=facility,
        technique="03.3821.0216",
        document="15/QĐ-BVV",
        period=Period(START),
        by=BY,
        at=at,
    )
    person.refresh_from_db()
    return Whole(person, facility, second, former, licence, registration)


def reader(role: Role, username: str = "", **limits: object) -> Client:
    """A client signed in as somebody of that role."""
    user = create_user(username=username or role.value, full_name="Nguyễn Thị Thu", password=None, by=SYSTEM, at=now())
    grant_role(user=user, role=role, by=SYSTEM, at=now() - timedelta(days=30), **limits)  # type: ignore[arg-type]
    client = Client()
    client.force_login(user)
    return client


def words(answer: HttpResponse) -> str:
    """What people read of a page."""
    return re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]+>", " ", answer.content.decode())))


def _register(licence: Licence, facility: Facility, hours: str, **values: object) -> PracticeRegistration:
    given = {"valid": Period(START), "position": "Bác sĩ điều trị", "department": "Khoa Nội", **values}
    return actions.register_practice(
        practitioner=licence.practitioner,
        facility=facility,
        licence=licence,
        schedule=parse_schedule(hours),
        by=BY,
        at=now(),
        **given,  # type: ignore[arg-type]
    )
