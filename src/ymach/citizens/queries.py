"""Looking persons up."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from psycopg import Cursor

from ymach.base import pg
from ymach.citizens.identify import Claim, Identity, Key, Known, resolve_all

_KNOWN = """
SELECT i.kind, i.value, c.citizen_id, c.name_folded, c.birth_year, c.birth_month, c.birth_day
FROM unnest(%s::text[], %s::text[]) AS wanted (kind, value)
JOIN citizens_identifier i ON i.kind = wanted.kind AND i.value = wanted.value
JOIN citizens_citizen c ON c.citizen_id = i.citizen_id
"""


def known_under(keys: Iterable[Key], cursor: Cursor[Any]) -> dict[Key, Known]:
    """Everybody known under any of `keys`; one statement."""
    wanted = sorted(set(keys))
    if not wanted:
        return {}
    cursor.execute(_KNOWN, pg.columns(wanted))
    return {(kind, value): Known(citizen, name, tuple(born)) for kind, value, citizen, name, *born in cursor.fetchall()}


def identify(claims: list[Claim], cursor: Cursor[Any]) -> list[Identity]:
    """Who each claim is about, as things stand; writes nothing."""
    keys = [key for claim in claims for key in lookup_keys(claim)]
    known = known_under(keys, cursor)
    return resolve_all(claims, known)


def lookup_keys(claim: Claim) -> list[Key]:
    """All keys under which the person may be known, those made in a conflict included."""
    return [*claim.keys, claim.named_key]
