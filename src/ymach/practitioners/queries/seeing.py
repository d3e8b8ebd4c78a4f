"""Looking up practitioners. Every look-up for a person starts from `visible_to`."""

from __future__ import annotations

from django.db.models import Exists, OuterRef, Q, QuerySet

from ymach.accounts.permissions import Permission
from ymach.base.actors import Actor, Grant
from ymach.base.licence_numbers import number_key
from ymach.facilities.queries import ALL, NONE, grants_with
from ymach.practitioners.models import Licence, PracticeRegistration, Practitioner


def visible_to(actor: Actor) -> QuerySet[Practitioner]:
    """The practitioners an actor may see.

    The ministry sees all; a department those it licensed and those registered, now or before, in its province; a
    facility those registered with it, now or before; a practitioner themselves.
    """
    seen = NONE
    for grant in grants_with(actor, Permission.PRACTITIONER_SEE):
        seen |= _reach(grant)
    return Practitioner.objects.filter(seen)


def find_practitioner_by_licence(number: str) -> Practitioner | None:
    """The holder of a licence number, however it is written; who asks is the caller's matter (the check is public)."""
    licence = Licence.objects.select_related("practitioner").filter(number_key=number_key(number)).first()
    return licence.practitioner if licence else None


def _reach(grant: Grant) -> Q:
    """Asked person by person where few are asked for: EXISTS lets PostgreSQL choose, IN reads everybody of a province."""
    if grant.practitioner_id is not None:
        return Q(pk=grant.practitioner_id)
    own = PracticeRegistration.objects.filter(practitioner=OuterRef("pk"))
    if grant.facility_id is not None:
        return Q(Exists(own.filter(facility=grant.facility_id)))
    if grant.province_code is not None:
        held = Licence.objects.filter(practitioner=OuterRef("pk"), issuer_province_code=grant.province_code)
        return Q(Exists(own.filter(facility__province_code=grant.province_code))) | Q(Exists(held))
    return NONE if grant.citizen_id is not None else ALL
