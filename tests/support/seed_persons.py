"""Fills a database for the story of probable pairs: run as a program, with the password of the account."""

from __future__ import annotations

import sys

import django

django.setup()

from tests.support.factories import make_facility  # noqa: E402
from ymach.accounts.actions import create_user, grant_role  # noqa: E402
from ymach.accounts.permissions import Role  # noqa: E402
from ymach.base.actors import command  # noqa: E402
from ymach.base.clock import now  # noqa: E402
from ymach.citizens.actions import settle  # noqa: E402
from ymach.citizens.identify import Claim  # noqa: E402
from ymach.citizens.matching.actions import compare_new  # noqa: E402
from ymach.citizens.queries import ask_identities  # noqa: E402
from ymach.clinical.person import PartialDate  # noqa: E402

BY = command("seed-persons")
CARD = "DN4790123456789"
WHO = {
    "hoa": ("Nguyễn Thị Hòa", PartialDate(1985, 5, 7), "2", "00070"),
    "hung": ("Trần Văn Hùng", PartialDate(1941), "1", "00073"),
    "mai": ("Lê Ngọc Mai", PartialDate(1990, 12, 3), "2", "00082"),
}
STATED = (
    ("hoa", 0, {"personal_number": "001185012345", "phone": "0912345678"}),
    ("hoa", 1, {"personal_number": "001185999999", "phone": "0912345678", "full_name": "NGUYEN THI HOA"}),
    ("hung", 0, {"personal_number": "001041001122"}),
    ("hung", 1, {}),
    ("mai", 0, {"insurance_card": CARD}),
    ("mai", 1, {"insurance_card": CARD, "birth": PartialDate(1990, 3, 12), "sex": "1"}),
)


def main() -> None:
    at = now()
    facilities = [make_facility("01001"), make_facility("01002", name="Trạm Y tế phường Cửa Nam")]
    for place, (who, facility, more) in enumerate(STATED):
        name, birth, sex, commune = WHO[who]
        given = {
            "full_name": name,
            "birth": birth,
            "sex": sex,
            "personal_number": None,
            "insurance_card": None,
            "facility_id": facilities[facility].pk,
            "patient_code": f"P{place}",
            "dossier_code": "D",
            "province_code": "01",
            "commune_code": commune,
        }
        settle(ask_identities([Claim(**{**given, **more})])(), at=at)  # type: ignore[arg-type]
    compare_new(at=at)
    user = create_user(username="so", full_name="Phạm Thu Trang", password=sys.argv[1], by=BY, at=at)
    grant_role(user=user, role=Role.DEPARTMENT, province_code="01", by=BY, at=at)


main()
