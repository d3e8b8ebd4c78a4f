"""Deciding what is held: by the department of the province, with a reason, once; everything follows at once."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from tests.support.factories import make_licence, make_registration
from tests.support.held import department, held, outpatient, tally
from tests.support.intake import AT, Desk

from ymach.audit.models import AuditEvent
from ymach.base.actors import Actor
from ymach.base.errors import NotAllowed
from ymach.exchange.held import bulk, queries
from ymach.exchange.held.actions import decide
from ymach.exchange.held.asking import Now, Question, ask_again
from ymach.exchange.held.errors import HeldNotFound, HeldOver, ReasonMissing
from ymach.exchange.held.models import HeldItem
from ymach.exchange.held.queries import Figures, Wanted
from ymach.exchange.held.reminders import remind_overdue
from ymach.exchange.held.rules import Decision
from ymach.exchange.models import AmendedReceipt, Delivery, Record
from ymach.exchange.verification import verify_counters
from ymach.notices.models import Notice

pytestmark = pytest.mark.django_db
LATER = AT + timedelta(hours=2)
WHY = "Bác sĩ có quyết định cho phép, đã kiểm tra."


def make(decision: Decision, item: HeldItem, *, reason: str = WHY, by: Actor | None = None) -> HeldItem:
    return decide(
        facility_id=item.facility_id,
        item_id=item.id,
        decision=decision,
        reason=reason,
        by=by or department(),
        at=LATER,
    )


def test_release_opens_the_record_with_a_new_receipt_and_tells_the_facility(desk: Desk) -> None:
    (item,) = held(desk, "A-1")
    assert make(Decision.RELEASE, item).state == "released"
    assert (Record.objects.get().outcome, tally()) == ("accepted_with_findings", {})
    amended = AmendedReceipt.objects.get()
    assert (amended.outcome_before, amended.outcome_after, amended.cause) == (
        "held",
        "accepted_with_findings",
        "released",
    )
    assert Notice.objects.filter(facility_id=item.facility_id, link=f"/submissions/{item.submission_id}").count() == 1
    actions = set(
        AuditEvent.objects.filter(subject=f"submission:{item.submission_id}").values_list("action", flat=True)
    )
    assert actions == {"submission:stored", "submission:released"}
    assert Delivery.objects.exists()
    assert verify_counters().holds


def test_rejection_needs_a_reason_and_takes_the_record_away(desk: Desk) -> None:
    (item,) = held(desk, "A-1")
    with pytest.raises(ReasonMissing):
        make(Decision.REJECT, item, reason="sai")
    assert tally() == {("waiting", item.due_on): 1}
    make(Decision.REJECT, item)
    assert Record.objects.get().outcome == "rejected"
    assert not Delivery.objects.exists()
    assert verify_counters().holds


def test_return_keeps_the_record_held_until_its_facility_sends_it_again(desk: Desk) -> None:
    (item,) = held(desk, "A-1")
    make(Decision.RETURN, item)
    assert (Record.objects.get().outcome, tally()) == ("held", {("returned", item.due_on): 1})
    assert AuditEvent.objects.get(action="held:returned").subject == f"submission:{item.submission_id}"
    desk.send_one(outpatient(desk, "A-1", doctor="0099900/BYT-CCHN"), at=LATER + timedelta(hours=1))
    assert (HeldItem.objects.get().state, tally()) == ("replaced", {})


def test_what_is_decided_is_decided_once_and_by_its_own_department(desk: Desk) -> None:
    (item,) = held(desk, "A-1")
    with pytest.raises(NotAllowed):
        make(Decision.RELEASE, item, by=department("79"))
    make(Decision.RELEASE, item)
    with pytest.raises(HeldOver):
        make(Decision.REJECT, item)
    with pytest.raises(HeldNotFound):
        queries.get_item(department("79"), item.facility_id, item.id)


def test_one_that_is_over_does_not_stop_the_others(desk: Desk) -> None:
    first, second, third = held(desk, "A-1", "A-2", "A-3")
    make(Decision.RELEASE, second)
    keys = [(one.facility_id, one.id) for one in (first, second, third)]
    rows = bulk.decide_many(keys, decision=Decision.RETURN, reason=WHY, by=department(), at=LATER)
    assert [type(row.error).__name__ for row in rows] == ["NoneType", "HeldOver", "NoneType"]
    assert queries.figures(department(), on=item_day(first)) == Figures(returned=2)


def test_queue_is_of_the_own_province_and_narrowed_by_the_filters(desk: Desk) -> None:
    first, second = held(desk, "A-1", "A-2")
    make(Decision.RETURN, second)
    on = item_day(first)
    assert [one.id for one in queries.queue(department(), Wanted(), on=on)] == [first.id]
    assert queries.queue(department("79"), Wanted(), on=on) == []
    assert queries.queue(department(), Wanted(kind="referral"), on=on) == []
    assert [one.id for one in queries.queue(department(), Wanted(state="returned"), on=on)] == [second.id]
    after = (first.received_at, first.id)
    assert queries.queue(department(), Wanted(after=after), on=on) == []


def test_registry_is_asked_again_as_of_the_day_of_the_record(desk: Desk) -> None:
    (item,) = held(desk, "A-1")
    asked = {item.id: ("99001", [Question.of(one) for one in item.authors])}
    assert {one.now for one in ask_again(asked)[item.id]} == {Now.SAME}
    make_registration(make_licence("0099901/BYT-CCHN"), desk.facility)
    assert {one.now for one in ask_again(asked)[item.id]} == {Now.RIGHT}


def test_department_is_told_once_of_what_is_overdue(desk: Desk) -> None:
    held(desk, "A-1")
    late = datetime(2026, 11, 27, 3, tzinfo=UTC)
    assert remind_overdue(at=datetime(2026, 11, 26, 3, tzinfo=UTC))["held-overdue"] == 0
    assert [remind_overdue(at=late)["held-overdue"] for _ in range(2)] == [1, 0]
    assert Notice.objects.get(province_code="01").vi.startswith("1 hồ sơ đang giữ đã quá hạn")
    assert queries.figures(department(), on=late.date()).overdue == 1


def item_day(item: HeldItem) -> date:
    return item.received_at.date()
