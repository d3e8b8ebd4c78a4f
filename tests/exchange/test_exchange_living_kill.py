"""Whatever moves a thing of the exchange on is there whole or not at all when its connection is lost, and is done once
when it is tried again.

Real commits in a database of its own; the connection is ended by the server at each statement in turn.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from functools import partial
from hashlib import sha256
from typing import Any

import pytest
from django.conf import settings
from tests.exchange.test_exchange_appointments import kept
from tests.exchange.test_exchange_events import note
from tests.exchange.test_exchange_referrals import staff
from tests.policies.test_policies_changing import NEXT_WEEK, drafted, official, reckoned
from tests.support.committed import own_database
from tests.support.factories import BY
from tests.support.held import SOME, department, held
from tests.support.intake import AT, RECEIVER, Desk, example, open_desk, platform_issuer
from tests.support.killing import Digests, as_if_never_killed, everything
from tests.support.prescriptions import EXAMPLE, Counter, open_pharmacy, prescribe

from ymach.base.ids import new_id
from ymach.exchange.appointments import actions as appointments
from ymach.exchange.appointments.models import Appointment
from ymach.exchange.conformance import actions as conformance
from ymach.exchange.conformance.models import ConformanceRun
from ymach.exchange.conformance.rules import LIFETIME
from ymach.exchange.events import sequencing
from ymach.exchange.events.models import Push
from ymach.exchange.held.actions import decide
from ymach.exchange.held.bulk import decide_many
from ymach.exchange.held.models import HeldItem
from ymach.exchange.held.rules import Decision
from ymach.exchange.models import AmendedReceipt, Submission
from ymach.exchange.policies import changing
from ymach.exchange.prescriptions import actions as prescriptions
from ymach.exchange.prescriptions.models import Dispensing, Prescription
from ymach.exchange.prescriptions.rules import Part
from ymach.exchange.reconciliation.actions import compare_day
from ymach.exchange.referrals import actions as referrals
from ymach.exchange.referrals.models import Referral
from ymach.exchange.subscriptions import actions as subscriptions
from ymach.exchange.uploads import actions as uploads
from ymach.exchange.uploads.models import Upload
from ymach.exchange.uploads.rules import Announced
from ymach.exchange.verification import verify_counters
from ymach.facilities.models import Facility

DISPENSED = AT - timedelta(days=16)  # 06/11/2026, the day after the example was prescribed
LATER = AT + timedelta(hours=1)
WHY = "Bác sĩ chưa có trong sổ bộ, đã gọi điện hỏi."
Action = Callable[[], object]


@dataclass
class World:
    """A hospital that sends, one that receives, and things to move on, a new one for each asking."""

    desk: Desk
    referral: Referral
    prescription: Prescription
    pharmacy: Counter
    items: Iterator[HeldItem]

    @property
    def receiver(self) -> Any:
        return staff(Facility.objects.get(code=RECEIVER))

    def referred(self, **changes: Any) -> Referral:
        given = {one.attname: getattr(self.referral, one.attname) for one in Referral._meta.concrete_fields}
        fresh = {"id": new_id(), "dossier_code": f"R-{new_id()}", "pk": None, **changes}
        return Referral.objects.create(**{name: value for name, value in {**given, **fresh}.items() if name != "pk"})

    def appointed(self) -> Appointment:
        row = kept(self.desk.facility, code=f"A-{new_id()}")
        assert row is not None
        return row


@pytest.fixture(scope="module")
def world(django_db_setup: None, django_db_blocker: Any) -> Iterator[World]:
    with own_database("living_kill", django_db_blocker):
        # First: from the next desk on, the doctor who is unknown here has a licence.
        items = held(open_desk("99001", authors=SOME), *(f"H-{number}" for number in range(5)))
        desk = open_desk("99002")
        desk.send_one(desk.sign(example("02-inpatient-referral.xml")))
        prescription = prescribe(open_desk("99003"), example(EXAMPLE), DISPENSED)
        yield World(desk, Referral.objects.get(), prescription, open_pharmacy(), iter(items))


def dispense(world: World, key: str = "first") -> Any:
    lines = [Part(1, Decimal(4))]
    given: dict[str, Any] = {"pharmacist": world.pharmacy.pharmacist, "by": world.pharmacy.by, "at": DISPENSED}
    return prescriptions.dispense(code=world.prescription.code, lines=lines, key=key, **given)


def undo(world: World) -> Action:
    made: Dispensing = dispense(world, "to be undone").dispensing
    told: dict[str, Any] = {"reason": "khách trả lại", "by": world.pharmacy.by, "at": DISPENSED}
    return partial(prescriptions.undo, code=made.code, dispensing_id=made.id, **told)


def answered_by_receiver(move: Callable[..., Referral], state: str, **said: Any) -> Callable[[World], Action]:
    return lambda world: partial(move, referral_id=world.referred(state=state).id, by=world.receiver, at=LATER, **said)


def close(world: World) -> Action:
    row = world.referred(state="answered", answer="đã khỏi", answered_at=AT, arrived_at=AT)
    return partial(referrals.close, referral_id=row.id, by=staff(world.desk.facility), at=LATER)


def appointment(move: Callable[..., Appointment], **said: Any) -> Callable[[World], Action]:
    return lambda world: partial(
        move, appointment_id=world.appointed().id, by=staff(world.desk.facility), at=LATER, **said
    )


def decided(decision: Decision) -> Callable[[World], Action]:
    def ready(world: World) -> Action:
        item = next(world.items)
        key = {"facility_id": item.facility_id, "item_id": item.id}
        return partial(decide, **key, decision=decision, reason=WHY, by=department(), at=LATER)

    return ready


def confirmed(world: World) -> Action:
    change = reckoned(drafted())
    changing.propose(change.pk, number=str(change.stops or ""), by=official(1), at=NEXT_WEEK)
    return partial(changing.confirm, change.pk, by=official(2), at=NEXT_WEEK)


def compared(world: World) -> Action:
    digests = frozenset({"e" * 64})
    return partial(
        compare_day,
        facility=world.desk.facility,
        day=date(2026, 11, 22),
        digests=digests,
        by=world.desk.sender.by,
        at=LATER,
    )


def subscribed(**changes: Any) -> Any:
    given: dict[str, Any] = {"name": "Kho dữ liệu", "url": "https://nghean.example/tin", "by": BY, "at": AT, **changes}
    return subscriptions.create(**given)


def paused(world: World) -> Action:
    return partial(subscriptions.pause, subscribed().id, by=BY, at=LATER, reason="bảo trì")


def resumed(world: World) -> Action:
    """One that somebody paused after it had stopped by itself."""
    made = subscribed()
    Push.objects.filter(subscription_id=made.id).update(stopped_at=AT, failures=9, last_error="YM-X")
    subscriptions.pause(made.id, by=BY, at=AT, reason="bảo trì")
    return partial(subscriptions.resume, made.id, by=BY, at=LATER, reason="xong")


def repeated(world: World) -> Action:
    return partial(subscriptions.repeat, subscribed().id, after=0, by=BY, at=LATER, reason="mất dữ liệu")


def conformed(world: World) -> Action:
    place = world.desk.facility.id
    run = ConformanceRun.objects.create(
        facility_id=place, facility_code="99002", cases=[], opened_at=AT, opened_by=str(BY), expires_at=AT + LIFETIME
    )
    return partial(conformance.finish, facility_id=place, run_id=run.id, issuer=platform_issuer(), by=BY, at=LATER)


def copied(world: World) -> Action:
    for number in range(3):
        note(world.desk.facility.id, "submission:stored", number=number)
    return partial(sequencing.catch_up, at=LATER)


WRITES: dict[str, Callable[[World], Action]] = {
    "dispensing": lambda world: partial(dispense, world),
    "undoing": undo,
    "accepting": answered_by_receiver(referrals.accept, "sent"),
    "declining": answered_by_receiver(referrals.decline, "seen", reason="hết giường"),
    "arriving": answered_by_receiver(referrals.arrive, "accepted"),
    "answering": answered_by_receiver(referrals.answer, "arrived", text="viêm phổi, đã khỏi"),
    "closing": close,
    "coming": appointment(appointments.came),
    "moving": appointment(appointments.move, on_day=date(2026, 12, 1), reason="Bác sĩ nghỉ"),
    "cancelling": appointment(appointments.cancel, reason="người bệnh báo"),
    "releasing": decided(Decision.RELEASE),
    "rejecting": decided(Decision.REJECT),
    "returning": decided(Decision.RETURN),
    "confirming a policy": confirmed,
    "comparing a day": compared,
    "subscribing": lambda world: subscribed,
    "pausing": paused,
    "resuming": resumed,
    "repeating": repeated,
    "finishing a run": conformed,
    "copying events": copied,
}
LONG = {"releasing", "rejecting", "confirming a policy"}
"""Ended at every third of their statements."""
REPEATED = {
    "dispensing",
    "undoing",
    "accepting",
    "declining",
    "arriving",
    "answering",
    "closing",
    "coming",
    "cancelling",
}
REPEATED |= {"finishing a run", "copying events"}
"""Asked for again, by somebody who never heard the answer, they change nothing; others say that it is over, or are another."""


@pytest.mark.parametrize("write", WRITES)
def test_a_killed_write_leaves_nothing_and_is_done_once_when_tried_again(
    world: World, write: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(settings.ENVIRONMENT, "prescriptions_url", "https://prescriptions.test")
    monkeypatch.setattr(settings.ENVIRONMENT, "prescriptions_app_name", "ymach")
    action = WRITES[write](world)
    assert as_if_never_killed(action, monkeypatch, every=3 if write in LONG else 1) >= 2
    assert verify_counters().holds
    if write in REPEATED:
        left = everything()
        action()
        assert everything() == left


def test_of_many_decided_at_once_each_is_decided_whole_or_not_at_all(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    chosen = [next(world.items) for _ in range(2)]
    keys = [(one.facility_id, one.id) for one in chosen]

    def whole(before: Digests, now: Digests) -> None:
        for one in chosen:
            one.refresh_from_db()
            told = AmendedReceipt.objects.filter(submission_id=one.submission_id).count()
            assert told == (one.state == "released"), one.state
        assert verify_counters().holds

    act = partial(decide_many, keys, decision=Decision.RELEASE, reason="", by=department(), at=LATER)
    assert as_if_never_killed(act, monkeypatch, every=3, check=whole) > 3


def test_a_killed_finish_of_an_upload_keeps_the_file_until_its_submission_is_stored(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk = world.desk
    content, sender = desk.sign(example("02-inpatient-referral.xml"), at=LATER), desk.sender
    upload, _ = uploads.begin(Announced(len(content), sha256(content).digest()), sender=sender, at=AT)
    for number, start in enumerate(range(0, len(content), upload.chunk_size)):
        piece = content[start : start + upload.chunk_size]
        uploads.keep_chunk(upload.id, number, piece, digest=sha256(piece).digest(), sender=sender, at=AT)
    taken, counted = Submission.objects.count(), []

    def finish() -> None:
        """As the door does it."""
        desk.send_one(uploads.assemble(upload.id, sender=sender, at=LATER), at=LATER)
        uploads.finish(upload.id, sender=sender, at=LATER)

    def kept_until_stored(before: Digests, now: Digests) -> None:
        stored = Submission.objects.count() - taken
        counted.append(stored)
        assert stored in {0, 1}
        assert stored or now == before
        assert Upload.objects.get(id=upload.id).finished_at is None

    assert as_if_never_killed(finish, monkeypatch, check=kept_until_stored) > 3
    assert set(counted) == {0, 1}
    assert verify_counters().holds
