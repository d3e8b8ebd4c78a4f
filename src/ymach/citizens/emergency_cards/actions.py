"""Switching a card on and off, changing what it shows. Each is an event of the journal in the same transaction.

`by` is the person themselves or who acts for them, under `proxy_row_id`; the caller has made sure of it. `at`: aware.
A card that a proxy switched on ends with the proxy, unless the person has changed it since: then it is theirs.
"""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

import orjson
from django.db import connection, transaction
from django.db.models import QuerySet

from ymach.audit.actions import REGISTRY, record
from ymach.audit.chain import Event
from ymach.base import pg
from ymach.base.actors import SYSTEM, Actor
from ymach.base.clock import vietnam_day
from ymach.base.rounds import Stopped, never
from ymach.base.sealing import seal
from ymach.base.text import Text
from ymach.citizens.emergency_cards.errors import ContactIncomplete, NothingShown, PhoneWrong
from ymach.citizens.emergency_cards.models import EmergencyCard
from ymach.citizens.emergency_cards.queries import Card, card_of, context_of
from ymach.citizens.emergency_cards.rules import LONGEST_NAME, Choice, dialled, digest_of, is_phone, new_token
from ymach.citizens.telling import tell_person

SUBJECT = "emergency-card"
BASIS = "consent: the person's own choice (Law 91/2025/QH15 art. 9)"
OPENING_BASIS = "consent"
"""Whoever carries the card shows it (Law 91/2025/QH15 art. 9)."""
_ENDED = Text(
    "Thẻ khẩn cấp do người đại diện bật đã tắt vì việc đại diện đã hết. Muốn dùng tiếp thì bật lại.",
    "The emergency card that a proxy switched on is off, since the proxy has ended. Switch it on again to go on with it.",
)
_LOCK = "SELECT pg_advisory_xact_lock(hashtextextended(%s, 20))"
_WITHOUT_PROXY = """
SELECT c.digest, c.citizen_id FROM citizens_emergency_card c
JOIN citizens_proxy p ON p.citizen_id = c.citizen_id AND p.id = c.proxy_row_id
WHERE c.switched_off_at IS NULL AND c.proxy_row_id IS NOT NULL AND (p.until <= %s OR EXISTS (
  SELECT FROM citizens_proxy_end e WHERE e.citizen_id = p.citizen_id AND e.proxy_row_id = p.id))
LIMIT 1000
"""


def switch_on(*, citizen_id: UUID, choice: Choice, by: Actor, at: datetime, proxy_row_id: UUID | None = None) -> Card:
    """The card with this content. One that is on already keeps its link: a picture on a telephone goes on working.

    Raises NothingShown, ContactIncomplete, PhoneWrong.
    """
    wanted = checked(choice)
    with transaction.atomic():
        _lock(citizen_id)
        held = card_of(citizen_id, on=vietnam_day(at))
        if held is None:
            _end(EmergencyCard.objects.filter(citizen_id=citizen_id), by=by, at=at)
        since = held.switched_on_at if held else at
        card = Card(citizen_id, held.token if held else new_token(), wanted, since, at, _through(held, proxy_row_id))
        _keep(card, by=by, is_new=held is None)
        _tell("changed" if held else "on", citizen_id, by=by, at=at)
    return card


def renew(*, citizen_id: UUID, by: Actor, at: datetime, proxy_row_id: UUID | None = None) -> Card | None:
    """The same card under another link; the old one is dead at once. None when no card is on."""
    with transaction.atomic():
        _lock(citizen_id)
        held = card_of(citizen_id, on=vietnam_day(at))
        if held is None:
            return None
        _end(EmergencyCard.objects.filter(citizen_id=citizen_id), by=by, at=at)
        card = Card(citizen_id, new_token(), held.choice, at, at, _through(held, proxy_row_id))
        _keep(card, by=by, is_new=True)
        _tell("renewed", citizen_id, by=by, at=at)
    return card


def switch_off(*, citizen_id: UUID, by: Actor, at: datetime) -> bool:
    """The link is dead when this returns, and what the card showed is kept no longer. False when none was on."""
    with transaction.atomic():
        _lock(citizen_id)
        if not _end(EmergencyCard.objects.filter(citizen_id=citizen_id), by=by, at=at):
            return False
        _tell("off", citizen_id, by=by, at=at)
    return True


def end_with_proxies(*, at: datetime, stopped: Stopped = never) -> dict[str, int]:
    """Switch off the cards whose proxy has ended, and tell the person. They open nothing from that moment on as it is:
    this forgets what they showed. One round of a worker; how many."""
    ended = 0
    for digest, citizen_id in pg.ask(_WITHOUT_PROXY, [vietnam_day(at)])():
        if stopped():
            break
        with transaction.atomic():
            _lock(citizen_id)
            if _end(EmergencyCard.objects.filter(digest=digest), by=SYSTEM, at=at):
                _tell("ended", citizen_id, by=SYSTEM, at=at)
                tell_person(citizen_id, _ENDED, link="/records/card", by=SYSTEM, at=at)
                ended += 1
    return {"cards ended": ended}


def note_opening(card: Card, *, at: datetime) -> None:
    """Somebody opened the link: the person sees it among those who looked. Nobody knows who it was."""
    _record("opened", card.citizen_id, "anybody:link", OPENING_BASIS, at)


def checked(choice: Choice) -> Choice:
    """The choice as it is kept. Raises NothingShown, ContactIncomplete, PhoneWrong."""
    name, phone = choice.contact_name.strip()[:LONGEST_NAME], choice.contact_phone.strip()
    if bool(name) is not bool(phone):
        raise ContactIncomplete(field="contact_phone" if name else "contact_name")
    if phone and not is_phone(phone):
        raise PhoneWrong(field="contact_phone")
    if not choice.shown and not name:
        raise NothingShown(field="shown")
    return Choice(choice.shown, name, choice.contact_relation.strip()[:LONGEST_NAME], dialled(phone))


def _through(held: Card | None, proxy_row_id: UUID | None) -> UUID | None:
    """With whom the card ends: nobody, once the person has had a hand in it; else who switched it on."""
    return held.proxy_row_id if held and proxy_row_id else proxy_row_id


def _keep(card: Card, *, by: Actor, is_new: bool) -> None:
    digest = digest_of(card.token)
    plain = orjson.dumps({"token": card.token, **card.choice.as_json()})
    kept = {
        "sealed": seal(plain, context=context_of(digest)),
        "changed_at": card.changed_at,
        "proxy_row_id": card.proxy_row_id,
    }
    if is_new:
        on = {"switched_on_at": card.switched_on_at, "switched_on_by": str(by)}
        EmergencyCard.objects.create(digest=digest, citizen_id=card.citizen_id, **on, **kept)
    else:
        EmergencyCard.objects.filter(digest=digest).update(**kept)


def _end(cards: QuerySet[EmergencyCard], *, by: Actor, at: datetime) -> int:
    return cards.filter(switched_off_at=None).update(sealed=b"", switched_off_at=at, switched_off_by=str(by))


def _lock(citizen_id: UUID) -> None:
    with connection.cursor() as cursor:
        cursor.execute(_LOCK, [str(citizen_id)])


def _tell(what: str, citizen_id: UUID, *, by: Actor, at: datetime) -> None:
    _record(what, citizen_id, str(by), BASIS, at)


def _record(what: str, citizen_id: UUID, actor: str, basis: str, at: datetime) -> None:
    event = Event(
        at=at, actor=actor, action=f"{SUBJECT}:{what}", subject=SUBJECT, basis=basis, citizen_id=citizen_id, detail={}
    )
    with transaction.atomic():
        record(event, facility_id=REGISTRY)
