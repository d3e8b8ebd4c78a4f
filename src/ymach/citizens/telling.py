"""Telling a person, and whoever acts for them, what a desk has written down in their name."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from ymach.accounts.queries import in_force
from ymach.base.actors import Actor
from ymach.base.clock import vietnam_day
from ymach.base.text import Text
from ymach.citizens.links.queries import identities_of
from ymach.citizens.proxies.queries import proxies_of
from ymach.notices.actions import tell
from ymach.notices.recipients import Recipient


def tell_person(citizen_id: UUID, text: Text, *, link: str, by: Actor, at: datetime) -> None:
    """A notice and a letter to every account of the person and of their proxies, in the caller's transaction.

    text: formatted, without names and numbers. at: aware.
    """
    day = vietnam_day(at)
    concerned = {*identities_of([citizen_id]), *(one.proxy_id for one in proxies_of(citizen_id, on=day))}
    held = in_force(day).filter(citizen_id__in=concerned, user__is_active=True)
    for user_id in dict.fromkeys(held.order_by("user_id").values_list("user_id", flat=True)):
        tell(to=Recipient(user_id=user_id), text=text, link=link, by=by, at=at, letter=True)
