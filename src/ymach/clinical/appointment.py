"""The re-examination appointment slip (XML14)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from ymach.clinical.person import PartialDate, split_codes


@dataclass(frozen=True, slots=True, kw_only=True)
class Appointment:
    """The re-examination appointment slip.

    Source: Decision 4750/QD-BYT 2023 table 14, Decision 3176/QD-BYT 2024 (which shortened the appointment to a day).

    - Which slip.
    - Who. `sex`: 1 male, 2 female, 3 undetermined.
    - The visit (UTC), and the day (perhaps the hour, Viet Nam time) of the appointment.
    - The illness.
    - Who signs. `doctor` may join several codes with `;`; `doctors` splits them.
    """

    visit_code: str | None = None  # MA_LK
    number: str | None = None  # SO_GIAYHEN_KL
    facility_code: str | None = None  # MA_CSKCB
    patient_category: str | None = None  # MA_DOITUONG_KCB

    full_name: str | None = None  # HO_TEN
    birth_date: PartialDate | None = None  # NGAY_SINH
    sex: str | None = None  # GIOI_TINH
    address: str | None = None  # DIA_CHI
    insurance_cards: tuple[str, ...] = ()  # MA_THE_BHYT
    cards_valid_to: tuple[date, ...] = ()  # GT_THE_DEN

    started_at: datetime | None = None  # NGAY_VAO
    admitted_at: datetime | None = None  # NGAY_VAO_NOI_TRU
    ended_at: datetime | None = None  # NGAY_RA
    appointed: PartialDate | None = None  # NGAY_HEN_KL

    diagnosis_text: str | None = None  # CHAN_DOAN_RV
    main_diagnosis: str | None = None  # MA_BENH_CHINH
    other_diagnoses: tuple[str, ...] = ()  # MA_BENH_KT
    traditional_diagnoses: tuple[str, ...] = ()  # MA_BENH_YHCT

    doctor: str | None = None  # MA_BAC_SI
    head_of_unit: str | None = None  # MA_TTDV
    issued_on: date | None = None  # NGAY_CT
    reserve: str | None = None  # DU_PHONG

    @property
    def appointed_on(self) -> date | None:
        """The day of the appointment in Viet Nam, whether the slip gives an hour or not."""
        return self.appointed.day_or_none if self.appointed else None

    @property
    def doctors(self) -> tuple[str, ...]:
        """Every signing doctor's code."""
        return split_codes(self.doctor)
