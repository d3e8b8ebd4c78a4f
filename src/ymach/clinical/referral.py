"""The referral paper (XML13)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from ymach.clinical.person import PartialDate, split_codes


@dataclass(frozen=True, slots=True, kw_only=True)
class Referral:
    """The referral paper: from here to another facility, why, and in what condition.

    Two layouts exist: Decision 4750/QD-BYT 2023 and Decision 3176/QD-BYT 2024; `layout` names the one a paper was read
    in ("4750" or "3176"), None lets the writer choose by the day the visit ended.

    - Which paper.
    - Who. `sex`: 1 male, 2 female, 3 undetermined.
    - When (UTC). The layout of Decision 3176 allows several stays.
    - The illness so far. `condition` (3176) took the place of `treatment` (4750); the two name lists are 4750 only.
    - The decision to refer: kind of discharge (2 or 5), reason 1-3, what should follow, how the patient travels.
    - Who signs. `doctor` may join several codes with `;`; `doctors` splits them.
    """

    visit_code: str | None = None  # MA_LK
    file_number: str | None = None  # SO_HOSO
    register_number: str | None = None  # SO_CHUYENTUYEN
    number: str | None = None  # GIAY_CHUYEN_TUYEN
    facility_code: str | None = None  # MA_CSKCB
    from_facilities: tuple[str, ...] = ()  # MA_CSKCB_DI / MA_NOI_DI
    to_facility: str | None = None  # MA_CSKCB_DEN / MA_NOI_DEN

    full_name: str | None = None  # HO_TEN
    birth_date: PartialDate | None = None  # NGAY_SINH
    sex: str | None = None  # GIOI_TINH
    nationality: str | None = None  # MA_QUOCTICH
    ethnic_group: str | None = None  # MA_DANTOC
    occupation: str | None = None  # MA_NGHE_NGHIEP
    address: str | None = None  # DIA_CHI
    insurance_cards: tuple[str, ...] = ()  # MA_THE_BHYT
    cards_valid_to: tuple[date, ...] = ()  # GT_THE_DEN

    started_at: tuple[datetime, ...] = ()  # NGAY_VAO
    admitted_at: datetime | None = None  # NGAY_VAO_NOI_TRU
    ended_at: tuple[datetime, ...] = ()  # NGAY_RA

    signs: str | None = None  # DAU_HIEU_LS
    diagnosis_text: str | None = None  # CHAN_DOAN_RV
    history: str | None = None  # QT_BENHLY
    results_summary: str | None = None  # TOMTAT_KQ
    care_given: str | None = None  # PP_DIEUTRI
    main_diagnosis: str | None = None  # MA_BENH_CHINH
    other_diagnoses: tuple[str, ...] = ()  # MA_BENH_KT
    traditional_diagnoses: tuple[str, ...] = ()  # MA_BENH_YHCT
    condition: str | None = None  # TINH_TRANG_CT
    treatment: str | None = None  # PP_DIEU_TRI
    service_names: str | None = None  # TEN_DICH_VU
    medicine_names: str | None = None  # TEN_THUOC

    discharge_type: str | None = None  # MA_LOAI_RV
    reason: str | None = None  # MA_LYDO_CT
    plan: str | None = None  # HUONG_DIEU_TRI
    transport: str | None = None  # PHUONGTIEN_VC
    escort_name: str | None = None  # HOTEN_NGUOI_HT
    escort_title: str | None = None  # CHUCDANH_NGUOI_HT

    doctor: str | None = None  # MA_BAC_SI
    head_of_unit: str | None = None  # MA_TTDV
    reserve: str | None = None  # DU_PHONG

    layout: str | None = None

    @property
    def doctors(self) -> tuple[str, ...]:
        """Every signing doctor's code."""
        return split_codes(self.doctor)
