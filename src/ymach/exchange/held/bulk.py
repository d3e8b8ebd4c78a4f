"""Deciding many at once: each in a transaction of its own, so that one that cannot be decided never stops the others."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from ymach.base.actors import Actor
from ymach.base.errors import NotAllowed, YmachError
from ymach.exchange.held.actions import decide
from ymach.exchange.held.errors import HeldNotFound, NothingChosen, ReasonMissing
from ymach.exchange.held.models import HeldItem
from ymach.exchange.held.rules import SHORTEST_REASON, Decision, is_reason_enough

MOST = 100
"""Dossiers of one go: each gets a signed receipt, and more would keep the reader waiting longer than a page may."""
Key = tuple[UUID, UUID]
"""Facility and item."""


@dataclass(frozen=True, slots=True)
class Row:
    """What became of one; item: None where it is not there for this actor, error: None where it worked."""

    key: Key
    item: HeldItem | None
    error: YmachError | None = None


def decide_many(keys: Iterable[Key], *, decision: Decision, reason: str, by: Actor, at: datetime) -> list[Row]:
    """Decide each alike. Raises, before anything is decided, NothingChosen or ReasonMissing."""
    chosen = list(dict.fromkeys(keys))[:MOST]
    if not chosen:
        raise NothingChosen
    if not is_reason_enough(decision, reason):
        raise ReasonMissing(field="reason", least=SHORTEST_REASON)
    return [_one(key, decision, reason, by, at) for key in chosen]


def _one(key: Key, decision: Decision, reason: str, by: Actor, at: datetime) -> Row:
    facility_id, item_id = key
    try:
        return Row(
            key, decide(facility_id=facility_id, item_id=item_id, decision=decision, reason=reason, by=by, at=at)
        )
    except (HeldNotFound, NotAllowed) as error:
        return Row(key, None, error)
    except YmachError as error:
        return Row(key, HeldItem.objects.filter(facility_id=facility_id, id=item_id).first(), error)
