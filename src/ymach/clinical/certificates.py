"""Papers for civil status and social insurance: birth, rest, sick leave, assessment (XML9 to XML12)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from ymach.clinical.person import PartialDate


@dataclass(frozen=True, slots=True, kw_only=True)
class Birth:
    """The birth certificate of one child.

    Source: Decision 130/QD-BYT 2023 table 9, Decision 4750/QD-BYT 2023.

    - Which paper.
    - The mother or carer.
    - The child. `sex`: 1 male, 2 female, 3 undetermined; weight in grams.
    - The birth: counts, and 1 yes / 0 no for surgery and for under 32 weeks.
    - Who attended, wrote and signs.
    """

    visit_code: str | None = None  # MA_LK
    number: str | None = None  # SO
    book_number: str | None = None  # QUYEN_SO
    temporary_card: str | None = None  # MA_THE_TAM

    carer_insurance_number: str | None = None  # MA_BHXH_NND
    carer_card: str | None = None  # MA_THE_NND
    carer_name: str | None = None  # HO_TEN_NND
    carer_birth_date: PartialDate | None = None  # NGAYSINH_NND
    carer_ethnic_group: str | None = None  # MA_DANTOC_NND
    carer_personal_number: str | None = None  # SO_CCCD_NND
    carer_number_issued_on: date | None = None  # NGAYCAP_CCCD_NND
    carer_number_issuer: str | None = None  # NOICAP_CCCD_NND
    carer_address: str | None = None  # NOI_CU_TRU_NND
    nationality: str | None = None  # MA_QUOCTICH
    province_code: str | None = None  # MATINH_CU_TRU
    district_code: str | None = None  # MAHUYEN_CU_TRU
    commune_code: str | None = None  # MAXA_CU_TRU
    father_name: str | None = None  # HO_TEN_CHA

    child_name: str | None = None  # HO_TEN_CON
    sex: str | None = None  # GIOI_TINH_CON
    weight_g: Decimal | None = None  # CAN_NANG_CON
    born_at: datetime | None = None  # NGAY_SINH_CON
    birth_place: str | None = None  # NOI_SINH_CON
    condition: str | None = None  # TINH_TRANG_CON

    children_in_birth: int | None = None  # SO_CON
    birth_count: int | None = None  # LAN_SINH
    living_children: int | None = None  # SO_CON_SONG
    surgical: str | None = None  # SINHCON_PHAUTHUAT
    under_32_weeks: str | None = None  # SINHCON_DUOI32TUAN
    note: str | None = None  # GHI_CHU

    attendant: str | None = None  # NGUOI_DO_DE
    writer: str | None = None  # NGUOI_GHI_PHIEU
    head_of_unit: str | None = None  # MA_TTDV
    issued_on: date | None = None  # NGAY_CT
    reserve: str | None = None  # DU_PHONG


@dataclass(frozen=True, slots=True, kw_only=True)
class PregnancyRest:
    """The certificate of rest during pregnancy.

    Source: Decision 130/QD-BYT 2023 table 10.

    - Which paper.
    - Rest: days, from and to (both included), why, from which employer.
    - Who signs.
    """

    visit_code: str | None = None  # MA_LK
    serial_number: str | None = None  # SO_SERI
    number: str | None = None  # SO_CT

    days: int | None = None  # SO_NGAY
    starts_on: date | None = None  # TU_NGAY
    ends_on: date | None = None  # DEN_NGAY
    diagnosis_text: str | None = None  # CHAN_DOAN_RV
    employer: str | None = None  # DON_VI

    head_of_unit: str | None = None  # MA_TTDV
    doctor: str | None = None  # MA_BS
    doctor_name: str | None = None  # TEN_BS
    issued_on: date | None = None  # NGAY_CT
    reserve: str | None = None  # DU_PHONG


@dataclass(frozen=True, slots=True, kw_only=True)
class SickLeave:
    """The sick-leave certificate for social insurance.

    Source: Decision 130/QD-BYT 2023 table 11, Decision 3176/QD-BYT 2024.

    - Which paper.
    - Whose.
    - Why. `pregnancy_terminated` 1 yes, 0 no; `gestational_weeks` 1-42.
    - Leave: days, from and to (both included).
    - Who signs.
    """

    visit_code: str | None = None  # MA_LK
    number: str | None = None  # SO_CT
    serial_number: str | None = None  # SO_SERI
    control_number: str | None = None  # SO_KCB
    form: str | None = None  # MAU_SO

    social_insurance_number: str | None = None  # MA_BHXH
    insurance_cards: tuple[str, ...] = ()  # MA_THE_BHYT
    temporary_card: str | None = None  # MA_THE_TAM
    employer: str | None = None  # DON_VI
    father_name: str | None = None  # HO_TEN_CHA
    mother_name: str | None = None  # HO_TEN_ME

    diagnosis_text: str | None = None  # CHAN_DOAN_RV
    treatment: str | None = None  # PP_DIEUTRI
    pregnancy_terminated: str | None = None  # MA_DINH_CHI_THAI
    termination_reason: str | None = None  # NGUYENNHAN_DINHCHI
    gestational_weeks: int | None = None  # TUOI_THAI

    days: int | None = None  # SO_NGAY_NGHI
    starts_on: date | None = None  # TU_NGAY
    ends_on: date | None = None  # DEN_NGAY

    head_of_unit: str | None = None  # MA_TTDV
    doctor: str | None = None  # MA_BS
    issued_on: date | None = None  # NGAY_CT
    reserve: str | None = None  # DU_PHONG


@dataclass(frozen=True, slots=True, kw_only=True)
class Assessment:
    """The record of a medical assessment board. It belongs to no visit.

    Rates of impairment are per cents. Source: Decision 130/QD-BYT 2023 table 12.

    - The board.
    - The person assessed.
    - What was asked, by whom.
    - What was found and proposed.
    """

    chair: str | None = None  # NGUOI_CHU_TRI
    chair_role: str | None = None  # CHUC_VU
    held_on: date | None = None  # NGAY_HOP
    minutes_number: str | None = None  # SO_BIEN_BAN

    full_name: str | None = None  # HO_TEN
    birth_date: PartialDate | None = None  # NGAY_SINH
    personal_number: str | None = None  # SO_CCCD
    number_issued_on: date | None = None  # NGAY_CAP_CCCD
    number_issuer: str | None = None  # NOI_CAP_CCCD
    address: str | None = None  # DIA_CHI
    province_code: str | None = None  # MATINH_CU_TRU
    district_code: str | None = None  # MAHUYEN_CU_TRU
    commune_code: str | None = None  # MAXA_CU_TRU
    social_insurance_number: str | None = None  # MA_BHXH
    insurance_cards: tuple[str, ...] = ()  # MA_THE_BHYT
    occupation: str | None = None  # NGHE_NGHIEP
    phone: str | None = None  # DIEN_THOAI

    categories: tuple[str, ...] = ()  # MA_DOI_TUONG
    assessment_kind: str | None = None  # KHAM_GIAM_DINH
    benefits: tuple[str, ...] = ()  # DANG_HUONG_CHE_DO
    document_on: date | None = None  # NGAY_CHUNG_TU
    introduction_number: str | None = None  # SO_GIAY_GIOI_THIEU
    requested_on: date | None = None  # NGAY_DE_NGHI
    referrer_code: str | None = None  # MA_DONVI
    referrer_name: str | None = None  # GIOI_THIEU_CUA

    findings_text: str | None = None  # KET_QUA_KHAM
    legal_basis: str | None = None  # SO_VAN_BAN_CAN_CU
    previous_rate: Decimal | None = None  # TYLE_TTCT_CU
    new_rate: Decimal | None = None  # TYLE_TTCT_MOI
    total_rate: Decimal | None = None  # TONG_TYLE_TTCT
    disability_kind: str | None = None  # DANG_KHUYETTAT
    disability_severity: str | None = None  # MUC_DO_KHUYETTAT
    proposal: str | None = None  # DE_NGHI
    established: str | None = None  # DUOC_XACDINH
    reserve: str | None = None  # DU_PHONG
