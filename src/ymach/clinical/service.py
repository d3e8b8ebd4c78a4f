"""Services and supplies of a visit (XML3)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class Service:
    """One service, consultation, bed, transport or supply line of a visit.

    Money is exact, in dong (unit price 3 decimals, amounts 2); rates are per cents. Source: Decision 130/QD-BYT 2023
    table 3, Decision 4750/QD-BYT 2023, Decision 3176/QD-BYT 2024.

    - Which line.
    - The service or the supply. `procedures` are ICD-9-CM volume 3.
    - Quantity and price.
    - Who pays, in dong; `benefit_level` in per cent, decimals accepted.
    - Who ordered and did it, why, and when (UTC). For bed rows `resulted_at` is the end of the bed's use.
    - How: anaesthesia 1-4, body site, devices `XX.n.YYYYY.Z`, serial number of a supply, 1 when used again.
    """

    visit_code: str | None = None  # MA_LK
    sequence: int | None = None  # STT

    code: str | None = None  # MA_DICH_VU
    procedures: tuple[str, ...] = ()  # MA_PTTT_QT
    supply_code: str | None = None  # MA_VAT_TU
    cost_group: str | None = None  # MA_NHOM
    supply_package: str | None = None  # GOI_VTYT
    supply_name: str | None = None  # TEN_VAT_TU
    name: str | None = None  # TEN_DICH_VU
    fuel_code: str | None = None  # MA_XANG_DAU
    unit: str | None = None  # DON_VI_TINH
    tender: str | None = None  # TT_THAU

    scope: str | None = None  # PHAM_VI
    quantity: Decimal | None = None  # SO_LUONG
    unit_price_hospital: Decimal | None = None  # DON_GIA_BV
    unit_price_insured: Decimal | None = None  # DON_GIA_BH
    service_rate: Decimal | None = None  # TYLE_TT_DV
    insured_rate: Decimal | None = None  # TYLE_TT_BH
    amount_hospital: Decimal | None = None  # THANH_TIEN_BV
    amount_insured: Decimal | None = None  # THANH_TIEN_BH
    supply_ceiling: Decimal | None = None  # T_TRANTT

    benefit_level: Decimal | None = None  # MUC_HUONG
    paid_by_state: Decimal | None = None  # T_NGUONKHAC_NSNN
    paid_by_foreign_aid: Decimal | None = None  # T_NGUONKHAC_VTNN
    paid_by_domestic_aid: Decimal | None = None  # T_NGUONKHAC_VTTN
    paid_by_others: Decimal | None = None  # T_NGUONKHAC_CL
    other_sources: Decimal | None = None  # T_NGUONKHAC
    patient_paid: Decimal | None = None  # T_BNTT
    copayment: Decimal | None = None  # T_BNCCT
    insurance_paid: Decimal | None = None  # T_BHTT
    payment_method: str | None = None  # MA_PTTT
    war_wound: str | None = None  # VET_THUONG_TP

    department: str | None = None  # MA_KHOA
    beds: tuple[str, ...] = ()  # MA_GIUONG
    orderers: tuple[str, ...] = ()  # MA_BAC_SI
    performers: tuple[str, ...] = ()  # NGUOI_THUC_HIEN
    diagnoses: tuple[str, ...] = ()  # MA_BENH
    traditional_diagnoses: tuple[str, ...] = ()  # MA_BENH_YHCT
    ordered_at: datetime | None = None  # NGAY_YL
    performed_at: datetime | None = None  # NGAY_TH_YL
    resulted_at: datetime | None = None  # NGAY_KQ

    anaesthesia: str | None = None  # PP_VO_CAM
    body_site: str | None = None  # VI_TRI_TH_DVKT
    devices: tuple[str, ...] = ()  # MA_MAY
    serial_number: str | None = None  # MA_HIEU_SP
    reused: str | None = None  # TAI_SU_DUNG
    reserve: str | None = None  # DU_PHONG
