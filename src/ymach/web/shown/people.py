"""The people of a list, by name: asked once for the whole page."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from ymach.base.text import Text
from ymach.citizens.models import Citizen
from ymach.web import formatting
from ymach.web.words import SEX_WORDS


@dataclass(frozen=True, slots=True)
class Person:
    """A name, the sex and the year of birth, as far as they are known."""

    name: str
    note: Text


UNKNOWN = Person(formatting.EMPTY, Text("", ""))


def people(citizens: Iterable[UUID]) -> dict[UUID, Person]:
    """Who the persons are, by their ids."""
    rows = Citizen.objects.filter(pk__in=set(citizens)).values_list("pk", "full_name", "sex", "birth_year")
    return {key: Person(name or formatting.EMPTY, _note(sex, year)) for key, name, sex, year in rows}


def _note(sex: str | None, year: int | None) -> Text:
    words = SEX_WORDS.get(sex or "")
    born = Text(f"sinh {year}", f"born {year}") if year else None
    parts = [part for part in (words, born) if part]
    return Text(", ".join(part.vi for part in parts), ", ".join(part.en for part in parts))
