"""The discharge paper (XML7)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Discharge:
    """The discharge paper.

    Source: Decision 130/QD-BYT 2023 table 7, Decision 3176/QD-BYT 2024.

    - Which visit, whose paper.
    - Diagnosis and treatment.
    - Termination of a pregnancy: `pregnancy_terminated` 1 yes, 0 no; `gestational_weeks` 1-42.
    - Parents of a child under 16 (social-insurance numbers and names).
    - Convalescence after discharge: the three go together.
    - Who signs.
    """

    visit_code: str | None = None  # MA_LK
    archive_number: str | None = None  # SO_LUU_TRU
    patient_code: str | None = None  # MA_YTE
    department: str | None = None  # MA_KHOA_RV
    temporary_card: str | None = None  # MA_THE_TAM
    started_at: datetime | None = None  # NGAY_VAO
    ended_at: datetime | None = None  # NGAY_RA

    diagnosis_text: str | None = None  # CHAN_DOAN_RV
    treatment: str | None = None  # PP_DIEUTRI
    note: str | None = None  # GHI_CHU

    pregnancy_terminated: str | None = None  # MA_DINH_CHI_THAI
    termination_reason: str | None = None  # NGUYENNHAN_DINHCHI
    terminated_at: datetime | None = None  # THOIGIAN_DINHCHI
    gestational_weeks: int | None = None  # TUOI_THAI

    father_code: str | None = None  # MA_CHA
    mother_code: str | None = None  # MA_ME
    father_name: str | None = None  # HO_TEN_CHA
    mother_name: str | None = None  # HO_TEN_ME

    leave_days: int | None = None  # SO_NGAY_NGHI
    leave_from: date | None = None  # NGOAITRU_TUNGAY
    leave_to: date | None = None  # NGOAITRU_DENNGAY

    head_of_unit: str | None = None  # MA_TTDV
    doctor: str | None = None  # MA_BS
    doctor_name: str | None = None  # TEN_BS
    issued_on: date | None = None  # NGAY_CT
    reserve: str | None = None  # DU_PHONG
