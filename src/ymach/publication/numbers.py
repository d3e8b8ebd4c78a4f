"""Licence numbers as people type them when they look somebody up, and the numbers one slip away. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator
from string import ascii_uppercase, digits

from ymach.base.licence_numbers import number_key

_GLUED = re.compile(r"(\d{4,7}) ?-?([A-Z].*)\Z")
_SERIAL = re.compile(r"(\d{1,7})(/.*)?\Z")
_MARKS = "/-"
_LONGEST = 24
_WIDTH = 7


def looks_like_number(text: str) -> bool:
    """Whether somebody typed a licence number rather than a name: names have no digits."""
    return any(char.isdigit() for char in text)


def key_of(text: str) -> str:
    """The number's key; a forgotten stroke after the digits is put back."""
    key = number_key(text)
    glued = _GLUED.match(key)
    return f"{glued[1]}/{glued[2]}" if glued else key


def near(key: str) -> list[str]:
    """The keys one slip away: a character more, less, another, two exchanged, or zeros forgotten or too many in front."""
    if len(key) > _LONGEST:
        return []
    return sorted({*_zeros(key), *_slips(key)} - {key, ""})


def _zeros(key: str) -> Iterator[str]:
    found = _SERIAL.match(key)
    if found is None:
        return
    bare, rest = found[1].lstrip("0") or "0", found[2] or ""
    for width in range(len(bare), _WIDTH + 1):
        yield bare.zfill(width) + rest


def _slips(key: str) -> Iterator[str]:
    for place in range(len(key) + 1):
        before, after = key[:place], key[place:]
        if after:
            yield before + after[1:]
            yield from (before + other + after[1:] for other in {*_kind(after[0]), *_MARKS})
        if len(after) > 1:
            yield before + after[1] + after[0] + after[2:]
        neighbour = after[:1] or before[-1:]
        yield from (before + more + after for more in {*_kind(neighbour), *_MARKS})


def _kind(char: str) -> str:
    return digits if char.isdigit() else ascii_uppercase
