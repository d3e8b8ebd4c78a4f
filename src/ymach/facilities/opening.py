"""Opening a facility: its code, its location number and its operating licence given in one action."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Unpack

from django.conf import settings
from django.db import connection
from django.db.models import Max

from ymach.accounts.permissions import Permission
from ymach.base.actors import Actor
from ymach.base.history.attribution import attributed
from ymach.base.periods import Period
from ymach.facilities import access, actions, codes
from ymach.facilities.actions import FacilityDetails
from ymach.facilities.models import Facility

# One counter for the country: whoever takes a number waits for the other to be done with theirs.
_LOCK = "SELECT pg_advisory_xact_lock(hashtext('facility numbers'))"


@dataclass(frozen=True, slots=True)
class LicenceGiven:
    """The operating licence a facility opens with. scopes: as the decision words them."""

    number: str
    issued_on: date
    issuer: str
    scopes: Sequence[str] = ()


def open_facility(
    *,
    name: str,
    form: str,
    sector: str,
    province_code: str,
    licence: LicenceGiven,
    by: Actor,
    at: datetime,
    code: str | None = None,
    gln: str | None = None,
    opens_on: date | None = None,
    site_of: Facility | None = None,
    **details: Unpack[FacilityDetails],
) -> Facility:
    """A facility with its operating licence, from `opens_on` on (without it: the day of issue).

    code: without it the next free one under the province's two digits. gln: without it the next one under the prefix of
    the setting YMACH_GLN_PREFIX, none where that is empty. site_of: the main facility of which this is a further site.
    Raises NotAllowed, NoCodeLeft and what `actions.register_facility` and `actions.grant_operating_licence` raise.
    """
    access.require_decider(by, Permission.FACILITY_MANAGE, where=access.Locality(province_code))
    valid = Period(opens_on or licence.issued_on)
    with attributed(by=by, reason="facility opened", at=at):
        facility = actions.register_facility(
            code=code or _next_code(province_code),
            gln=gln or _next_gln(settings.ENVIRONMENT.gln_prefix),
            name=name,
            form=form,
            sector=sector,
            province_code=province_code,
            valid=valid,
            site_of=site_of,
            by=by,
            at=at,
            **details,
        )
        actions.grant_operating_licence(
            facility=facility,
            number=licence.number,
            issued_on=licence.issued_on,
            issuer=licence.issuer,
            scopes=licence.scopes,
            valid=valid,
            by=by,
            at=at,
        )
    return Facility.objects.get(pk=facility.pk)


def _next_code(province_code: str) -> str:
    _lock()
    taken = Facility.objects.filter(code__startswith=province_code).values_list("code", flat=True)
    return codes.next_code(province_code, set(taken))


def _next_gln(prefix: str) -> str | None:
    if not prefix:
        return None
    _lock()
    highest = Facility.objects.filter(gln__startswith=prefix).aggregate(highest=Max("gln"))["highest"]
    return codes.next_gln(prefix, highest)


def _lock() -> None:
    with connection.cursor() as cursor:
        cursor.execute(_LOCK)
