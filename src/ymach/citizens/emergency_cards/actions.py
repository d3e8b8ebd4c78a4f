"""Switching a card on and off, changing what it shows. Each is an event of the journal in the same transaction.

`by` is the person themselves or who acts for them; the caller has made sure of it. `at`: aware.
"""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

import orjson
from django.db import connection, transaction

from ymach.audit.actions import REGISTRY, record
from ymach.audit.chain import Event
from ymach.base.actors import Actor
from ymach.base.sealing import seal
from ymach.citizens.emergency_cards.errors import ContactIncomplete, NothingShown, PhoneWrong
from ymach.citizens.emergency_cards.models import EmergencyCard
from ymach.citizens.emergency_cards.queries import Card, card_of, context_of
from ymach.citizens.emergency_cards.rules import LONGEST_NAME, Choice, dialled, digest_of, is_phone, new_token

SUBJECT = "emergency-card"
BASIS = "consent: the person's own choice (Law 91/2025/QH15 art. 9)"
OPENING_BASIS = "consent"
"""Whoever carries the card shows it (Law 91/2025/QH15 art. 9)."""
_LOCK = "SELECT pg_advisory_xact_lock(hashtextextended(%s, 20))"


def switch_on(*, citizen_id: UUID, choice: Choice, by: Actor, at: datetime) -> Card:
    """The card with this content. One that is on already keeps its link: a picture on a telephone goes on working.

    Raises NothingShown, ContactIncomplete, PhoneWrong.
    """
    wanted = checked(choice)
    with transaction.atomic():
        _lock(citizen_id)
        held = card_of(citizen_id)
        token = held.token if held else new_token()
        _keep(citizen_id, token, wanted, by=by, at=at, is_new=held is None)
        _tell("changed" if held else "on", citizen_id, by=by, at=at)
    return Card(citizen_id, token, wanted, held.switched_on_at if held else at, at)


def renew(*, citizen_id: UUID, by: Actor, at: datetime) -> Card | None:
    """The same card under another link; the old one is dead at once. None when no card is on."""
    with transaction.atomic():
        _lock(citizen_id)
        held = card_of(citizen_id)
        if held is None:
            return None
        _end(citizen_id, by=by, at=at)
        token = new_token()
        _keep(citizen_id, token, held.choice, by=by, at=at, is_new=True)
        _tell("renewed", citizen_id, by=by, at=at)
    return Card(citizen_id, token, held.choice, at, at)


def switch_off(*, citizen_id: UUID, by: Actor, at: datetime) -> bool:
    """The link is dead when this returns, and what the card showed is kept no longer. False when none was on."""
    with transaction.atomic():
        _lock(citizen_id)
        if not _end(citizen_id, by=by, at=at):
            return False
        _tell("off", citizen_id, by=by, at=at)
    return True


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


def _keep(citizen_id: UUID, token: str, choice: Choice, *, by: Actor, at: datetime, is_new: bool) -> None:
    digest = digest_of(token)
    sealed = seal(orjson.dumps({"token": token, **choice.as_json()}), context=context_of(digest))
    if not is_new:
        EmergencyCard.objects.filter(digest=digest).update(sealed=sealed, changed_at=at)
        return
    EmergencyCard.objects.create(
        digest=digest, citizen_id=citizen_id, sealed=sealed, switched_on_at=at, switched_on_by=str(by), changed_at=at
    )


def _end(citizen_id: UUID, *, by: Actor, at: datetime) -> int:
    mine = EmergencyCard.objects.filter(citizen_id=citizen_id, switched_off_at=None)
    return mine.update(sealed=b"", switched_off_at=at, switched_off_by=str(by))


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
