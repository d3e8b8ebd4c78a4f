"""Comparing what is claimed of a person with what the population database says. Pure."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from ymach.base.vietnamese import fold, tidy_name
from ymach.population.contract import Person

_TONES = frozenset("\u0300\u0309\u0303\u0301\u0323")


class Outcome(StrEnum):
    """What a check found. UNAVAILABLE: nothing was found out; the check is to be made again."""

    MATCH = "match"
    MISMATCH = "mismatch"
    UNKNOWN = "unknown-number"
    UNAVAILABLE = "unavailable"


class Sameness(StrEnum):
    """How two values of one field compare. MARKS: the same name but for its marks (Hòa, Hoa)."""

    SAME = "same"
    MARKS = "marks"
    DIFFERENT = "different"


@dataclass(frozen=True, slots=True)
class Claim:
    """What is claimed of the holder of a number."""

    full_name: str
    birth_date: date
    sex: str


@dataclass(frozen=True, slots=True)
class Comparison:
    """How the fields compare; none where nobody was found."""

    outcome: Outcome
    fields: dict[str, Sameness]


def compare(claim: Claim, found: Person | None) -> Comparison:
    """How a claim compares with the person found; None: nobody has the number."""
    if found is None:
        return Comparison(Outcome.UNKNOWN, {})
    fields = {
        "full_name": compare_names(claim.full_name, found.full_name),
        "birth_date": _plainly(claim.birth_date == found.birth_date),
        "sex": _plainly(claim.sex == found.sex),
    }
    is_same = all(one is Sameness.SAME for one in fields.values())
    return Comparison(Outcome.MATCH if is_same else Outcome.MISMATCH, fields)


def compare_names(one: str, other: str) -> Sameness:
    """Names compared without case; where the tone mark stands within a word (Hòa, Hoà) is no difference."""
    if _spoken(one) == _spoken(other):
        return Sameness.SAME
    return Sameness.MARKS if fold(one) == fold(other) else Sameness.DIFFERENT


def _spoken(name: str) -> list[tuple[str, str]]:
    """Each word as its letters without tone, and its tone."""
    words = []
    for word in tidy_name(name).casefold().split(" "):
        parts = unicodedata.normalize("NFD", word)
        letters = "".join(part for part in parts if part not in _TONES)
        words.append((unicodedata.normalize("NFC", letters), "".join(part for part in parts if part in _TONES)))
    return words


def _plainly(is_same: bool) -> Sameness:
    return Sameness.SAME if is_same else Sameness.DIFFERENT
