"""Asking the history about one profile: what happened to it, and what was known of it at a moment."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import date, datetime, time
from typing import Any
from uuid import UUID

from django.db.models import Q

from ymach.base.clock import VIETNAM
from ymach.base.history.events import PERIODS, read_period
from ymach.base.history.models import HistoryEntry

Row = dict[str, Any]
_BEGINS = ("effective_on", "issued_on")


def entries_of(
    subject: UUID, *, size: int, tables: Collection[str] | None = None, before: int | None = None
) -> list[HistoryEntry]:
    """The newest `size` entries of a profile, removed rows included, and those of others that concern it.

    tables: only these; before: only entries older than this id.
    """
    rows = HistoryEntry.objects.filter(Q(subject=subject) | Q(beside=subject))
    if tables is not None:
        rows = rows.filter(table__in=tables)
    if before is not None:
        rows = rows.filter(id__lt=before)
    return list(rows.order_by("-id")[:size])


def actors_of(entries: Collection[HistoryEntry]) -> set[str]:
    """Who made these changes."""
    return {one.actor for one in entries}


@dataclass(frozen=True, slots=True)
class State:
    """The rows of one profile, by table and key."""

    rows: dict[tuple[str, str], Row] = field(default_factory=dict)

    def on(self, day: date) -> State:
        """The rows that held on a day: whose period contains it, or whose effect had begun."""
        return State({key: row for key, row in self.rows.items() if _holds(row, day)})

    def of(self, table: str) -> list[Row]:
        return [row for (name, _), row in self.rows.items() if name == table]


def known_at(subject: UUID, at: datetime) -> State:
    """The profile as it was known at the moment `at`: every row by its last entry until then; removed ones are gone."""
    return State({key: entry.after for key, entry in _last_entries(subject, at).items() if entry.after is not None})


def as_of(subject: UUID, on: date, *, known: datetime) -> State:
    """The profile as it held on the day `on` (Viet Nam), by what was known at the moment `known`.

    Dated rows are chosen by their periods. The profile's own row has none (a name, an address): it is taken as the
    registry had it at the end of that day, or as it first came to know it.
    """
    held = known_at(subject, known).on(on)
    end_of_day = datetime.combine(on, time.max, VIETNAM)
    moment = min(known, max(end_of_day, first_known(subject) or known))
    own = {key: row for key, row in known_at(subject, moment).rows.items() if key[1] == str(subject)}
    return State({**held.rows, **own})


def _last_entries(subject: UUID, at: datetime) -> dict[tuple[str, str], HistoryEntry]:
    rows = HistoryEntry.objects.filter(subject=subject, at__lte=at).order_by("table", "row_id", "-id")
    return {(one.table, one.row_id): one for one in rows.distinct("table", "row_id")}


def first_known(subject: UUID) -> datetime | None:
    """When the registry first heard of the profile."""
    first = HistoryEntry.objects.filter(subject=subject).order_by("id").first()
    return first.at if first else None


def _holds(row: Row, day: date) -> bool:
    for name in PERIODS:
        if name in row:
            return row[name] != "empty" and day in read_period(row[name])
    return all(not row.get(name) or date.fromisoformat(row[name][:10]) <= day for name in _BEGINS)
