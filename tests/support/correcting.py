"""What tests of corrections need: a dossier that a department holds, and the numbers of its records."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from tests.support.factories import BY, make_facility
from tests.support.intake import AT, Desk, example
from ymach.base.periods import Period
from ymach.exchange.channels.contract import PartnerAnswer
from ymach.exchange.contents import dossiers_of
from ymach.exchange.deliveries.actions import claim, due_destinations, settle
from ymach.exchange.deliveries.parcels import delivered
from ymach.exchange.models import Record, Submission
from ymach.exchange.subscriptions import actions as subscriptions
from ymach.facilities.models import Facility
from ymach.practitioners import actions as practitioners
from ymach.practitioners.models import Licence

DEPARTMENT = BY
DAYS = Period(date(2026, 1, 1), date(2027, 1, 1))
"""Around every example."""


def suspend(number: str = "0099900/BYT-CCHN", days: Period = DAYS) -> None:
    """The holder of the licence may not practise on these days."""
    practitioners.suspend_licence(
        licence=Licence.objects.get(number=number),
        period=days,
        scopes=(),
        reason="kết luận của hội đồng",
        decision="45/QĐ-BYT",
        by=BY,
        at=AT,
    )


def send_held(desk: Desk, name: str = "01-outpatient.xml") -> Submission:
    """A dossier whose author was suspended when it came."""
    suspend()
    answer = desk.send_one(desk.sign(example(name)))
    assert answer.body["outcome"] == "held", answer.body
    return Submission.objects.get(id=answer.body["id"])


def record_of(submission: Submission, kind: str = "visit") -> UUID:
    found: UUID = Record.objects.get(submission_id=submission.id, kind=kind).id
    return found


def deliver_all(at: datetime) -> None:
    """Everything that is due at `at` arrives."""
    for destination in due_destinations(at=at):
        answer = PartnerAnswer("ref", at, {})
        held = claim(destination, most=50, at=at)
        settle([delivered(one, answer, at=at) for one in held], by=BY, at=at)


def referred_and_delivered(desk: Desk) -> tuple[Submission, str]:
    """A dossier that refers a person to a facility with an address of its own, and has arrived everywhere; the address."""
    content = example("02-inpatient-referral.xml")
    (receiver,) = {one.to_facility for one in (dossiers_of(content)[0].referral,) if one}
    receives = Facility.objects.filter(code=receiver).first() or make_facility(receiver)
    subscriptions.receive_referrals(facility=receives, url="https://nhan.example/tin", by=BY, at=AT)
    answer = desk.send_one(desk.sign(content))
    deliver_all(AT)
    return Submission.objects.get(id=answer.body["id"]), f"referral:{receiver}"
