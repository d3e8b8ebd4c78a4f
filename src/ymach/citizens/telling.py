"""Telling a person, and whoever acts for them, what a desk has written down in their name."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
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

    text: formatted, without names and numbers. link: a page of the health book. at: aware.
    """
    book: Any = {"link": link, "citizen_id": citizen_id}
    for user_id, is_own in accounts_of(citizen_id, on=vietnam_day(at)).items():
        tell(to=Recipient(user_id=user_id), text=text, **book, is_own=is_own, by=by, at=at, letter=True)


def accounts_of(citizen_id: UUID, *, on: date) -> dict[UUID, bool]:
    """The accounts that read for a person on a day, by their id: the person's own (True), and of proxies (False)."""
    ids = identities_of([citizen_id])
    proxies = {one.proxy_id for key in ids for one in proxies_of(key, on=on)}
    held = in_force(on).filter(citizen_id__in={*ids, *proxies}, user__is_active=True)
    found = dict.fromkeys(held.order_by("user_id").values_list("user_id", flat=True), False)
    own = held.filter(citizen_id__in=ids).values_list("user_id", flat=True)
    return {**found, **dict.fromkeys(own, True)}
