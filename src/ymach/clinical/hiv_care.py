"""HIV care and treatment (XML6)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from ymach.clinical.person import PartialDate


@dataclass(frozen=True, slots=True, kw_only=True)
class HivCare:
    """One record of HIV care and treatment. Restricted: kept in a compartment of its own.

    Codes are those of Decision 130/QD-BYT 2023 table 6 and Decision 4750/QD-BYT 2023; regimens of annex 10,
    Decision 5937/QD-BYT 2021.

    - Which visit, which person.
    - How the infection was established and ARV treatment begun.
    - Tuberculosis beside HIV.
    - Viral load and, for children under 18 months, PCR.
    - Pregnancy, prophylaxis and the present course of ARV (`arv_days`: days dispensed).
    """

    visit_code: str | None = None  # MA_LK
    facility_code: str | None = None  # MA_CSKCB
    insurance_cards: tuple[str, ...] = ()  # MA_THE_BHYT
    personal_number: str | None = None  # SO_CCCD
    birth_date: PartialDate | None = None  # NGAY_SINH
    sex: str | None = None  # GIOI_TINH
    address: str | None = None  # DIA_CHI
    province_code: str | None = None  # MATINH_CU_TRU
    district_code: str | None = None  # MAHUYEN_CU_TRU
    commune_code: str | None = None  # MAXA_CU_TRU

    confirmed_on: date | None = None  # NGAYKD_HIV
    sampling_facility: str | None = None  # NOI_LAY_MAU_XN
    confirming_facility: str | None = None  # NOI_XN_KD
    first_arv_facility: str | None = None  # NOI_BDDT_ARV
    arv_started_on: date | None = None  # BDDT_ARV
    first_regimen: str | None = None  # MA_PHAC_DO_DIEU_TRI_BD
    first_regimen_line: str | None = None  # MA_BAC_PHAC_DO_BD
    enrolment_reason: str | None = None  # MA_LYDO_DTRI
    client_kind: str | None = None  # MA_LOAI_BN
    clinical_stage: str | None = None  # GIAI_DOAN_LAM_SANG
    risk_group: str | None = None  # NHOM_DOI_TUONG
    registration_statuses: tuple[str, ...] = ()  # MA_TINH_TRANG_DK

    tuberculosis_treatment: str | None = None  # LOAI_DTRI_LAO
    tuberculosis_screening: str | None = None  # SANG_LOC_LAO
    tuberculosis_regimen: str | None = None  # PHACDO_DTRI_LAO
    tuberculosis_started_on: date | None = None  # NGAYBD_DTRI_LAO
    tuberculosis_ended_on: date | None = None  # NGAYKT_DTRI_LAO
    tuberculosis_result: str | None = None  # KQ_DTRI_LAO

    viral_load_reason: str | None = None  # MA_LYDO_XNTL_VR
    viral_load_sampled_on: date | None = None  # NGAY_XN_TLVR
    viral_load_result: str | None = None  # KQ_XNTL_VR
    viral_load_resulted_on: date | None = None  # NGAY_KQ_XN_TLVR
    pcr_round: str | None = None  # LAN_XN_PCR
    pcr_on: date | None = None  # NGAY_XN_PCR
    pcr_resulted_on: date | None = None  # NGAY_KQ_XN_PCR
    pcr_result: str | None = None  # MA_KQ_XN_PCR

    pregnancy_reported_on: date | None = None  # NGAY_NHAN_TT_MANG_THAI
    cotrimoxazole_started_on: date | None = None  # NGAY_BAT_DAU_DT_CTX
    actions: tuple[str, ...] = ()  # MA_XU_TRI
    action_started_on: date | None = None  # NGAY_BAT_DAU_XU_TRI
    action_ended_on: date | None = None  # NGAY_KET_THUC_XU_TRI
    regimen: str | None = None  # MA_PHAC_DO_DIEU_TRI
    regimen_line: str | None = None  # MA_BAC_PHAC_DO
    arv_days: int | None = None  # SO_NGAY_CAP_THUOC_ARV
    regimen_changed_on: date | None = None  # NGAY_CHUYEN_PHAC_DO
    regimen_change_reason: str | None = None  # LY_DO_CHUYEN_PHAC_DO
    reserve: str | None = None  # DU_PHONG
