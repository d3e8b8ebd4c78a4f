"""A citizen's card from the text of its QR code, and back."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from ymach.base.vietnamese import fold
from ymach.clinical.person import PartialDate
from ymach.formats.cccd_qr import errors
from ymach.formats.cccd_qr.mending import digits, separator_of, tidy, words

_LONGEST = 2000
_LONGEST_NAME = 255  # HO_TEN of the XML 130 tables
_FEWEST_PARTS = 6
_PARTS = 7
_NUMBER = re.compile(r"(?!([0-9])\1{11})[0-9]{12}")
_OLD_NUMBER = re.compile(r"[0-9]{9}|[0-9]{12}")
_DAY = re.compile(r"([0-9]{2})[/.-]?([0-9]{2})[/.-]?([0-9]{4})")
_SEXES = {"nam": "1", "nu": "2"}
_WORDS = {"1": "Nam", "2": "Nữ"}
_OTHERS: tuple[tuple[re.Pattern[str], type[errors.CardUnreadable]], ...] = (
    (re.compile(r"https?://\S+/licences/\S+", re.IGNORECASE), errors.CardLicence),
    (re.compile(r"(?:https?://|www\.)\S+", re.IGNORECASE), errors.CardWebAddress),
    (re.compile(r"(?:ID|I<|P<)VNM[0-9A-Z<\s]+"), errors.CardBack),
    (re.compile(r"[A-Z]{2}[1-5][0-9]{2}[0-9]{10}(?:\|.*)?|[0-9]{10}(?:\|.*)?", re.DOTALL), errors.CardInsurance),
    (re.compile(r"[0-9]{8,14}"), errors.CardNumberOnly),
    (re.compile(r"[0-9A-Za-z./:#_-]{2,64}"), errors.CardOfAFacility),
)


@dataclass(frozen=True, slots=True)
class Card:
    """What a citizen's card says of its holder.

    number: the personal number, 12 digits. old_number: the number before it, 9 or 12 digits, if any.
    full_name: as on the card, composed (NFC). birth: year, and month and day where known.
    sex: "1" male, "2" female, None when the card says neither. address: as of the day of issue, "" when none;
    units are older than July 2025 on older cards. issued_on: None when the card does not say.
    """

    number: str
    old_number: str | None
    full_name: str
    birth: PartialDate
    sex: str | None
    address: str
    issued_on: date | None


def read(text: str, *, on: date | None = None) -> Card:
    """The card behind the text of a scanned QR code; six parts or more, the seventh and further may be missing or new.

    on: today in Viet Nam, to refuse a birth in the future. Raises CardUnreadable; each reason is a class of its own.
    Source: the seven parts as public readers agree on them; a number of 12 digits by Law 26/2023/QH15 art. 12.
    """
    parts = _parts(text)
    birth = _birth(parts[3])
    if on is not None and birth.earliest > on:
        raise errors.CardFuture
    return Card(
        number=parts[0],
        old_number=old if _OLD_NUMBER.fullmatch(old := digits(parts[1])) else None,
        full_name=_name(parts[2]),
        birth=birth,
        sex=_SEXES.get(fold(words(parts[4]))),
        address=words(parts[5]),
        issued_on=_issued(parts[6]),
    )


def write(card: Card) -> str:
    """The text that a card's QR code holds. Raises ValueError when a value holds the bar between the parts."""
    parts = (
        card.number,
        card.old_number or "",
        card.full_name,
        f"{card.birth.day or 0:02d}{card.birth.month or 0:02d}{card.birth.year:04d}",
        _WORDS.get(card.sex or "", ""),
        card.address,
        f"{card.issued_on:%d%m}{card.issued_on.year:04d}" if card.issued_on else "",
    )
    if any("|" in part for part in parts):
        raise ValueError("a bar inside a part")
    return "|".join(parts)


def _parts(text: str) -> list[str]:
    """Seven parts, the first of them the number; an old number that was left out altogether is empty."""
    line = _one_line(_checked(text))
    parts = line.split(separator_of(line))
    parts[0] = re.sub(r"\s", "", digits(parts[0]))
    if len(parts) < _FEWEST_PARTS:
        raise _refusal(line, parts)
    if not _NUMBER.fullmatch(parts[0]):
        _raise_other(line)
        raise errors.CardNumber
    if any(letter.isalpha() for letter in digits(parts[1])):
        parts.insert(1, "")
    parts.append("")
    _check_one_card(parts[0], parts[_PARTS - 1])
    return parts


def _checked(text: str) -> str:
    if len(text) > _LONGEST:
        raise errors.CardTooLong
    found = tidy(text)
    if not found:
        raise errors.CardEmpty
    return found


def _one_line(text: str) -> str:
    """A card that was read twice counts once; a line end inside a card is a blank."""
    lines = [line.strip() for line in text.split("\n") if line.strip()]
    starts = [line for line in lines if _NUMBER.fullmatch(_start(line))]
    if len({_start(line) for line in starts}) > 1:
        raise errors.CardTwo
    return starts[0] if len(starts) > 1 else " ".join(lines)


def _start(line: str) -> str:
    separator = separator_of(line)
    return digits(line.split(separator)[0]) if separator in line else ""


def _check_one_card(number: str, last: str) -> None:
    """Two scans without a line end between them leave the second number behind the first card's last day."""
    glued = digits(last)
    if re.fullmatch(r"[0-9]{20}", glued) and glued[8:] != number:
        raise errors.CardTwo


def _refusal(line: str, parts: list[str]) -> errors.CardUnreadable:
    if len(parts) > 1 and _NUMBER.fullmatch(parts[0]):
        return errors.CardCut()
    _raise_other(line)
    return errors.CardUnreadable()


def _raise_other(line: str) -> None:
    """Say what else was scanned, where that can be told."""
    for pattern, error in _OTHERS:
        if pattern.fullmatch(line):
            raise error


def _name(part: str) -> str:
    name = words(part)
    if "?" in name or "\ufffd" in name:
        raise errors.CardGarbled
    if not any(letter.isalpha() for letter in name) or len(name) > _LONGEST_NAME:
        raise errors.CardName
    return name


def _birth(part: str) -> PartialDate:
    """ddmmyyyy, zeros for what is unknown; or the year alone."""
    written = digits(part)
    if re.fullmatch(r"[0-9]{4}", written):
        written = f"0000{written}"
    found = _DAY.fullmatch(written)
    if found is None:
        raise errors.CardBirth
    day, month, year = (int(group) for group in found.groups())
    try:
        return PartialDate(year, month or None, day or None)
    except ValueError:
        raise errors.CardBirth from None


def _issued(part: str) -> date | None:
    """The day of issue; unreadable ones are left out, since nothing hangs on it."""
    found = _DAY.match(digits(part))
    if found is None:
        return None
    day, month, year = (int(group) for group in found.groups())
    try:
        return date(year, month, day)
    except ValueError:
        return None
