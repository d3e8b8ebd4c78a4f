"""Looking up practitioners. Every look-up for a person starts from `visible_to`."""

from __future__ import annotations

from typing import Any

from django.db.models import BooleanField, Exists, F, Func, OuterRef, Q, QuerySet

from ymach.accounts.permissions import Permission
from ymach.base.actors import Actor, Grant
from ymach.base.licence_numbers import number_key
from ymach.facilities.queries import ALL, NONE, grants_with
from ymach.practitioners.models import Licence, PracticeRegistration, Practitioner


def of_person(key: Any) -> Func:
    """The condition that a row is of the practitioner `key` (an expression), asked one by one and answered by the B-tree
    of `practitioner_id`. Of a plain `=` PostgreSQL thinks the GiST index of an exclusion constraint as good; it takes
    five times as long."""
    return Func(
        *(F("practitioner_id"), key),
        template="(%(expressions)s]))",
        arg_joiner=" = ANY (ARRAY[",
        output_field=BooleanField(),
    )


def visible_to(actor: Actor, *, one_by_one: bool = False) -> QuerySet[Practitioner]:
    """The practitioners an actor may see. one_by_one: for asking about few, each by itself.

    The ministry sees all; a department those it licensed and those registered, now or before, in its province; a
    facility those registered with it, now or before; a practitioner themselves.
    """
    seen = NONE
    for grant in grants_with(actor, Permission.PRACTITIONER_SEE):
        seen |= _reach(grant, of_person(OuterRef("pk")) if one_by_one else Q(practitioner=OuterRef("pk")))
    return Practitioner.objects.filter(seen)


def find_practitioner_by_licence(number: str) -> Practitioner | None:
    """The holder of a licence number, however it is written; who asks is the caller's matter (the check is public)."""
    licence = Licence.objects.select_related("practitioner").filter(number_key=number_key(number)).first()
    return licence.practitioner if licence else None


def _reach(grant: Grant, is_theirs: Func | Q) -> Q:
    """Asked person by person where few are asked for: EXISTS lets PostgreSQL choose, IN reads everybody of a province."""
    if grant.practitioner_id is not None:
        return Q(pk=grant.practitioner_id)
    own = PracticeRegistration.objects.filter(is_theirs)
    if grant.facility_id is not None:
        return Q(Exists(own.filter(facility=grant.facility_id)))
    if grant.province_code is not None:
        held = Licence.objects.filter(is_theirs, issuer_province_code=grant.province_code)
        return Q(Exists(own.filter(facility__province_code=grant.province_code))) | Q(Exists(held))
    return NONE if grant.citizen_id is not None else ALL
