"""The way of a submission whose doctor the registry does not know, or knows otherwise."""

from __future__ import annotations

from datetime import date

import pytest
from tests.exchange.test_exchange_intake import codes, outcomes
from tests.support.factories import make_licence, make_registration
from tests.support.held import SOME, outpatient
from tests.support.intake import Desk, open_desk

from ymach.base.periods import Period
from ymach.exchange.models import Delivery

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def _opened_desk(_kept_rows: None) -> Desk:
    return open_desk(authors=SOME)


def test_author_without_licence_rejects_the_prescription_and_holds_the_rest(desk: Desk) -> None:
    answer = desk.send_one(outpatient(desk))
    assert answer.status == 201
    assert answer.body["outcome"] == "held"
    assert outcomes(answer.body) == {"visit": "held", "prescription": "rejected"}
    assert "YM-STA-AUTHOR-UNKNOWN" in codes(answer.body)
    assert Delivery.objects.count() == 0


def test_standing_is_judged_at_the_moment_of_the_act_not_of_sending(desk: Desk) -> None:
    suspended_later = make_licence("0099901/BYT-CCHN", suspended=Period(date(2026, 11, 15), date(2026, 12, 15)))
    make_registration(suspended_later, desk.facility)
    assert desk.send_one(outpatient(desk)).body["outcome"] == "accepted"


def test_author_not_registered_here_is_accepted_with_the_finding(desk: Desk) -> None:
    make_licence("0099901/BYT-CCHN")
    body = desk.send_one(outpatient(desk)).body
    assert body["outcome"] == "accepted_with_findings"
    assert "YM-STA-AUTHOR-NOT-REGISTERED" in codes(body)
