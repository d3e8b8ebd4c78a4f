"""Finding a card: by its person, or by the link that was scanned."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import orjson

from ymach.base.sealing import unseal
from ymach.citizens.emergency_cards.errors import CardOff
from ymach.citizens.emergency_cards.models import EmergencyCard
from ymach.citizens.emergency_cards.rules import Choice, choice_from, digest_of


@dataclass(frozen=True, slots=True)
class Card:
    """A card that is on. token: of its link. switched_on_at, changed_at: aware."""

    citizen_id: UUID
    token: str
    choice: Choice
    switched_on_at: datetime
    changed_at: datetime


def card_of(citizen_id: UUID) -> Card | None:
    """The card of a person, None while it is off."""
    found = (
        EmergencyCard.objects.filter(citizen_id=citizen_id, switched_off_at=None).order_by("-switched_on_at").first()
    )
    return _opened(found) if found else None


def card_behind(token: str) -> Card:
    """The card that a link opens. Raises CardOff for one that is switched off and for one that never was."""
    found = EmergencyCard.objects.filter(digest=digest_of(token), switched_off_at=None).first()
    if found is None:
        raise CardOff
    return _opened(found)


def context_of(digest: str) -> str:
    """To what the sealed part of a card is bound."""
    return f"emergency-card:{digest}"


def _opened(one: EmergencyCard) -> Card:
    kept = orjson.loads(unseal(bytes(one.sealed), context=context_of(one.digest)))
    return Card(one.citizen_id, kept["token"], choice_from(kept), one.switched_on_at, one.changed_at)
