"""Looking at deliveries: what is on its way, what is stuck. Every look-up starts from what the actor may see."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Min, Q, QuerySet, Sum

from ymach.accounts.permissions import Permission, require
from ymach.base.actors import Actor, Grant
from ymach.base.errors import NotFound
from ymach.exchange.deliveries.names import DESTINATIONS
from ymach.exchange.deliveries.rules import BY_HAND
from ymach.exchange.models import Counter, Delivery, DeliveryState
from ymach.facilities.models import Facility
from ymach.facilities.queries import grants_with

PAGE = 50
OPEN = (DeliveryState.WAITING, DeliveryState.SENDING)


@dataclass(frozen=True, slots=True)
class DestinationState:
    """One destination as an actor sees it: numbers by state, and how long the oldest open delivery has been open.

    oldest: None when nothing is open.
    """

    destination: str
    waiting: int
    sending: int
    delivered: int
    refused: int
    stuck: int
    withdrawn: int
    oldest: timedelta | None


def deliveries_visible_to(actor: Actor) -> QuerySet[Delivery]:
    """The deliveries an actor may see: its own facility's, those of its province, or all."""
    # The registry is whole on every machine, so a province's facilities are one local look-up.
    provinces = _provinces(actor)
    of_provinces = Facility.objects.filter(province_code__in=provinces).values("id")
    seen = _reach(actor, Q(facility_id__in=of_provinces) if provinces else None)
    return Delivery.objects.filter(seen)


def get_delivery(by: Actor, delivery_id: UUID, needs: Permission = Permission.DELIVERY_SEE) -> Delivery:
    """One delivery, for a door. Raises NotFound where the actor may not see it, NotAllowed where the word is missing."""
    found = deliveries_visible_to(by).filter(id=delivery_id).first()
    if found is None:
        raise NotFound
    require(by, needs, facility=Facility.objects.get(id=found.facility_id))
    return found


def open_deliveries(by: Actor, *, destination: str = "", limit: int = PAGE) -> list[Delivery]:
    """What waits or is being sent, the next due first."""
    rows = deliveries_visible_to(by).filter(state__in=OPEN)
    return list(_to(rows, destination).order_by("due_at", "id")[:limit])


def deliveries_for_a_hand(by: Actor, *, destination: str = "", limit: int = PAGE) -> list[Delivery]:
    """What stays until an operator acts: stuck and refused ones, the oldest first."""
    rows = deliveries_visible_to(by).filter(state__in=BY_HAND)
    return list(_to(rows, destination).order_by("created_at", "id")[:limit])


def destinations(by: Actor, *, at: datetime, names: Iterable[str] = DESTINATIONS) -> list[DestinationState]:
    """Each destination with its numbers (from the counters, nothing is counted here) and the age of its oldest."""
    visible = deliveries_visible_to(by)
    numbers = _numbers(by)
    return [_state(name, numbers, visible, at) for name in names]


def _state(
    name: str, numbers: dict[tuple[str, str], int], visible: QuerySet[Delivery], at: datetime
) -> DestinationState:
    states = {state.value: numbers.get((name, state.value), 0) for state in DeliveryState}
    oldest = None
    if states["waiting"] or states["sending"]:
        oldest = _to(visible, name).filter(state__in=OPEN).aggregate(oldest=Min("created_at"))["oldest"]
    return DestinationState(name, **states, oldest=at - oldest if oldest else None)


def _numbers(by: Actor) -> dict[tuple[str, str], int]:
    provinces = _provinces(by)
    seen = _reach(by, Q(province_code__in=provinces) if provinces else None)
    rows = Counter.objects.filter(seen, subject="delivery").values("name", "state").annotate(total=Sum("number"))
    return {(row["name"], row["state"]): row["total"] for row in rows}


def _provinces(actor: Actor) -> set[str]:
    return {grant.province_code for grant in grants_with(actor, Permission.DELIVERY_SEE) if grant.province_code}


def _reach(actor: Actor, in_provinces: Q | None) -> Q:
    """Rows of the actor's facilities, of its provinces (given as `in_provinces`), or all."""
    grants = list(grants_with(actor, Permission.DELIVERY_SEE))
    if any(_is_unlimited(grant) for grant in grants):
        return Q()
    facilities = [grant.facility_id for grant in grants if grant.facility_id is not None]
    seen = Q(facility_id__in=facilities)
    return seen if in_provinces is None else seen | in_provinces


def _is_unlimited(grant: Grant) -> bool:
    limits = (grant.facility_id, grant.province_code, grant.practitioner_id, grant.citizen_id)
    return all(limit is None for limit in limits)


def _to(rows: QuerySet[Delivery], destination: str) -> QuerySet[Delivery]:
    """Those to a destination, or to all receivers of a family ("referral")."""
    if not destination:
        return rows
    return rows.filter(Q(destination=destination) | Q(destination__startswith=f"{destination}:"))
