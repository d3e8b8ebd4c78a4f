"""What the law makes due about people: renewals with the credit hours they lack, months without practice.

Answered from `changes_deadline`, which triggers keep when licences and registrations change: a page is a walk along one
index from a day on, however many practitioners there are.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from heapq import merge
from itertools import islice
from typing import Any
from uuid import UUID

from ymach.accounts.permissions import Permission
from ymach.base import pg
from ymach.base.actors import Actor
from ymach.base.text import Text
from ymach.changes import access
from ymach.changes.clocks import CME_HOURS, Term, cme_missing, term
from ymach.practitioners.rules.spans import months_later

MOST = 200
MONTHS_BACK, MONTHS_AHEAD = 12, 6
"""What was due longer ago is no longer a reminder; what is due later is not yet one."""

Key = tuple[date, UUID, str]


@dataclass(frozen=True, slots=True)
class Due:
    """Something due about a person. what: "renewal", "idle"; note: credit hours still missing, for renewals."""

    what: str
    practitioner_id: UUID
    name: str
    licence: str
    term: Term
    note: Text | None = None

    @property
    def key(self) -> Key:
        return (self.term.due_on, self.practitioner_id, self.what)


@dataclass(frozen=True, slots=True)
class Asked:
    """What of it is wanted. what, state ("overdue", "soon"): blank leaves out nothing; after: the key of the line before."""

    what: str = ""
    state: str = ""
    after: Key | None = None


EVERYTHING = Asked()
STATES = ("overdue", "soon")
STAFF_MOST = 20_000
"""More people than any facility has."""
WHATS = ("idle", "renewal")
"""In the order in which two matters of one person and one day stand."""

_LINE = """
SELECT d.due_on, d.practitioner_id, d.what, p.full_name, d.licence, CASE d.what WHEN 'renewal' THEN (
  SELECT sum(c.hours) FROM practitioners_cme_activity c WHERE c.practitioner_id = d.practitioner_id
    AND c.verified_at IS NOT NULL AND c.ended_on > (d.due_on + 1 - interval '5 years')) END
FROM ({rows}) d JOIN practitioners_practitioner p ON p.id = d.practitioner_id ORDER BY d.due_on, d.practitioner_id
"""
_WITHIN = """d.what = %(what)s AND d.due_on >= %(from)s AND d.due_on < %(to)s
  AND (d.due_on, d.practitioner_id) > (%(day)s, %(person)s)
  AND (d.what = 'renewal' OR d.licence_until IS NULL OR d.licence_until > %(on)s)"""
_LAST = "ORDER BY d.due_on, d.practitioner_id LIMIT %(limit)s"
_OF_PROVINCE = f"""SELECT d.* FROM changes_deadline d WHERE d.province_code = %(of)s AND {_WITHIN}
  AND (d.place_until IS NULL OR d.place_until > %(on)s) {_LAST}"""  # noqa: S608 - constants
# Person by person: the way along the days would pass everybody else in the country.
_OF_FACILITY = f"""WITH staff AS MATERIALIZED (
  SELECT DISTINCT r.practitioner_id FROM practitioners_registration r WHERE r.facility_id = %(of)s AND r.valid @> %(on)s::date
) SELECT d.* FROM staff CROSS JOIN LATERAL (
  SELECT * FROM changes_deadline d WHERE d.practitioner_id = staff.practitioner_id AND d.is_first AND {_WITHIN} OFFSET 0
) d {_LAST}"""  # noqa: S608 - constants
_OF_PERSON = f"SELECT d.* FROM changes_deadline d WHERE d.is_first AND {_WITHIN} AND d.practitioner_id = %(of)s {_LAST}"  # noqa: S608
_NOBODY = UUID(int=0)


def due(actor: Actor, on: date, *, limit: int = MOST, asked: Asked = EVERYTHING) -> list[Due]:
    """What is due, or was due within the last year, about people the actor answers for, the earliest first.

    A department: those licensed or practising in its province; a facility: its own people; a practitioner: themselves.
    """
    found: dict[Key, Due] = {}
    for one in _in_order(actor, on, limit, asked):
        found.setdefault(one.key, one)
        if len(found) == limit:
            break
    return list(found.values())


def counts(actor: Actor, on: date, *, most: int) -> dict[tuple[str, str], int]:
    """How many of each matter are "overdue" and how many "soon", each counted up to `most`."""
    found: dict[tuple[str, str], set[Key]] = {(what, state): set() for what in WHATS for state in STATES}
    for rows, of in _reach(actor):
        for what in WHATS:
            for due_on, person, _ in _counted(rows, of, what, on, most):
                found[what, STATES[due_on >= on]].add((due_on, person, what))
    return {asked: min(len(keys), most) for asked, keys in found.items()}


def _counted(rows: str, of: object, what: str, on: date, most: int) -> Iterator[Key]:
    """The keys of both states: the people of a facility are looked through once, along the days each state by itself."""
    ways = [EVERYTHING] if rows is _OF_FACILITY else [Asked(state=state) for state in STATES]
    for asked in ways:
        yield from _keys(rows, of, what, on, len(STATES) * STAFF_MOST if rows is _OF_FACILITY else most, asked)


def _in_order(actor: Actor, on: date, limit: int, asked: Asked) -> Iterator[Due]:
    ways = [_ask(rows, of, what, on, limit, asked) for rows, of in _reach(actor) for what in _whats(asked)]
    return islice(merge(*ways, key=lambda one: one.key), limit * max(len(ways), 1))


def _whats(asked: Asked) -> Sequence[str]:
    return [asked.what] if asked.what in WHATS else WHATS


def _reach(actor: Actor) -> list[tuple[str, object]]:
    """Where to look, for each unit the actor answers for."""
    found: list[tuple[str, object]] = [(_OF_PROVINCE, code) for code in access.decides_somewhere(actor)]
    for grant in actor.grants:
        if Permission.CHANGE_PROPOSE.value not in grant.permissions:
            continue
        if grant.facility_id is not None:
            found.append((_OF_FACILITY, grant.facility_id))
        elif grant.practitioner_id is not None:
            found.append((_OF_PERSON, grant.practitioner_id))
    return found


def _ask(rows: str, of: object, what: str, on: date, limit: int, asked: Asked) -> list[Due]:
    statement = _LINE.format(rows=rows)
    return [_due(row, on) for row in pg.ask(statement, _parameters(of, what, on, limit, asked))()]


def _keys(rows: str, of: object, what: str, on: date, most: int, asked: Asked) -> list[Key]:
    statement = rows.replace("SELECT d.*", "SELECT d.due_on, d.practitioner_id, d.what")
    return [
        (due_on, person, what) for due_on, person, what in pg.ask(statement, _parameters(of, what, on, most, asked))()
    ]


def _parameters(of: object, what: str, on: date, limit: int, asked: Asked) -> dict[str, object]:
    first, end = _window(asked.state, on)
    day, person = first - timedelta(days=1), _NOBODY
    if asked.after is not None:
        day, person, last = asked.after
        # Two matters of one person may fall on one day: the line before is skipped, one of another matter is not.
        person = person if WHATS.index(what) <= WHATS.index(last) else UUID(int=max(person.int - 1, 0))
    window = {"from": first, "to": end, "day": day, "person": person}
    return {"of": of, "what": what, "on": on, "limit": limit, **window}


def _window(state: str, on: date) -> tuple[date, date]:
    first, last = months_later(on, -MONTHS_BACK), months_later(on, MONTHS_AHEAD) + timedelta(days=1)
    if state == "overdue":
        return first, on
    return (on if state == "soon" else first), last


def _due(row: tuple[Any, ...], on: date) -> Due:
    due_on, key, what, name, number, hours = row
    missing = cme_missing(Decimal(hours or 0)) if what == "renewal" else Decimal(0)
    return Due(what, key, name, number, term(what, due_on, on=on), cme_words(missing) if missing else None)


def cme_words(missing: Decimal) -> Text:
    """The hours still missing, in words."""
    hours = f"{missing.normalize():f}"
    return Text(
        f"còn thiếu {hours.replace('.', ',')} giờ đào tạo liên tục của {CME_HOURS} giờ",
        f"{hours} of {CME_HOURS} credit hours missing",
    )
