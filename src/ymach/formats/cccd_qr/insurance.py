"""The number of a health-insurance card: 15 characters, or the ten digits that newer cards show alone."""

from __future__ import annotations

import re
from dataclasses import dataclass

from ymach.base.errors import Invalid
from ymach.base.text import Text
from ymach.formats.cccd_qr.mending import digits, tidy

_FULL = re.compile(r"([A-Z]{2})([1-5])([0-9]{2})((?!([0-9])\5{9})[0-9]{10})")
_SHORT = re.compile(r"(?!([0-9])\1{9})[0-9]{10}")
_SHARES = {"1": 100, "2": 100, "3": 95, "4": 80, "5": 100}


class InsuranceUnreadable(Invalid):
    """What was given is not the number of a health-insurance card."""

    code = "YM-CARD-INSURANCE-NUMBER"
    sentence = Text(
        "Số thẻ bảo hiểm y tế có 15 ký tự (2 chữ, 13 số), hoặc 10 số cuối. Xem lại số trên thẻ.",
        "An insurance number has 15 characters (2 letters, 13 digits), or its last 10 digits. Look at the card again.",
    )


class InsuranceEmpty(InsuranceUnreadable):
    code = "YM-CARD-INSURANCE-EMPTY"
    sentence = Text("Chưa có số thẻ bảo hiểm y tế.", "The insurance number is missing.")


class InsuranceLength(InsuranceUnreadable):
    code = "YM-CARD-INSURANCE-LENGTH"
    sentence = Text(
        "Số vừa nhập có {count} ký tự. Thẻ bảo hiểm y tế có 15 ký tự, hoặc 10 số cuối.",
        "The number has {count} characters. An insurance card has 15, or its last 10 digits.",
    )


class InsuranceLevel(InsuranceUnreadable):
    code = "YM-CARD-INSURANCE-LEVEL"
    sentence = Text(
        "Ký tự thứ ba của thẻ bảo hiểm y tế là mức hưởng, từ 1 đến 5. Xem lại số trên thẻ.",
        "The third character of an insurance card is the benefit level, 1 to 5. Look at the card again.",
    )


@dataclass(frozen=True, slots=True)
class InsuranceNumber:
    """A card's number. number: the ten digits of the social-insurance number.

    group (two letters), level (1 to 5) and province (two digits) are None where only the ten digits are known.
    Source: Decision 1351/QD-BHXH 2015; Decision 1666/QD-BHXH 2020 for cards with ten digits.
    """

    number: str
    group: str | None = None
    level: str | None = None
    province: str | None = None

    @property
    def written(self) -> str:
        """As `MA_THE_BHYT` takes it: 15 characters where they are known, else ten."""
        return f"{self.group or ''}{self.level or ''}{self.province or ''}{self.number}"

    @property
    def share(self) -> int | None:
        """Whole per cent that the insurance bears at this level; None when the level is not known."""
        return _SHARES.get(self.level or "")


def read_insurance_number(text: str) -> InsuranceNumber:
    """The number typed or scanned: dashes, dots and blanks between its groups do not matter, nor does case.

    A scanned insurance card starts with its number; what follows the first bar is not looked at.
    Raises InsuranceUnreadable.
    """
    first = tidy(text[:2000]).partition("|")[0]
    plain = re.sub(r"[\s.\-–]", "", digits(first)).upper()
    if not plain:
        raise InsuranceEmpty
    if (found := _FULL.fullmatch(plain)) is not None:
        return InsuranceNumber(found[4], found[1], found[2], found[3])
    if _SHORT.fullmatch(plain):
        return InsuranceNumber(plain)
    if len(plain) not in {10, 15}:
        raise InsuranceLength(count=len(plain))
    if re.fullmatch(r"[A-Z]{2}[06-9][0-9]{12}", plain):
        raise InsuranceLevel
    raise InsuranceUnreadable
