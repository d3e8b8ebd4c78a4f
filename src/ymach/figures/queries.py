"""Reading the figures: sums of the tallies, never of the rows they stand for. Days are days in Viet Nam."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db import connection

from ymach.accounts.permissions import Permission, require
from ymach.base.actors import Actor
from ymach.facilities.queries import grants_with

# figure → province → key → amount
Sums = Mapping[str, Mapping[str, Mapping[str, int]]]
KEPT_DAYS = 100  # so long each day of the past is kept apart; before it, the first of each month

_STANDING = """
SELECT figure, province_code, key, sum(amount)::bigint FROM figures_tally
WHERE subject = %s AND province_code = ANY(%s) AND figure = ANY(%s) AND day <= %s
GROUP BY 1, 2, 3 HAVING sum(amount) <> 0
"""
_WITHIN = """
SELECT figure, province_code, key, sum(amount)::bigint FROM figures_tally
WHERE subject = %s AND province_code = ANY(%s) AND figure = ANY(%s) AND day >= %s AND day <= %s
GROUP BY 1, 2, 3 HAVING sum(amount) <> 0
"""
_TWO_DAYS = """
SELECT figure, province_code, key, sum(amount)::bigint, (sum(amount) FILTER (WHERE day <= %s))::bigint
FROM figures_tally WHERE subject = %s AND province_code = ANY(%s) AND figure = ANY(%s) AND day <= %s
GROUP BY 1, 2, 3
"""
_BY_DAY = """
SELECT day, sum(amount)::bigint FROM figures_tally
WHERE subject = %s AND province_code = ANY(%s) AND figure = %s AND day <= %s GROUP BY 1 ORDER BY 1
"""


@dataclass(frozen=True, slots=True)
class Scope:
    """The provinces whose figures somebody may see. Of the country, also what belongs to no province (code "")."""

    provinces: tuple[str, ...]
    is_country: bool

    def within(self, province_code: str) -> Scope:
        """The scope narrowed to one province; to nothing where that lies outside. An empty code narrows nothing."""
        if not province_code:
            return self
        return Scope(tuple(one for one in self.provinces if one == province_code), is_country=False)


def scope_of(actor: Actor, provinces: Iterable[str], *, words: Sequence[Permission] = ()) -> Scope:
    """The provinces among `provinces` (codes) whose figures `actor` may see, holding all of `words` there besides.

    A grant for the whole country reaches all of them; one of a facility or a person none. Raises NotAllowed when the
    actor holds no right to see figures at all.
    """
    require(actor, Permission.FIGURE_SEE)
    codes = (*provinces, "")
    seen: set[str] = set()
    for grant in grants_with(actor, Permission.FIGURE_SEE):
        if any(word.value not in grant.permissions for word in words) or grant.facility_id or grant.practitioner_id:
            continue
        seen.update({grant.province_code} if grant.province_code else codes)
    return Scope(tuple(code for code in codes if code in seen), is_country=seen >= set(codes))


def standing(subject: str, figures: Sequence[str], scope: Scope, on: date) -> Sums:
    """How many are in each state on the day `on`. Days before the last 100 can be asked as the first of a month."""
    return _sums(_STANDING, [subject, list(scope.provinces), list(figures), on])


def standing_on_two_days(subject: str, figures: Sequence[str], scope: Scope, on: date) -> tuple[Sums, Sums]:
    """`standing` on the day `on` and on the day before, for the price of one."""
    parameters = [on - timedelta(days=1), subject, list(scope.provinces), list(figures), on]
    found = _rows(_TWO_DAYS, parameters)
    return _nested(row[:4] for row in found), _nested((*row[:3], row[4] or 0) for row in found)


def happening(subject: str, figures: Sequence[str], scope: Scope, first: date, last: date) -> Sums:
    """How much happens from the day `first` to the day `last`, both included."""
    return _sums(_WITHIN, [subject, list(scope.provinces), list(figures), first, last])


def on_days(subject: str, figure: str, scope: Scope, days: Sequence[date]) -> list[int]:
    """How many are in a state on each of `days` (ascending), as `standing` says it."""
    steps = _rows(_BY_DAY, [subject, list(scope.provinces), figure, days[-1]])
    levels, level, at = [], 0, 0
    for one in days:
        while at < len(steps) and steps[at][0] <= one:
            level += steps[at][1]
            at += 1
        levels.append(level)
    return levels


def total(sums: Sums, figure: str, *, province: str | None = None, key: str | None = None) -> int:
    """The sum of a figure, of one province or one key if these are given."""
    places = sums.get(figure, {})
    chosen = places.values() if province is None else (places.get(province, {}),)
    return sum(sum(amounts.values()) if key is None else amounts.get(key, 0) for amounts in chosen)


def keys_of(sums: Sums) -> set[str]:
    """The keys that occur in any figure and province."""
    return {key for places in sums.values() for amounts in places.values() for key in amounts}


def firsts_of_months(today: date, months: int) -> list[date]:
    """The first days of the last `months` months, and `today` after them."""
    first = today.replace(day=1)
    days = [first]
    while len(days) < months:
        first = (first - timedelta(days=1)).replace(day=1)
        days.append(first)
    return [*(one for one in reversed(days) if one < today), today]


def _sums(statement: str, parameters: list[Any]) -> Sums:
    return _nested(_rows(statement, parameters))


def _nested(rows: Iterable[tuple[Any, ...]]) -> Sums:
    found: dict[str, dict[str, dict[str, int]]] = {}
    for figure, province, key, amount in rows:
        found.setdefault(figure, {}).setdefault(province, {})[key] = amount
    return found


def _rows(statement: str, parameters: list[Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        return list(cursor.fetchall())
