"""What the law asks of a dossier that prescribes. Plain functions.

Who comes along with a child is asked for too, but XML 130 has no field for it: what says it (FHIR) is taken over, and
nobody is told that it is missing.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from ymach.base.clock import vietnam_day
from ymach.base.findings import Finding
from ymach.clinical.dossier import Dossier
from ymach.exchange.prescriptions import findings
from ymach.exchange.prescriptions.sheets import CHILD_MONTHS, age_in_months, prescribes


def check_prescription(dossier: Dossier, *, received_at: datetime) -> Iterator[Finding]:
    """Findings about a dossier with a prescription; none about any other."""
    visit = dossier.visit
    if visit is None or not prescribes(dossier):
        return
    months = age_in_months(visit.birth_date, vietnam_day(visit.started_at or received_at))
    if months is not None and months < CHILD_MONTHS and visit.weight_kg is None:
        yield findings.CHILD_WEIGHT.at(table="XML1", row=1, field="CAN_NANG", months=months)
