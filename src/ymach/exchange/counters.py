"""Counters, kept in the transaction of the effect, so that they equal what they count at every moment."""

from __future__ import annotations

from collections import Counter as Tally
from datetime import date
from uuid import UUID

from ymach.base import pg

Key = tuple[date, str, str, str]
"""Day in Viet Nam, subject, name, state: see `models.Counter`."""

_ADD_ALL = """
INSERT INTO exchange_counter (facility_id, province_code, day, subject, name, state, number)
SELECT * FROM unnest(%s::uuid[], %s::text[], %s::date[], %s::text[], %s::text[], %s::text[], %s::bigint[])
ON CONFLICT (facility_id, day, subject, name, state) DO UPDATE SET number = exchange_counter.number + excluded.number
"""


def add_all(changes: Tally[tuple[UUID, str, Key]]) -> None:
    """Add `changes` by facility, province and key to the counters of many facilities; one statement.

    Rows are sorted by facility first: transactions that meet at two facilities do not wait crosswise.
    """
    rows = [
        (facility, province, *key, number) for (facility, province, key), number in sorted(changes.items()) if number
    ]
    if rows:
        pg.ask(_ADD_ALL, pg.columns(rows))
