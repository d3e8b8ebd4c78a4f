"""What the law makes due about people: renewals, months without practice, continuing education.

Every look-up goes by an index on the day a licence or a registration ends, or by the people of one facility, and asks
for one page: nobody walks through 850,000 practitioners.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from ymach.base import pg
from ymach.base.actors import Actor
from ymach.base.text import Text
from ymach.changes import access
from ymach.changes.clocks import CME_HOURS, Term, clocks, cme_missing, term
from ymach.practitioners.rules.spans import months_later

MOST = 200


@dataclass(frozen=True, slots=True)
class Due:
    """Something due about a person. what: "renewal", "idle"; missing: CME hours still missing, for renewals."""

    what: str
    practitioner_id: UUID
    name: str
    licence: str
    term: Term
    note: Text | None = None


_REACH = """(l.issuer_province_code = ANY(%(provinces)s) OR EXISTS (
  SELECT FROM practitioners_registration r JOIN facilities_facility f ON f.id = r.facility_id
  WHERE r.practitioner_id = p.id AND r.valid @> %(on)s::date
    AND (f.province_code = ANY(%(provinces)s) OR f.id = ANY(%(facilities)s))) OR p.id = ANY(%(persons)s))"""

_RENEWALS = f"""
SELECT p.id, p.full_name, l.number, upper(l.valid) - 1, coalesce((
  SELECT sum(c.hours) FROM practitioners_cme_activity c
  WHERE c.practitioner_id = p.id AND c.verified_at IS NOT NULL AND c.ended_on > (upper(l.valid) - interval '5 years')), 0)
FROM practitioners_licence l JOIN practitioners_practitioner p ON p.id = l.practitioner_id
WHERE upper(l.valid) > %(from)s AND upper(l.valid) <= %(to)s AND NOT upper_inf(l.valid)
  AND NOT EXISTS (SELECT FROM practitioners_licence n WHERE n.practitioner_id = p.id AND lower(n.valid) >= upper(l.valid))
  AND NOT EXISTS (SELECT FROM practitioners_licence_revocation v WHERE v.licence_id = l.id)
  AND {_REACH}
ORDER BY upper(l.valid), p.id LIMIT %(limit)s
"""  # noqa: S608 - the reach is a constant

_IDLE = f"""
SELECT p.id, p.full_name, l.number, upper(last.valid)
FROM practitioners_registration last
JOIN practitioners_practitioner p ON p.id = last.practitioner_id
JOIN practitioners_licence l ON l.practitioner_id = p.id AND l.valid @> %(on)s::date
WHERE upper(last.valid) > %(from)s AND upper(last.valid) <= %(to)s AND NOT upper_inf(last.valid)
  AND NOT EXISTS (SELECT FROM practitioners_registration later WHERE later.practitioner_id = p.id
    AND (upper_inf(later.valid) OR upper(later.valid) > upper(last.valid)))
  AND ({_REACH} OR EXISTS (SELECT FROM facilities_facility f WHERE f.id = last.facility_id
    AND f.province_code = ANY(%(provinces)s)))
ORDER BY upper(last.valid), p.id LIMIT %(limit)s
"""  # noqa: S608 - the reach is a constant


def due(actor: Actor, on: date, *, limit: int = MOST) -> list[Due]:
    """What is due, or was due within the last year, about people the actor answers for, the earliest first.

    A department: those licensed or practising in its province; a facility: its own people; a practitioner: themselves.
    """
    found = [*_renewals(actor, on, limit), *_idle(actor, on, limit)]
    return sorted(found, key=lambda one: (one.term.due_on, str(one.practitioner_id)))[:limit]


def _renewals(actor: Actor, on: date, limit: int) -> Iterator[Due]:
    """Licences that end within the widest reminder, with the credit hours their renewal still lacks."""
    last = months_later(on, 6)
    window = {"from": months_later(on, -12), "to": last}
    for key, name, number, ends, hours in _ask(_RENEWALS, actor, on, limit, window):
        missing = cme_missing(Decimal(hours))
        yield Due("renewal", key, name, number, term("renewal", ends, on=on), _cme(missing) if missing else None)


def _idle(actor: Actor, on: date, limit: int) -> Iterator[Due]:
    """People with a licence who last practised so long ago that 24 months are near, or past."""
    months = clocks()["idle"].amount
    window = {"from": months_later(on, -months - 12), "to": months_later(on, -months + 6)}
    for key, name, number, stopped in _ask(_IDLE, actor, on, limit, window):
        yield Due("idle", key, name, number, term("idle", months_later(stopped, months), on=on))


def _ask(statement: str, actor: Actor, on: date, limit: int, window: dict[str, date]) -> Sequence[tuple[Any, ...]]:
    reach = {
        "provinces": access.decides_somewhere(actor),
        "facilities": _limits(actor, "facility_id"),
        "persons": _limits(actor, "practitioner_id"),
    }
    return pg.ask(statement, {**reach, **window, "on": on, "limit": limit})()


def _limits(actor: Actor, name: str) -> list[UUID]:
    mine = (getattr(grant, name) for grant in actor.grants if "change:propose" in grant.permissions)
    return [key for key in mine if key is not None]


def _cme(missing: Decimal) -> Text:
    hours = f"{missing.normalize():f}"
    return Text(
        f"còn thiếu {hours.replace('.', ',')} giờ đào tạo liên tục của {CME_HOURS} giờ",
        f"{hours} of {CME_HOURS} credit hours missing",
    )
