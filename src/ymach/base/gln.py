"""Global Location Numbers (GS1): 13 digits, the last one a check digit."""

from __future__ import annotations

import re

_THIRTEEN_DIGITS = re.compile(r"[0-9]{13}\Z")


def check_digit(first_twelve: str) -> str:
    """The check digit of twelve digits: weights 3, 1, 3, 1 … from the right (GS1 General Specifications §7.9)."""
    total = sum(int(digit) * (3 if place % 2 == 0 else 1) for place, digit in enumerate(reversed(first_twelve)))
    return str(-total % 10)


def is_gln(text: str) -> bool:
    """Whether `text` is thirteen ASCII digits of which the last checks the others."""
    return bool(_THIRTEEN_DIGITS.match(text)) and check_digit(text[:12]) == text[12]
