"""Counters, kept in the transaction of the effect, so that they equal what they count at every moment."""

from __future__ import annotations

from collections import Counter as Tally
from datetime import date
from typing import Any
from uuid import UUID

from psycopg import Cursor

from ymach.base import pg

Key = tuple[date, str, str, str]
"""Day in Viet Nam, subject, name, state: see `models.Counter`."""

_ADD = """
INSERT INTO exchange_counter (facility_id, province_code, day, subject, name, state, number)
SELECT %s, %s, * FROM unnest(%s::date[], %s::text[], %s::text[], %s::text[], %s::bigint[])
ON CONFLICT (facility_id, day, subject, name, state) DO UPDATE SET number = exchange_counter.number + excluded.number
"""
_ADD_ALL = """
INSERT INTO exchange_counter (facility_id, province_code, day, subject, name, state, number)
SELECT * FROM unnest(%s::uuid[], %s::text[], %s::date[], %s::text[], %s::text[], %s::text[], %s::bigint[])
ON CONFLICT (facility_id, day, subject, name, state) DO UPDATE SET number = exchange_counter.number + excluded.number
"""


def add(changes: Tally[Key], *, facility_id: UUID, province_code: str, cursor: Cursor[Any]) -> None:
    """Add `changes` (which may be negative) to a facility's counters; one statement.

    Rows are sorted, so that two transactions lock them in one order.
    """
    rows = [(*key, number) for key, number in sorted(changes.items()) if number]
    if rows:
        cursor.execute(_ADD, [facility_id, province_code, *pg.columns(rows)])


def add_all(changes: Tally[tuple[UUID, str, Key]]) -> None:
    """Add `changes` by facility, province and key to the counters of many facilities; one statement.

    Rows are sorted by facility first: transactions that meet at two facilities do not wait crosswise.
    """
    rows = [
        (facility, province, *key, number) for (facility, province, key), number in sorted(changes.items()) if number
    ]
    if rows:
        pg.ask(_ADD_ALL, pg.columns(rows))
