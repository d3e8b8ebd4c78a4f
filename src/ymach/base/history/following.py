"""Reading the history as a stream of changes: nothing missed, nothing told twice, in an order that never changes.

The sequence of a table is not the order in which transactions commit: a reader that asks for “id above the last one”
misses what a slower transaction commits later under a smaller number. So entries are told in the order of
(transaction, entry), and only those of transactions older than every one that is still open: nothing can come before
them any more. A transaction that stays open delays the stream, and loses nothing.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from django.db import connection
from django.db.models import Q, QuerySet

from ymach.base.errors import Invalid
from ymach.base.history.models import HistoryEntry
from ymach.base.text import Text

LARGEST_PAGE = 1000
LOOKED_THROUGH = 1000
"""Entries that one page of a reader who sees only some looks through: it may hold few, or none, and there is more."""

# Transactions are numbered for all databases of a server. One that is seen to belong to another database writes nothing
# here; one that cannot be placed counts as ours. Our own, if we are in one, is not in our own snapshot's list.
_HORIZON = """
SELECT least((
  SELECT min(open) FROM pg_snapshot_xip(taken) open WHERE NOT EXISTS (
    SELECT FROM pg_stat_activity a WHERE a.datname <> current_database() AND a.backend_xid = open::xid)
), pg_snapshot_xmax(taken), pg_current_xact_id_if_assigned())::text::bigint
FROM (SELECT pg_current_snapshot() AS taken) s
"""


class CursorWrong(Invalid):
    """The cursor was not given out by the feed."""

    code = "YM-FEED-CURSOR"
    sentence = Text(
        "Dấu đọc tiếp “after” không đúng dạng. Dùng lại đúng giá trị “cursor” đã nhận, hoặc bỏ trống để đọc từ đầu.",
        "The cursor “after” is not in its form. Use the “cursor” you were given, or leave it out to read from the start.",
    )


@dataclass(frozen=True, slots=True, order=True)
class Cursor:
    """A place in the stream: everything up to entry `id` of transaction `xact` has been read."""

    xact: int = 0
    id: int = 0

    def __str__(self) -> str:
        return f"{self.xact}-{self.id}"

    @classmethod
    def read(cls, text: str) -> Cursor:
        """The cursor that prints as `text`; of an empty text the start of the stream. Raises CursorWrong."""
        if not text:
            return cls()
        xact, _, entry = text.partition("-")
        if not (xact.isascii() and xact.isdigit() and entry.isascii() and entry.isdigit() and len(text) <= 39):
            raise CursorWrong(field="after")
        place = cls(int(xact), int(entry))
        if max(place.xact, place.id) >= 1 << 63:
            raise CursorWrong(field="after")
        return place


@dataclass(frozen=True, slots=True)
class Page:
    """Entries in the order of the stream, and the cursor after which to go on. more: there is more to look at now."""

    entries: list[HistoryEntry]
    cursor: Cursor
    more: bool


def present() -> Cursor:
    """The cursor of a reader who has read everything that can be told at this moment."""
    return Cursor(_horizon(), 0)


def entries_after(cursor: Cursor, *, limit: int, tables: Collection[str], reach: Q | None = None) -> Page:
    """At most `limit` (1 … 1000) entries of `tables` after the cursor.

    reach: which entries the reader may see; None: all.
    """
    horizon = _horizon()
    size = min(max(limit, 1), LARGEST_PAGE)
    rows = HistoryEntry.objects.filter(xact__gte=cursor.xact, xact__lt=horizon).order_by("xact", "id")
    rows = rows.extra(where=["(history_entry.xact, history_entry.id) > (%s, %s)"], params=[cursor.xact, cursor.id])
    fence = _fence(rows) if reach is not None else None
    if fence is not None:
        rows = rows.extra(where=["(history_entry.xact, history_entry.id) <= (%s, %s)"], params=[fence.xact, fence.id])
    if reach is not None:
        rows = rows.filter(reach)
    found = list(rows.filter(table__in=tables)[: size + 1])
    if len(found) > size:
        last = found[size - 1]
        return Page(found[:size], Cursor(last.xact, last.id), more=True)
    # Everything up to the fence, or below the horizon, was looked at: the next question begins there, however little
    # was found.
    return Page(found, fence or max(cursor, Cursor(horizon, 0)), more=fence is not None)


def _fence(rows: QuerySet[HistoryEntry]) -> Cursor | None:
    """The place of the last entry to look at, unless the stream ends before."""
    last = rows.values_list("xact", "id")[LOOKED_THROUGH - 1 : LOOKED_THROUGH].first()
    return Cursor(*last) if last else None


def _horizon() -> int:
    """The oldest transaction that is still open, or the next to come: below it everything is settled."""
    with connection.cursor() as asked:
        asked.execute(_HORIZON)
        (horizon,) = asked.fetchone()
    return int(horizon)
