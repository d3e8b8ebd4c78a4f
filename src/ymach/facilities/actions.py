"""Writing facilities, operating licences and certificates.

Days are Vietnamese, moments aware; `by` and `at` go into the history.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import TypedDict, Unpack

from django.db.backends.postgresql.psycopg_any import DateRange, DateTimeTZRange

from ymach.base.actors import Actor
from ymach.base.clock import vietnam_day
from ymach.base.history.attribution import attributed
from ymach.base.licence_numbers import number_key
from ymach.base.name_keys import folded, reading_order
from ymach.base.periods import Period
from ymach.base.refusals import refused_as
from ymach.base.vietnamese import tidy_name
from ymach.facilities import errors, rules
from ymach.facilities.models import Facility, FacilityCertificate, OperatingLicence, OperatingLicenceSuspension, Part
from ymach.trust.certificates import Certificate


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
    **details: Unpack[FacilityDetails],
) -> Facility:
    """A new facility under `code` during `valid` (without it: from today on).

    Raises FacilityCodeWrong, GlnWrong, PeriodWrong, FacilityCodeTaken, GlnTaken.
    """
    period = valid or Period(vietnam_day(at))
    rules.check_facility_code(code)
    rules.check_gln(gln)
    rules.check_period(period)
    refusals = {
        "facility_code_held_by_one_at_a_time": lambda: errors.FacilityCodeTaken(field="code", facility=code),
        "facility_gln_once": lambda: errors.GlnTaken(field="gln", gln=gln),
    }
    facility = Facility(code=code, gln=gln, form=form, sector=sector, province_code=province_code, **details)
    facility.name = tidy_name(name)
    facility.name_folded, facility.sort_key = folded(facility.name), reading_order(facility.name)
    facility.valid = day_range(period)
    with refused_as(refusals), attributed(by=by, reason="facility registered", at=at):
        facility.save(force_insert=True)
    return facility


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
) -> OperatingLicence:
    """An operating licence during `valid` (without it: from the day of issue on). Raises OperatingLicenceOverlaps."""
    period = valid or Period(issued_on)
    rules.check_period(period)
    overlaps = {"operating_licence_one_at_a_time": lambda: errors.OperatingLicenceOverlaps(facility=facility.code)}
    with refused_as(overlaps), attributed(by=by, reason="operating licence granted", at=at):
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
    *, licence: OperatingLicence, ends_on: date, reason: str, by: Actor, at: datetime
) -> OperatingLicence:
    """Let an operating licence hold no longer from the day `ends_on` on (revoked, replaced, closed)."""
    with attributed(by=by, reason=reason, at=at):
        licence = OperatingLicence.objects.select_for_update().get(pk=licence.pk)
        period = replace(period_of(licence.valid), end=ends_on)
        rules.check_period(period)
        licence.valid = day_range(period)
        licence.save(update_fields=["valid"])
    return licence


def suspend_operating_licence(
    *,
    licence: OperatingLicence,
    period: Period,
    reason: str,
    decision: str,
    by: Actor,
    at: datetime,
    scopes: Sequence[str] = (),
) -> OperatingLicenceSuspension:
    """Suspend the whole operation, or only `scopes` if any are given. Raises OperatingLicenceSuspensionOverlaps."""
    rules.check_period(period)
    name = "operating_licence_suspended_once_at_a_time"
    refusals = {name: lambda: errors.OperatingLicenceSuspensionOverlaps(number=licence.number)}
    with refused_as(refusals), attributed(by=by, reason=reason, at=at):
        return OperatingLicenceSuspension.objects.create(
            licence=licence,
            period=day_range(period),
            part=Part.PART if scopes else Part.WHOLE,
            scopes=list(scopes),
            reason=reason,
            decision=decision,
        )


def register_certificate(
    *, facility: Facility, certificate: Certificate, by: Actor, at: datetime
) -> FacilityCertificate:
    """From `at` on, signatures of this certificate are the facility's. Raises CertificateExpired, CertificateTaken."""
    rules.check_certificate_usable(certificate.not_after, at=at)
    refusals = {"certificate_bound_to_one_facility_at_a_time": lambda: errors.CertificateTaken(field="certificate")}
    with refused_as(refusals), attributed(by=by, reason="certificate registered", at=at):
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
    """From `at` on, signatures of this certificate are nobody's. Ending it twice is harmless."""
    with attributed(by=by, reason=reason, at=at):
        certificate = FacilityCertificate.objects.select_for_update().get(pk=certificate.pk)
        if certificate.valid.upper is None:
            certificate.valid = DateTimeTZRange(certificate.valid.lower, at)
            certificate.save(update_fields=["valid"])
    return certificate


def day_range(period: Period) -> DateRange:
    """The period as PostgreSQL's daterange."""
    return DateRange(period.start, period.end)


def period_of(days: DateRange) -> Period:
    """The daterange as a period."""
    return Period(days.lower, days.upper)
