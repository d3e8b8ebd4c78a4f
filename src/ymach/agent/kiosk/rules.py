"""What a check-in is: who comes, who pays, and the notice (XML0) that says so. No clock, no disk."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from ymach.agent.kiosk.settings import Room, Settings
from ymach.base.clock import vietnam_day
from ymach.clinical.check_in import CheckIn
from ymach.clinical.person import PartialDate
from ymach.formats.cccd_qr import Card, InsuranceNumber
from ymach.formats.cccd_qr.findings import sex_of

DESK = "QUAY"
"""The code of the reception desk: a number there makes no notice."""

_VISIT = "01"  # MA_LOAI_KCB: an outpatient visit
_CHILD_UNDER = 16  # Law on Children 102/2016/QH13 art. 1
_NEWBORN = timedelta(days=28)  # younger ones need the hour of birth: Decision 130/QD-BYT 2023, NGAY_SINH


class Pays(StrEnum):
    """Who bears the visit, as the person says."""

    INSURANCE = "insurance"
    SELF = "self"


@dataclass(frozen=True, slots=True)
class Wish:
    """What a person has chosen. insurance: a number that was typed; the insurer finds most by the personal number."""

    card: Card
    pays: Pays
    room: Room
    insurance: InsuranceNumber | None = None


def is_child(birth: PartialDate, *, on: date) -> bool:
    """Whether a person is under 16 on a day; with an unknown month or day, the earliest counts."""
    first = birth.earliest
    return on.year - first.year - ((on.month, on.day) < (first.month, first.day)) < _CHILD_UNDER


def is_newborn(birth: PartialDate, *, on: date) -> bool:
    """Whether the notice would need the hour of birth, which no card states."""
    return birth.day_or_none is not None and on - birth.earliest <= _NEWBORN


def visit_code(settings: Settings, room: str, number: int, *, at: datetime, spread: str) -> str:
    """The key of the visit (MA_LK): unique in the facility also when a kiosk lost its disk and counts anew.

    spread: some random letters. at: aware; the day is Viet Nam's.
    """
    return f"K{settings.letter}{vietnam_day(at):%y%m%d}-{room}-{number:03d}-{spread}"


def notice(wish: Wish, settings: Settings, *, facility: str, code: str, patient_code: str, at: datetime) -> CheckIn:
    """The check-in notice (XML0, Decision 4750/QD-BYT 2023) of one person: one row, first cost = the room's service.

    facility: code of 5 characters. patient_code: the facility's code for the person (MA_BN). at: aware.
    """
    return CheckIn(
        code=code,
        sequence=1,
        facility_code=facility,
        kind=_VISIT,
        patient_category=settings.insured if wish.pays is Pays.INSURANCE else settings.uninsured,
        patient_code=patient_code,
        full_name=wish.card.full_name,
        personal_number=wish.card.number,
        birth_date=wish.card.birth,
        sex=wish.card.sex or sex_of(wish.card.number),
        insurance_cards=(wish.insurance.written,) if wish.insurance and wish.pays is Pays.INSURANCE else (),
        started_at=at,
        service_code=wish.room.service_code,
        service_name=wish.room.service_name,
        ordered_at=at,
    )
