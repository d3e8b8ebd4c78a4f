"""A change of policy: drafted with its effect, proposed with its number, confirmed by another, in force by its day."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from tests.support.factories import make_licence
from tests.support.held import SOME, outpatient
from tests.support.intake import AT, open_desk

from ymach.accounts.permissions import ROLE_PERMISSIONS, Role
from ymach.base.actors import Actor, ActorKind, Grant
from ymach.base.errors import Invalid, NotAllowed
from ymach.base.history.models import HistoryEntry
from ymach.exchange.models import Policy
from ymach.exchange.policies import changing, errors, previews
from ymach.exchange.policies.models import PolicyChange
from ymach.exchange.policies.queries import policy_on
from ymach.exchange.policies.reckoning import Reckoning

pytestmark = pytest.mark.django_db
CODE = "YM-STA-AUTHOR-NOT-REGISTERED"
FROM = date(2026, 12, 1)
NEXT_WEEK = AT + timedelta(days=3)


def official(number: int, role: Role = Role.MINISTRY) -> Actor:
    grant = Grant(role.value, frozenset(word.value for word in ROLE_PERMISSIONS[role]))
    return Actor(ActorKind.USER, str(UUID(int=number)), f"Chuyên viên {number}", (grant,))


def drafted(**changes: Any) -> PolicyChange:
    values: dict[str, Any] = {
        "finding_code": CODE,
        "record_kind": "*",
        "outcome": "held",
        "starts_on": FROM,
        "reason": "Chưa đăng ký tại cơ sở thì Sở xem trước.",
        "decision_number": "1234/QĐ-BYT",
        "by": official(1),
        "at": NEXT_WEEK,
    }
    return changing.draft(**{**values, **changes})


def reckoned(change: PolicyChange) -> PolicyChange:
    while not change.is_reckoned:
        change = previews.advance(change.pk, at=NEXT_WEEK, patience=0)
    return change


def outcome_on(day: date, kind: str = "visit") -> str:
    policy_on.forget()
    return policy_on(day).outcome_of_code(CODE, "warning", kind)


def test_confirmed_change_holds_from_its_day_and_history_knows_who_and_why() -> None:
    change = reckoned(drafted())
    changing.propose(change.pk, number="", by=official(1), at=NEXT_WEEK)
    assert outcome_on(FROM) == "accepted_with_findings", "proposed is not in force"
    changing.confirm(change.pk, by=official(2), at=NEXT_WEEK)
    assert (outcome_on(FROM - timedelta(days=1)), outcome_on(FROM)) == ("accepted_with_findings", "held")
    assert Policy.objects.filter(finding_code=CODE).count() == 2
    entry = HistoryEntry.objects.filter(table="exchange_policy").latest("id")
    assert (entry.actor, entry.reason.startswith("1234/QĐ-BYT")) == (str(official(2)), True)


def test_who_proposes_does_not_confirm() -> None:
    change = reckoned(drafted())
    changing.propose(change.pk, number="", by=official(1), at=NEXT_WEEK)
    with pytest.raises(errors.OwnChange):
        changing.confirm(change.pk, by=official(1), at=NEXT_WEEK)
    with pytest.raises(NotAllowed):
        changing.confirm(change.pk, by=official(3, Role.DEPARTMENT), at=NEXT_WEEK)


def test_preview_tells_what_last_week_would_have_become_and_its_number_has_to_be_typed() -> None:
    desk = open_desk(authors=SOME)
    desk.send(*(outpatient(desk, f"H-{n}", doctor="0099900/BYT-CCHN") for n in range(2)))
    desk.send(*(outpatient(desk, f"U-{n}") for n in range(3)))
    change = reckoned(drafted(finding_code="YM-STA-AUTHOR-UNKNOWN", outcome="rejected"))
    reckoning = Reckoning.of(change.preview)
    assert (reckoning.moves, reckoning.stops, reckoning.looked) == ({"held>rejected": 3}, 3, 3)
    assert (reckoning.done, reckoning.provinces["01"].moved) == (1, 3)
    assert reckoning.facilities["99001"].stopped == 3
    with pytest.raises(errors.NumberDiffers):
        changing.propose(change.pk, number="2", by=official(1), at=NEXT_WEEK)
    assert changing.propose(change.pk, number=" 3 ", by=official(1), at=NEXT_WEEK).state == "proposed"


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"starts_on": NEXT_WEEK.date()}, "starts_on"),
        ({"starts_on": None}, "starts_on"),
        ({"outcome": "accepted_with_findings"}, "outcome"),
        ({"outcome": "perhaps"}, "outcome"),
        ({"record_kind": "letter"}, "record_kind"),
        ({"reason": "vì"}, "reason"),
        ({"decision_number": " "}, "decision_number"),
    ],
)
def test_what_is_typed_wrong_is_refused_at_its_field(wrong: dict[str, Any], field: str) -> None:
    with pytest.raises(Invalid) as refused:
        drafted(**wrong)
    assert refused.value.field == field


def test_what_is_not_reckoned_or_has_another_before_it_is_not_proposed() -> None:
    first, second = drafted(), drafted(outcome="rejected")
    PolicyChange.objects.filter(pk=second.pk).update(is_reckoned=False)
    with pytest.raises(errors.NotReckoned):
        changing.propose(second.pk, number="", by=official(1), at=NEXT_WEEK)
    PolicyChange.objects.update(is_reckoned=True)
    changing.propose(first.pk, number="", by=official(1), at=NEXT_WEEK)
    with pytest.raises(errors.AnotherProposed):
        changing.propose(second.pk, number="", by=official(1), at=NEXT_WEEK)


def test_too_late_to_confirm_on_the_day_itself() -> None:
    change = reckoned(drafted())
    changing.propose(change.pk, number="", by=official(1), at=NEXT_WEEK)
    with pytest.raises(errors.DayNotAhead):
        changing.confirm(change.pk, by=official(2), at=NEXT_WEEK + timedelta(days=10))
    assert changing.withdraw(change.pk, by=official(1), at=NEXT_WEEK).state == "withdrawn"


def test_intake_goes_by_the_policy_of_the_day_of_receipt() -> None:
    desk = open_desk(authors=SOME)
    make_licence("0099901/BYT-CCHN")  # licensed, and registered nowhere
    change = reckoned(drafted())
    changing.propose(change.pk, number="", by=official(1), at=NEXT_WEEK)
    changing.confirm(change.pk, by=official(2), at=NEXT_WEEK)
    policy_on.forget()
    first = datetime(2026, 11, 30, 17, tzinfo=UTC)  # midnight in Viet Nam, the beginning of the day
    outcomes = [
        desk.send_one(outpatient(desk, f"P-{number}"), at=at).body["outcome"]
        for number, at in enumerate((first - timedelta(minutes=1), first))
    ]
    assert outcomes == ["accepted_with_findings", "held"]
