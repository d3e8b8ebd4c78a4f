"""Fills a database for the browser story of a citizen's book; run as a program, with the password of all accounts.

The citizen has no account: VNeID opens it. A facility has read the book, once in an emergency.
"""

from __future__ import annotations

import sys
from datetime import timedelta

import django

django.setup()

from tests.support.books import send_book  # noqa: E402
from tests.support.intake import example, open_desk  # noqa: E402
from ymach.accounts.actions import create_user, grant_role  # noqa: E402
from ymach.accounts.permissions import Role  # noqa: E402
from ymach.accounts.queries import actor_of  # noqa: E402
from ymach.base.actors import SYSTEM, command  # noqa: E402
from ymach.base.clock import now, vietnam_day  # noqa: E402
from ymach.citizens.actions import settle  # noqa: E402
from ymach.citizens.identify import Claim, How, Identity  # noqa: E402
from ymach.citizens.proxies.actions import appoint  # noqa: E402
from ymach.citizens.proxies.rules import Evidence, Relation  # noqa: E402
from ymach.clinical.person import PartialDate  # noqa: E402
from ymach.consent.rules import Purpose  # noqa: E402
from ymach.exchange.models import Record  # noqa: E402
from ymach.exchange.reading.emergencies import Terms, open_emergency  # noqa: E402
from ymach.exchange.reading.gate import read  # noqa: E402

BY = command("seed-own")
REASON = "Người bệnh hôn mê, cần biết thuốc đang dùng và dị ứng."


def main() -> None:
    desk = open_desk("99001")
    send_book(desk, visits=4)
    citizen = Record.objects.values_list("citizen_id", flat=True)[0]
    desk.send_one(desk.sign(example("01-outpatient.xml")), at=now())
    user = create_user(username="doctor", full_name="Bs. Lê Thị Hạnh", password=sys.argv[1], by=BY, at=now())
    grant_role(user=user, role=Role.FACILITY, facility_id=desk.facility.id, by=BY, at=now())
    doctor = actor_of(user, on=vietnam_day(now()))
    read(citizen, purpose=Purpose.TREATMENT, part="summary", by=doctor, at=now() - timedelta(days=2))
    other = open_desk("99002", authors=())
    stranger = create_user(username="er", full_name="Bs. Hoàng Thu Hà", password=sys.argv[1], by=BY, at=now())
    grant_role(user=stranger, role=Role.FACILITY, facility_id=other.facility.id, by=BY, at=now())
    er, then = actor_of(stranger, on=vietnam_day(now())), now() - timedelta(hours=3)
    terms = Terms(timedelta(hours=24), timedelta(days=3))
    open_emergency(citizen_id=citizen, kind="unconscious", reason=REASON, terms=terms, by=er, at=then)
    read(citizen, purpose=Purpose.TREATMENT, part="summary", by=er, at=then + timedelta(minutes=1))
    claim = Claim("Nguyễn Văn Con", PartialDate(2020, 6, 1), "1", "999220000023", None, desk.facility.id, None, "child")
    (child,) = settle([Identity(claim, How.NEW, None, (("personal-number", "999220000023"),))], at=now())
    appoint(
        subject_id=child,
        proxy_id=citizen,
        relation=Relation.PARENT,
        evidence=Evidence.BIRTH_CERTIFICATE,
        evidence_number="12/2020",
        by=SYSTEM,
        at=now(),
    )


main()
