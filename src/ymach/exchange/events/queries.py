"""Reading the stream. What is asked for and what is sent by itself are the same rows in the same words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.db.models import Q

from ymach.accounts.permissions import Permission, require
from ymach.base.actors import Actor
from ymach.base.clock import iso
from ymach.exchange.events.errors import CursorWrong
from ymach.exchange.events.models import Stream, StreamEvent
from ymach.exchange.events.rules import REFUSED, Wanted
from ymach.exchange.models import Subscription
from ymach.facilities.queries import grants_with

NOW = "now"


@dataclass(frozen=True, slots=True)
class Reach:
    """Whose events somebody may hear: those of facilities, of provinces, or all."""

    facilities: frozenset[UUID] = frozenset()
    provinces: frozenset[str] = frozenset()
    is_all: bool = False


@dataclass(frozen=True, slots=True)
class Page:
    """Events in order. position: to go on from; behind it nothing was left out. more: ask again at once."""

    events: Sequence[StreamEvent] = field(default=())
    position: int = 0
    more: bool = False


def reach_of(by: Actor) -> Reach:
    """What an actor may follow. Raises NotAllowed."""
    require(by, Permission.EVENT_FOLLOW)
    grants = list(grants_with(by, Permission.EVENT_FOLLOW))
    facilities = frozenset(grant.facility_id for grant in grants if grant.facility_id is not None)
    provinces = frozenset(grant.province_code for grant in grants if grant.province_code and not grant.facility_id)
    limits = [(one.facility_id, one.province_code, one.practitioner_id, one.citizen_id) for one in grants]
    return Reach(facilities, provinces, any(set(limit) == {None} for limit in limits))


def reach_of_subscription(one: Subscription) -> Reach:
    """A facility's own, a province's, or all."""
    if one.facility_id is not None:
        return Reach(facilities=frozenset({one.facility_id}))
    return Reach(provinces=frozenset({one.province_code})) if one.province_code else Reach(is_all=True)


def head() -> int:
    """The last position."""
    return Stream.objects.values_list("position", flat=True).first() or 0


def read_cursor(text: str) -> int:
    """A cursor as a reader gives it: empty for the beginning, "now" for the end. Raises CursorWrong."""
    if text == NOW:
        return head()
    if text and not (text.isascii() and text.isdecimal() and len(text) < 19):
        raise CursorWrong(field="after", after=text[:50])
    position = int(text or 0)
    if position > head():
        # Read on from there, events would be passed over without a word.
        raise CursorWrong(field="after", after=text)
    return position


def events_after(position: int, *, reach: Reach, wanted: Wanted, limit: int, extra: Q | None = None) -> Page:
    """At most `limit` events behind `position`. extra: narrows further."""
    end = head()
    rows = StreamEvent.objects.filter(position__gt=position, position__lte=end).filter(_seen(reach), _asked(wanted))
    found = list(rows.filter(extra or Q()).order_by("position")[: limit + 1])
    if len(found) > limit:
        return Page(found[:limit], found[limit - 1].position, more=True)
    return Page(found, max(end, position))


def as_json(event: StreamEvent, *, issuer: str) -> dict[str, Any]:
    """An event as everybody gets it. issuer: the platform's address, the root of its links."""
    submission = str(event.submission_id) if event.submission_id else None
    return {
        "id": str(event.id),
        "cursor": str(event.position),
        "kind": event.kind,
        "at": iso(event.at),
        "facility": event.facility_code,
        "subject": event.subject,
        "submission": submission,
        "version": event.version,
        "record_kinds": event.record_kinds,
        "detail": event.detail,
        "link": f"{issuer}/api/v1/submissions/{submission}" if submission else None,
    }


def _seen(reach: Reach) -> Q:
    """Events of the reach. Where no kind of record may be named, its facility alone is told: the silence would tell."""
    own = Q(facility_id__in=reach.facilities)
    speaks = ~Q(record_kinds=[]) | Q(kind=REFUSED)
    if reach.is_all:
        return own | speaks
    return own | (Q(province_code__in=reach.provinces) & speaks) if reach.provinces else own


def _asked(wanted: Wanted) -> Q:
    """A later version is told whatever its records: what concerned the reader may be what it takes away."""
    asked = Q(kind__in=wanted.kinds) if wanted.kinds else Q()
    if wanted.record_kinds:
        asked &= Q(record_kinds__overlap=sorted(wanted.record_kinds)) | Q(version__gt=1)
    return asked
