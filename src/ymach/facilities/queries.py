"""Looking up facilities and their certificates. Every look-up for a person starts from `visible_to`."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, TypeVar
from uuid import UUID

from django.db.models import Q, QuerySet

from ymach.accounts.permissions import Permission
from ymach.base import pg
from ymach.base.actors import Actor, Grant
from ymach.facilities.models import Facility, FacilityCertificate

Key = TypeVar("Key", bound=UUID | None)
NONE, ALL = Q(pk__in=[]), ~Q(pk__in=[])  # an empty Q() would vanish in an “or”


_SENDING = """
SELECT f.id, f.code, f.province_code, f.tax_code, c.fingerprint, lower(c.valid), upper(c.valid)
FROM facilities_facility f LEFT JOIN facilities_certificate c ON c.facility_id = f.id
WHERE f.code = %s AND f.valid @> %s::date
"""


def facility_by_code(code: str, *, on: date) -> Facility | None:
    """The holder of `code` on the day `on` (Viet Nam), whoever asks."""
    return Facility.objects.filter(code=code, valid__contains=on).first()


def visible_to(actor: Actor) -> QuerySet[Facility]:
    """The facilities an actor may see: the ministry all, a department its province, a facility its own."""
    seen = NONE
    for grant in grants_with(actor, Permission.FACILITY_SEE):
        seen |= _reach(grant)
    return Facility.objects.filter(seen)


def names_of(ids: Iterable[Key]) -> dict[Key, str]:
    """Names of facilities by id, whoever asks; None is nobody's id. One statement."""
    found: dict[Any, str] = dict(Facility.objects.filter(pk__in={one for one in ids if one}).values_list("pk", "name"))
    return found


@dataclass(frozen=True, slots=True)
class Binding:
    """A certificate (SHA-256 of its DER, hex) counts as the facility's from one moment to another (None: still)."""

    fingerprint: str
    start: datetime
    end: datetime | None

    def holds(self, at: datetime) -> bool:
        return self.start <= at and (self.end is None or at < self.end)


@dataclass(frozen=True, slots=True)
class SendingFacility:
    """What the intake needs to know of a facility that sends, with every binding of a certificate it ever had."""

    id: UUID
    code: str
    province_code: str
    tax_code: str
    bindings: tuple[Binding, ...]


def sending_facility(code: str, *, on: date) -> SendingFacility | None:
    """The holder of `code` on a day (Viet Nam). For the intake, which asks all the time: one prepared statement."""
    rows = pg.ask(_SENDING, [code, on])()
    if not rows:
        return None
    key, code, province_code, tax_code, *_ = rows[0]
    bindings = tuple(Binding(*row[4:]) for row in rows if row[4] is not None)
    return SendingFacility(key, code, province_code, tax_code, bindings)


def certificate_binding(fingerprint: str, *, at: datetime) -> FacilityCertificate | None:
    """The binding of a certificate (SHA-256 of its DER, hex) to a facility at the moment `at`, facility included."""
    held = FacilityCertificate.objects.select_related("facility").defer("der")
    return held.filter(fingerprint=fingerprint.lower(), valid__contains=at).first()


def facility_certificates(facility_code: str) -> QuerySet[FacilityCertificate]:
    """All certificates ever bound to the holders of a code, the newest first."""
    return FacilityCertificate.objects.filter(facility__code=facility_code).order_by("-valid")


def grants_with(actor: Actor, word: Permission) -> Iterable[Grant]:
    """The grants of an actor that hold the word."""
    return (grant for grant in actor.grants if word.value in grant.permissions)


def rows_reached(actor: Actor, word: Permission) -> Q:
    """Rows, by their `facility_id` and `province_code`, of the facilities, provinces, or the whole country that the
    actor's grants with `word` reach; none for grants of one person."""
    seen = Q(facility_id__in=[])
    for grant in grants_with(actor, word):
        if grant.facility_id is not None:
            seen |= Q(facility_id=grant.facility_id)
        elif grant.province_code is not None:
            seen |= Q(province_code=grant.province_code)
        elif grant.practitioner_id is None and grant.citizen_id is None:
            return ~Q(facility_id__in=[])
    return seen


def _reach(grant: Grant) -> Q:
    if grant.facility_id is not None:
        return Q(pk=grant.facility_id)
    if grant.province_code is not None:
        return Q(province_code=grant.province_code)
    limited_to_a_person = grant.practitioner_id is not None or grant.citizen_id is not None
    return NONE if limited_to_a_person else ALL
