"""What the pages of a health book share: the way back, the places it names, one episode of it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from django.urls import reverse

from ymach.audit.queries import readings_of
from ymach.audit.reached import Reading
from ymach.base.errors import NotFound
from ymach.base.text import Text
from ymach.exchange.books.episodes import Episode, episodes_of
from ymach.exchange.models import Record
from ymach.exchange.reading.entries import Entry
from ymach.exchange.reading.gate import Opened
from ymach.facilities.models import Facility

BOOK = Text("Sổ sức khỏe", "Health book")


def places_of(opened: Opened, more: Iterable[UUID | None] = ()) -> dict[UUID, Facility]:
    """The facilities that the records name; to the person concerned the places of their own care are no secret."""
    ids = {one.facility_id for one in opened.entries} | {one for one in more if one}
    return Facility.objects.in_bulk(list(ids))


def readers_of(opened: Opened, *, before: datetime | None = None, limit: int) -> list[Reading]:
    """Who read, the newest first; a page that showed several identities of the person is one reading.

    To somebody from whom a restricted compartment is withheld, places that keep nothing else of the person are not named.
    """
    found = readings_of(opened.citizen_ids, before=before, limit=limit)
    unsaid = _places_withheld(opened)
    once = {(one.at, one.actor, one.action, one.part): one for one in found if one.facility_id not in unsaid}
    return list(once.values())


def _places_withheld(opened: Opened) -> set[UUID]:
    if not opened.withheld:
        return set()
    kept = Record.objects.filter(citizen_id__in=opened.citizen_ids, compartment__in=opened.withheld)
    return set(kept.values_list("facility_id", flat=True)) - {one.facility_id for one in opened.entries}


def crumbs() -> list[tuple[Text, str]]:
    """The way back to the first page of the book."""
    return [(BOOK, reverse("own-records"))]


def stay_entries(opened: Opened, record_id: UUID) -> list[Entry]:
    """The records of the episode to which a record belongs, among those that may be seen. Raises NotFound."""
    found = next((one for one in opened.entries if one.id == record_id), None)
    if found is None:
        raise NotFound
    return [
        one for one in opened.entries if (one.facility_id, one.dossier_code) == (found.facility_id, found.dossier_code)
    ]


def episode_of(entries: list[Entry]) -> Episode | None:
    """The episode in full; None for a check-in, which has no more than its record."""
    return next(iter(episodes_of(entries, limit=1)), None)
