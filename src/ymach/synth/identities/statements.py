"""What facilities state about the people: once, twice or more, each time with the slips of a desk."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from random import Random

from ymach.base.vietnamese import fold
from ymach.synth.geography import provinces
from ymach.synth.identities.people import Home, Human, people
from ymach.synth.identities.rates import REALISTIC, Rates

Born = tuple[int | None, int | None, int | None]
_KEYS_BESIDE = {
    "a": "sq",
    "n": "bm",
    "i": "uo",
    "o": "ip",
    "e": "wr",
    "u": "yi",
    "h": "gj",
    "t": "ry",
    "g": "fh",
    "m": "n",
}
FACILITIES_OF_A_PROVINCE = 60


@dataclass(frozen=True, slots=True)
class Statement:
    """One identity as a facility stated it. who: the truth, which nothing but the measurement may see.

    facility: a number of the facility, from 0. Empty text: not stated.
    """

    who: int
    name: str
    born: Born
    sex: str
    number: str
    insurance: str
    phone: str
    guardian: str
    province: str
    commune: str
    facility: int


def statements(count: int, *, seed: int, rates: Rates = REALISTIC) -> Iterator[Statement]:
    """Everything stated about a country of `count` people, those of one person one after the other."""
    rng = Random(seed)  # noqa: S311 - not a secret
    for one in people(count, rates=rates, rng=rng):
        yield _first(one, rates, rng)
        if rng.random() < rates.known_twice:
            yield _again(one, rates, rng)
            if rng.random() < rates.more_than_two:
                yield _again(one, rates, rng)


def _first(one: Human, rates: Rates, rng: Random) -> Statement:
    missing = rates.number_missing_child if one.is_child else rates.number_missing_first
    return _stated(one, "" if rng.random() < missing else one.number, rates, rng)


def _again(one: Human, rates: Rates, rng: Random) -> Statement:
    chance = rng.random()
    if chance < rates.hurried:
        return _hurried(one, rates, rng)
    chance -= rates.hurried
    if chance < rates.again_number_slip:
        number = _slipped_number(one.number, rng)
    elif chance < rates.again_number_slip + rates.again_old_number:
        number = one.old_number
    elif chance < rates.again_number_slip + rates.again_old_number + rates.again_other_number:
        number = one.number[:6] + f"{rng.randrange(1_000_000):06d}"
    else:
        number = ""
    return _stated(one, number, rates, rng, is_again=True)


def _stated(one: Human, number: str, rates: Rates, rng: Random, *, is_again: bool = False) -> Statement:
    home = _home(one, rates, rng)
    guardian = ""
    if one.is_child and rng.random() >= rates.guardian_missing:
        guardian = one.father if rng.random() < rates.other_parent else one.mother
    return Statement(
        who=one.serial,
        name=_name(one.name, rates, rng),
        born=_born(one, rates, rng),
        sex=_sex(one.sex, rates, rng),
        number=number,
        insurance=_kept(one.insurance, rates.insurance_missing, rates.insurance_other, rng),
        phone=_kept(one.phone, rates.phone_missing, rates.phone_other, rng),
        guardian=guardian,
        province=home.province if home else "",
        commune=home.commune if home else "",
        facility=_facility(one, home or one.home, rates, rng, is_again=is_again),
    )


def _hurried(one: Human, rates: Rates, rng: Random) -> Statement:
    words = one.name.split(" ")
    name = one.name if rng.random() < 0.5 else f"{words[0]} {words[-1]}"
    facility = _facility(one, one.home, rates, rng, is_again=True)
    return Statement(
        *(one.serial, _name(name, rates, rng), (one.born[0], None, None), one.sex),
        number="",
        insurance="",
        phone="",
        guardian="",
        province="",
        commune="",
        facility=facility,
    )


def _facility(one: Human, home: Home, rates: Rates, rng: Random, *, is_again: bool) -> int:
    if is_again and one.facilities and rng.random() < rates.same_facility:
        return one.facilities[0]
    found = int(home.province) * 1000 + rng.randrange(FACILITIES_OF_A_PROVINCE)
    one.facilities.append(found)
    return found


def _home(one: Human, rates: Rates, rng: Random) -> Home | None:
    chance = rng.random()
    if chance < rates.place_missing:
        return None
    if chance < rates.place_missing + rates.moved_province:
        there = rng.choice(provinces())
        return Home(there.code, rng.choice(there.communes).code)
    if chance < rates.place_missing + rates.moved_province + rates.moved_commune:
        here = next(place for place in provinces() if place.code == one.home.province)
        return Home(here.code, rng.choice(here.communes).code)
    return one.home


def _kept(value: str, missing: float, other: float, rng: Random) -> str:
    chance = rng.random()
    if not value or chance < missing:
        return ""
    return f"{rng.randrange(10 ** len(value)):0{len(value)}d}" if chance < missing + other * (1 - missing) else value


def _sex(sex: str, rates: Rates, rng: Random) -> str:
    if rng.random() < rates.sex_wrong:
        return "2" if sex == "1" else "1"
    return sex


def _name(name: str, rates: Rates, rng: Random) -> str:
    words = name.split(" ")
    if rng.random() < rates.middle_dropped and len(words) > 2:
        del words[1]
    elif rng.random() < rates.other_middle and len(words) > 2:
        words[1] = rng.choice(("Thị", "Văn", "Ngọc", "Thu", "Minh"))
    if rng.random() < rates.words_moved and len(words) > 2:
        words = [*words[1:], words[0]] if rng.random() < 0.5 else [words[0], words[-1], *words[1:-1]]
    written = " ".join(words)
    if rng.random() < rates.typo:
        written = _with_typo(written, rng)
    return fold(written).upper() if rng.random() < rates.without_marks else written


def _with_typo(name: str, rng: Random) -> str:
    place = rng.randrange(1, len(name))
    letter, kind = name[place], rng.random()
    if letter == " ":
        return name
    if kind < 0.35:
        return name[:place] + name[place + 1 :]
    if kind < 0.5:
        return name[:place] + letter + name[place:]
    if kind < 0.65 and place + 1 < len(name) and name[place + 1] != " ":
        return name[:place] + name[place + 1] + letter + name[place + 2 :]
    return name[:place] + rng.choice(_KEYS_BESIDE.get(fold(letter), "aeion")) + name[place + 1 :]


def _born(one: Human, rates: Rates, rng: Random) -> Born:
    year, month, day = one.born
    if one.is_year_alone:
        return (year, 1, 1) if rng.random() < 0.3 else (year, None, None)
    chance = rng.random()
    if (chance := chance - rates.year_alone) < 0:
        return (year, None, None)
    if (chance := chance - rates.first_of_january) < 0:
        return (year, 1, 1)
    if (chance := chance - rates.day_month_swapped) < 0 and day <= 12:
        return (year, day, month)
    if chance - rates.birth_digit < 0:
        return _with_digit(year, month, day, rng)
    return (year, month, day)


def _with_digit(year: int, month: int, day: int, rng: Random) -> Born:
    """One digit of the birthday wrong, and still a day."""
    kind = rng.random()
    if kind < 0.4:
        return (year, month, (day // 10) * 10 + rng.randint(1, 8))
    if kind < 0.7:
        return (year, rng.randint(1, 9) if month < 10 else rng.randint(10, 12), day)
    return (year // 10 * 10 + rng.randrange(10) if year < 2020 else year, month, day)


def _slipped_number(number: str, rng: Random) -> str:
    place = rng.randrange(6, len(number) - 1)
    if rng.random() < 0.3 and number[place] != number[place + 1]:
        return number[:place] + number[place + 1] + number[place] + number[place + 2 :]
    digit = rng.choice([one for one in "0123456789" if one != number[place]])
    return number[:place] + digit + number[place + 1 :]
