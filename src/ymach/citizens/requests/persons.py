"""Whose data an account may ask about: its own person's, and those of the people that person acts for."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from uuid import UUID

from ymach.accounts.permissions import Permission
from ymach.base.actors import Actor
from ymach.base.errors import NotAllowed
from ymach.citizens.links.queries import identities_of
from ymach.citizens.proxies.queries import acting_for
from ymach.citizens.proxies.rules import Scope
from ymach.facilities.queries import grants_with

_WORD = Permission.RECORD_READ_OWN


def own_ids(by: Actor) -> list[UUID]:
    """Everybody who is the person of the account, by links too."""
    return identities_of(grant.citizen_id for grant in grants_with(by, _WORD) if grant.citizen_id is not None)


def acted_for(by: Actor, *, on: date) -> Mapping[UUID, UUID]:
    """Whom the account may ask for on the day `on` (Viet Nam), and the person through whom; oneself is not among them.

    Only a proxy that may consent may ask: who may read only, reads.
    """
    found: dict[UUID, UUID] = {}
    for mine in own_ids(by):
        subjects = [one.subject_id for one in acting_for(mine, on=on) if Scope.CONSENT in one.scope]
        for subject in identities_of(subjects):
            found.setdefault(subject, mine)
    return found


def require_acting_for(by: Actor, citizen_id: UUID, *, on: date) -> UUID | None:
    """Who asks for the person: None for themselves, else the proxy's id. Raises NotAllowed for anybody else."""
    if citizen_id in own_ids(by):
        return None
    proxy = acted_for(by, on=on).get(citizen_id)
    if proxy is None:
        raise NotAllowed(permission=_WORD.value)
    return proxy
