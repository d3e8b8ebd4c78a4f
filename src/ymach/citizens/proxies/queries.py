"""Reading proxies: whom somebody acts for, and who acts for somebody."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from uuid import UUID

from django.db.models import OuterRef, QuerySet, Subquery

from ymach.citizens.links.queries import identities_of
from ymach.citizens.proxies.models import ProxyEnd, ProxyRow
from ymach.citizens.proxies.rules import Evidence, Proxy, Relation, Scope, holds

_DEEPEST = 10


def acting_for(citizen_id: UUID, *, on: date) -> list[Proxy]:
    """Whom the person, under any identity of theirs, acts for on the day `on` (Viet Nam), the oldest appointment first."""
    return _in_force(_rows().filter(proxy_id__in=identities_of([citizen_id])), on)


def proxies_of(citizen_id: UUID, *, on: date) -> list[Proxy]:
    """Who acts for the person, under any identity of theirs, on the day `on` (Viet Nam)."""
    return _in_force(_rows().filter(citizen_id__in=identities_of([citizen_id])), on)


def history_of(citizen_ids: Iterable[UUID]) -> list[Proxy]:
    """Every proxy these persons have or had, the newest first."""
    rows = _rows().filter(citizen_id__in=list(citizen_ids)).order_by("-appointed_at")
    return [_proxy(row, row.over_at) for row in rows]  # type: ignore[attr-defined]


def acted_for_through(citizen_id: UUID, *, on: date) -> frozenset[UUID]:
    """Everybody who acts for the person on that day, and who acts for those, and so on."""
    found: set[UUID] = set()
    fresh = {citizen_id}
    for _ in range(_DEEPEST):
        rows = _in_force(_rows().filter(citizen_id__in=fresh), on)
        fresh = {one.proxy_id for one in rows} - found
        if not fresh:
            break
        found |= fresh
    return frozenset(found)


def _rows() -> QuerySet[ProxyRow]:
    over = ProxyEnd.objects.filter(citizen_id=OuterRef("citizen_id"), proxy_row_id=OuterRef("id"))
    return ProxyRow.objects.annotate(over_at=Subquery(over.values("ended_at")[:1])).order_by("appointed_at")


def _in_force(rows: QuerySet[ProxyRow], on: date) -> list[Proxy]:
    found = (_proxy(row, row.over_at) for row in rows)  # type: ignore[attr-defined]
    return [one for one in found if holds(one, on)]


def _proxy(row: ProxyRow, ended_at: object) -> Proxy:
    return Proxy(
        id=row.id,
        subject_id=row.citizen_id,
        proxy_id=row.proxy_id,
        relation=Relation(row.relation),
        scope=frozenset(Scope(word) for word in row.scope),
        compartments=frozenset(row.compartments),
        since=row.since,
        until=row.until,
        evidence=Evidence(row.evidence),
        evidence_number=row.evidence_number,
        paper_id=row.paper_id,
        appointed_at=row.appointed_at,
        ended_at=ended_at,  # type: ignore[arg-type]
    )
