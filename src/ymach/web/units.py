"""Units of accounts: where facilities and practitioners belong, and what the units of a list are called.

Accounts knows ids alone; here they are joined with the registry.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from ymach.accounts.models import Invitation, Membership
from ymach.accounts.permissions import Role
from ymach.accounts.rules import Home
from ymach.accounts.words import ROLE_WORDS
from ymach.base.actors import Actor
from ymach.base.text import Text
from ymach.facilities import queries as facilities
from ymach.facilities.models import Facility
from ymach.places.queries import province
from ymach.practitioners import queries as practitioners
from ymach.practitioners.models import Licence, PracticeRegistration, Practitioner

Held = Membership | Invitation
MINISTRY = Text("Bộ Y tế", "Ministry of Health")


def reach(by: Actor) -> dict[str, QuerySet[Any, Any]]:
    """The facilities and practitioners whose accounts may be those of `by`'s unit, as accounts' queries take them."""
    return {
        "facility_ids": facilities.visible_to(by).values("pk"),
        "practitioner_ids": practitioners.visible_to(by).values("pk"),
    }


def homes_of(held: Iterable[Held], *, on: date) -> dict[UUID, Home]:
    """Where the facilities and practitioners of memberships and invitations belong on the day `on`."""
    kept = list(held)
    places = Facility.objects.filter(pk__in={one.facility_id for one in kept if one.facility_id})
    homes = {key: Home(code, frozenset({key})) for key, code in places.values_list("pk", "province_code")}
    people = {one.practitioner_id for one in kept if one.practitioner_id}
    return {**homes, **{key: home_of_practitioner(key, on=on) for key in people}}


def home_of_practitioner(key: UUID, *, on: date) -> Home:
    """The province of the first registration in force, else of the last licence's issuer; all places of practice."""
    present = PracticeRegistration.objects.filter(practitioner=key, valid__contains=on).order_by("valid", "id")
    places = list(present.values_list("facility_id", "facility__province_code"))
    if places:
        return Home(places[0][1], frozenset(facility for facility, _ in places))
    licensed = Licence.objects.filter(practitioner=key).order_by("-issued_on")
    return Home(licensed.values_list("issuer_province_code", flat=True).first())


def home_of(held: Held, *, on: date) -> Home:
    """Where the facility or practitioner of one membership or invitation belongs."""
    key = held.facility_id or held.practitioner_id
    return homes_of([held], on=on).get(key, Home()) if key else Home()


def unit_names(held: Iterable[Held], *, on: date) -> dict[UUID, Text | str]:
    """The name of the unit of each membership or invitation, by its id."""
    kept = list(held)
    places = Facility.objects.filter(pk__in={one.facility_id for one in kept if one.facility_id})
    names: dict[UUID, str] = {key: f"{name} ({code})" for key, name, code in places.values_list("pk", "name", "code")}
    people = Practitioner.objects.filter(pk__in={one.practitioner_id for one in kept if one.practitioner_id})
    names.update(people.values_list("pk", "full_name"))
    return {one.pk: _unit_name(one, names, on) for one in kept}


def _unit_name(held: Held, names: dict[UUID, str], on: date) -> Text | str:
    key = held.facility_id or held.practitioner_id
    if key:
        return names.get(key, "—")
    if held.province_code:
        unit = province(held.province_code, on)
        return Text(unit.name("vi"), unit.name("en")) if unit else held.province_code
    return MINISTRY if held.role in {Role.MINISTRY.value, Role.AUDITOR.value} else "—"


def role_words(held: Held) -> Text:
    """The role of a membership or an invitation, in words."""
    return ROLE_WORDS[Role(held.role)]
