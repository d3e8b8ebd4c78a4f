"""Looking at deliveries: what is on its way, what is stuck. Every look-up starts from what the actor may see."""

from __future__ import annotations

from uuid import UUID

from django.db.models import Q, QuerySet

from ymach.accounts.permissions import Permission, require
from ymach.base.actors import Actor, Grant
from ymach.base.errors import NotFound
from ymach.exchange.deliveries.rules import BY_HAND
from ymach.exchange.models import Delivery, DeliveryState
from ymach.facilities.models import Facility
from ymach.facilities.queries import grants_with

PAGE = 50
OPEN = (DeliveryState.WAITING, DeliveryState.SENDING)


def deliveries_visible_to(actor: Actor) -> QuerySet[Delivery]:
    """The deliveries an actor may see: its own facility's, those of its province, or all."""
    grants = list(grants_with(actor, Permission.DELIVERY_SEE))
    if any(_is_unlimited(grant) for grant in grants):
        return Delivery.objects.all()
    facilities = [grant.facility_id for grant in grants if grant.facility_id is not None]
    provinces = {grant.province_code for grant in grants if grant.province_code}
    # The registry is whole on every machine, so a province's facilities are one local look-up.
    of_provinces = Facility.objects.filter(province_code__in=provinces).values("id")
    return Delivery.objects.filter(Q(facility_id__in=facilities) | Q(facility_id__in=of_provinces))


def get_delivery(by: Actor, delivery_id: UUID, needs: Permission = Permission.DELIVERY_SEE) -> Delivery:
    """One delivery, for a door. Raises NotFound where the actor may not see it, NotAllowed where the word is missing."""
    found = deliveries_visible_to(by).filter(id=delivery_id).first()
    if found is None:
        raise NotFound
    require(by, needs, facility=Facility.objects.get(id=found.facility_id))
    return found


def deliveries_for_a_hand(by: Actor, *, destination: str = "", limit: int = PAGE) -> list[Delivery]:
    """What stays until an operator acts: stuck and refused ones, the oldest first."""
    rows = deliveries_visible_to(by).filter(state__in=BY_HAND)
    if destination:  # or all receivers of a family ("referral")
        rows = rows.filter(Q(destination=destination) | Q(destination__startswith=f"{destination}:"))
    return list(rows.order_by("created_at", "id")[:limit])


def _is_unlimited(grant: Grant) -> bool:
    limits = (grant.facility_id, grant.province_code, grant.practitioner_id, grant.citizen_id)
    return all(limit is None for limit in limits)
