"""Reading published entries, below the ORM: one statement for a number, a key, or two thousand numbers."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from functools import lru_cache
from typing import Any
from uuid import UUID

import orjson

from ymach.base import pg
from ymach.base.errors import NotFound
from ymach.base.licence_numbers import number_key
from ymach.base.periods import Period
from ymach.base.text import Text
from ymach.base.weekly import Schedule, from_multirange
from ymach.publication.rules import Entry, Place, Stop

_SELECT = """
SELECT licence_id, name, title, generation, number, number_key, issuer, issued_on, lower(valid), upper(valid), scopes,
  suspensions::text, bans::text, revoked_on, revocation_decision, replaced_by, places::text
FROM publication_entry
"""
_BY_KEY = f"{_SELECT} WHERE number_key = %s"
_BY_KEYS = f"{_SELECT} WHERE number_key = ANY(%s)"
_BY_IDS = f"{_SELECT} WHERE licence_id = ANY(%s)"


class LicenceNotFound(NotFound):
    """No licence has that number or key."""

    code = "YM-LIC-UNKNOWN"
    sentence = Text(
        "Không có giấy phép hành nghề nào như vậy trong sổ bộ. Xem lại từng chữ số, chữ cái trên tấm giấy phép.",
        "The registry has no such licence. Look at every digit and letter on the licence again.",
    )


def check(number: str) -> Entry | None:
    """The licence with that number, however it is written; None when there is none. One statement."""
    found = _entries(_BY_KEY, [clean(number_key(number))])
    return found[0] if found else None


def check_many(numbers: Iterable[str]) -> dict[str, Entry]:
    """The licences with these numbers, by number key. One statement."""
    keys = {clean(number_key(number)) for number in numbers} - {""}
    return {entry.number_key: entry for entry in _entries(_BY_KEYS, [list(keys)])}


def get(licence_id: UUID) -> Entry:
    """One licence. Raises LicenceNotFound."""
    found = _entries(_BY_IDS, [[licence_id]])
    if not found:
        raise LicenceNotFound
    return found[0]


def by_ids(ids: Sequence[UUID]) -> list[Entry]:
    """The licences with these keys, in the order of the keys."""
    found = {entry.licence_id: entry for entry in _entries(_BY_IDS, [list(ids)])}
    return [found[one] for one in ids if one in found]


def clean(text: str) -> str:
    """Text without what PostgreSQL keeps in no text."""
    return text.replace("\x00", "").encode("utf-8", "ignore").decode()


def stops(text: str) -> tuple[Stop, ...]:
    """Suspensions or bans as an entry keeps them."""
    if text == "[]":
        return ()
    return tuple(
        Stop(_period(one), one["decision"], one.get("part") != "part", tuple(one.get("scopes") or ()))
        for one in orjson.loads(text)
    )


def _entries(statement: str, parameters: list[Any]) -> list[Entry]:
    with pg.cursor() as cursor:
        cursor.execute(statement, parameters)
        return [_entry(row) for row in cursor]


def _entry(row: tuple[Any, ...]) -> Entry:
    key, name, title, generation, number, number_key, issuer, issued_on = row[:8]
    start, end, scopes, suspensions, bans, revoked_on, decision, replaced_by, places = row[8:]
    return Entry(
        licence_id=key,
        name=name,
        title=title,
        generation=generation,
        number=number,
        number_key=number_key,
        issuer=issuer,
        issued_on=issued_on,
        valid=Period(start, end),
        scopes=tuple(scopes),
        suspensions=stops(suspensions),
        bans=stops(bans),
        revoked_on=revoked_on,
        revocation_decision=decision or "",
        replaced_by=replaced_by or "",
        places=tuple(map(_place, orjson.loads(places))),
    )


def _place(one: dict[str, Any]) -> Place:
    where = (one["code"], one["name"], one["province"], one["position"], one["department"])
    return Place(*where, _period(one), _hours(one["schedule"]))


@lru_cache(maxsize=4096)
def _hours(text: str) -> Schedule:
    return from_multirange(text)


def _period(one: dict[str, Any]) -> Period:
    return Period(_day(one["from"]), _day(one["until"]))


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None
