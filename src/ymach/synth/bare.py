"""Tables without their indexes and keys for the length of one load into them, by the role that owns them.

Row by row an index is searched, split and logged; over all rows at once it is sorted. So what hangs on an empty table
is taken down, and put back by the same transaction when the rows are there: PostgreSQL then checks every row against
every constraint, and refuses the load if one does not hold. Nothing can stay down: a load that fails or is killed is
rolled back together with what it took down.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from typing import Any, NamedTuple

from django.conf import settings
from django.db import connection, connections

from ymach.base.embedded import database_settings
from ymach.base.errors import Unavailable

# Primary keys stay: triggers look rows up by them.
_HUNG = """
SELECT c.contype::text, c.conrelid::regclass::text, quote_ident(c.conname), pg_get_constraintdef(c.oid)
FROM pg_constraint c WHERE c.conrelid = ANY (%(tables)s::regclass[]) AND c.contype IN ('u', 'x', 'f')
UNION ALL
SELECT 'i', i.indrelid::regclass::text, i.indexrelid::regclass::text, pg_get_indexdef(i.indexrelid)
FROM pg_index i WHERE i.indrelid = ANY (%(tables)s::regclass[]) AND NOT i.indisprimary
  AND NOT EXISTS (SELECT FROM pg_constraint c WHERE c.conindid = i.indexrelid AND c.conrelid = i.indrelid)
ORDER BY 1, 2, 3
"""
_IN_ORDER = "iuxf"  # of putting back; taken down in the other
_OWNED = "SELECT bool_and(pg_has_role(relowner, 'USAGE')) FROM pg_class WHERE oid = ANY (%s::regclass[])"
_ROOM = (
    "SET LOCAL maintenance_work_mem = '512MB'; SET LOCAL max_parallel_maintenance_workers = 2;"
    "SET LOCAL work_mem = '64MB'; SET LOCAL lock_timeout = '60s'"
)


class ChangedMeanwhile(Unavailable):
    """What was put back is not what was taken down; the load was rolled back."""

    code = "YM-LOAD-NOT-PUT-BACK"


class Hung(NamedTuple):
    """An index ("i") or a unique, exclusion or foreign key constraint ("u", "x", "f") of a table, as PostgreSQL
    writes it."""

    kind: str
    table: str
    name: str
    definition: str

    @property
    def down(self) -> str:
        return (
            f"DROP INDEX {self.name}" if self.kind == "i" else f"ALTER TABLE {self.table} DROP CONSTRAINT {self.name}"
        )

    @property
    def up(self) -> str:
        if self.kind == "i":
            return self.definition
        return f"ALTER TABLE {self.table} ADD CONSTRAINT {self.name} {self.definition}"


@contextmanager
def as_owner() -> Iterator[None]:
    """This thread's connection under the role that owns the schema, where the installation knows it."""
    ours = connections["default"]
    owner = database_settings(settings.ENVIRONMENT, as_owner=True)
    same_database = {"NAME": ours.settings_dict["NAME"]}
    theirs = type(ours)({**ours.settings_dict, **owner, **same_database}, alias="default")
    connections["default"] = theirs
    try:
        yield
    finally:
        theirs.close()
        connections["default"] = ours


def can_be_bare(tables: Sequence[str]) -> bool:
    """Whether the tables are empty, and ours."""
    with connection.cursor() as cursor:
        cursor.execute(_OWNED, [list(tables)])
        is_ours = bool(cursor.fetchone()[0])
        return is_ours and not any(_holds_rows(cursor, table) for table in tables)


@contextmanager
def bare(tables: Sequence[str], *, keep: Collection[str] = ()) -> Iterator[None]:
    """Inside an open transaction of the owner: `tables`, empty, without indexes and keys until the block ends.

    keep: names of those that stay. Others wait for the tables until the commit. Raises IntegrityError when the rows
    do not keep a constraint.
    """
    with connection.cursor() as cursor:
        cursor.execute(_ROOM)
        before = _hung(cursor, tables)
        taken = sorted((one for one in before if one.name not in keep), key=_place)
        for one in reversed(taken):
            cursor.execute(one.down)
        yield
        for one in taken:
            cursor.execute(one.up)
        if _hung(cursor, tables) != before:
            raise ChangedMeanwhile


def _place(one: Hung) -> int:
    return _IN_ORDER.index(one.kind)


def _hung(cursor: Any, tables: Sequence[str]) -> list[Hung]:
    cursor.execute(_HUNG, {"tables": list(tables)})
    return [Hung(*row) for row in cursor.fetchall()]


def _holds_rows(cursor: Any, table: str) -> bool:
    cursor.execute(f"SELECT EXISTS (SELECT FROM {table})")  # noqa: S608 - a table of ours
    return bool(cursor.fetchone()[0])
