"""Who a practitioner is, how to reach them, in which languages they practise."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date

from ymach.base.clock import print_day
from ymach.practitioners.errors import (
    BirthDateWrong,
    EmailWrong,
    LanguageWrong,
    PersonalNumberWrong,
    PhoneWrong,
)
from ymach.practitioners.rules.spans import age_on

OLDEST = 120
_PERSONAL_NUMBER = re.compile(r"[0-9]{12}\Z")
_PHONE = re.compile(r"\+?[0-9][0-9 .()-]{6,24}\Z")
_EMAIL = re.compile(r"[^@\s<>,;]+@[^@\s<>,;]+\.[^@\s<>,;.]+\Z")
_LANGUAGE = re.compile(r"[a-z]{2}\Z")


def check_identity(personal_number: str | None, passport_number: str, nationality: str) -> None:
    """Citizens give twelve digits, foreigners a passport (Law 15/2023/QH15 Art. 27). Raises PersonalNumberWrong."""
    if personal_number is not None:
        if not _PERSONAL_NUMBER.match(personal_number):
            raise PersonalNumberWrong(field="personal_number")
    elif not passport_number or nationality == "VN":
        raise PersonalNumberWrong(field="personal_number")


def check_birth(birth: date, *, today: date) -> None:
    """A person is born, and within the last 120 years. Raises BirthDateWrong."""
    if not 0 <= age_on(birth, today) <= OLDEST:
        raise BirthDateWrong(field="birth_date", day=print_day(birth))


def check_contact(phone: str, email: str) -> None:
    """Blank is allowed. Raises PhoneWrong, EmailWrong."""
    if phone and not _PHONE.match(phone):
        raise PhoneWrong(field="phone")
    if email and not _EMAIL.match(email):
        raise EmailWrong(field="email")


def check_languages(languages: Sequence[str]) -> None:
    """At least one, each as two letters of ISO 639-1. Raises LanguageWrong."""
    if not languages or not all(_LANGUAGE.match(one) for one in languages):
        raise LanguageWrong(field="languages")
