"""Vietnamese personal names with the frequencies of real ones, by sex and generation.

Family names follow the published shares (Nguyễn about a third, the first ten about two thirds of everybody); middle
and given names follow what was in fashion when the person was born.
"""

from __future__ import annotations

from functools import cache
from random import Random

from ymach.synth.tables import Weighted, rows

_COLUMNS = ("before_1975", "until_1994", "since_1995")
# How often a person has no middle name, one, or a given name of two words.
_NO_MIDDLE, _DOUBLE_GIVEN = 0.03, 0.22


def full_name(rng: Random, sex: str, birth_year: int) -> str:
    """A name for somebody of `sex` ("1" male, "2" female) born in that year: family, middle, given."""
    column = _COLUMNS[(birth_year >= 1975) + (birth_year >= 1995)]
    family, chance = _families().pick(rng), rng.random()
    given = _names("given", sex, column).pick(rng)
    if chance < _NO_MIDDLE:
        return f"{family} {given}"
    middle = _names("middle", sex, column).pick(rng)
    if chance > 1 - _DOUBLE_GIVEN:
        first = _names("given", sex, column).pick(rng)
        if first not in {given, middle}:
            return f"{family} {middle} {first} {given}"
    return f"{family} {middle} {given}" if middle != given else f"{family} {given}"


@cache
def _families() -> Weighted[str]:
    return Weighted((row["name"], float(row["per_ten_thousand"])) for row in rows("registry/family_names.csv"))


@cache
def _names(place: str, sex: str, column: str) -> Weighted[str]:
    fitting = (row for row in rows("registry/given_names.csv") if (row["place"], row["sex"]) == (place, sex))
    return Weighted((row["name"], float(row[column])) for row in fitting)
