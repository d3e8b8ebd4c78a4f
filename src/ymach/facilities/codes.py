"""Numbers for a new facility: the next free facility code of a province, the next location number of the registry. Pure.

No text was found on how either is given out. Codes go 001 … 999, then A00 … ZZZ, as they are seen in use.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator

from ymach.base.gln import check_digit
from ymach.facilities.errors import NoCodeLeft

_DIGITS = "0123456789"
_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"


def next_code(prefix: str, taken: Collection[str]) -> str:
    """The first code under the two digits of a province that nobody ever held. Raises NoCodeLeft."""
    held = set(taken)
    for tail in _tails():
        if (code := prefix + tail) not in held:
            return code
    raise NoCodeLeft(field="code", prefix=prefix)


def next_gln(prefix: str, highest: str | None) -> str:
    """The location number after `highest` (thirteen digits, None: none yet) under a company prefix of 3 to 11 digits.

    Raises NoCodeLeft when the prefix is used up.
    """
    width = 12 - len(prefix)
    serial = int(highest[len(prefix) : 12]) + 1 if highest else 1
    if serial >= 10**width:
        raise NoCodeLeft(field="gln", prefix=prefix)
    first = f"{prefix}{serial:0{width}d}"
    return first + check_digit(first)


def _tails() -> Iterator[str]:
    yield from (f"{number:03d}" for number in range(1, 1000))
    after = _DIGITS + _LETTERS
    yield from (first + second + third for first in _LETTERS for second in after for third in after)
