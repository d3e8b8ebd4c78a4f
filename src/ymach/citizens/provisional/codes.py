"""The code of a wristband, `VT` (vòng tay) and nine characters: pure.

Of 31 characters that are not mistaken for each other in handwriting (no I, L, O, S, U), eight and a check character. The
check is a weighted sum modulo 31, a prime: one wrong character, or any two exchanged, never makes another good code.
"""

from __future__ import annotations

import hashlib
import re
from uuid import UUID

ALPHABET = "0123456789ABCDEFGHJKMNPQRTVWXYZ"
PREFIX = "VT"
_BODY = 8
_SHAPE = re.compile(f"{PREFIX}[{ALPHABET}]{{{_BODY + 1}}}")
_SEPARATORS = re.compile(r"[\s\-_.]+")


def code_of(key: UUID) -> str:
    """The code for a form sent under `key` (drawn for the form when it is shown): sent twice, it is the same code."""
    number = int.from_bytes(hashlib.sha256(b"wristband" + key.bytes).digest(), "big")
    body = ""
    for _ in range(_BODY):
        number, place = divmod(number, len(ALPHABET))
        body += ALPHABET[place]
    return f"{PREFIX}{body}{check_of(body)}"


def check_of(body: str) -> str:
    """The check character of the eight others."""
    total = sum(weight * ALPHABET.index(one) for weight, one in enumerate(body, start=2))
    return ALPHABET[total % len(ALPHABET)]


def tidy_code(text: str) -> str | None:
    """The code in `text` as it is kept, however it is typed (`vt-7k3q-92xc-m`); None for what is no good code."""
    if text.lstrip()[:1] not in {"V", "v"}:
        return None  # every dossier is asked: nearly all are told apart here
    tidy = _SEPARATORS.sub("", text[:40]).upper()
    if not _SHAPE.fullmatch(tidy):
        return None
    body = tidy[len(PREFIX) : -1]
    return tidy if check_of(body) == tidy[-1] else None


def has_shape(text: str) -> bool:
    """Whether `text` looks like a code, right or wrong in a character."""
    return _SHAPE.fullmatch(_SEPARATORS.sub("", text[:40]).upper()) is not None


def printed(code: str) -> str:
    """The code in groups, as people read it aloud: `VT-7K3Q-92XC-M`."""
    body = code[len(PREFIX) :]
    return "-".join((PREFIX, body[:4], body[4:8], body[8:]))
