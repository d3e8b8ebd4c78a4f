"""How far two identities agree, field by field: a level of a short list each. Pure and symmetric.

What one of the two does not say is UNKNOWN, which speaks neither for nor against.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

from ymach.citizens.identify import Born
from ymach.citizens.matching.profile import Profile

UNKNOWN = "unknown"
DIFFERENT = "different"
SAME = "same"

LEVELS: Mapping[str, tuple[str, ...]] = {
    "name": ("exact", "folded", "moved", "typo", "shortened", "ends", "given", DIFFERENT, UNKNOWN),
    "birth": ("exact", "new-year", "swapped", "digit", "year", "same-year", DIFFERENT, UNKNOWN),
    "sex": (SAME, DIFFERENT, UNKNOWN),
    "number": ("exact", "digit", "swapped", DIFFERENT, UNKNOWN),
    "insurance": (SAME, DIFFERENT, UNKNOWN),
    "phone": (SAME, DIFFERENT, UNKNOWN),
    "guardian": (SAME, DIFFERENT, UNKNOWN),
    "place": ("commune", "province", DIFFERENT, UNKNOWN),
    "facility": (SAME, DIFFERENT, UNKNOWN),
}
"""The fields, and the levels of each from the closest to the farthest."""

Levels = tuple[str, ...]
"""One level for each field of LEVELS, in its order."""


def compare(one: Profile, other: Profile) -> Levels:
    """All fields."""
    return (
        name_level(one, other),
        birth_level(one.born, other.born),
        _equal(one.sex, other.sex) if one.sex != "3" != other.sex else UNKNOWN,
        number_level(one.number, other.number),
        _equal(one.insurance, other.insurance),
        _equal(one.phone, other.phone),
        _equal(one.guardian, other.guardian),
        place_level(one, other),
        _equal(str(one.facility_id or ""), str(other.facility_id or "")),
    )


def name_level(one: Profile, other: Profile) -> str:
    """exact: with all marks; folded: without; moved: the same words in another order; typo: one letter; shortened: words
    left out, the given name kept; ends: the first and the last word (who marries or drops a middle name); given alone."""
    if not one.name or not other.name:
        return UNKNOWN
    if one.name == other.name:
        return "exact" if one.marked == other.marked else "folded"
    first, second = one.name.split(" "), other.name.split(" ")
    if sorted(first) == sorted(second):
        return "moved"
    if within_one_edit(one.name.replace(" ", ""), other.name.replace(" ", "")):
        return "typo"
    if first[-1] != second[-1]:
        return DIFFERENT
    short, long = sorted((first, second), key=len)
    if 1 < len(short) < len(long) and not Counter(short) - Counter(long):
        return "shortened"
    return "ends" if first[0] == second[0] else "given"


def birth_level(one: Born, other: Born) -> str:
    """year: the same year and no more known of one; same-year: the same year and other days."""
    year, other_year = one[0], other[0]
    if year is None or other_year is None:
        return UNKNOWN
    if None in one or None in other:
        return "year" if year == other_year else DIFFERENT
    if one == other:
        return "new-year" if one[1:] == (1, 1) else "exact"
    if year == other_year and one[1:] == (other[2], other[1]):
        return "swapped"
    if one[1:] == (1, 1) or other[1:] == (1, 1):
        return "year" if year == other_year else DIFFERENT
    if _one_digit(_digits(one), _digits(other)):
        return "digit"
    return "same-year" if year == other_year else DIFFERENT


def number_level(one: str, other: str) -> str:
    """digit: one digit differs; swapped: two neighbours changed places. Numbers of two kinds say nothing of each other."""
    if not one or not other or len(one) != len(other):
        return UNKNOWN
    if one == other:
        return "exact"
    if _one_digit(one, other):
        return "digit"
    return "swapped" if _neighbours_swapped(one, other) else DIFFERENT


def place_level(one: Profile, other: Profile) -> str:
    """The commune where both live, or only the province."""
    if not one.province or not other.province:
        return UNKNOWN
    if one.province != other.province:
        return DIFFERENT
    return "commune" if one.commune and one.commune == other.commune else "province"


def within_one_edit(one: str, other: str) -> bool:
    """Whether one letter more, less or other, or two neighbours in the wrong order, make the one out of the other."""
    if abs(len(one) - len(other)) > 1:
        return False
    if len(one) == len(other):
        return _one_digit(one, other) or _neighbours_swapped(one, other)
    short, long = sorted((one, other), key=len)
    start = _common_start(short, long)
    return short[start:] == long[start + 1 :]


def _equal(one: str, other: str) -> str:
    if not one or not other:
        return UNKNOWN
    return SAME if one == other else DIFFERENT


def _one_digit(one: str, other: str) -> bool:
    start = _common_start(one, other)
    return start < len(one) and one[start + 1 :] == other[start + 1 :]


def _neighbours_swapped(one: str, other: str) -> bool:
    start = _common_start(one, other)
    return one[start : start + 2] == other[start : start + 2][::-1] and one[start + 2 :] == other[start + 2 :]


def _common_start(one: str, other: str) -> int:
    for place, (a, b) in enumerate(zip(one, other, strict=False)):
        if a != b:
            return place
    return min(len(one), len(other))


def _digits(born: Born) -> str:
    year, month, day = born
    return f"{day:02d}{month:02d}{year:04d}"
