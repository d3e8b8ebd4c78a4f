"""Step 4, read: tables into the clinical model. A wrong field is a finding; only a dossier without a visit is refused."""

from __future__ import annotations

from ymach.base.refusal import Refused
from ymach.exchange.intake import findings
from ymach.exchange.intake.case import Case, DossierCase
from ymach.formats.xml130.read import read_dossier


def read_case(case: Case) -> None:
    """Read every dossier of the envelope. Raises Refused (YM-FMT-NOTHING-READABLE, YM-ENV-…)."""
    if case.envelope is None:
        raise RuntimeError("read comes after open")
    for raw in case.envelope.dossiers:
        reading = read_dossier(raw)
        if reading.dossier is None:
            case.findings.extend(reading.findings)
            raise Refused(findings.NOTHING_READABLE.at())
        case.dossiers.append(DossierCase(reading.dossier, list(reading.findings)))
