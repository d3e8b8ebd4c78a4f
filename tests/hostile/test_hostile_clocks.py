"""A wrong clock at the sender: each way has its own code, and every answer tells the right time."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.conf import settings
from django.test import Client
from tests.support.hostile import with_values
from tests.support.intake import AT, Desk, example

from ymach.base.clock import VIETNAM, now
from ymach.exchange.intake.answer import Answer
from ymach.trust.client_assertions import ASSERTION_TYPE, make_assertion

pytestmark = pytest.mark.django_db
AUDIENCE = settings.ENVIRONMENT.base_url + "/api/v1/token"
WELL_WITHIN, JUST_BEYOND = timedelta(minutes=4), timedelta(minutes=6)


def codes(answer: Answer) -> set[str]:
    records = [finding for record in answer.body["records"] for finding in record["findings"]]
    return {finding["code"] for finding in (*answer.body["findings"], *records)}


@pytest.mark.parametrize(
    ("stated", "is_told"),
    [
        (AT + JUST_BEYOND, True),
        (AT - timedelta(days=46), True),
        (datetime(1970, 1, 1, tzinfo=UTC), True),
        (AT + WELL_WITHIN, False),
        (AT - timedelta(days=5), False),
    ],
)
def test_a_signing_time_that_cannot_be_is_told_and_the_receipt_is_dated_by_the_server(
    desk: Desk, stated: datetime, is_told: bool
) -> None:
    answer = desk.try_out(desk.sign(example("01-outpatient.xml"), at=stated))
    assert ("YM-SIG-CLOCK" in codes(answer)) is is_told
    assert answer.body["outcome"] == ("accepted_with_findings" if is_told else "accepted")
    assert answer.body["received_at"] == "2026-11-22T03:00:00.000Z"


@pytest.mark.parametrize(("ahead", "is_refused"), [(WELL_WITHIN, False), (JUST_BEYOND, True)])
def test_a_visit_that_ends_after_it_was_received_is_refused(desk: Desk, ahead: timedelta, is_refused: bool) -> None:
    end = (AT + ahead).astimezone(VIETNAM)
    answer = desk.try_out(desk.sign(with_values({"NGAY_RA": f"{end:%Y%m%d%H%M}"})))
    assert ("YM-TIM-FUTURE" in codes(answer)) is is_refused
    assert answer.is_refusal is is_refused


@pytest.mark.parametrize(
    ("off", "code"),
    [(timedelta(hours=1), "YM-AUT-ASSERTION-FUTURE"), (timedelta(hours=-1), "YM-AUT-ASSERTION-EXPIRED")],
)
def test_a_machine_whose_clock_is_off_is_told_so_at_the_door_with_the_right_time(
    desk: Desk, off: timedelta, code: str
) -> None:
    own = desk.issued
    made = make_assertion(own.key, own.certificate, desk.facility.code, AUDIENCE, now() + off)
    form = {"grant_type": "client_credentials", "client_assertion_type": ASSERTION_TYPE, "client_assertion": made}
    answer = Client().post("/api/v1/token", form)
    assert (answer.status_code, answer.json()["code"]) == (401, code)
    told = datetime.fromisoformat(answer["Ymach-Time"])
    assert abs(told - now()) < timedelta(minutes=1)
