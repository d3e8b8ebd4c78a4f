"""Writing facilities, operating licences and certificates.

Days are Vietnamese, moments aware; `by` and `at` go into the history. All of it is verified: only the department of the
facility's province, a command or the system writes it, everybody else gets NotAllowed. seen: the revision of the profile
that the change was made from; Conflict when it has moved on.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import TypedDict, Unpack

from django.db.backends.postgresql.psycopg_any import DateTimeTZRange

from ymach.accounts.permissions import Permission
from ymach.base.actors import Actor
from ymach.base.clock import vietnam_day
from ymach.base.history.attribution import attributed
from ymach.base.licence_numbers import number_key
from ymach.base.name_keys import folded, reading_order
from ymach.base.periods import Period
from ymach.base.refusals import refused_as
from ymach.base.vietnamese import tidy_name
from ymach.facilities import access, changing, errors, rules
from ymach.facilities.dated import day_range, period_of
from ymach.facilities.models import (
    Facility,
    FacilityCertificate,
    OperatingLicence,
    OperatingLicenceRevocation,
    OperatingLicenceSuspension,
    Part,
)
from ymach.facilities.profile.rules import check_named, check_not_before_founding
from ymach.facilities.telling import LIFTED, REVOKED, SUSPENDED, tell_facility
from ymach.trust.certificates import Certificate

__all__ = ["day_range", "period_of"]  # other packages know them from here


class FacilityDetails(TypedDict, total=False):
    """What may be known of a facility beside its name and code; codes are those of the shared catalogues."""

    level: str
    route: str
    hospital_class: str
    commune_code: str
    address: str
    tax_code: str
    email: str
    phone: str


class VerifiedDetails(TypedDict, total=False):
    """What the department may correct in the facility's own row; None as GLN takes it away."""

    name: str
    gln: str | None
    form: str
    sector: str
    level: str
    route: str
    hospital_class: str
    commune_code: str
    address: str
    tax_code: str


def register_facility(
    *,
    code: str,
    name: str,
    form: str,
    sector: str,
    province_code: str,
    by: Actor,
    at: datetime,
    gln: str | None = None,
    valid: Period | None = None,
    site_of: Facility | None = None,
    **details: Unpack[FacilityDetails],
) -> Facility:
    """A new facility under `code` during `valid` (without it: from today on); with `site_of` a further site of another.

    Raises NotAllowed, FacilityCodeWrong, GlnWrong, PeriodWrong, SiteOfSite, FacilityCodeTaken, GlnTaken.
    """
    access.require_decider(by, Permission.FACILITY_MANAGE, where=access.Locality(province_code))
    period = valid or Period(vietnam_day(at))
    rules.check_facility_code(code)
    rules.check_gln(gln)
    rules.check_period(period)
    rules.check_main_facility(site_of)
    facility = Facility(code=code, gln=gln, form=form, sector=sector, province_code=province_code, **details)
    facility.site_of = site_of
    facility.valid = day_range(period)
    _name(facility, name)
    with refused_as(_refusals(facility)), attributed(by=by, reason="facility registered", at=at):
        facility.save(force_insert=True)
    return facility


def correct_facility(
    *,
    facility: Facility,
    reason: str,
    by: Actor,
    at: datetime,
    seen: int | None = None,
    **details: Unpack[VerifiedDetails],
) -> Facility:
    """Change verified facts of the facility's own row; the history keeps the old ones.

    Raises NotAllowed, Conflict, TextMissing, GlnWrong, GlnTaken.
    """
    if "name" in details:
        check_named("name", details["name"])
    rules.check_gln(details.get("gln"))
    values: dict[str, object] = {**details}
    refusals = _refusals(Facility(code=facility.code, gln=details.get("gln")))
    with refused_as(refusals), changing.verified(facility, reason=reason, by=by, at=at, seen=seen) as fresh:
        for column, value in values.items():
            setattr(fresh, column, value)
        _name(fresh, fresh.name)
        fresh.save(update_fields=[*values, "name", "name_folded", "sort_key"])
    return fresh


def close_facility(
    *, facility: Facility, ends_on: date, reason: str, by: Actor, at: datetime, seen: int | None = None
) -> Facility:
    """From the day `ends_on` on the facility is no more and its code free; its operating licence ends with it.

    Raises NotAllowed, Conflict, PeriodWrong.
    """
    with changing.verified(facility, reason=reason, by=by, at=at, seen=seen) as fresh:
        for licence in fresh.operating_licences.filter(valid__contains=ends_on):
            _end(licence, ends_on)
        _end(fresh, ends_on)
    return fresh


def grant_operating_licence(
    *,
    facility: Facility,
    number: str,
    issued_on: date,
    issuer: str,
    by: Actor,
    at: datetime,
    scopes: Sequence[str] = (),
    valid: Period | None = None,
    seen: int | None = None,
) -> OperatingLicence:
    """An operating licence during `valid` (without it: from the day of issue on).

    Raises NotAllowed, Conflict, PeriodWrong, TextMissing, BeforeFounding, OperatingLicenceOverlaps.
    """
    period = valid or Period(issued_on)
    rules.check_period(period)
    check_named("number", number)
    overlaps = {"operating_licence_one_at_a_time": lambda: errors.OperatingLicenceOverlaps(facility=facility.code)}
    change = changing.verified(facility, reason="operating licence granted", by=by, at=at, seen=seen)
    with refused_as(overlaps), change as fresh:
        check_not_before_founding(issued_on, fresh.founded_year, field="issued_on")
        return OperatingLicence.objects.create(
            facility=facility,
            number=number.strip(),
            number_key=number_key(number),
            issued_on=issued_on,
            issuer=issuer,
            scopes=list(scopes),
            valid=day_range(period),
        )


def end_operating_licence(
    *, licence: OperatingLicence, ends_on: date, reason: str, by: Actor, at: datetime, seen: int | None = None
) -> OperatingLicence:
    """Let an operating licence hold no longer from the day `ends_on` on (replaced, closed, given back).

    Raises NotAllowed, Conflict, PeriodWrong.
    """
    with changing.verified(licence.facility, reason=reason, by=by, at=at, seen=seen):
        licence = OperatingLicence.objects.select_for_update().get(pk=licence.pk)
        _end(licence, ends_on)
    return licence


def revoke_operating_licence(
    *,
    licence: OperatingLicence,
    effective_on: date,
    reason: str,
    decision: str,
    by: Actor,
    at: datetime,
    seen: int | None = None,
) -> OperatingLicenceRevocation:
    """End a licence by decision from `effective_on` on (Law 15/2023/QH15 Art. 56; Decree 96/2023/NĐ-CP Art. 78).

    Raises NotAllowed, Conflict, TextMissing, PeriodWrong, OperatingLicenceRevoked.
    """
    check_named("decision", decision)
    with changing.verified(licence.facility, reason=reason, by=by, at=at, seen=seen):
        licence = OperatingLicence.objects.select_for_update().get(pk=licence.pk)
        if OperatingLicenceRevocation.objects.filter(licence=licence).exists():
            raise errors.OperatingLicenceRevoked(number=licence.number)
        _end(licence, effective_on)
        revocation = OperatingLicenceRevocation.objects.create(
            licence=licence, effective_on=effective_on, reason=reason, decision=decision
        )
        values = {"number": licence.number, "decision": decision}
        tell_facility(licence.facility, REVOKED, start=effective_on, by=by, at=at, **values)
    return revocation


def suspend_operating_licence(
    *,
    licence: OperatingLicence,
    period: Period,
    reason: str,
    decision: str,
    by: Actor,
    at: datetime,
    scopes: Sequence[str] = (),
    seen: int | None = None,
) -> OperatingLicenceSuspension:
    """Suspend the whole operation, or only `scopes` if any are given.

    Raises NotAllowed, Conflict, PeriodWrong, OperatingLicenceSuspensionOverlaps.
    """
    rules.check_period(period)
    name = "operating_licence_suspended_once_at_a_time"
    refusals = {name: lambda: errors.OperatingLicenceSuspensionOverlaps(number=licence.number)}
    change = changing.verified(licence.facility, reason=reason, by=by, at=at, seen=seen)
    with refused_as(refusals), change:
        suspension = OperatingLicenceSuspension.objects.create(
            licence=licence,
            period=day_range(period),
            part=Part.PART if scopes else Part.WHOLE,
            scopes=list(scopes),
            reason=reason,
            decision=decision,
        )
        values = {"number": licence.number, "decision": decision}
        tell_facility(licence.facility, SUSPENDED, start=period.start or vietnam_day(at), by=by, at=at, **values)
    return suspension


def lift_suspension(
    *,
    suspension: OperatingLicenceSuspension,
    ends_on: date,
    reason: str,
    by: Actor,
    at: datetime,
    seen: int | None = None,
) -> OperatingLicenceSuspension:
    """Let a suspension hold no longer from the day `ends_on` on. Raises NotAllowed, Conflict, PeriodWrong."""
    with changing.verified(suspension.licence.facility, reason=reason, by=by, at=at, seen=seen):
        suspension = OperatingLicenceSuspension.objects.select_for_update().get(pk=suspension.pk)
        period = replace(period_of(suspension.period), end=ends_on)
        rules.check_period(period)
        suspension.period = day_range(period)
        suspension.save(update_fields=["period"])
        number = suspension.licence.number
        tell_facility(suspension.licence.facility, LIFTED, start=ends_on, by=by, at=at, number=number)
    return suspension


def register_certificate(
    *, facility: Facility, certificate: Certificate, by: Actor, at: datetime
) -> FacilityCertificate:
    """From `at` on, signatures of this certificate are the facility's.

    Raises NotAllowed, CertificateExpired, CertificateTaken.
    """
    rules.check_certificate_usable(certificate.not_after, at=at)
    refusals = {"certificate_bound_to_one_facility_at_a_time": lambda: errors.CertificateTaken(field="certificate")}
    change = changing.verified(facility, reason="certificate registered", by=by, at=at, seen=None)
    with refused_as(refusals), change:
        return FacilityCertificate.objects.create(
            facility=facility,
            fingerprint=certificate.fingerprint,
            der=certificate.der,
            subject_common_name=certificate.identity.common_name,
            tax_code=next(iter(certificate.identity.tax_codes), ""),
            not_before=certificate.not_before,
            not_after=certificate.not_after,
            valid=DateTimeTZRange(at, None),
        )


def end_certificate(*, certificate: FacilityCertificate, reason: str, by: Actor, at: datetime) -> FacilityCertificate:
    """From `at` on, signatures of this certificate are nobody's. Ending it twice is harmless. Raises NotAllowed."""
    with changing.verified(certificate.facility, reason=reason, by=by, at=at, seen=None):
        certificate = FacilityCertificate.objects.select_for_update().get(pk=certificate.pk)
        if certificate.valid.upper is None:
            certificate.valid = DateTimeTZRange(certificate.valid.lower, at)
            certificate.save(update_fields=["valid"])
    return certificate


def _end(row: Facility | OperatingLicence, ends_on: date) -> None:
    period = replace(period_of(row.valid), end=ends_on)
    rules.check_period(period)
    row.valid = day_range(period)
    row.save(update_fields=["valid"])


def _name(facility: Facility, name: str) -> None:
    facility.name = tidy_name(name)
    facility.name_folded, facility.sort_key = folded(facility.name), reading_order(facility.name)


def _refusals(facility: Facility) -> rules.Refusals:
    return {
        "facility_code_held_by_one_at_a_time": lambda: errors.FacilityCodeTaken(field="code", facility=facility.code),
        "facility_gln_once": lambda: errors.GlnTaken(field="gln", gln=facility.gln),
    }
