"""Changing the policy: drafted with its effect, proposed with its number, confirmed by a second account.

Only a confirmation writes policy rows: from the day it names everywhere the same, because the intake asks for the
policy of the day of receipt.
"""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.backends.postgresql.psycopg_any import DateRange

from ymach.accounts.permissions import Permission, require
from ymach.base.actors import Actor
from ymach.base.clock import print_day, vietnam_day
from ymach.base.history.attribution import attributed
from ymach.base.text import Text
from ymach.exchange.findings import catalogue
from ymach.exchange.models import Outcome, Policy
from ymach.exchange.policies import errors, previews
from ymach.exchange.policies.models import PolicyChange, State
from ymach.exchange.policies.queries import policy_on
from ymach.exchange.policies.rules import ANY_KIND
from ymach.exchange.records import RECORD_KINDS
from ymach.notices.actions import tell
from ymach.notices.recipients import Recipient

SHORTEST_REASON = 10
CONFIRMED = Text(
    "Thay đổi chính sách {code} đã được xác nhận, có hiệu lực từ {day}.",
    "The change of policy {code} is confirmed and holds from {day}.",
)
REFUSED = Text("Thay đổi chính sách {code} không được xác nhận.", "The change of policy {code} was not confirmed.")


def draft(
    *,
    finding_code: str,
    record_kind: str,
    outcome: str,
    starts_on: date | None,
    reason: str,
    decision_number: str,
    by: Actor,
    at: datetime,
) -> PolicyChange:
    """Write down a change and set it to be reckoned. Nothing holds yet.

    record_kind: "*" for any. starts_on: Viet Nam, after the day of `at` (aware); None where what was typed is no day.
    Raises NotAllowed, PolicyNotFound, and Invalid with its field for what is typed wrong.
    """
    require(by, Permission.POLICY_EDIT)
    severities = {kind.code: kind.severity for kind in catalogue()}
    if finding_code not in severities:
        raise errors.PolicyNotFound
    if record_kind != ANY_KIND and record_kind not in RECORD_KINDS:
        raise errors.KindUnknown(field="record_kind")
    if outcome not in Outcome:
        raise errors.OutcomeUnknown(field="outcome")
    day = _checked_day(finding_code, record_kind, starts_on, at)
    if len(reason.strip()) < SHORTEST_REASON:
        raise errors.ReasonMissing(field="reason", least=SHORTEST_REASON)
    if not decision_number.strip():
        raise errors.DecisionNumberMissing(field="decision_number")
    if policy_on(day).outcome_of_code(finding_code, severities[finding_code], record_kind) == outcome:
        raise errors.SameAsNow(field="outcome")
    change = PolicyChange(
        finding_code=finding_code,
        record_kind=record_kind,
        outcome=outcome,
        starts_on=day,
        reason=reason.strip(),
        decision_number=decision_number.strip(),
        proposed_by=str(by),
        proposed_by_label=by.label,
        proposed_at=at,
    )
    previews.begin(change, at=at)
    change.save()
    return change


def propose(change_id: UUID, *, number: str, by: Actor, at: datetime) -> PolicyChange:
    """Hand a reckoned draft to the second account. number: how many records it would stop, as typed.

    Raises NotAllowed, NotYourChange, ChangeOver, NotReckoned, NumberDiffers, DayNotAhead, LaterRow, AnotherProposed.
    """
    require(by, Permission.POLICY_EDIT)
    try:
        with transaction.atomic():
            change = _locked(change_id, State.DRAFT)
            if change.proposed_by != str(by):
                raise errors.NotYourChange
            if not change.is_reckoned:
                raise errors.NotReckoned
            if change.stops and "".join(filter(str.isdigit, number)) != str(change.stops):
                raise errors.NumberDiffers(field="number", number=change.stops)
            _checked_day(change.finding_code, change.record_kind, change.starts_on, at)
            change.state, change.proposed_at = State.PROPOSED, at
            change.save(update_fields=["state", "proposed_at"])
    except IntegrityError as error:
        raise errors.AnotherProposed from error
    return change


def confirm(change_id: UUID, *, by: Actor, at: datetime) -> PolicyChange:
    """Write the policy, as another than the proposer. Raises NotAllowed, OwnChange, ChangeOver, DayNotAhead, LaterRow."""
    require(by, Permission.POLICY_EDIT)
    with transaction.atomic():
        change = _locked(change_id, State.PROPOSED)
        if change.proposed_by == str(by):
            raise errors.OwnChange(permission=Permission.POLICY_EDIT.value)
        _checked_day(change.finding_code, change.record_kind, change.starts_on, at)
        with attributed(by=by, reason=f"{change.decision_number}: {change.reason}", at=at):
            _write(change)
        _decide(change, State.CONFIRMED, "", by, at)
        _tell(change, CONFIRMED, by, at)
    return change


def refuse(change_id: UUID, *, reason: str, by: Actor, at: datetime) -> PolicyChange:
    """Not confirm it, with the reason. Raises NotAllowed, ChangeOver, ReasonMissing."""
    require(by, Permission.POLICY_EDIT)
    with transaction.atomic():
        change = _locked(change_id, State.PROPOSED)
        if len(reason.strip()) < SHORTEST_REASON:
            raise errors.ReasonMissing(field="reason", least=SHORTEST_REASON)
        _decide(change, State.REFUSED, reason.strip(), by, at)
        _tell(change, REFUSED, by, at)
    return change


def withdraw(change_id: UUID, *, by: Actor, at: datetime) -> PolicyChange:
    """Take back a draft or a proposal of one's own. Raises NotAllowed, NotYourChange, ChangeOver."""
    require(by, Permission.POLICY_EDIT)
    with transaction.atomic():
        change = _locked(change_id, State.DRAFT, State.PROPOSED)
        if change.proposed_by != str(by):
            raise errors.NotYourChange
        _decide(change, State.WITHDRAWN, "", by, at)
    return change


def _locked(change_id: UUID, *states: str) -> PolicyChange:
    change = PolicyChange.objects.select_for_update().filter(pk=change_id).first()
    if change is None:
        raise errors.PolicyNotFound
    if change.state not in states:
        raise errors.ChangeOver
    return change


def _checked_day(finding_code: str, record_kind: str, day: date | None, at: datetime) -> date:
    """A day that is still ahead, and after whatever is confirmed already. Raises DayNotAhead, LaterRow."""
    if day is None or day <= vietnam_day(at):
        raise errors.DayNotAhead(field="starts_on")
    rows = Policy.objects.filter(finding_code=finding_code, record_kind=record_kind)
    later = rows.filter(valid__startswith__gte=day).values_list("valid", flat=True).first()
    if later is not None:
        raise errors.LaterRow(field="starts_on", day=print_day(later.lower))
    return day


def _write(change: PolicyChange) -> None:
    """The row that holds until then ends on the day, the new one begins."""
    rows = Policy.objects.filter(finding_code=change.finding_code, record_kind=change.record_kind)
    for row in rows.filter(valid__contains=change.starts_on):
        row.valid = DateRange(row.valid.lower, change.starts_on)
        row.save(update_fields=["valid"])
    Policy.objects.create(
        finding_code=change.finding_code,
        record_kind=change.record_kind,
        outcome=change.outcome,
        valid=DateRange(change.starts_on, None),
        source=f"{change.decision_number}: {change.reason}",
    )


def _decide(change: PolicyChange, state: State, note: str, by: Actor, at: datetime) -> None:
    change.state, change.note = state, note
    change.decided_by, change.decided_by_label, change.decided_at = str(by), by.label, at
    change.save(update_fields=["state", "note", "decided_by", "decided_by_label", "decided_at"])


def _tell(change: PolicyChange, words: Text, by: Actor, at: datetime) -> None:
    kind, _, key = change.proposed_by.partition(":")
    if kind == "user":
        text = words.format(code=change.finding_code, day=print_day(change.starts_on))
        tell(to=Recipient(user_id=UUID(key)), text=text, link=f"/policies/changes/{change.pk}", by=by, at=at)
