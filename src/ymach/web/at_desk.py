"""The person who stands at a desk: found by what was typed or scanned, and behind the address of their page."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from ymach.base.actors import Actor
from ymach.base.errors import NotFound
from ymach.citizens.models import Citizen
from ymach.exchange.reading import at_desk
from ymach.exchange.reading.at_desk import CONSENT, Matter
from ymach.exchange.reading.handles import citizen_behind
from ymach.facilities.models import Facility
from ymach.web.faults import Faults


def person_typed(
    typed: Mapping[str, str],
    found: Faults,
    *,
    desk: Facility | None,
    matter: Matter = CONSENT,
    actor: Actor,
    at: datetime,
) -> UUID | None:
    """Who is meant by `number` and `full_name`; None, with what is wrong with them in `found`."""
    asked, mine = {name: typed[name] for name in ("number", "full_name")}, Faults()
    mine.add(*at_desk.faults_of(**asked))
    person: UUID | None = None
    if not mine:
        with mine.noted():
            person = at_desk.at_desk(**asked, desk=desk, matter=matter, by=actor, at=at).citizen_id
    found.add(*mine.found)
    return person


def person_behind(handle: str, *, by: Actor, at: datetime) -> Citizen:
    """The person whose page was given to `by`. Raises HandleOver, NotFound."""
    found = Citizen.objects.filter(pk=citizen_behind(handle, by=by, at=at)).first()
    if found is None:
        raise NotFound
    return found
