"""Step 3, authenticate: the signature over the untouched bytes, the certificate at signing time, and whose it is."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from ymach.base.findings import Finding
from ymach.base.refusal import Refused
from ymach.exchange.intake import findings
from ymach.exchange.intake.case import Case, Sender, Signing
from ymach.facilities.queries import certificate_binding
from ymach.trust.certificates import Certificate
from ymach.trust.evidence import Evidence
from ymach.trust.queries import check_reliable

CLOCK_AHEAD = timedelta(minutes=5)
OLDEST_CLAIM = timedelta(days=45)
"""A stated signing time is believed from so long before receipt (7 working days and late months) to just after it."""


def authenticate_case(case: Case) -> None:
    """Verify who signed what, and that the signer's certificate is the sending facility's.

    Raises Refused: YM-SIG-…, YM-CRT-… or YM-SND-….
    """
    if case.content is None:
        raise RuntimeError("authenticate comes after open")
    _check_sender(case, case.content.facility_code)
    verified = case.content.verify()
    at = _signing_time(case, verified)
    warnings = check_reliable(verified.certificate, verified.chain, at=at, checked_at=case.received.at)
    case.findings.extend(warnings)
    _check_binding(case, verified.certificate, at)
    case.signing = Signing(
        fingerprint=verified.certificate.fingerprint,
        subject=verified.certificate.identity.common_name,
        algorithm=verified.algorithms.signature,
        covers=verified.covered.parts(),
        at=at,
    )


def _check_sender(case: Case, named: str) -> None:
    if named.upper() != case.sender.facility.code:
        field, signed_in = case.format.sender_field, case.sender.facility.code
        raise Refused(findings.SENDER_NOT_YOURS.at(field=field, value=named, signed_in=signed_in))


def _signing_time(case: Case, verified: Evidence) -> datetime:
    """The stated signing time if the signature covers it and it is believable, else the time of receipt."""
    received, claimed = case.received.at, verified.claimed_at
    if claimed is None:
        return received
    if received - OLDEST_CLAIM <= claimed <= received + CLOCK_AHEAD:
        return claimed
    case.findings.append(
        findings.CLOCK.at(field=case.format.signature_field, value=claimed.isoformat(timespec="seconds"))
    )
    return received


def _check_binding(case: Case, certificate: Certificate, at: datetime) -> None:
    facility, field = case.sender.facility, case.format.signature_field
    own = [one for one in facility.bindings if one.fingerprint == certificate.fingerprint]
    if any(one.holds(at) for one in own):
        return
    if any(one.end is not None and one.end <= at for one in own):
        raise Refused(findings.CERTIFICATE_ENDED.at(field=field, facility=facility.code))
    is_named = facility.tax_code in certificate.identity.tax_codes
    if is_named and certificate_binding(certificate.fingerprint, at=at) is None:
        case.findings.append(findings.CERTIFICATE_UNREGISTERED.at(field=field))
        return
    raise Refused(_not_theirs(case.sender, certificate.identity.tax_codes, field))


def _not_theirs(sender: Sender, found: Sequence[str], field: str) -> Finding:
    return findings.CERTIFICATE_OF_OTHER.at(
        field=field,
        found=", ".join(found) or None,
        facility=sender.facility.code,
        expected=sender.facility.tax_code or None,
    )
