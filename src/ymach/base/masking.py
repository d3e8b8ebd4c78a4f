"""Personal numbers as people may see them: masked in the middle."""

from __future__ import annotations


def mask(number: str) -> str:
    """“079204001234” → “079•••••1234”. Short numbers keep only their last two characters."""
    if len(number) < 8:
        return "•" * max(len(number) - 2, 0) + number[-2:]
    return number[:3] + "•" * (len(number) - 7) + number[-4:]
