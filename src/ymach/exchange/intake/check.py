"""Step 5, check: the content of each dossier against lists, arithmetic, clocks and itself."""

from __future__ import annotations

from ymach.base.clock import vietnam_day
from ymach.catalogues.queries import codes, versions
from ymach.exchange.intake.case import Case
from ymach.exchange.intake.checks.agreement import check_agreement
from ymach.exchange.intake.checks.codes import check_codes
from ymach.exchange.intake.checks.sums import check_sums
from ymach.exchange.intake.checks.times import check_times


def check_case(case: Case) -> None:
    """Add findings about the content. Raises nothing: what follows from a finding is decided later."""
    case.catalogue_versions = versions(vietnam_day(case.received.at))
    for one in case.dossiers:
        one.findings += check_codes(one.dossier, codes)
        one.findings += check_sums(one.dossier)
        one.findings += check_times(one.dossier, received_at=case.received.at)
        one.findings += check_agreement(one.dossier, envelope_facility=case.sender.facility.code)
