"""Codes against the lists of the day of the visit."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date

from ymach.base.clock import vietnam_day
from ymach.base.findings import Finding
from ymach.catalogues.codelists import CodeList
from ymach.clinical.dossier import Dossier
from ymach.clinical.visit import Visit
from ymach.exchange.intake.checks import findings

Lists = Callable[[str, date], CodeList | None]
"""A list by its name, as it was in force on a day; None when no release covers that day."""

MOST_SECONDARY = 12

# Catalogue, field of XML1, attribute of the visit.
_VISIT_CODES = (
    ("sex", "GIOI_TINH", "sex"),
    ("exam_type", "MA_LOAI_KCB", "kind"),
    ("patient_category", "MA_DOITUONG_KCB", "patient_category"),
    ("treatment_result", "KET_QUA_DTRI", "result"),
    ("discharge_type", "MA_LOAI_RV", "discharge_type"),
    ("ethnicity", "MA_DANTOC", "ethnic_group"),
    ("living_area", "MA_KHUVUC", "area_code"),
)

LISTS = (*(catalogue for catalogue, _, _ in _VISIT_CODES), "icd10")
"""Every list asked for here."""


def check_codes(dossier: Dossier, lists: Lists) -> Iterator[Finding]:
    """Findings about codes of the visit and its diagnoses. A visit without a time is left to the check of fields."""
    visit = dossier.visit
    when = visit and (visit.ended_at or visit.started_at)
    if visit is None or not when:
        return
    on = vietnam_day(when)
    for catalogue, field, attribute in _VISIT_CODES:
        yield from _known(lists(catalogue, on), getattr(visit, attribute), field)
    yield from _diagnoses(visit, lists("icd10", on))


def _known(known: CodeList | None, code: str | None, field: str, table: str = "XML1") -> Iterator[Finding]:
    if known is None or not code or known.contains(code):
        return
    kind = findings.CODE_UNKNOWN_IN_OLD_LIST if known.is_outdated or not known.is_complete else findings.CODE_UNKNOWN
    yield kind.at(table=table, row=1, field=field, value=code, catalogue=known.name)


def _diagnoses(visit: Visit, icd: CodeList | None) -> Iterator[Finding]:
    if icd is None:
        return
    main = visit.main_diagnosis
    yield from _known(icd, main, "MA_BENH_CHINH")
    for code in visit.other_diagnoses:
        yield from _known(icd, code, "MA_BENH_KT")
        yield from _fits_sex(icd, code, visit.sex, "MA_BENH_KT")
    if len(visit.other_diagnoses) > MOST_SECONDARY:
        yield findings.TOO_MANY_SECONDARY.at(table="XML1", row=1, field="MA_BENH_KT", number=len(visit.other_diagnoses))
    if main:
        yield from _fits_sex(icd, main, visit.sex, "MA_BENH_CHINH")
        if icd.flag(main, "never_main") == "yes":
            yield findings.CODE_NEVER_MAIN.at(table="XML1", row=1, field="MA_BENH_CHINH", value=main)


def _fits_sex(icd: CodeList, code: str, sex: str | None, field: str) -> Iterator[Finding]:
    bound = icd.flag(code, "sex")
    if bound and sex in {"1", "2"} and {"male": "1", "female": "2"}.get(bound, sex) != sex:
        yield findings.CODE_OTHER_SEX.at(table="XML1", row=1, field=field, value=code)
