"""Every kind of change, by its word. A new kind is one object in a module here, named in `_ALL`."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from ymach.changes.contract import Kind
from ymach.changes.errors import KindUnknown
from ymach.changes.kinds import (
    enrolment,
    facility_departments,
    facility_legal,
    facility_techniques,
    facility_verified,
    facility_word,
    learning,
    person,
    practice,
    techniques,
)

_ALL = (
    *(practice.JOINING, practice.HOURS, practice.LEAVING, enrolment.ENROLMENT),
    *(techniques.ASSIGNING, techniques.ENDING),
    *(person.CONTACT, person.LANGUAGES, person.IDENTITY, learning.DIPLOMA, learning.CME),
    *(facility_word.CONTACT, facility_word.HOURS, facility_word.SERVICES, facility_word.LANGUAGES),
    *(facility_word.COORDINATES, facility_verified.IDENTITY, facility_verified.HEAD, facility_verified.LICENCE),
    *(facility_legal.LEGAL_PERSON, facility_departments.DEPARTMENT, facility_techniques.TECHNIQUES),
)

KINDS: Mapping[str, Kind] = MappingProxyType({kind.word: kind for kind in _ALL})


def kind_named(word: str) -> Kind:
    """The kind of that word. Raises KindUnknown."""
    found = KINDS.get(word)
    if found is None:
        raise KindUnknown(kind=word[:40])
    return found
