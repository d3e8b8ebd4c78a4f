"""What a reader may do with a facility's profile."""

from __future__ import annotations

from dataclasses import dataclass

from ymach.accounts.permissions import Permission, may
from ymach.base.actors import Actor
from ymach.base.errors import NotAllowed
from ymach.facilities import access
from ymach.facilities.models import Facility


@dataclass(frozen=True, slots=True)
class Rights:
    """What the reader may do: state the facility's own word, write verified facts, or ask for these to be changed."""

    states: bool
    decides: bool
    asks: bool
    confirms: bool

    @property
    def any(self) -> bool:
        return self.states or self.decides or self.asks


def rights_of(actor: Actor, facility: Facility) -> Rights:
    """What `actor` may do with the profile of a facility."""
    try:
        access.require_decider(actor, Permission.FACILITY_MANAGE, where=facility)
    except NotAllowed:
        decides = False
    else:
        decides = True
    asks = may(actor, Permission.CHANGE_PROPOSE, facility=facility)
    confirms = may(actor, Permission.PROFILE_CONFIRM, facility=facility)
    return Rights(states=asks or decides, decides=decides, asks=asks, confirms=confirms)
