"""“That was not me”: what a desk recorded in somebody's name is without force at once, and the department looks into it.

A desk has a number, a name and a scan, and no machine knows who signed. So the person's word ends it, as any consent may be
withdrawn, and the case stands among the requests that a department answers (`citizens.requests`), never the desk itself.
"""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction

from ymach.base.actors import Actor
from ymach.base.clock import print_day, vietnam_day
from ymach.base.errors import NotAllowed
from ymach.base.text import Text
from ymach.citizens.links.queries import identities_of
from ymach.citizens.proxies.actions import end
from ymach.citizens.proxies.errors import ProxyNotFound
from ymach.citizens.proxies.models import ProxyEnd, ProxyRow
from ymach.citizens.requests.actions import About, ask
from ymach.citizens.requests.models import Request
from ymach.citizens.requests.persons import own_ids
from ymach.citizens.requests.rules import Kind
from ymach.consent.actions import withdraw
from ymach.consent.errors import ConsentNotFound, SignedByOneself
from ymach.consent.models import Channel, Consent
from ymach.consent.queries import get_consent, standings_of
from ymach.facilities.models import Facility
from ymach.notices.actions import tell
from ymach.notices.recipients import Recipient

REASON = Text("Người bệnh báo: không phải tôi ký.", "The patient says: that was not me.")
_TO_THE_DESK = Text(
    "Một người bệnh báo không ký giấy mà cơ sở đã ghi ngày {day}. Giấy đó hết hiệu lực. Giữ bản gốc; Sở Y tế sẽ hỏi.",
    "A patient says they did not sign a paper that your facility recorded on {day}. It has no force. Keep the original; the "
    "department will ask.",
)


def may_deny(row: Consent) -> bool:
    """Whether only a desk has seen somebody sign: VNeID's statement is the person's own."""
    return row.facility_id is not None and row.channel in {Channel.DESK_PAPER, Channel.SYSTEM}


def deny_consent(*, citizen_id: UUID, consent_id: UUID, denied_by_id: UUID, by: Actor, at: datetime) -> Request:
    """Say that a consent was signed neither by the person nor by who acts for them: it opens nothing from the next reading
    on. denied_by_id: the person, or who acts for them. The case, for the department of the desk's province.

    Raises ConsentNotFound, SignedByOneself, what `withdraw` and `requests.actions.ask` raise.
    """
    row = get_consent(citizen_id, consent_id)
    if row is None:
        raise ConsentNotFound
    if not may_deny(row):
        raise SignedByOneself
    with transaction.atomic():
        _withdraw(row, denied_by_id, by, at)
        return _send(row.citizen_id, f"consent:{row.id}", row.facility_id, row.given_at, by, at)


def deny_proxy(*, citizen_id: UUID, proxy_row_id: UUID, by: Actor, at: datetime) -> Request:
    """Say that nobody was appointed to act for oneself: the proxy ends now, with every consent given by it. The case.

    Only the person's own word does it: one proxy does not put out another. Raises ProxyNotFound, NotAllowed, what
    `requests.actions.ask` raises.
    """
    row = ProxyRow.objects.filter(citizen_id=citizen_id, id=proxy_row_id).first()
    if row is None:
        raise ProxyNotFound
    if row.citizen_id not in own_ids(by):
        raise NotAllowed(permission="consent:give-own")
    with transaction.atomic():
        if not ProxyEnd.objects.filter(citizen_id=row.citizen_id, proxy_row_id=row.id).exists():
            end(subject_id=row.citizen_id, proxy_row_id=row.id, reason=REASON.vi, by=by, at=at)
        for one in standings_of(identities_of([row.citizen_id]), at=at):
            if one.row.proxy_row_id == row.id and not one.is_over:
                _withdraw(one.row, row.citizen_id, by, at)
        return _send(row.citizen_id, f"proxy:{row.id}", row.facility_id, row.appointed_at, by, at)


def _withdraw(row: Consent, denied_by_id: UUID, by: Actor, at: datetime) -> None:
    (standing,) = (one for one in standings_of([row.citizen_id], at=at) if one.row.id == row.id)
    if standing.given.withdrawn_at is None:
        withdraw(
            citizen_id=row.citizen_id,
            consent_id=row.id,
            withdrawn_by_id=denied_by_id,
            by=by,
            at=at,
            reason=REASON.vi,
        )


def _desk_of(facility_id: UUID | None) -> Facility | None:
    return Facility.objects.filter(pk=facility_id).first() if facility_id else None


def _send(
    citizen_id: UUID, subject: str, facility_id: UUID | None, recorded_at: datetime, by: Actor, at: datetime
) -> Request:
    desk, day = _desk_of(facility_id), vietnam_day(recorded_at)
    about = About(subject=subject, on=day, province_code=desk.province_code if desk else "")
    made = ask(citizen_id=citizen_id, kind=Kind.UNSIGNED, words="", about=about, by=by, at=at)
    if desk is not None:
        text = _TO_THE_DESK.format(day=print_day(day))
        tell(to=Recipient(facility_id=desk.id), text=text, link="/consents", by=by, at=at, letter=True)
    return made
