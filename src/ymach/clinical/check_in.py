"""The check-in notice (XML0)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from ymach.clinical.person import InsuranceCard, PartialDate, cards


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckIn:
    """One row of the check-in notice: a person has arrived and the first cost of the visit has arisen.

    Sent at the first cost of a visit and again at the first cost in a treatment department; not for emergencies.
    A notice only, never a basis for payment. Source: Decision 130/QD-BYT 2023, redefined by Decision 4750/QD-BYT 2023.

    - Which visit: the key of the episode within the facility, and the row's place in the submission.
    - Who: the patient as the facility knows the person. `sex`: 1 male, 2 female, 3 undetermined.
    - Insurance cards; the four lists follow the same order.
    - When (UTC) and why the person came in.
    - The first cost: one of service, medicine or supply.
    """

    code: str | None = None  # MA_LK
    sequence: int | None = None  # STT
    facility_code: str | None = None  # MA_CSKCB
    kind: str | None = None  # MA_LOAI_KCB
    patient_category: str | None = None  # MA_DOITUONG_KCB

    patient_code: str | None = None  # MA_BN
    full_name: str | None = None  # HO_TEN
    personal_number: str | None = None  # SO_CCCD
    birth_date: PartialDate | None = None  # NGAY_SINH
    sex: str | None = None  # GIOI_TINH

    insurance_cards: tuple[str, ...] = ()  # MA_THE_BHYT
    registered_facilities: tuple[str, ...] = ()  # MA_DKBD
    cards_valid_from: tuple[date, ...] = ()  # GT_THE_TU
    cards_valid_to: tuple[date, ...] = ()  # GT_THE_DEN

    started_at: datetime | None = None  # NGAY_VAO
    admitted_at: datetime | None = None  # NGAY_VAO_NOI_TRU
    admission_reason: str | None = None  # LY_DO_VNT
    admission_reason_code: str | None = None  # MA_LY_DO_VNT

    service_code: str | None = None  # MA_DICH_VU
    service_name: str | None = None  # TEN_DICH_VU
    medicine_code: str | None = None  # MA_THUOC
    medicine_name: str | None = None  # TEN_THUOC
    supply_code: str | None = None  # MA_VAT_TU
    supply_name: str | None = None  # TEN_VAT_TU
    ordered_at: datetime | None = None  # NGAY_YL
    reserve: str | None = None  # DU_PHONG

    @property
    def coverages(self) -> tuple[InsuranceCard, ...]:
        """The insurance cards shown, each with its facility of first registration and its validity."""
        return cards(self.insurance_cards, self.registered_facilities, self.cards_valid_from, self.cards_valid_to)
