"""Numbers of people and facilities as the law shapes them, none of them assigned to anybody."""

from __future__ import annotations

from datetime import UTC, date, datetime
from random import Random
from uuid import UUID

from ymach.base.gln import check_digit
from ymach.base.text import Text

MOST_PEOPLE = 1_000_000
"""The last six digits of a personal number tell people of one country apart, so there can be no more of them."""

INVENTED = Text("mô phỏng", "invented")
"""The mark that names of invented facilities carry."""

_EPOCH = int(datetime(2024, 1, 1, tzinfo=UTC).timestamp() * 1000)
_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_ALPHABET = "0123456789" + _LETTERS
_TAX_WEIGHTS = (31, 29, 23, 19, 17, 13, 7, 5, 3)
# Multiplying by a number without common factor with 10^6 scatters consecutive serials without ever repeating one.
_SCATTER = 611_953


def uuid7_of(rng: Random, place: int) -> UUID:
    """A UUIDv7 that the seed decides: `place` counts milliseconds from 2024-01-01, the rest is chance."""
    chance = rng.getrandbits(74)
    high = (_EPOCH + place) << 16 | 0x7000 | chance >> 62
    return UUID(int=high << 64 | 0b10 << 62 | chance & (1 << 62) - 1)


def personal_number(province: str, sex: str, birth: date, serial: int) -> str:
    """A citizen number (Law 26/2023/QH15): province of birth, century and sex, year, six digits unique by `serial`.

    province: two-digit code of the former province; sex: "1" male, "2" female. Raises ValueError past a million.
    """
    if not 0 <= serial < MOST_PEOPLE:
        raise ValueError(f"serial {serial}: at most {MOST_PEOPLE} people")
    century = (birth.year // 100 - 19) * 2 + (sex == "2")
    return f"0{province}{century}{birth.year % 100:02d}{serial * _SCATTER % MOST_PEOPLE:06d}"


def insurance_card(group: str, province: str, serial: int) -> str:
    """A health-insurance card of 15 characters: group with benefit level, province, ten digits."""
    return f"{group}{province}99{serial * _SCATTER % MOST_PEOPLE:06d}{serial % 97:02d}"


def tax_code(serial: int) -> str:
    """Ten digits that start with 99 and end with the check digit of Vietnamese tax codes."""
    base = 990_000_000 + 2 * serial
    check = _tax_check(base)
    if check == 10:
        base += 1
        check = _tax_check(base)
    return f"{base}{check}"


def _tax_check(base: int) -> int:
    return 10 - sum(int(digit) * weight for digit, weight in zip(str(base), _TAX_WEIGHTS, strict=True)) % 11


def gln(serial: int) -> str:
    """A location number under 893 99, a range that nobody was given, with its check digit."""
    first = f"89399{serial:07d}"
    return first + check_digit(first)


def facility_code(prefix: str, serial: int) -> str:
    """Two digits of a former province and three characters: 001 … 999, then A00 … ZZZ. Raises ValueError beyond."""
    if serial < 1000:
        return f"{prefix}{serial:03d}"
    high, rest = divmod(serial - 1000, 36 * 36)
    if high >= len(_LETTERS):
        raise ValueError(f"{prefix}: no code left")
    return f"{prefix}{_LETTERS[high]}{_ALPHABET[rest // 36]}{_ALPHABET[rest % 36]}"
