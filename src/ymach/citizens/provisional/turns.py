"""How often a desk may ask whom a number belongs to, and what the journal is told of a refusal.

A number that belongs to somebody else tells that somebody has it: too few such answers are given to try numbers out.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from uuid import UUID

from ymach.accounts.signin import limits
from ymach.audit.refusals import refusals_recorded
from ymach.base.actors import Actor
from ymach.base.errors import NotAllowed, TooMany
from ymach.citizens.links.errors import AlreadyJoined, NotTheWearer, OfOneBirth, SameIdentity, TwoPersons
from ymach.citizens.provisional.errors import CodeElsewhere, SomebodyElses
from ymach.facilities.access import is_trusted

LOOKS, WRONG, WINDOW = 240, 20, 3600
"""In an hour, of one account: looks at whom evidence shows, and those of them whose number was somebody else's."""
_REFUSALS = (
    *(NotAllowed, TooMany, CodeElsewhere, SomebodyElses),
    *(SameIdentity, AlreadyJoined, OfOneBirth, NotTheWearer, TwoPersons),
)


@contextmanager
def turn(subject: str, facility_id: UUID, *, by: Actor, at: datetime) -> Iterator[None]:
    """Run the block as one look. subject: "citizen:<id>" or "wristband". Call it outside a transaction. Raises TooMany."""
    if is_trusted(by):
        yield
        return
    with refusals_recorded("identity:preview", subject, by=by, at=at, facility_id=facility_id, kinds=_REFUSALS):
        if not limits.left("desk-wrong", str(by), allowed=WRONG, at=at):
            raise TooMany(retry_after=limits.seconds_until_free("desk-wrong", str(by), at=at))
        if limits.take("desk-look", str(by), allowed=LOOKS, seconds=WINDOW, at=at) <= 0:
            raise TooMany(retry_after=limits.seconds_until_free("desk-look", str(by), at=at))
        try:
            yield
        except SomebodyElses:
            limits.take("desk-wrong", str(by), allowed=WRONG, seconds=WINDOW, at=at)
            raise
