"""The visit (XML1)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from ymach.clinical.person import InsuranceCard, PartialDate, cards, split_codes


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """The episode of care as a whole: who, when, where, diagnosis, outcome and money. Every dossier has one.

    Money is exact, in dong; times are aware UTC. Source: Decision 130/QD-BYT 2023 table 1, Decision 4750/QD-BYT 2023,
    Decision 3176/QD-BYT 2024.

    - Which visit. `code` with `facility_code` is the natural key; it never changes when the dossier is sent again.
    - Who. `personal_number` mixes citizen, old identity, passport and electronic-account numbers. `sex`: 1 male, 2
      female, 3 undetermined.
    - Where the person lives. The district level ended on 2025-07-01.
    - Insurance cards; the four lists follow the same order. `coverages` reads them together.
    - Why the person came, and the diagnoses (ICD-10; one main, others at most twelve).
    - From and to other facilities.
    - When. `treatment_days` by the counting rule of the kind of care.
    - Care and outcome. `result`: KET_QUA_DTRI 1-8; `discharge_type`: MA_LOAI_RV 1-5 (2 and 5 are referrals).
    - Money in dong: sums over medicines and services.
    - Who answers for it.
    """

    code: str | None = None  # MA_LK
    sequence: int | None = None  # STT
    facility_code: str | None = None  # MA_CSKCB
    record_number: str | None = None  # MA_HSBA
    kind: str | None = None  # MA_LOAI_KCB
    patient_category: str | None = None  # MA_DOITUONG_KCB

    patient_code: str | None = None  # MA_BN
    full_name: str | None = None  # HO_TEN
    personal_number: str | None = None  # SO_CCCD
    birth_date: PartialDate | None = None  # NGAY_SINH
    sex: str | None = None  # GIOI_TINH
    blood_group: str | None = None  # NHOM_MAU
    nationality: str | None = None  # MA_QUOCTICH
    ethnic_group: str | None = None  # MA_DANTOC
    occupation: str | None = None  # MA_NGHE_NGHIEP
    phone: str | None = None  # DIEN_THOAI

    address: str | None = None  # DIA_CHI
    province_code: str | None = None  # MATINH_CU_TRU
    district_code: str | None = None  # MAHUYEN_CU_TRU
    commune_code: str | None = None  # MAXA_CU_TRU

    insurance_cards: tuple[str, ...] = ()  # MA_THE_BHYT
    registered_facilities: tuple[str, ...] = ()  # MA_DKBD
    cards_valid_from: tuple[date, ...] = ()  # GT_THE_TU
    cards_valid_to: tuple[date, ...] = ()  # GT_THE_DEN
    copayment_exempt_from: PartialDate | None = None  # NGAY_MIEN_CCT
    five_years_since: date | None = None  # NAM_NAM_LIEN_TUC
    area_code: str | None = None  # MA_KHUVUC

    reason: str | None = None  # LY_DO_VV
    admission_reason: str | None = None  # LY_DO_VNT
    admission_reason_code: str | None = None  # MA_LY_DO_VNT
    admission_diagnosis_text: str | None = None  # CHAN_DOAN_VAO
    discharge_diagnosis_text: str | None = None  # CHAN_DOAN_RV
    main_diagnosis: str | None = None  # MA_BENH_CHINH
    other_diagnoses: tuple[str, ...] = ()  # MA_BENH_KT
    traditional_diagnoses: tuple[str, ...] = ()  # MA_BENH_YHCT
    procedures: tuple[str, ...] = ()  # MA_PTTT_QT
    injury_code: str | None = None  # MA_TAI_NAN

    referred_from: str | None = None  # MA_NOI_DI
    referred_to: str | None = None  # MA_NOI_DEN
    referral_number: str | None = None  # GIAY_CHUYEN_TUYEN

    started_at: datetime | None = None  # NGAY_VAO
    admitted_at: datetime | None = None  # NGAY_VAO_NOI_TRU
    ended_at: datetime | None = None  # NGAY_RA
    treatment_days: int | None = None  # SO_NGAY_DTRI
    paid_at: datetime | None = None  # NGAY_TTOAN
    next_appointments: tuple[date, ...] = ()  # NGAY_TAI_KHAM

    treatment: str | None = None  # PP_DIEU_TRI
    result: str | None = None  # KET_QUA_DTRI
    discharge_type: str | None = None  # MA_LOAI_RV
    advice: str | None = None  # GHI_CHU
    weight_kg: Decimal | None = None  # CAN_NANG
    newborn_weights_g: tuple[Decimal, ...] = ()  # CAN_NANG_CON

    total_medicines: Decimal | None = None  # T_THUOC
    total_supplies: Decimal | None = None  # T_VTYT
    total_hospital: Decimal | None = None  # T_TONGCHI_BV
    total_insured: Decimal | None = None  # T_TONGCHI_BH
    patient_paid: Decimal | None = None  # T_BNTT
    copayment: Decimal | None = None  # T_BNCCT
    insurance_paid: Decimal | None = None  # T_BHTT
    other_sources: Decimal | None = None  # T_NGUONKHAC
    insurance_paid_by_service: Decimal | None = None  # T_BHTT_GDV
    settlement_year: int | None = None  # NAM_QT
    settlement_month: int | None = None  # THANG_QT

    department: str | None = None  # MA_KHOA
    head_of_unit: str | None = None  # MA_TTDV
    reserve: str | None = None  # DU_PHONG

    @property
    def coverages(self) -> tuple[InsuranceCard, ...]:
        """The insurance cards of the visit, each with its facility of first registration and its validity."""
        return cards(self.insurance_cards, self.registered_facilities, self.cards_valid_from, self.cards_valid_to)

    @property
    def departments(self) -> tuple[str, ...]:
        """Every department of the stay: MA_KHOA may join several with `;`."""
        return split_codes(self.department)
