"""Reading the journal back as the chain it is."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from uuid import UUID

from ymach.audit.chain import Event, Link, chain_holds
from ymach.audit.models import AuditEvent, AuditHead
from ymach.audit.reached import Reading, affected_by, affected_persons, readings_of

__all__ = ["Reading", "affected_by", "affected_persons", "broken_chains", "links_of", "readings_of"]


def links_of(facility_id: UUID, day: date) -> Iterator[Link]:
    """The events of one facility's day (Viet Nam), in order."""
    for row in AuditEvent.objects.filter(facility_id=facility_id, day=day).order_by("number").iterator():
        event = Event(row.at, row.actor, row.action, row.subject, row.basis, row.citizen_id, row.detail)
        yield Link(row.facility_id, row.day, row.number, event, bytes(row.previous_hash), bytes(row.hash))


def broken_chains() -> list[tuple[UUID, date]]:
    """Every facility and day whose events do not lead, link by link, to the kept head."""
    heads = AuditHead.objects.values_list("facility_id", "day", "number", "hash").order_by("day", "facility_id")
    return [
        (facility_id, day)
        for facility_id, day, number, end in heads
        if not chain_holds(links_of(facility_id, day), head=(number, bytes(end)))
    ]
