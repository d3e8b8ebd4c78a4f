"""Medicines, fluids and blood of a visit (XML2)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class Medicine:
    """One medicine, fluid or blood line of a visit: what, how much, who ordered it, who pays.

    Money is exact, in dong (unit price 3 decimals, amounts 2); rates are per cents. Source: Decision 130/QD-BYT 2023
    table 2, Decision 4750/QD-BYT 2023, Decision 3176/QD-BYT 2024.

    - Which line.
    - The medicine. `code` joins ingredients of an in-house mix with `+`; `dosage` follows the LIEU_DUNG grammar.
    - Quantity and price. `amount_hospital` = quantity x unit price; `amount_insured` = that x `insured_rate` / 100.
    - Who pays, in dong; `benefit_level` in per cent, decimals accepted.
    - Who ordered it and when (UTC). `prescribers` are practice-certificate or licence codes.
    """

    visit_code: str | None = None  # MA_LK
    sequence: int | None = None  # STT

    code: str | None = None  # MA_THUOC
    processing_codes: tuple[str, ...] = ()  # MA_PP_CHEBIEN
    source_facility: str | None = None  # MA_CSKCB_THUOC
    cost_group: str | None = None  # MA_NHOM
    name: str | None = None  # TEN_THUOC
    unit: str | None = None  # DON_VI_TINH
    strength: str | None = None  # HAM_LUONG
    route: str | None = None  # DUONG_DUNG
    form: str | None = None  # DANG_BAO_CHE
    dosage: str | None = None  # LIEU_DUNG
    instructions: str | None = None  # CACH_DUNG
    registration_number: str | None = None  # SO_DANG_KY
    tender: str | None = None  # TT_THAU

    scope: str | None = None  # PHAM_VI
    insured_rate: Decimal | None = None  # TYLE_TT_BH
    quantity: Decimal | None = None  # SO_LUONG
    unit_price: Decimal | None = None  # DON_GIA
    amount_hospital: Decimal | None = None  # THANH_TIEN_BV
    amount_insured: Decimal | None = None  # THANH_TIEN_BH

    paid_by_state: Decimal | None = None  # T_NGUONKHAC_NSNN
    paid_by_foreign_aid: Decimal | None = None  # T_NGUONKHAC_VTNN
    paid_by_domestic_aid: Decimal | None = None  # T_NGUONKHAC_VTTN
    paid_by_others: Decimal | None = None  # T_NGUONKHAC_CL
    other_sources: Decimal | None = None  # T_NGUONKHAC
    benefit_level: Decimal | None = None  # MUC_HUONG
    patient_paid: Decimal | None = None  # T_BNTT
    copayment: Decimal | None = None  # T_BNCCT
    insurance_paid: Decimal | None = None  # T_BHTT
    payment_method: str | None = None  # MA_PTTT
    payer: str | None = None  # NGUON_CTRA
    war_wound: str | None = None  # VET_THUONG_TP

    department: str | None = None  # MA_KHOA
    prescribers: tuple[str, ...] = ()  # MA_BAC_SI
    service_codes: tuple[str, ...] = ()  # MA_DICH_VU
    ordered_at: datetime | None = None  # NGAY_YL
    given_at: datetime | None = None  # NGAY_TH_YL
    reserve: str | None = None  # DU_PHONG
