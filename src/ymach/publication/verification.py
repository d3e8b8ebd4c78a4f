"""Proving that what is published equals the registry: everything is composed anew and compared, without writing."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from django.db import transaction

from ymach.base import pg

AT_ONCE = 20_000
_PEOPLE = "SELECT id FROM practitioners_practitioner WHERE id > %s ORDER BY id LIMIT %s"
_DIFFERING = """
WITH kept AS (SELECT * FROM publication_entry WHERE practitioner_id = ANY (%(ids)s)),
  fresh AS (SELECT * FROM ymach_publication_rows(%(ids)s))
SELECT licence_id FROM (
  (SELECT * FROM kept EXCEPT SELECT * FROM fresh) UNION ALL (SELECT * FROM fresh EXCEPT SELECT * FROM kept)) AS d
GROUP BY licence_id
"""
_ORPHANS = """
SELECT licence_id FROM publication_entry e
WHERE NOT EXISTS (SELECT FROM practitioners_licence l WHERE l.id = e.licence_id)
"""
_COUNTS = "SELECT (SELECT count(*) FROM publication_entry), (SELECT count(*) FROM practitioners_licence)"
_WORDS = """
SELECT count(DISTINCT part) FROM practitioners_practitioner p,
  unnest(string_to_array(left(name_folded, 500), ' ')) AS parts(part)
WHERE part <> '' AND EXISTS (SELECT FROM practitioners_licence l WHERE l.practitioner_id = p.id)
  AND NOT EXISTS (SELECT FROM publication_word k WHERE k.word = part)
"""


@dataclass(frozen=True, slots=True)
class Proof:
    """published and licences: how many of each; differing: licences whose entry is wrong, missing or left over."""

    published: int
    licences: int
    differing: tuple[UUID, ...]
    missing_words: int

    @property
    def holds(self) -> bool:
        return self.published == self.licences and not self.differing and not self.missing_words


def verify_entries() -> Proof:
    """Compare every entry with a fresh one, in one snapshot. Slow by nature: about a minute for a million."""
    with transaction.atomic(), pg.cursor() as cursor:
        if not _is_inside_another():
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        differing: list[UUID] = []
        last = UUID(int=0)
        while ids := [key for (key,) in cursor.execute(_PEOPLE, [last, AT_ONCE])]:
            differing += [key for (key,) in cursor.execute(_DIFFERING, {"ids": ids})]
            last = ids[-1]
        differing += [key for (key,) in cursor.execute(_ORPHANS)]
        published, licences = cursor.execute(_COUNTS).fetchone() or (0, 0)
        ((missing,),) = cursor.execute(_WORDS).fetchall()
    return Proof(published, licences, tuple(dict.fromkeys(differing)), missing)


def _is_inside_another() -> bool:
    return len(transaction.get_connection().savepoint_ids) > 0
