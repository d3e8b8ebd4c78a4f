"""What somebody typed or scanned to find a patient, as the keys it may stand under. Plain functions."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from urllib.parse import parse_qs, urlsplit

from ymach.base.errors import YmachError
from ymach.base.vietnamese import fold, tidy_name
from ymach.citizens.identify import Key
from ymach.citizens.provisional.codes import tidy_code
from ymach.exchange.reading.errors import BirthDateNeeded, NameNeeded, NothingAsked, NumberUnreadable
from ymach.formats import cccd_qr

_PERSONAL = re.compile(r"(?!([0-9])\1{11})[0-9]{12}")
_OLD = re.compile(r"(?!([0-9])\1{8})[0-9]{9}")
_PASSPORT = re.compile(r"[A-Z]{1,2}[0-9]{6,8}")
_INSURANCE = re.compile(r"[A-Z]{2}[1-5][0-9]{12}|(?!([0-9])\1{9})[0-9]{10}")
_BIRTH = re.compile(r"([0-9]{1,2})[/.\-]([0-9]{1,2})[/.\-]([0-9]{4})")
_BARS = frozenset("|¦｜")
LONGEST = 500
LEAST_WORDS = 2
"""A family name and a given name: one word is no name on any paper."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What is looked for: keys (kind and value, the strongest first), or a folded name with a full date of birth.

    how: in which way it was asked, for the journal; never the value.
    """

    how: str
    keys: tuple[Key, ...] = ()
    name_folded: str = ""
    born: date | None = None


def read_asked(*, number: str, full_name: str = "", birth: str = "") -> Asked:
    """The question behind a form: the number or scan when there is one, else name and birth.

    Raises NothingAsked, NumberUnreadable, CardUnreadable, InsuranceUnreadable, NameNeeded, BirthDateNeeded (with fields).
    """
    if number.strip():
        return _by_number(number.strip()[:LONGEST])
    if full_name.strip() or birth.strip():
        return _by_name(full_name, birth)
    raise NothingAsked(field="number")


def faults_of(*, number: str, full_name: str = "", birth: str = "") -> Iterator[YmachError]:
    """Everything for which `read_asked` would refuse the form."""
    if number.strip() or not (full_name.strip() or birth.strip()):
        tries: list[Callable[[], object]] = [lambda: read_asked(number=number)]
    else:
        tries = [lambda: _name(full_name), lambda: read_birth(birth)]
    for one in tries:
        try:
            one()
        except YmachError as error:
            yield error


def _by_number(text: str) -> Asked:
    if _BARS & set(text):
        return _by_card(text)
    if "://" in text:
        query = parse_qs(urlsplit(text).query)
        text = (query.get("code") or query.get("b") or [""])[0]
    band = tidy_code(text)
    if band:
        return Asked("wristband", (("provisional", band),))
    tidy = re.sub(r"[\s.\-]", "", text).upper()
    if _PERSONAL.fullmatch(tidy):
        return Asked("number", (("personal-number", tidy),))
    if _OLD.fullmatch(tidy):
        return Asked("old-number", (("old-number", tidy),))
    if _INSURANCE.fullmatch(tidy):
        return Asked("insurance", (("insurance-number", tidy[-10:]),))
    if _PASSPORT.fullmatch(tidy):
        return Asked("passport", (("passport", tidy),))
    raise NumberUnreadable(field="number")


def _by_card(text: str) -> Asked:
    try:
        card = cccd_qr.read(text)
    except cccd_qr.CardUnreadable as error:
        error.field = "number"
        raise
    keys: list[Key] = [("personal-number", card.number)]
    if card.old_number:
        kind = "personal-number" if len(card.old_number) == len(card.number) else "old-number"
        keys.append((kind, card.old_number))
    return Asked("card", tuple(keys))


def _by_name(full_name: str, birth: str) -> Asked:
    return Asked("name", name_folded=_name(full_name), born=read_birth(birth))


def _name(full_name: str) -> str:
    name = fold(tidy_name(full_name[:LONGEST]))
    if len(name.split(" ")) < LEAST_WORDS:
        raise NameNeeded(field="full_name")
    return name


def read_birth(text: str) -> date:
    """A full date as people type it (5/3/1958). Raises BirthDateNeeded, also for zeros and days that never were."""
    found = _BIRTH.fullmatch(text.strip())
    if not found:
        raise BirthDateNeeded(field="birth")
    day, month, year = map(int, found.groups())
    try:
        return date(year, month, day)
    except ValueError:
        raise BirthDateNeeded(field="birth") from None
