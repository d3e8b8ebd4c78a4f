"""What pages show of deliveries: each sees its own, numbers come from the counters."""

from __future__ import annotations

from datetime import timedelta

import pytest
from tests.support.deliveries import Place, make_delivery
from tests.support.factories import make_facility

from ymach.accounts.permissions import ROLE_PERMISSIONS, Role
from ymach.base.actors import Actor, ActorKind, Grant
from ymach.base.clock import now
from ymach.base.errors import NotFound
from ymach.exchange.deliveries import queries
from ymach.facilities.models import Facility

pytestmark = pytest.mark.django_db


def _actor(role: Role, **reach: object) -> Actor:
    grant = Grant(role.value, frozenset(word.value for word in ROLE_PERMISSIONS[role]), **reach)  # type: ignore[arg-type]
    return Actor(ActorKind.USER, "test", "Người thử", (grant,))


def _place(facility: Facility) -> Place:
    return Place(facility.code, facility.province_code, facility.id)


def test_a_facility_sees_its_own_deliveries_only() -> None:
    mine, other = _place(make_facility("01001")), _place(make_facility("01002"))
    here, there = make_delivery("insurance", place=mine), make_delivery("insurance", place=other)
    actor = _actor(Role.FACILITY, facility_id=mine.id)
    assert queries.get_delivery(actor, here.id) == here
    with pytest.raises(NotFound):
        queries.get_delivery(actor, there.id)


def test_a_department_sees_the_deliveries_of_its_province() -> None:
    inside, outside = _place(make_facility("01001")), _place(make_facility("79001", province_code="79"))
    here = make_delivery("insurance", place=inside)
    make_delivery("insurance", place=outside)
    assert list(queries.deliveries_visible_to(_actor(Role.DEPARTMENT, province_code="01"))) == [here]


def test_a_practitioner_sees_none() -> None:
    make_delivery("insurance", place=_place(make_facility()))
    assert not queries.deliveries_visible_to(_actor(Role.PRACTITIONER)).exists()


def test_what_needs_a_hand_comes_the_oldest_first() -> None:
    place, at = _place(make_facility()), now()
    younger = make_delivery("insurance", place=place, state="refused", at=at)
    older = make_delivery("insurance", place=place, state="stuck", at=at - timedelta(hours=30))
    make_delivery("insurance", place=place)
    assert queries.deliveries_for_a_hand(_actor(Role.MINISTRY)) == [older, younger]
