"""Step 5, check: the content of each dossier against lists, arithmetic, clocks and itself."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from functools import partial
from uuid import UUID

from ymach.base.clock import vietnam_day
from ymach.base.findings import Finding
from ymach.base.kept import Kept
from ymach.catalogues.queries import codes, content_version, versions
from ymach.clinical.dossier import Dossier
from ymach.exchange.intake.case import Case
from ymach.exchange.intake.checks.agreement import check_agreement
from ymach.exchange.intake.checks.codes import LISTS, check_codes
from ymach.exchange.intake.checks.sums import check_sums
from ymach.exchange.intake.checks.times import check_times
from ymach.exchange.prescriptions.checks import check_prescription
from ymach.exchange.referrals.receivers import receiver
from ymach.exchange.referrals.rules import receiver_findings, receiver_of


def check_case(case: Case) -> None:
    """Add findings about the content. Raises nothing: what follows from a finding is decided later."""
    version = _content_version(None)
    lists = partial(codes, version=version)
    case.catalogue_versions = _versions((vietnam_day(case.received.at), version))
    for one in case.dossiers:
        one.findings += check_codes(one.dossier, lists)
        one.findings += check_sums(one.dossier)
        one.findings += check_times(one.dossier, received_at=case.received.at)
        one.findings += check_agreement(one.dossier, envelope_facility=case.sender.facility.code)
        one.findings += check_prescription(one.dossier, received_at=case.received.at)
        one.findings += _check_receiver(one.dossier, case)


def _check_receiver(dossier: Dossier, case: Case) -> Iterator[Finding]:
    """The facility a referral paper names, as the registry knew it on the day the patient left."""
    if dossier.referral is None:
        return
    code, left = receiver_of(dossier), dossier.visit.ended_at if dossier.visit else None
    place = receiver(code, vietnam_day(left or case.received.at)).place if code else None
    yield from receiver_findings(dossier, place, sender_code=case.sender.facility.code)


_content_version: Kept[None, UUID | None] = Kept(lambda _: content_version())
_versions: Kept[tuple[date, UUID | None], dict[str, str]] = Kept(lambda key: _used(key[0], key[1]), size=40)


def _used(day: date, version: UUID | None) -> dict[str, str]:
    """The releases of the lists that are asked here, for the receipt."""
    return {name: label for name, label in versions(day, version=version).items() if name in LISTS}
