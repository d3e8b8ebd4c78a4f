"""Two people at the same profile: whoever saves second is told, and loses nothing silently.

A profile (a practitioner, a facility) carries a `revision` that every change of it, or of what belongs to it, moves on.
A form remembers the revision it was filled in from and gives it back as `seen`.
"""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db.models import F, Model

from ymach.base.errors import Conflict


def move_on(profile: type[Model], key: UUID, *, seen: int | None) -> None:
    """Lock the profile's row and move its revision on; inside the caller's attributed transaction.

    seen: the revision the change was made from; None for changes that did not begin with a form (an import, a decision).
    Raises Conflict when somebody else has changed the profile since.
    """
    rows: Any = profile._default_manager.filter(pk=key)
    if seen is not None:
        rows = rows.filter(revision=seen)
    if not rows.update(revision=F("revision") + 1):
        raise Conflict
