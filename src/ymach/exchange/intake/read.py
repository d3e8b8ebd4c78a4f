"""Step 4, read: tables into the clinical model. A wrong field is a finding; only a dossier without a visit is refused."""

from __future__ import annotations

import dataclasses

from ymach.base.findings import Finding
from ymach.base.refusal import Refused
from ymach.clinical.dossier import Dossier
from ymach.exchange.contents import readings
from ymach.exchange.intake import findings
from ymach.exchange.intake.case import Case, DossierCase


def read_case(case: Case) -> None:
    """Read every dossier of the content. Raises Refused (YM-FMT-NOTHING-READABLE, YM-ENV-…)."""
    if case.content is None:
        raise RuntimeError("read comes after open")
    for reading in readings(case.content):
        if reading.dossier is None or (reading.dossier.visit is None and reading.dossier.check_in is None):
            case.findings.extend(reading.findings)
            raise Refused(findings.NOTHING_READABLE.at())
        found = list(reading.findings)
        case.dossiers.append(DossierCase(_one_kind(reading.dossier, found), found))
    _check_no_dossier_twice(case)


def _one_kind(dossier: Dossier, found: list[Finding]) -> Dossier:
    """A visit's dossier without the check-in notice beside it: the two have versions of their own."""
    if dossier.visit is None or dossier.check_in is None:
        return dossier
    found.append(findings.CHECK_IN_BESIDE_VISIT.at())
    return dataclasses.replace(dossier, check_in=None)


def _check_no_dossier_twice(case: Case) -> None:
    """Two dossiers of one code in one signed file: nobody can say which of them is the later version."""
    seen: set[str] = set()
    for one in case.dossiers:
        if one.dossier.code in seen:
            raise Refused(findings.DOSSIER_TWICE.at(field="MA_LK", value=one.dossier.code))
        seen.add(one.dossier.code)
