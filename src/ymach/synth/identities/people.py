"""The people themselves: households in communes, children with their parents, twins, elders."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from random import Random

from ymach.synth.geography import provinces
from ymach.synth.identities.rates import Rates
from ymach.synth.names import full_name
from ymach.synth.numbers import personal_number
from ymach.synth.tables import Weighted

THIS_YEAR = 2026
# Thousands of people by age in steps of ten years, after the census of 2019 moved on.
_AGES = Weighted(zip(range(0, 100, 10), (148, 152, 138, 160, 140, 112, 84, 44, 17, 5), strict=True))


@dataclass(frozen=True, slots=True)
class Home:
    province: str
    commune: str


@dataclass(slots=True)
class Human:
    """One person as they are. serial: who it is. born: year, month, day. number: the 12 digits."""

    serial: int
    name: str
    sex: str
    born: tuple[int, int, int]
    home: Home
    number: str
    old_number: str
    insurance: str
    phone: str
    mother: str = ""
    father: str = ""
    is_year_alone: bool = False
    facilities: list[int] = field(default_factory=list)

    @property
    def is_child(self) -> bool:
        return THIS_YEAR - self.born[0] < 16


def people(count: int, *, rates: Rates, rng: Random) -> Iterator[Human]:
    """`count` people, household after household."""
    made, used = 0, set[str]()
    homes = _homes(rng)
    while made < count:
        for one in _household(made, homes.pick(rng), rates, rng, used):
            yield one
            made += 1
            if made == count:
                return


def _homes(rng: Random) -> Weighted[Home]:
    """Every commune, some ten times as large as others."""
    return Weighted(
        (Home(province.code, commune.code), rng.lognormvariate(0, 0.8))
        for province in provinces()
        for commune in province.communes
    )


def _household(first: int, home: Home, rates: Rates, rng: Random, used: set[str]) -> list[Human]:
    members = [_human(first, home, rates, rng, used)]
    eldest = members[0]
    if eldest.is_child:  # a home begins with somebody grown up
        eldest.born = (eldest.born[0] - 25, *eldest.born[1:])
        eldest.number = _number(home, eldest.sex, eldest.born, rng, used)
    mother = full_name(rng, "2", eldest.born[0])
    for _ in range(rng.choices((0, 1, 2, 3, 4), (18, 24, 28, 20, 10))[0]):
        member = _human(first + len(members), home, rates, rng, used)
        members.append(member)
        if member.is_child:
            _child(member, eldest, mother)
            if rng.random() < rates.twins * 3:  # children are a third of everybody
                members.append(_twin(member, first + len(members), rng, used))
    return members


def _child(one: Human, parent: Human, mother: str) -> None:
    one.mother, one.father, one.phone = mother, parent.name, parent.phone
    one.name = " ".join([parent.name.split(" ")[0], *one.name.split(" ")[1:]])


def _twin(of: Human, serial: int, rng: Random, used: set[str]) -> Human:
    sex = of.sex if rng.random() < 0.6 else rng.choice("12")
    name = of.name
    while name.split(" ")[-1] == of.name.split(" ")[-1]:
        words = full_name(rng, sex, of.born[0]).split(" ")
        name = " ".join(
            [of.name.split(" ")[0], *(words[1:-1] if rng.random() < 0.5 else of.name.split(" ")[1:-1]), words[-1]]
        )
    twin = Human(
        serial, name, sex, of.born, of.home, _number(of.home, sex, of.born, rng, used), "", _digits(rng, 10), of.phone
    )
    twin.mother, twin.father = of.mother, of.father
    return twin


def _human(serial: int, home: Home, rates: Rates, rng: Random, used: set[str]) -> Human:
    year = THIS_YEAR - _AGES.pick(rng) - rng.randrange(10)
    born = (year, rng.randint(1, 12), rng.randint(1, 28))
    sex = rng.choice("12")
    old = _digits(rng, 9) if year < 2005 else ""
    one = Human(
        *(serial, full_name(rng, sex, year), sex, born, home, _number(home, sex, born, rng, used)),
        *(old, _digits(rng, 10), f"09{_digits(rng, 8)}"),
    )
    one.is_year_alone = year < 1950 and rng.random() < rates.year_alone_elders
    return one


def _number(home: Home, sex: str, born: tuple[int, int, int], rng: Random, used: set[str]) -> str:
    while True:
        number = personal_number(home.province, sex, date(*born), rng.randrange(1_000_000))
        if number not in used:
            used.add(number)
            return number


def _digits(rng: Random, count: int) -> str:
    return f"{rng.randrange(10**count):0{count}d}"
