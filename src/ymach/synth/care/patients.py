"""Synthetic patients: a name, numbers with the structure of real ones, a card, an address."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from ymach.clinical.person import PartialDate
from ymach.synth.care.conditions import Condition
from ymach.synth.geography import province
from ymach.synth.names import full_name
from ymach.synth.numbers import MOST_PEOPLE, insurance_card, personal_number
from ymach.synth.tables import shares

UNINSURED = 0.12
# Per cent that insurance pays, by the third character of the card (Decision 1351/QĐ-BHXH 2015).
BENEFITS = {"1": 100, "2": 100, "3": 95, "4": 80, "5": 100}
_CHILD, _OLD = shares("TE1:100"), shares("HT3:45 HN2:15 GD4:30 BT2:10")
_ADULT = shares("GD4:52 DN4:30 HC4:8 HN2:10")


@dataclass(frozen=True, slots=True)
class Patient:
    """A person who comes. personal_number and card may be empty; `code` is the facility's own number."""

    code: str
    name: str
    personal_number: str
    birth: PartialDate
    sex: str
    age: int
    card: str
    address: str
    province_code: str
    commune_code: str
    phone: str
    weight_kg: int

    @property
    def benefit(self) -> int:
        """Per cent that insurance pays; 0 without card."""
        return BENEFITS[self.card[2]] if self.card else 0


def make_patient(
    rng: Random, condition: Condition, province_code: str, *, on: date, serial: int | None = None
) -> Patient:
    """Somebody of the sex and age of `condition`, living in the province.

    serial: 0 … 999,999, tells people apart; by chance where none is given.
    """
    number = rng.randrange(MOST_PEOPLE) if serial is None else serial
    sex = condition.sex or rng.choice("12")
    age = rng.randint(*condition.ages)
    born = on - timedelta(days=int(age * 365.25) + rng.randrange(360))
    where = province(province_code)
    home, commune = rng.choice(where.former), rng.choice(where.communes)
    group = (_CHILD if age < 6 else _OLD if age > 60 else _ADULT).pick(rng)
    return Patient(
        code=f"BN{number:07d}",
        name=full_name(rng, sex, born.year).upper(),
        personal_number=personal_number(home, sex, born, number),
        birth=PartialDate(born.year) if age > 60 and rng.random() < 0.1 else PartialDate.of(born),
        sex=sex,
        age=age,
        card="" if rng.random() < UNINSURED else insurance_card(group, home, number),
        address=f"Số {rng.randrange(1, 300)} đường Mô Phỏng, {commune.full_name}, {where.full_name}",
        province_code=where.code,
        commune_code=commune.code,
        phone=f"0900{number:06d}",
        weight_kg=_weight(rng, age),
    )


def _weight(rng: Random, age: int) -> int:
    return rng.randint(45, 72) if age > 16 else 8 + 2 * age + rng.randrange(5)
