"""Subscriptions: who may be told at which address, and how that changes. Real database."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from click.testing import CliRunner
from tests.support.factories import make_facility

from ymach.base.actors import command
from ymach.base.ids import new_id
from ymach.cli.webhook import webhook
from ymach.exchange.events.errors import CursorWrong, KindUnknown
from ymach.exchange.events.models import Push
from ymach.exchange.events.queries import head
from ymach.exchange.models import Subscription
from ymach.exchange.subscriptions import actions, errors
from ymach.exchange.subscriptions.queries import receiver_of_referrals, ways

pytestmark = pytest.mark.django_db
BY, AT = command("test"), datetime(2026, 11, 20, 7, 0, tzinfo=UTC)
URL = "https://nghean.example/tin"


def make(**changes: object) -> Subscription:
    given = {"name": "Kho dữ liệu", "url": URL, "by": BY, "at": AT, **changes}
    return actions.create(**given)  # type: ignore[arg-type]


def test_a_subscription_begins_at_the_end_of_the_stream() -> None:
    made = make(kinds=["visit", "visit", "delivery:stuck"], province_code="40")
    assert (made.kinds, made.province_code, made.starts_at) == (["delivery:stuck", "visit"], "40", AT)
    assert Push.objects.get(subscription_id=made.id).position == head()


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"name": " "}, errors.NameMissing),
        ({"kinds": ["visits"]}, KindUnknown),
        ({"url": "http://nghean.example/"}, errors.AddressWrong),
        ({"url": "https://127.0.0.1/"}, errors.AddressWrong),
        ({"url": "https://[fd00:ec2::254]/latest"}, errors.AddressWrong),
        ({"url": "https://a:b@nghean.example/"}, errors.AddressWrong),
    ],
)
def test_what_makes_no_sense_is_refused(changes: dict[str, object], error: type[Exception]) -> None:
    with pytest.raises(error):
        make(**changes)
    assert not Subscription.objects.exists()


def test_pausing_moving_and_ending_say_who_and_why() -> None:
    made = make()
    actions.pause(made.id, by=BY, at=AT, reason="bảo trì")
    actions.rotate(made.id, url="https://other.example/", by=BY, at=AT, reason="đổi máy chủ")
    assert (_now(made).paused_at, _now(made).url) == (AT, "https://other.example/")
    actions.resume(made.id, by=BY, at=AT, reason="xong")
    assert _now(made).paused_at is None
    actions.end(made.id, by=BY, at=AT, reason="thôi")
    with pytest.raises(errors.SubscriptionOver):
        actions.resume(made.id, by=BY, at=AT + timedelta(seconds=1), reason="thử")


def test_a_move_is_checked_as_a_first_address_is() -> None:
    made = make()
    with pytest.raises(errors.AddressWrong):
        actions.rotate(made.id, url="https://169.254.169.254/", by=BY, at=AT, reason="thử")
    with pytest.raises(errors.SubscriptionNotFound):
        actions.pause(new_id(), by=BY, at=AT, reason="thử")


def test_a_reason_is_given_and_a_place_that_is_there() -> None:
    made = make()
    with pytest.raises(errors.ReasonMissing):
        actions.pause(made.id, by=BY, at=AT, reason=" ")
    with pytest.raises(CursorWrong):
        actions.repeat(made.id, after=head() + 1, by=BY, at=AT, reason="thử")


def test_a_facility_takes_referrals_at_one_address() -> None:
    facility = make_facility()
    made = actions.receive_referrals(facility=facility, url=URL, by=BY, at=AT)
    assert ways().receivers == {facility.code}
    with pytest.raises(errors.ReceiverTaken):
        actions.receive_referrals(facility=facility, url=URL, by=BY, at=AT)
    actions.end(made.id, by=BY, at=AT, reason="đổi")
    assert ways().receivers == set()
    again = actions.receive_referrals(facility=facility, url=URL, by=BY, at=AT)
    assert receiver_of_referrals(facility.code) == again


def test_the_commands_do_it_all() -> None:
    run = CliRunner()
    key = run.invoke(webhook, ["add", "--name", "Kho", "--url", URL, "--kind", "referral"]).output.strip()
    assert run.invoke(webhook, ["pause", key, "--reason", "x"]).exit_code == 0
    assert "paused" in run.invoke(webhook, ["test", key]).output
    assert run.invoke(webhook, ["resume", key, "--reason", "x"]).exit_code == 0
    assert run.invoke(webhook, ["rotate", key, "--url", "https://b.example/", "--reason", "x"]).exit_code == 0
    listed = run.invoke(webhook, ["list"]).output
    assert key in listed
    assert "https://b.example/" in listed
    assert run.invoke(webhook, ["end", key, "--reason", "x"]).exit_code == 0
    assert "ended" in run.invoke(webhook, ["list"]).output
    assert run.invoke(webhook, ["pause", "nothing", "--reason", "x"]).exit_code == 2


def _now(made: Subscription) -> Subscription:
    return Subscription.objects.get(id=made.id)
