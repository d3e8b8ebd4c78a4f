"""Fills a database for the browser story of corrections; run as a program, with the password of all accounts.

A facility has sent a dossier in three versions, others that a suspension with a back date holds, one that was released.
"""

from __future__ import annotations

import sys
from datetime import timedelta

import django

django.setup()

from tests.exchange.test_exchange_intake import changed  # noqa: E402
from tests.support.correcting import record_of, suspend  # noqa: E402
from tests.support.intake import Desk, example, open_desk  # noqa: E402
from ymach.accounts.actions import create_user, grant_role  # noqa: E402
from ymach.accounts.permissions import Role  # noqa: E402
from ymach.base.actors import command  # noqa: E402
from ymach.base.clock import now  # noqa: E402
from ymach.base.history.models import HistoryEntry  # noqa: E402
from ymach.exchange import mentions  # noqa: E402
from ymach.exchange.corrections.actions import amend  # noqa: E402
from ymach.exchange.models import Submission  # noqa: E402
from ymach.exchange.reevaluation.actions import consider, judge_noted  # noqa: E402

BY = command("seed-corrections")
CODE = "99001.26.0001234"


def send(desk: Desk, *pairs: tuple[str, str], minutes: int) -> Submission:
    content = example("01-outpatient.xml")
    for pair in pairs:
        content = changed(content, pair)
    answer = desk.send_one(desk.sign(content), at=now() - timedelta(minutes=minutes))
    return Submission.objects.get(id=answer.body["id"])


def main() -> None:
    desk = open_desk()
    touched = [send(desk, (CODE, f"99001.26.000200{number}"), minutes=300 - number) for number in range(3)]
    suspend()
    mentions.catch_up(at=now())
    consider(list(HistoryEntry.objects.order_by("id")))
    judge_noted(by=BY, at=now())
    said = {"cause": "released", "reason": "Đã đối chiếu hồ sơ giấy, bác sĩ trực thay ký", "by": BY, "at": now()}
    kinds = ("visit", "prescription")
    amend(touched[0], {record_of(touched[0], kind): "accepted_with_findings" for kind in kinds}, **said)  # type: ignore[arg-type]
    send(desk, minutes=200)
    send(desk, ("<LY_DO_VV>", "<LY_DO_VV>Sốt cao 3 ngày, "), minutes=100)
    send(desk, ("<LY_DO_VV>", "<LY_DO_VV>Sốt cao 3 ngày, "), ("<GHI_CHU>", "<GHI_CHU>Tái khám sau 5 ngày. "), minutes=5)
    for username, role, limits in (
        ("facility", Role.FACILITY, {"facility_id": desk.facility.id}),
        ("department", Role.DEPARTMENT, {"province_code": "01"}),
    ):
        user = create_user(username=username, full_name="Lê Thị Hạnh", password=sys.argv[1], by=BY, at=now())
        grant_role(user=user, role=role, by=BY, at=now(), **limits)


main()
