"""Finding a card: by its person, or by the link that was scanned."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

import orjson

from ymach.base.sealing import unseal
from ymach.citizens.emergency_cards.errors import CardOff
from ymach.citizens.emergency_cards.models import EmergencyCard
from ymach.citizens.emergency_cards.rules import Choice, choice_from, digest_of
from ymach.citizens.proxies.queries import proxies_of


@dataclass(frozen=True, slots=True)
class Card:
    """A card that is on. token: of its link. switched_on_at, changed_at: aware. proxy_row_id: of who switched it on for the
    person; None: it is the person's own."""

    citizen_id: UUID
    token: str
    choice: Choice
    switched_on_at: datetime
    changed_at: datetime
    proxy_row_id: UUID | None = None


def card_of(citizen_id: UUID, *, on: date) -> Card | None:
    """The card of a person, None while it is off. on: today in Viet Nam, for a card that ends with a proxy."""
    found = (
        EmergencyCard.objects.filter(citizen_id=citizen_id, switched_off_at=None).order_by("-switched_on_at").first()
    )
    return _opened(found) if found and _holds(found, on) else None


def card_behind(token: str, *, on: date) -> Card:
    """The card that a link opens. on: today in Viet Nam.

    Raises CardOff for one that is switched off, one whose proxy has ended, and one that never was.
    """
    found = EmergencyCard.objects.filter(digest=digest_of(token), switched_off_at=None).first()
    if found is None or not _holds(found, on):
        raise CardOff
    return _opened(found)


def context_of(digest: str) -> str:
    """To what the sealed part of a card is bound."""
    return f"emergency-card:{digest}"


def _holds(one: EmergencyCard, on: date) -> bool:
    """What a proxy consented to for somebody ends with the proxy."""
    if one.proxy_row_id is None:
        return True
    return any(proxy.id == one.proxy_row_id for proxy in proxies_of(one.citizen_id, on=on))


def _opened(one: EmergencyCard) -> Card:
    kept = orjson.loads(unseal(bytes(one.sealed), context=context_of(one.digest)))
    choice = choice_from(kept)
    return Card(one.citizen_id, kept["token"], choice, one.switched_on_at, one.changed_at, one.proxy_row_id)
