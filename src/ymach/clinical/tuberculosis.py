"""Tuberculosis treatment (XML15)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True, kw_only=True)
class TuberculosisCare:
    """One record of tuberculosis treatment.

    Codes are those of Decision 4750/QD-BYT 2023 table 15.

    - Which visit, which person.
    - Classification: site, history, HIV status, bacteriology, drug resistance.
    - Treatment.
    - HIV beside tuberculosis.
    """

    visit_code: str | None = None  # MA_LK
    sequence: int | None = None  # STT
    facility_code: str | None = None  # MA_CSKCB
    patient_code: str | None = None  # MA_BN
    full_name: str | None = None  # HO_TEN
    personal_number: str | None = None  # SO_CCCD

    site: str | None = None  # PHANLOAI_LAO_VITRI
    history: str | None = None  # PHANLOAI_LAO_TS
    hiv_status: str | None = None  # PHANLOAI_LAO_HIV
    bacteriology: str | None = None  # PHANLOAI_LAO_VK
    resistance: str | None = None  # PHANLOAI_LAO_KT

    treatment_kind: str | None = None  # LOAI_DTRI_LAO
    started_on: date | None = None  # NGAYBD_DTRI_LAO
    regimen: str | None = None  # PHACDO_DTRI_LAO
    ended_on: date | None = None  # NGAYKT_DTRI_LAO
    result: str | None = None  # KET_QUA_DTRI_LAO

    hiv_confirmed_on: date | None = None  # NGAYKD_HIV
    arv_started_on: date | None = None  # BDDT_ARV
    cotrimoxazole_started_on: date | None = None  # NGAY_BAT_DAU_DT_CTX
    reserve: str | None = None  # DU_PHONG
