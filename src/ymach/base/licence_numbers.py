"""Licence numbers: as people and their software write them, and as they are compared.

No official pattern exists; look-ups show `0012345/BYT-CCHN`, `000001/HCM-GPHN`, `02222/HCM-GPHĐ`. Two numbers are the
same when their keys are. Leading zeros count, and suffixes of merged provinces are never translated.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

_BLANKS_AROUND_MARKS = re.compile(r"\s*([/.-])\s*")
_BLANKS = re.compile(r"\s+")
_DASHES = re.compile(r"[\u2010-\u2015\u2212]")
_SECONDED = re.compile(r"(?P<licence>.+)\.HD\.(?P<facility>[0-9A-Z]{5})\Z")


def number_key(printed: str) -> str:
    """The form in which licence numbers are compared: trimmed, upper case, no blanks around marks, Đ written D.

    `" 02222 / hcm-gphđ "` and `02222/HCM-GPHD` have the same key. Taking the key of a key changes nothing.
    """
    if printed.isascii() and printed.isprintable() and " " not in printed:
        return printed.upper()  # the rest changes nothing of it; registries are loaded by the hundred thousand
    upper = unicodedata.normalize("NFC", unicodedata.normalize("NFKC", printed).upper()).replace("Đ", "D")
    return _BLANKS.sub(" ", _BLANKS_AROUND_MARKS.sub(r"\1", _DASHES.sub("-", upper))).strip()


@dataclass(frozen=True, slots=True)
class AuthorNumber:
    """One author as a dossier names them.

    written: as read; key: of the licence alone; seconded_from: the code of the facility in `<licence>.HD.<facility>`,
    where the person is registered while working elsewhere.
    """

    written: str
    key: str
    seconded_from: str | None = None


def authors_in(field: str) -> tuple[AuthorNumber, ...]:
    """The authors in one field of a dossier: several are joined by `;`. Blank parts are left out."""
    return tuple(author_number(part) for part in field.split(";") if part.strip())


@lru_cache(maxsize=16384)  # the same few hundred authors fill the dossiers of a facility
def author_number(written: str) -> AuthorNumber:
    """One author's number, with the form of seconded staff taken apart."""
    key = number_key(written)
    seconded = _SECONDED.match(key)
    if seconded is None:
        return AuthorNumber(written.strip(), key)
    return AuthorNumber(written.strip(), seconded["licence"], seconded["facility"])
