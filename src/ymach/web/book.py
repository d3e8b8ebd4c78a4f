"""What the pages of a health book share: the way back, the places it names, one episode of it."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from django.urls import reverse

from ymach.base.errors import NotFound
from ymach.base.text import Text
from ymach.exchange.books.episodes import Episode, episodes_of
from ymach.exchange.reading.entries import Entry
from ymach.exchange.reading.gate import Opened
from ymach.facilities.models import Facility

BOOK = Text("Sổ sức khỏe", "Health book")


def places_of(opened: Opened, more: Iterable[UUID | None] = ()) -> dict[UUID, Facility]:
    """The facilities that the records name; to the person concerned the places of their own care are no secret."""
    ids = {one.facility_id for one in opened.entries} | {one for one in more if one}
    return Facility.objects.in_bulk(list(ids))


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
