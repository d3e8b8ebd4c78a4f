"""Deciding many requests at once: each in a transaction of its own, so that a bad one never stops the others."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from ymach.base.actors import Actor
from ymach.base.errors import YmachError
from ymach.changes import actions
from ymach.changes.errors import ChangeNotFound
from ymach.changes.models import ChangeRequest

MOST = 200
"""Requests of one go: more would keep the reader waiting longer than a page may."""


@dataclass(frozen=True, slots=True)
class Row:
    """What became of one request; error: None where it worked."""

    request_id: UUID
    request: ChangeRequest | None
    error: YmachError | None = None


def approve_many(
    request_ids: Iterable[UUID], *, by: Actor, at: datetime, decision_number: str = "", note: str = ""
) -> list[Row]:
    """Approve each that can be approved; a request whose subject has moved on is left for a closer look."""
    return _each(
        request_ids,
        lambda one: actions.approve(request_id=one, by=by, at=at, decision_number=decision_number, note=note),
    )


def give_back_many(request_ids: Iterable[UUID], *, by: Actor, at: datetime, reason: str) -> list[Row]:
    """Return each with the same reason."""
    return _each(request_ids, lambda one: actions.give_back(request_id=one, by=by, at=at, reason=reason))


def _each(request_ids: Iterable[UUID], act: Callable[[UUID], ChangeRequest]) -> list[Row]:
    return [_one(request_id, act) for request_id in list(dict.fromkeys(request_ids))[:MOST]]


def _one(request_id: UUID, act: Callable[[UUID], ChangeRequest]) -> Row:
    try:
        return Row(request_id, act(request_id))
    except ChangeNotFound as error:
        return Row(request_id, None, error)
    except YmachError as error:
        return Row(request_id, ChangeRequest.objects.filter(pk=request_id).first(), error)
