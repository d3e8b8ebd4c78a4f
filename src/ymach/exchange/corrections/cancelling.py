"""A facility takes a dossier back: it holds no longer, is in no list, and whoever got it hears of it.

Nothing is deleted: the bytes, the records and both receipts stay. A cancellation takes the next version number, so that
it follows what it cancels wherever versions are put in order.
"""

from __future__ import annotations

from collections import Counter as Tally
from collections.abc import Mapping
from datetime import datetime
from typing import Any, Protocol
from uuid import UUID

from django.db import transaction

from ymach.accounts.permissions import Permission, require
from ymach.audit.actions import Journal, day_of
from ymach.audit.chain import Event
from ymach.base import pg
from ymach.base.actors import Actor
from ymach.base.clock import VIETNAM, iso, vietnam_day
from ymach.base.ids import new_id
from ymach.exchange import counters, platform
from ymach.exchange.corrections import ways
from ymach.exchange.corrections.errors import (
    AlreadyCancelled,
    DossierUnknown,
    KindUnknown,
    NewerVersion,
    ReasonMissing,
    ReasonTooLong,
)
from ymach.exchange.corrections.recalling import Recalled, recall
from ymach.exchange.living import kinds as living
from ymach.exchange.living.contract import Cancelled
from ymach.exchange.models import Cancellation, DossierHead, Submission
from ymach.exchange.receipts.issuer import Issuer
from ymach.trust.jws import sign_receipt

KINDS = ("visit", "check-in")
LONGEST_REASON = 500
BASIS = "Law 15/2023/QH15 art. 69; Decree 102/2025/NĐ-CP art. 10: the facility answers for the record it made"

_RECORDS = """
UPDATE exchange_record SET is_current = false
WHERE citizen_id = %(citizen)s AND facility_id = %(facility)s AND dossier_code = %(code)s AND is_current
  AND (kind = 'check-in') = %(is_check_in)s
RETURNING id, kind, version
"""


class Place(Protocol):
    """The facility that cancels."""

    @property
    def id(self) -> UUID: ...
    @property
    def code(self) -> str: ...
    @property
    def province_code(self) -> str: ...


def cancel(
    *,
    facility: Place,
    code: str,
    reason: str,
    by: Actor,
    at: datetime,
    kind: str = "visit",
    seen: int | None = None,
    issuer: Issuer | None = None,
) -> Cancellation:
    """Cancel the present version of a facility's dossier, with a signed answer. at: aware.

    code: MA_LK. kind: "visit" or "check-in". seen: the version that was looked at; a newer one is then not cancelled. The
    same cancellation again gives the same answer. Raises NotAllowed, ReasonMissing, ReasonTooLong, KindUnknown,
    DossierUnknown, AlreadyCancelled (for another reason), NewerVersion.
    """
    require(by, Permission.SUBMISSION_SEND, facility=facility)
    said = _reason(reason)
    if kind not in KINDS:
        raise KindUnknown(field="kind", kind=kind[:20])
    with transaction.atomic():
        journal = Journal(facility.id, day_of(at))
        head = DossierHead.objects.select_for_update().filter(facility_id=facility.id, kind=kind, code=code).first()
        if head is None:
            raise DossierUnknown
        if head.cancelled_at is not None:
            return _again(head, said)
        if seen is not None and seen != head.version:
            raise NewerVersion(field="seen", version=head.version)
        return _cancel(head, said, facility, journal, by=by, at=at, issuer=issuer or platform.issuer())


def _reason(reason: str) -> str:
    said = " ".join(reason.split())
    if not said:
        raise ReasonMissing(field="reason")
    if len(said) > LONGEST_REASON:
        raise ReasonTooLong(field="reason", limit=LONGEST_REASON)
    return said


def _again(head: DossierHead, reason: str) -> Cancellation:
    present = Cancellation.objects.get(
        facility_id=head.facility_id, kind=head.kind, code=head.code, version=head.version
    )
    if present.reason != reason:
        at = present.cancelled_at.astimezone(VIETNAM)
        raise AlreadyCancelled(at=f"{at:%H:%M %d/%m/%Y}")
    return present


def _cancel(
    head: DossierHead, reason: str, facility: Place, journal: Journal, *, by: Actor, at: datetime, issuer: Issuer
) -> Cancellation:
    submission = Submission.objects.get(facility_id=head.facility_id, id=head.submission_id)
    records = _close_records(head)
    cancelled = head.version
    head.version, head.cancelled_at, head.changed_at = head.version + 1, at, at
    head.save(update_fields=["version", "cancelled_at", "changed_at"])
    withdrawn = ways.withdraw_dossier(submission, head, at=at)
    recalled = recall(submission, head, at=at)
    number = new_id()
    claims = _claims(number, submission, head, cancelled, reason, records, at=at, issuer=issuer.name)
    claims["destinations"] = [*recalled.entries(), *_never_sent(withdrawn, recalled)]
    made = Cancellation.objects.create(
        facility_id=head.facility_id,
        kind=head.kind,
        code=head.code,
        version=head.version,
        id=number,
        facility_code=facility.code,
        province_code=facility.province_code,
        submission_id=submission.id,
        citizen_id=head.citizen_id,
        reason=reason,
        cancelled_by=str(by),
        cancelled_at=at,
        jws=sign_receipt(claims, issuer.key),
    )
    tally = Tally(
        {(head.facility_id, facility.province_code, (vietnam_day(at), "cancellation", head.kind, "cancelled")): 1}
    )
    counters.add_all(tally)
    journal.add([_event(made, by)])
    # After our own event: they may open the same journal again.
    living.cancel(Cancelled(head.facility_id, head.kind, head.code, reason, by, at))
    return made


def _close_records(head: DossierHead) -> list[dict[str, str]]:
    key = {
        "citizen": head.citizen_id,
        "facility": head.facility_id,
        "code": head.code,
        "is_check_in": head.kind == "check-in",
    }
    rows = pg.ask(_RECORDS, key)()
    return [{"record_id": str(record_id), "kind": kind, "outcome": "cancelled"} for record_id, kind, _ in sorted(rows)]


def _claims(
    number: UUID,
    submission: Submission,
    head: DossierHead,
    cancelled: int,
    reason: str,
    records: list[dict[str, str]],
    *,
    at: datetime,
    issuer: str,
) -> dict[str, Any]:
    return {
        "iss": issuer,
        "jti": str(number),
        "iat": int(at.timestamp()),
        "sub": submission.facility_code,
        "digest": {"alg": "sha-256", "value": bytes(submission.digest).hex()},
        "received_at": iso(at),
        "outcome": "cancelled",
        "cancels": {
            "submission": str(submission.id),
            "kind": head.kind,
            "code": head.code,
            "version": cancelled,
            "reason": reason,
        },
        "version": head.version,
        "records": records,
        "findings": [],
    }


def _never_sent(withdrawn: list[str], recalled: Recalled) -> list[Mapping[str, str]]:
    named = {*recalled.told, *recalled.untold}
    return [{"destination": name, "state": "withdrawn"} for name in withdrawn if name not in named]


def _event(made: Cancellation, by: Actor) -> Event:
    return Event(
        at=made.cancelled_at,
        actor=str(by),
        action="submission:cancelled",
        subject=f"submission:{made.submission_id}",
        basis=BASIS,
        citizen_id=made.citizen_id,
        detail={"kind": made.kind, "code": made.code, "version": made.version},
    )
