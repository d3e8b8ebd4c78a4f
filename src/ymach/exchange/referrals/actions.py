"""Moving a referral on. Every move is one transaction: the sender's journal, the row, a step, a notice to the other side.

Locks are taken in this order: head of the sender's journal, the referral. Doing again what is done changes nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from uuid import UUID

from django.db import transaction

from ymach.accounts.permissions import Permission, require
from ymach.audit.actions import Journal, day_of
from ymach.audit.chain import Event
from ymach.base.actors import Actor
from ymach.base.clock import vietnam_day
from ymach.base.errors import YmachError
from ymach.base.text import Text
from ymach.exchange.referrals import queries, rules, telling
from ymach.exchange.referrals.errors import (
    AnswerMissing,
    NotInThisState,
    NotYourStep,
    ReasonMissing,
    SuggestionUnknown,
    TooLong,
)
from ymach.exchange.referrals.models import Referral, ReferralStep
from ymach.exchange.referrals.receivers import receiver
from ymach.exchange.referrals.rules import Place
from ymach.exchange.referrals.words import STATE_WORDS
from ymach.facilities.models import Facility
from ymach.notices.actions import tell
from ymach.notices.recipients import Recipient

BASIS = "Law 15/2023/QH15 art. 69; Decree 102/2025/NĐ-CP art. 10: treatment under a referral"
LONGEST = 4000
REJECTED, HELD = "rejected", "held"

Change = Callable[[Referral], None]


def see(*, referral_id: UUID, by: Actor, at: datetime) -> Referral:
    """The receiver has opened it for the first time; any later look changes nothing. Raises ReferralNotFound."""
    found, side = queries.get_referral(by, referral_id)
    if side != queries.IN or found.state != rules.SENT:
        return found
    return _move(found, rules.SEEN, by=by, at=at)


def accept(*, referral_id: UUID, by: Actor, at: datetime, note: str = "") -> Referral:
    """The receiver takes the patient. Raises ReferralNotFound, NotAllowed, NotYourStep, NotInThisState, TooLong."""
    return _by_receiver(referral_id, rules.ACCEPTED, by=by, at=at, note=note, text=telling.ACCEPTED)


def decline(*, referral_id: UUID, reason: str, by: Actor, at: datetime, suggested_code: str = "") -> Referral:
    """The receiver does not take the patient, says why, and may name another facility by its code.

    Raises as `accept` does, ReasonMissing and SuggestionUnknown.
    """
    for fault in decline_faults(reason=reason, suggested_code=suggested_code, at=at):
        raise fault
    why, code = reason.strip(), suggested_code.strip().upper()

    def change(row: Referral) -> None:
        row.declined_why, row.suggested_code, row.check_at = why, code, None

    return _by_receiver(referral_id, rules.DECLINED, by=by, at=at, note=why, change=change, text=telling.DECLINED)


def decline_faults(*, reason: str, suggested_code: str, at: datetime) -> Iterator[YmachError]:
    """Everything in a form that `decline` would refuse: ReasonMissing, TooLong, SuggestionUnknown."""
    why, code = reason.strip(), suggested_code.strip().upper()
    if not why:
        yield ReasonMissing(field="reason")
    if len(why) > LONGEST:
        yield TooLong(field="reason", limit=LONGEST)
    if code and receiver(code, vietnam_day(at)).place is not Place.OPEN:
        yield SuggestionUnknown(field="suggested_code", code=code[:10])


def arrive(*, referral_id: UUID, by: Actor, at: datetime, note: str = "") -> Referral:
    """The patient is there. Raises as `accept` does."""

    def change(row: Referral) -> None:
        row.arrived_at = at

    return _by_receiver(referral_id, rules.ARRIVED, by=by, at=at, note=note, change=change, text=telling.ARRIVED)


def note_arrival(row: Referral, *, by: Actor, at: datetime) -> bool:
    """The receiver's own dossier says that the patient is there; whether that was news."""
    if not rules.may_move(row.state, rules.ARRIVED):
        return False

    def change(row: Referral) -> None:
        row.arrived_at = at

    _move(row, rules.ARRIVED, by=by, at=at, change=change, text=telling.ARRIVED)
    return True


def answer(*, referral_id: UUID, text: str, by: Actor, at: datetime, may_read_visit: bool = False) -> Referral:
    """What the receiver found and did, for the sender. may_read_visit: the sender may read the receiver's dossier of it.

    Raises as `accept` does, and AnswerMissing.
    """
    said = _bounded(text, "text")
    if not said:
        raise AnswerMissing(field="text")

    def change(row: Referral) -> None:
        row.answer, row.answered_at, row.may_read_visit = said, at, may_read_visit
        row.arrived_at = row.arrived_at or at

    return _by_receiver(referral_id, rules.ANSWERED, by=by, at=at, note="", change=change, text=telling.ANSWERED)


def close(*, referral_id: UUID, by: Actor, at: datetime) -> Referral:
    """The sender has read the answer; before there is one, nothing changes. Raises ReferralNotFound."""
    found, side = queries.get_referral(by, referral_id)
    if side != queries.OUT or found.state != rules.ANSWERED:
        return found
    return _move(found, rules.CLOSED, by=by, at=at)


def withdraw_of_dossier(facility_id: UUID, dossier_code: str, *, reason: str, by: Actor, at: datetime) -> bool:
    """Withdraw the referral of a dossier that its facility cancels, in the caller's transaction; whether there was one.

    A patient who has arrived stays where they are: what the receiver does from then on is its own.
    """
    found = queries.referral_of_dossier(facility_id, dossier_code)
    if found is None or not rules.may_move(found.state, rules.WITHDRAWN):
        return False
    _move(found, rules.WITHDRAWN, by=by, at=at, note=reason, text=telling.WITHDRAWN, to_receiver=True)
    return True


def settle_outcomes(facility_id: UUID, outcomes: Mapping[UUID, str], *, by: Actor, at: datetime) -> None:
    """A department decided on records that were held (record id → outcome): the receiver gets what is released, and never
    sees what is rejected. In the caller's transaction."""
    rows = Referral.objects.select_for_update().filter(facility_id=facility_id, record_id__in=list(outcomes))
    for row in rows.order_by("id"):
        outcome = outcomes[row.record_id]
        if outcome == REJECTED and rules.may_move(row.state, rules.WITHDRAWN):
            _move(row, rules.WITHDRAWN, by=by, at=at, text=None if row.is_held else telling.WITHDRAWN, to_receiver=True)
        elif row.is_held and outcome not in {HELD, REJECTED}:
            _release(row, by, at)


def _release(row: Referral, by: Actor, at: datetime) -> None:
    row.is_held, row.sent_at, row.changed_at = False, at, at
    row.due_at = rules.due_at(rules.SENT, is_urgent=row.is_urgent, since=at)
    row.save(update_fields=["is_held", "sent_at", "changed_at", "due_at"])
    if row.receiver_id is not None:
        text = telling.incoming(row.facility_code, is_urgent=row.is_urgent)
        tell(to=Recipient(facility_id=row.receiver_id), text=text, link=f"/referrals/{row.id}", by=by, at=at)


def _by_receiver(
    referral_id: UUID,
    to: str,
    *,
    by: Actor,
    at: datetime,
    note: str,
    text: Text,
    change: Change | None = None,
) -> Referral:
    found, side = queries.get_referral(by, referral_id)
    if side != queries.IN or found.receiver_id is None:
        raise NotYourStep(permission=Permission.REFERRAL_ANSWER.value)
    here = Facility(id=found.receiver_id, province_code=found.receiver_province_code)
    require(by, Permission.REFERRAL_ANSWER, facility=here)
    return _move(found, to, by=by, at=at, note=_bounded(note, "note"), change=change, text=text)


def _move(
    found: Referral,
    to: str,
    *,
    by: Actor,
    at: datetime,
    note: str = "",
    change: Change | None = None,
    text: Text | None = None,
    to_receiver: bool = False,
) -> Referral:
    """One move with everything that belongs to it. text: for the other side; about whom: `{facility}` who moved it."""
    with transaction.atomic():
        journal = Journal(found.facility_id, day_of(at))
        row = Referral.objects.select_for_update().get(facility_id=found.facility_id, id=found.id)
        if row.state == to:
            return row
        if not rules.may_move(row.state, to):
            words = STATE_WORDS[row.state]
            raise NotInThisState(state_vi=words.vi, state_en=words.en)
        row.state, row.changed_at = to, at
        if to != rules.SEEN:
            row.due_at = rules.due_at(to, is_urgent=row.is_urgent, since=at)
        if to == rules.WITHDRAWN:
            row.check_at = None
        if change is not None:
            change(row)
        row.save(force_update=True)
        ReferralStep.objects.create(
            facility_id=row.facility_id, referral_id=row.id, at=at, state=to, by=str(by), label=by.label, note=note
        )
        journal.add([_event(row, by, at)])
        _tell(row, text, by=by, at=at, to_receiver=to_receiver)
    return row


def _tell(row: Referral, text: Text | None, *, by: Actor, at: datetime, to_receiver: bool) -> None:
    to, about = (row.receiver_id, row.facility_code) if to_receiver else (row.facility_id, row.receiver_code)
    if text is not None and to is not None:
        tell(to=Recipient(facility_id=to), text=text.format(facility=about), link=f"/referrals/{row.id}", by=by, at=at)


def _event(row: Referral, by: Actor, at: datetime) -> Event:
    return Event(
        at=at,
        actor=str(by),
        action=f"referral:{row.state}",
        subject=f"submission:{row.submission_id}",
        basis=BASIS,
        citizen_id=row.citizen_id,
        detail={"referral": str(row.id), "receiver": row.receiver_code},
    )


def _bounded(text: str, field: str) -> str:
    kept = text.strip()
    if len(kept) > LONGEST:
        raise TooLong(field=field, limit=LONGEST)
    return kept
