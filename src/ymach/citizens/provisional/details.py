"""What a desk can know of somebody without papers, by kind, and what must at least be known: pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, fields, replace
from datetime import date, timedelta
from enum import StrEnum
from typing import Any

from ymach.base.text import Text
from ymach.base.vietnamese import tidy_name
from ymach.citizens.identify import Born
from ymach.clinical.person import PartialDate

LONGEST = 300
OLDEST = 120
_SEXES = frozenset({"", "1", "2"})


class Kind(StrEnum):
    UNKNOWN = "unknown"
    NEWBORN = "newborn"
    FOREIGNER = "foreigner"
    CHILD = "child"


WORDS: dict[Kind, Text] = {
    Kind.UNKNOWN: Text("Chưa rõ là ai", "Unknown person"),
    Kind.NEWBORN: Text("Trẻ sơ sinh", "Newborn"),
    Kind.FOREIGNER: Text("Người nước ngoài", "Foreigner"),
    Kind.CHILD: Text("Trẻ em chưa có số", "Child without a number"),
}
NAMELESS = Text("Chưa rõ tên", "Name not known")
MISSING = Text("Cần điền ô này.", "Fill this in.")
TOO_LONG = Text(f"Dài hơn {LONGEST} ký tự.", f"Longer than {LONGEST} characters.")
NO_AGE = Text(f"Tuổi ước chừng là số từ 0 đến {OLDEST}.", f"An estimated age is a number from 0 to {OLDEST}.")
NO_ORDER = Text("Thứ tự sinh là số từ 1 đến 9.", "The order of birth is a number from 1 to 9.")
NO_MOTHER = Text(
    "Quét vòng tay hoặc thẻ của mẹ. Chưa biết mẹ: ghi tên người đưa trẻ đến.",
    "Scan the mother's wristband or card. Mother not known: write down who brought the child.",
)
NEWBORN = Text("Trẻ sơ sinh", "Newborn")
MOST_AT_ONCE = 9
NO_SEX = Text("Chọn Nam, Nữ hoặc để trống.", "Choose male, female, or nothing.")
NEEDED: dict[Kind, tuple[str, ...]] = {
    Kind.UNKNOWN: (),
    Kind.NEWBORN: (),
    Kind.FOREIGNER: ("full_name", "nationality"),
    Kind.CHILD: ("guardian_name",),
}

NOT_BORN = Text("Ngày sinh còn ở tương lai. Xem lại.", "The birth lies in the future. Look again.")
NO_CHILD = Text(
    "Theo ngày sinh thì không còn là trẻ em. Xem lại, hoặc chọn “Chưa rõ là ai”.",
    "By this birth they are no child any more. Look again, or choose “Unknown person”.",
)
NO_PASSPORT = Text("Số hộ chiếu có từ 5 đến 20 chữ và số.", "A passport number has 5 to 20 letters and digits.")
_PASSPORT = re.compile(r"[A-Z0-9]{5,20}")
YOUNGER_THAN = {Kind.NEWBORN: 1, Kind.CHILD: 18}
"""Years that nobody had lived to whom such a wristband was given."""
_SLACK = timedelta(days=1)
"""A birth around midnight is written under either day."""


@dataclass(frozen=True, slots=True)
class Details:
    """full_name: empty while unknown. sex: "1" male, "2" female, "" unknown. age: in years, estimated by sight.

    found_at: where, by whom brought. marks: what others may know the person by. passport, nationality: as written.
    guardian_name, guardian_phone: who brought a child, or the mother's relative.
    """

    full_name: str = ""
    sex: str = ""
    birth: PartialDate | None = None
    age: int | None = None
    found_at: str = ""
    marks: str = ""
    passport: str = field(default="", repr=False)
    nationality: str = ""
    guardian_name: str = field(default="", repr=False)
    guardian_phone: str = field(default="", repr=False)
    birth_order: int | None = None

    def as_json(self) -> dict[str, Any]:
        """What is known; a birth as [year, month, day]."""
        known = {one.name: getattr(self, one.name) for one in fields(self)}
        if self.birth is not None:
            known["birth"] = [self.birth.year, self.birth.month, self.birth.day]
        return {name: value for name, value in known.items() if value not in ("", None)}


def from_json(kept: Mapping[str, Any]) -> Details:
    """What `as_json` gave."""
    birth = kept.get("birth")
    return Details(**{**kept, "birth": PartialDate(*birth) if birth else None})


def tidied(details: Details) -> Details:
    """Blanks collapsed, a passport in capitals without blanks."""
    texts = {one.name: tidy_name(getattr(details, one.name)) for one in fields(details) if one.type == "str"}
    texts["passport"] = re.sub(r"[\s.-]", "", texts["passport"]).upper()
    return replace(details, **texts)  # type: ignore[arg-type]


def may_wear(kind: Kind, given_on: date, born: Born) -> bool:
    """Whether somebody born then, as far as it is known, can have been given a wristband of this kind on that day."""
    year, month, day = born
    if year is None:
        return True
    if date(year, month or 1, day or 1) > given_on + _SLACK:
        return False
    limit = YOUNGER_THAN.get(kind)
    # Unknown parts count as the last of the year: nobody is ruled out by what is not known.
    return limit is None or (year + limit, month or 12, day or 31) >= (given_on.year, given_on.month, given_on.day)


def faults(kind: Kind, details: Details, *, has_mother: bool, on: date) -> dict[str, Text]:
    """What is wrong with `details` (tidied) for a person of `kind`: by field, what to do. Empty when nothing is.

    on: today in Viet Nam.
    """
    texts = {name: value for name, value in details.as_json().items() if isinstance(value, str)}
    found = {name: TOO_LONG for name, value in texts.items() if len(value) > LONGEST}
    found |= {name: MISSING for name in NEEDED[kind] if not getattr(details, name)}
    if kind is Kind.NEWBORN and not has_mother and not details.guardian_name:
        found["mother"] = NO_MOTHER
    return found | dict(_unlikely(kind, details, on))


def _unlikely(kind: Kind, details: Details, on: date) -> Iterator[tuple[str, Text]]:
    """What is written and cannot be so."""
    birth = details.birth
    if birth is not None and not may_wear(kind, on, (birth.year, birth.month, birth.day)):
        yield "birth", NOT_BORN if birth.earliest > on else NO_CHILD
    if details.passport and not _PASSPORT.fullmatch(details.passport):
        yield "passport", NO_PASSPORT
    if details.sex not in _SEXES:
        yield "sex", NO_SEX
    if not _lies(details.age, 0, OLDEST):
        yield "age", NO_AGE
    if not _lies(details.birth_order, 1, MOST_AT_ONCE):
        yield "birth_order", NO_ORDER


def _lies(number: int | None, least: int, most: int) -> bool:
    """Whether it is one that can be; none can."""
    return number is None or least <= number <= most


def name_of(kind: Kind, details: Details, *, mother: str = "") -> str:
    """The name an identity begins with: a newborn is called by the mother, twins by the order of birth too."""
    if details.full_name:
        return details.full_name
    if kind is Kind.NEWBORN:
        called = f"Con bà {mother}" if mother else NEWBORN.vi
        return f"{called} ({details.birth_order})" if details.birth_order else called
    return NAMELESS.vi
