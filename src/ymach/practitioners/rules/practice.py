"""Practice registrations: under which licence, from which day, within which scope, in which language."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import date

from ymach.base.clock import print_day
from ymach.base.periods import Period
from ymach.practitioners.errors import (
    LanguageNotForCitizens,
    LanguageWrong,
    LicenceNotInForce,
    ScopeNotOfFacility,
    ScopeNotOfLicence,
    StoppedFromPractice,
)
from ymach.practitioners.rules.identity import check_languages
from ymach.practitioners.rules.tables import specialities
from ymach.practitioners.standing.facts import SuspensionFacts

IDLE_MONTHS = 24  # Law 15/2023/QH15 Art. 35: no practice for 24 months in a row


def check_within(period: Period, licence: Period, number: str) -> None:
    """A registration starts while its licence holds (Law 15/2023/QH15 Art. 36). Raises LicenceNotInForce."""
    if period.start not in licence:
        raise LicenceNotInForce(field="licence", number=number)


def check_not_stopped(start: date, stops: Iterable[SuspensionFacts], number: str) -> None:
    """Nobody registers while suspended as a whole or banned (Art. 20, 34). Raises StoppedFromPractice."""
    stop = next((one for one in stops if one.whole and start in one.period), None)
    if stop is not None:
        until = print_day(stop.period.end) if stop.period.end else None
        raise StoppedFromPractice(field="valid", number=number, decision=stop.decision, until=until)


def check_scopes(scopes: Collection[str], licence: Collection[str], facility: Collection[str]) -> None:
    """What is registered is within the licence, and fits what the facility is licensed for (Art. 36, 37).

    Raises ScopeNotOfLicence, ScopeNotOfFacility.
    """
    check_part_of_licence(scopes, licence)
    wanted = scopes or licence
    if not fits(wanted, facility):
        raise ScopeNotOfFacility(field="scopes", scopes=", ".join(sorted(wanted)), facility=", ".join(sorted(facility)))


def check_part_of_licence(scopes: Collection[str], licence: Collection[str]) -> None:
    """Scopes named beside a licence are among its own; one without scope codes is not judged. Raises ScopeNotOfLicence."""
    beyond = sorted(set(scopes) - set(licence)) if licence else []
    if beyond:
        raise ScopeNotOfLicence(field="scopes", scopes=", ".join(beyond))


def fits(scopes: Collection[str], facility: Collection[str]) -> bool:
    """Whether a person's scopes fit a facility's.

    Only specialities (`data/scopes.csv`) are compared: nurses, midwives and technologists work within every speciality.
    A facility that names none of them, and a person without scope codes, are not judged.
    """
    there, brought = set(facility) & specialities(), set(scopes) & specialities()
    if not there or not brought or brought != set(scopes):
        return True
    return not there.isdisjoint(brought)


def check_language(language: str, nationality: str) -> None:
    """Practice is in Vietnamese; a foreigner may register another language (Art. 21).

    Raises LanguageWrong, LanguageNotForCitizens.
    """
    try:
        check_languages([language])
    except LanguageWrong:
        raise LanguageWrong(field="language") from None
    if language != "vi" and nationality == "VN":
        raise LanguageNotForCitizens(field="language")
