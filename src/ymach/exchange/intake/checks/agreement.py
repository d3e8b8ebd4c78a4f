"""Agreement between tables: what is copied from table 1 must equal table 1."""

from __future__ import annotations

from collections.abc import Iterator

from ymach.base.findings import Finding
from ymach.clinical.dossier import Dossier
from ymach.clinical.visit import Visit
from ymach.exchange.intake.checks import findings

# Part of the dossier, table, and pairs (field, attribute) that stand in the visit under the same attribute.
_COPIED = (
    ("referral", "XML13", (("MA_BENH_CHINH", "main_diagnosis"), ("GIOI_TINH", "sex"), ("HO_TEN", "full_name"))),
    ("appointment", "XML14", (("MA_BENH_CHINH", "main_diagnosis"), ("GIOI_TINH", "sex"), ("HO_TEN", "full_name"))),
    ("discharge", "XML7", (("NGAY_VAO", "started_at"), ("NGAY_RA", "ended_at"))),
)


def check_agreement(dossier: Dossier, *, envelope_facility: str) -> Iterator[Finding]:
    """Findings about values that should be the same in two places."""
    main = dossier.visit or dossier.check_in
    if main is not None and main.facility_code and main.facility_code != envelope_facility:
        table = "XML1" if dossier.visit else "XML0"
        yield findings.FACILITY_DIFFERS.at(
            table=table, row=1, field="MA_CSKCB", value=main.facility_code, expected=envelope_facility
        )
    if dossier.visit is not None:
        yield from _copies(dossier, dossier.visit)


def _copies(dossier: Dossier, visit: Visit) -> Iterator[Finding]:
    for part_name, table, pairs in _COPIED:
        part = getattr(dossier, part_name)
        for field, attribute in pairs if part is not None else ():
            copied, original = getattr(part, attribute), getattr(visit, attribute)
            if copied is not None and original is not None and _text(copied) != _text(original):
                yield findings.DIFFERS_FROM_VISIT.at(table=table, row=1, field=field)


def _text(value: object) -> str:
    return " ".join(str(value).split()).casefold()
