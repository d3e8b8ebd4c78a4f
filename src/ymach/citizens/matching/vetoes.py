"""What forbids linking two identities without a person, however much agrees. Each has a name, a sentence, and a rule.

`is_apart`: the pair is not even shown to a person, since nothing could be decided from what both sides say. `is_asked`: a
person is asked however little agrees, since one of the two is wrong about something that must be put right.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from ymach.base.text import Text
from ymach.citizens.matching.comparators import DIFFERENT, LEVELS, SAME, Levels, within_one_edit
from ymach.citizens.matching.profile import Profile

_PLACE_OF = {field: place for place, field in enumerate(LEVELS)}
_UNNAMED = re.compile(r"(con (ba|chi|me)|cb|be (trai|gai|con)|tre so sinh|so sinh|chua (dat|co) ten)\b")


@dataclass(frozen=True, slots=True)
class Veto:
    """name: stable. text: why, for the clerk. holds: of two identities and their levels."""

    name: str
    text: Text
    holds: Callable[[Profile, Profile, Levels], bool]
    is_apart: bool = False
    is_asked: bool = False


def found(one: Profile, other: Profile, levels: Levels) -> tuple[Veto, ...]:
    """The vetoes that hold for a pair."""
    return tuple(veto for veto in VETOES if veto.holds(one, other, levels))


def level(levels: Levels, field: str) -> str:
    """The level of one field."""
    return levels[_PLACE_OF[field]]


def _is_strong(levels: Levels) -> bool:
    """A number of the person's own agrees, or would but for a slip."""
    return level(levels, "number") in {"exact", "digit", "swapped"} or level(levels, "insurance") == SAME


def _are_named_apart(one: Profile, other: Profile) -> bool:
    """Whether both have a name, and not the same words in another order."""
    return bool(one.name and other.name) and sorted(one.name.split(" ")) != sorted(other.name.split(" "))


def _is_sibling_of_a_day(one: Profile, other: Profile, levels: Levels) -> bool:
    """Born on one day into one home, with other given names and nothing of their own that agrees."""
    together = (level(levels, "guardian"), level(levels, "phone"), level(levels, "place"))
    is_household = SAME in together or "commune" in together
    is_birth = level(levels, "birth") in {"exact", "new-year"} and one.family == other.family
    return is_birth and is_household and one.given != other.given and not _is_strong(levels)


def _twins(one: Profile, other: Profile, levels: Levels) -> bool:
    return _is_sibling_of_a_day(one, other, levels) and _given_name(one, other, levels)


def _near_twins(one: Profile, other: Profile, levels: Levels) -> bool:
    return _is_sibling_of_a_day(one, other, levels) and _are_named_apart(one, other)


def _given_name(one: Profile, other: Profile, levels: Levels) -> bool:
    return _are_named_apart(one, other) and not within_one_edit(one.given, other.given) and one.given != other.given


def _both_vague(one: Profile, other: Profile, levels: Levels) -> bool:
    is_name = level(levels, "name") in {"exact", "folded"}
    is_birth = level(levels, "birth") in {"exact", "swapped"}
    return not is_name and not is_birth and not _is_strong(levels)


def _unnamed(one: Profile, other: Profile, levels: Levels) -> bool:
    return bool(_UNNAMED.match(one.name) or _UNNAMED.match(other.name))


def _year_alone(one: Profile, other: Profile, levels: Levels) -> bool:
    return not (one.is_day_known and other.is_day_known) and not _is_strong(levels)


def _two_numbers(one: Profile, other: Profile, levels: Levels) -> bool:
    return level(levels, "number") == DIFFERENT


def _contested(one: Profile, other: Profile, levels: Levels) -> bool:
    birth = level(levels, "birth")
    is_other = level(levels, "name") in {"given", "ends", DIFFERENT} or birth in {"same-year", DIFFERENT}
    return level(levels, "number") == "exact" and is_other


def _sexes(one: Profile, other: Profile, levels: Levels) -> bool:
    return level(levels, "sex") == DIFFERENT


def _alone(one: Profile, other: Profile, levels: Levels) -> bool:
    beside = (level(levels, "phone"), level(levels, "guardian"))
    return not _is_strong(levels) and SAME not in beside and level(levels, "place") != "commune"


VETOES: tuple[Veto, ...] = (
    Veto(
        "twins",
        Text(
            "Cùng họ, cùng ngày sinh, cùng nhà, khác tên: có thể là anh chị em sinh đôi.",
            "Same family name, birthday and home, another given name: they may be twins.",
        ),
        _twins,
        is_apart=True,
    ),
    Veto(
        "near-twins",
        Text(
            "Cùng họ, cùng ngày sinh, cùng nhà, tên gọi khác một chữ cái: có thể là anh chị em sinh đôi.",
            "Same family name, birthday and home, given names one letter apart: they may be twins.",
        ),
        _near_twins,
    ),
    Veto(
        "given-name",
        Text("Tên gọi khác nhau.", "The given names differ."),
        _given_name,
    ),
    Veto(
        "unnamed-newborn",
        Text("Trẻ chưa đặt tên: tên ghi theo mẹ.", "A child without a name of its own yet."),
        _unnamed,
    ),
    Veto(
        "year-alone",
        Text(
            "Chỉ biết năm sinh, không có số nào khớp: nhiều người cùng tên, cùng năm sinh.",
            "Only the year of birth is known and no number agrees: many share name and year.",
        ),
        _year_alone,
    ),
    Veto(
        "two-numbers",
        Text(
            "Hai bên có hai số định danh khác hẳn nhau.",
            "Each has a personal number, and the two are quite different.",
        ),
        _two_numbers,
    ),
    Veto(
        "contested-number",
        Text(
            "Cùng một số định danh nhưng tên hoặc ngày sinh khác: một bên ghi nhầm số.",
            "One personal number, but another name or birthday: one side has it wrong.",
        ),
        _contested,
        is_asked=True,
    ),
    Veto(
        "both-vague",
        Text(
            "Tên và ngày sinh đều chỉ gần giống, không có số nào khớp.",
            "Name and birthday are both only alike, and no number agrees.",
        ),
        _both_vague,
    ),
    Veto("sexes", Text("Giới tính khác nhau.", "The sexes differ."), _sexes),
    Veto(
        "nothing-beside",
        Text(
            "Ngoài tên và ngày sinh, không có gì khác khớp.",
            "Nothing agrees beside name and birthday.",
        ),
        _alone,
    ),
)
TOLD_APART = Text(
    "Một người đã quyết định rằng người này không phải là một trong những danh tính đã nối với bên kia.",
    "A person decided that this is not one of the identities that the other side is linked with.",
)
TEXTS: dict[str, Text] = {**{veto.name: veto.text for veto in VETOES}, "told-apart": TOLD_APART}
"""Why, by the name of a veto; `told-apart` follows from what the two are linked with."""
