"""The synthetic country as the server knows it: whose certificates it trusts, who works where."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from random import Random
from uuid import UUID

from django.conf import settings

from ymach.base.actors import Actor
from ymach.base.clock import vietnam_day
from ymach.base.history.attribution import attributed
from ymach.facilities.actions import register_certificate
from ymach.facilities.models import Facility, FacilityCertificate
from ymach.practitioners.models import Licence, PracticeRegistration
from ymach.synth.care.staff import Author, Staff
from ymach.synth.certificates import Certificates
from ymach.synth.errors import NotADemo
from ymach.synth.fixed import fixed_codes
from ymach.trust.actions import add_anchor, load_revocation_list

REASON = "demonstration authority"


@dataclass(frozen=True, slots=True)
class Sender:
    """A facility of the registry that can write dossiers."""

    id: UUID
    code: str
    name: str
    form: str
    province_code: str
    tax_code: str


def refuse_outside_demo(*, allowed: bool = False) -> None:
    """Raises NotADemo unless this installation is a demonstration or a test, or it was `allowed` all the same."""
    if not settings.ENVIRONMENT.is_test and not allowed:
        raise NotADemo


def open_certificates(*, at: datetime) -> Certificates:
    """The keys of this installation's synthetic country, in `var/demo-ca`."""
    return Certificates(settings.ENVIRONMENT.var / "demo-ca", at=at)


def establish_trust(certificates: Certificates, *, by: Actor, at: datetime) -> None:
    """Let the server trust the demonstration authority (in demonstration mode only), with a fresh revocation list."""
    authority = certificates.authority
    with attributed(by=by, reason=REASON, at=at):
        add_anchor(certificate=authority.root, is_demo=True, by=by, at=at, reason=REASON)
        add_anchor(certificate=authority.issuing, is_demo=True, trusted=False, by=by, at=at, reason=REASON)
        load_revocation_list(content=authority.crl(at=at), issuer=authority.issuing, by=by, at=at)


def bind_certificates(certificates: Certificates, senders: Iterable[Sender], *, by: Actor, at: datetime) -> int:
    """Register the certificate of every sender that has none registered yet; returns how many were."""
    issued = {one.id: certificates.issued(one).certificate for one in senders}
    fingerprints = [one.fingerprint for one in issued.values()]
    bound = set(
        FacilityCertificate.objects.filter(fingerprint__in=fingerprints, valid__contains=at).values_list(
            "fingerprint", flat=True
        )
    )
    missing = {key: one for key, one in issued.items() if one.fingerprint not in bound}
    facilities = Facility.objects.in_bulk(list(missing))
    with attributed(by=by, reason=REASON, at=at):
        for key, certificate in missing.items():
            register_certificate(facility=facilities[key], certificate=certificate, by=by, at=at)
    return len(missing)


def senders_on(day: date, *, codes: Collection[str] | None = None) -> list[Sender]:
    """Facilities with a code and an operating licence in force on a day (Viet Nam), by code."""
    found = Facility.objects.filter(valid__contains=day, operating_licences__valid__contains=day)
    if codes is not None:
        found = found.filter(code__in=codes)
    rows = found.order_by("code").values_list("id", "code", "name", "form", "province_code", "tax_code")
    return [Sender(*row) for row in rows]


def staff_of(senders: Iterable[Sender], *, on: date) -> dict[str, Staff]:
    """Who may write at each of the facilities on a day, by facility code. Facilities without anybody are absent."""
    codes = {one.id: one.code for one in senders}
    fit = Licence.objects.filter(valid__contains=on).exclude(suspensions__period__contains=on)
    rows = PracticeRegistration.objects.filter(facility_id__in=codes, valid__contains=on, licence__in=fit)
    found: dict[str, list[Author]] = defaultdict(list)
    columns = (
        *("facility_id", "licence__number", "practitioner__full_name", "licence__title", "licence__scopes"),
        *("schedule", "is_technical_head"),
    )
    for facility_id, number, name, title, scopes, schedule, is_head in rows.values_list(*columns):
        author = Author(number, name, title, frozenset(scopes), schedule, is_head)
        found[codes[facility_id]].append(author)
    return {code: Staff.of(authors) for code, authors in found.items()}


def writing_senders(
    *, at: datetime, codes: Collection[str] | None = None, most: int | None = None
) -> list[tuple[Sender, Staff]]:
    """The facilities that can write dossiers now, each with its staff, by code.

    most: at most so many, the fixed ones and then others from everywhere, the same ones at each call.
    """
    day = vietnam_day(at)
    senders = senders_on(day, codes=codes)
    if most is not None and len(senders) > most:
        senders = _spread(senders, most)
    staff = staff_of(senders, on=day)
    return [(one, staff[one.code]) for one in senders if one.code in staff and staff[one.code].can_write]


def has_country() -> bool:
    """Whether a synthetic country is loaded already."""
    return Facility.objects.filter(code__in=fixed_codes()).exists()


def _spread(senders: list[Sender], most: int) -> list[Sender]:
    fixed = [one for one in senders if one.code in fixed_codes()][:most]
    others = [one for one in senders if one.code not in fixed_codes()]
    chosen = Random(most).sample(others, min(most - len(fixed), len(others)))  # noqa: S311 - not a secret
    return sorted([*fixed, *chosen], key=lambda one: one.code)
