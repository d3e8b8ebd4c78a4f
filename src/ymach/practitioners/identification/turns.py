"""How often somebody may ask about numbers, and what the journal is told of it."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction

from ymach.accounts.permissions import Permission, require
from ymach.accounts.signin import limits
from ymach.audit.actions import REGISTRY, record
from ymach.audit.chain import Event
from ymach.audit.refusals import refusals_recorded
from ymach.base.actors import Actor, ActorKind
from ymach.base.errors import NotAllowed, TooMany

SUBJECT = "practitioner"
NOBODY = "person:by-number"
ALLOWED, WINDOW = 60, 3600
"""Look-ups and checks an account may ask for in an hour: enough for a busy desk, too few to walk through numbers."""
LISTED, LISTED_WINDOW = 4000, 86_400
"""Lines of staff lists an account may have found by number and name in a day: two of the longest lists."""
_MACHINERY = (ActorKind.COMMAND, ActorKind.SYSTEM)


def admit(by: Actor, at: datetime, *, needs_word: bool = True) -> None:
    """Take a turn; a refused one is in the journal. needs_word: whether `identity:verify` is asked for.

    Raises NotAllowed, TooMany.
    """
    if by.kind in _MACHINERY:
        return
    kinds = (NotAllowed, TooMany)
    with refusals_recorded("identity:look-up", NOBODY, by=by, at=at, facility_id=facility_of(by), kinds=kinds):
        if needs_word:
            require(by, Permission.IDENTITY_VERIFY)
        _take("identity", by, at, ALLOWED, WINDOW)


def admit_line(by: Actor, at: datetime) -> None:
    """Take a turn for a line of a list. Raises TooMany."""
    if by.kind not in _MACHINERY:
        _take("identity-line", by, at, LISTED, LISTED_WINDOW)


def tell_journal(by: Actor, at: datetime, *, found: str, purpose: str, practitioner_id: UUID | None) -> None:
    """Write down that somebody asked, and what came out; never the number."""
    subject = f"{SUBJECT}:{practitioner_id}" if practitioner_id else NOBODY
    event = Event(at, str(by), "identity:looked-up", subject, basis=purpose, detail={"found": found})
    with transaction.atomic():
        record(event, facility_id=facility_of(by) or REGISTRY)


def facility_of(by: Actor) -> UUID | None:
    """The facility an account belongs to, if it does."""
    return next((grant.facility_id for grant in by.grants if grant.facility_id), None)


def _take(what: str, by: Actor, at: datetime, allowed: int, seconds: int) -> None:
    if limits.take(what, str(by), allowed=allowed, seconds=seconds, at=at) <= 0:
        raise TooMany(retry_after=limits.seconds_until_free(what, str(by), at=at))
