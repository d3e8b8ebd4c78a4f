"""Deciding what is held: a department releases, rejects or returns it."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction

from ymach.accounts.permissions import Permission, require
from ymach.audit.actions import Journal, day_of, record
from ymach.audit.chain import Event
from ymach.base.actors import Actor
from ymach.base.text import Text
from ymach.exchange.corrections.actions import amend
from ymach.exchange.held.errors import HeldNotFound, HeldOver, ReasonMissing
from ymach.exchange.held.leaving import settle
from ymach.exchange.held.models import HeldItem
from ymach.exchange.held.rules import (
    OUTCOME_AFTER,
    SHORTEST_REASON,
    STATE_AFTER,
    Decision,
    is_reason_enough,
    may_decide,
)
from ymach.exchange.models import Submission
from ymach.exchange.policies.rules import HELD
from ymach.facilities.models import Facility
from ymach.notices.actions import tell
from ymach.notices.recipients import Recipient

BASIS = "Law 15/2023/QH15 art. 106; Circular 48/2017/TT-BYT: the department decides what is held"
_TELL = {
    Decision.RELEASE: Text(
        "Sở Y tế đã cho nhận hồ sơ {dossier}. Biên nhận mới ở trang hồ sơ.",
        "The department has released dossier {dossier}. The new receipt is on its page.",
    ),
    Decision.REJECT: Text(
        "Sở Y tế không nhận hồ sơ {dossier}. Xem lý do, sửa rồi gửi lại.",
        "The department has rejected dossier {dossier}. See why, mend it and send it again.",
    ),
    Decision.RETURN: Text(
        "Sở Y tế trả lại hồ sơ {dossier} để bổ sung. Xem lý do rồi gửi bản mới.",
        "The department has returned dossier {dossier} to be completed. See why, then send a later version.",
    ),
}


def decide(*, facility_id: UUID, item_id: UUID, decision: Decision, reason: str, by: Actor, at: datetime) -> HeldItem:
    """Release, reject or return the held records of one dossier, with everything that follows, in one transaction.

    reason: told to the facility; a release needs none. at: aware UTC. Raises HeldNotFound, NotAllowed, ReasonMissing,
    HeldOver where it waits no longer.
    """
    reason = reason.strip()
    with transaction.atomic():
        Journal(facility_id, day_of(at))  # the intake locks the facility's day first: we wait for it, it never for us
        item = _locked(facility_id, item_id, by)
        if not is_reason_enough(decision, reason):
            raise ReasonMissing(field="reason", least=SHORTEST_REASON)
        if not may_decide(item.state, decision):
            raise HeldOver(dossier=item.dossier_code)
        settle(facility_id, item_id, state=STATE_AFTER[decision], note=reason, by=by, at=at)
        _follow(item, decision, reason, by, at)
        item.refresh_from_db()
    return item


def _locked(facility_id: UUID, item_id: UUID, by: Actor) -> HeldItem:
    found = HeldItem.objects.select_for_update().filter(facility_id=facility_id, id=item_id)
    for item in found:
        require(by, Permission.HELD_DECIDE, facility=Facility(id=item.facility_id, province_code=item.province_code))
        return item
    raise HeldNotFound


def _follow(item: HeldItem, decision: Decision, reason: str, by: Actor, at: datetime) -> None:
    """The amended receipt with what comes of it, the journal, the notice to the facility."""
    outcome = OUTCOME_AFTER.get(decision)
    if outcome is not None:
        submission = Submission.objects.get(facility_id=item.facility_id, id=item.submission_id)
        outcomes = dict.fromkeys(item.record_ids, outcome)
        why = _why(decision, reason)
        amend(submission, outcomes, cause=STATE_AFTER[decision], reason=why, by=by, at=at, was=HELD)
    else:
        record(_returned(item, by, at), facility_id=item.facility_id)
    tell(
        to=Recipient(facility_id=item.facility_id),
        text=_TELL[decision].format(dossier=item.dossier_code),
        link=f"/submissions/{item.submission_id}",
        by=by,
        at=at,
        letter=decision is not Decision.RELEASE,
    )


def _returned(item: HeldItem, by: Actor, at: datetime) -> Event:
    """A return changes no outcome: it stands in the journal by itself."""
    subject, kinds = f"submission:{item.submission_id}", {"code": item.dossier_code, "kinds": item.record_kinds}
    return Event(at=at, actor=str(by), action="held:returned", subject=subject, basis=BASIS, detail=kinds)


def _why(decision: Decision, reason: str) -> Text:
    if decision is Decision.RELEASE:
        said = f": {reason}" if reason else "."
        return Text(f"Sở Y tế đã xem và cho nhận{said}", f"Looked at and released by the department{said}")
    return Text(f"Sở Y tế không nhận: {reason}", f"Rejected by the department: {reason}")
