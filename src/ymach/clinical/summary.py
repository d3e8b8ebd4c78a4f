"""The summary of the medical record (XML8)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Summary:
    """The summary of the medical record; it feeds the health book.

    Source: Decision 130/QD-BYT 2023 table 8; use in the health book: Decision 2733/QD-BYT 2024.

    - Which visit.
    - Family and employer.
    - The illness and its course.
    - A newborn who died.
    - Who signs.
    """

    visit_code: str | None = None  # MA_LK
    kind: str | None = None  # MA_LOAI_KCB
    temporary_card: str | None = None  # MA_THE_TAM
    started_at: datetime | None = None  # NGAY_VAO
    ended_at: datetime | None = None  # NGAY_RA

    father_name: str | None = None  # HO_TEN_CHA
    mother_name: str | None = None  # HO_TEN_ME
    guardian_name: str | None = None  # NGUOI_GIAM_HO
    employer: str | None = None  # DON_VI

    admission_diagnosis_text: str | None = None  # CHAN_DOAN_VAO
    discharge_diagnosis_text: str | None = None  # CHAN_DOAN_RV
    history: str | None = None  # QT_BENHLY
    results_summary: str | None = None  # TOMTAT_KQ
    treatment: str | None = None  # PP_DIEUTRI
    result: str | None = None  # KET_QUA_DTRI
    note: str | None = None  # GHI_CHU

    child_born_on: date | None = None  # NGAY_SINHCON
    child_died_on: date | None = None  # NGAY_CONCHET
    children_died: int | None = None  # SO_CONCHET

    head_of_unit: str | None = None  # MA_TTDV
    issued_on: date | None = None  # NGAY_CT
    reserve: str | None = None  # DU_PHONG
