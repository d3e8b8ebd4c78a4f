"""A correction of the registry with a back date: what was written on these days is judged again, amended and told."""

from __future__ import annotations

from datetime import date, timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.exchange.test_exchange_intake import changed
from tests.support.correcting import suspend
from tests.support.factories import BY
from tests.support.intake import AT, Desk, example, platform_issuer

from ymach.audit.models import AuditEvent
from ymach.base.history.models import HistoryEntry
from ymach.base.periods import Period
from ymach.exchange import mentions, queries
from ymach.exchange.corrections.cancelling import cancel
from ymach.exchange.held.models import HeldItem
from ymach.exchange.models import AmendedReceipt, AuthorMention, Delivery, Record, Reevaluation, Submission
from ymach.exchange.reevaluation import actions
from ymach.exchange.reevaluation.rules import days_reached
from ymach.exchange.verification import verify_counters
from ymach.facilities import actions as facilities
from ymach.facilities.models import OperatingLicence
from ymach.notices.models import Notice
from ymach.practitioners import actions as practitioners
from ymach.practitioners.models import LicenceSuspension, PracticeRegistration
from ymach.trust.jws import verify_receipt
from ymach.trust.platform import jwks

pytestmark = pytest.mark.django_db
LATER = AT + timedelta(hours=1)


def judge(**given: Any) -> tuple[int, int]:
    """Judge again what the registry changed in this test."""
    mentions.catch_up(at=LATER)
    actions.consider(list(HistoryEntry.objects.order_by("id")))
    return actions.judge_noted(by=BY, at=LATER, issuer=platform_issuer(), **given)


def send(desk: Desk) -> Submission:
    answer = desk.send_one(desk.sign(example("01-outpatient.xml")))
    return Submission.objects.get(id=answer.body["id"])


def test_a_suspension_with_a_back_date_holds_what_was_accepted(desk: Desk) -> None:
    submission = send(desk)
    suspend()
    assert judge() == (1, 1)
    submission.refresh_from_db()
    made = AmendedReceipt.objects.get()
    claims = verify_receipt(made.jws, jwks(platform_issuer().key))
    assert (submission.outcome, claims["outcome"], claims["amends"]["cause"]) == ("held", "held", "re-evaluated")
    assert set(Record.objects.values_list("kind", "outcome")) == {("visit", "held"), ("prescription", "held")}
    assert "YM-STA-AUTHOR-SUSPENDED" in submission.finding_codes
    assert Delivery.objects.get().state == "withdrawn"
    assert HeldItem.objects.get(submission_id=submission.id).state == "waiting"
    assert AuditEvent.objects.filter(action="submission:re-evaluated").exists()
    assert {(one.facility_id, one.province_code) for one in Notice.objects.filter(link__startswith="/corrections")} == {
        (desk.facility.id, None),
        (None, "01"),
    }
    assert verify_counters().holds, verify_counters().differences


def test_what_was_held_becomes_right_when_the_registry_is_put_right(desk: Desk) -> None:
    suspend()
    submission = send(desk)
    assert submission.outcome == "held"
    stop = LicenceSuspension.objects.get()
    practitioners.lift_suspension(
        suspension=stop, ends_on=date(2026, 1, 3), decision="46/QĐ-BYT", reason="kết luận lại", by=BY, at=AT
    )
    assert judge()[1] == 1
    submission.refresh_from_db()
    assert submission.outcome == "accepted_with_findings"
    assert {one["outcome"] for one in queries.claims(submission)["records"]} == {"accepted", "rejected"}
    assert Delivery.objects.get().cause == "re-evaluated:1"
    assert verify_counters().holds, verify_counters().differences


def test_a_second_pass_changes_nothing(desk: Desk) -> None:
    send(desk)
    suspend()
    judge()
    Reevaluation.objects.update(finished_at=None, resume_facility_id=None, resume_submission_id=None)
    assert judge() == (1, 0)
    assert (AmendedReceipt.objects.count(), Reevaluation.objects.get().changed) == (1, 1)


def test_a_pass_goes_on_where_the_last_one_stopped(desk: Desk) -> None:
    for number in range(3):
        code = ("99001.26.0001234", f"LK-{number}")
        desk.send_one(desk.sign(changed(example("01-outpatient.xml"), code)))
    suspend()
    assert judge(most=2) == (2, 2)
    assert Reevaluation.objects.get().finished_at is None
    assert judge(most=2) == (1, 1)
    assert Reevaluation.objects.get().finished_at == LATER
    assert not Submission.objects.exclude(outcome="held").exists()


def test_a_change_for_tomorrow_is_not_even_noted(desk: Desk) -> None:
    send(desk)
    suspend(days=Period(date(2026, 11, 23), date(2027, 1, 1)))
    assert judge() == (0, 0)
    assert not Reevaluation.objects.exists()


def test_a_registration_that_ended_earlier_is_a_finding_of_what_came_after_it(desk: Desk) -> None:
    submission = send(desk)
    registration = PracticeRegistration.objects.filter(licence__number="0099900/BYT-CCHN").get()
    practitioners.end_practice(
        registration=registration, ends_on=date(2026, 1, 5), reason="chuyển công tác", by=BY, at=AT
    )
    assert judge() == (1, 1)
    submission.refresh_from_db()
    assert submission.outcome == "accepted_with_findings"
    assert "YM-STA-AUTHOR-NOT-REGISTERED" in submission.finding_codes
    assert Delivery.objects.get().state == "waiting"


def test_a_cancelled_dossier_is_not_judged_again(desk: Desk) -> None:
    submission = send(desk)
    code = submission.dossier_codes[0]
    cancel(
        facility=desk.sender.facility, code=code, reason="nhầm", by=desk.sender.by, at=LATER, issuer=platform_issuer()
    )
    suspend()
    assert judge() == (0, 0)
    numbers = list(AuthorMention.objects.values_list("number_key", flat=True))
    assert not queries.records_by_author(numbers, Period(None, None), visible_to=None).exists()


DAYS = st.dates(date(2025, 1, 1), date(2026, 12, 31))


@given(DAYS, DAYS, DAYS, DAYS)
def test_a_moved_end_reaches_the_days_between_and_none_after_today(start: date, old: date, new: date, on: date) -> None:
    def row(end: date) -> dict[str, str]:
        return {"id": "x", "valid": f"[{start},{end})"}

    entry = SimpleNamespace(table="practitioners_registration", before=row(old), after=row(new))
    reached = days_reached(entry, on)
    wanted = {day for day in (start, old, new, on) if min(old, new) <= day < max(old, new) and day <= on}
    assert all(reached is not None and day in reached for day in wanted)
    assert reached is None or (reached.end is not None and reached.end <= on + timedelta(days=1))


def suspend_facility(desk: Desk, days: Period) -> None:
    facilities.suspend_operating_licence(
        licence=OperatingLicence.objects.get(facility_id=desk.facility.id),
        period=days,
        reason="kết luận thanh tra",
        decision="47/QĐ-SYT",
        by=BY,
        at=AT,
    )


def test_a_facility_suspended_with_a_back_date_has_its_records_of_these_days_judged_again(desk: Desk) -> None:
    submission = send(desk)
    suspend_facility(desk, Period(date(2026, 1, 1), date(2026, 12, 1)))
    assert judge() == (1, 1)
    submission.refresh_from_db()
    assert "YM-STA-FACILITY-SUSPENDED" in submission.finding_codes
    assert AmendedReceipt.objects.get().vi.count("đình chỉ hoạt động") == 1
    assert verify_counters().holds, verify_counters().differences


def test_days_on_which_a_facility_sent_nothing_are_not_noted(desk: Desk) -> None:
    send(desk)
    suspend_facility(desk, Period(date(2025, 1, 1), date(2025, 2, 1)))
    assert judge() == (0, 0)
    assert not Reevaluation.objects.exists()
