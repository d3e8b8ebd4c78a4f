"""The person: enrolled, corrected, reached, confirmed."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import TypedDict, Unpack

from ymach.base.actors import Actor
from ymach.base.clock import vietnam_day
from ymach.base.history.attribution import attributed
from ymach.base.masking import mask
from ymach.base.refusals import refused_as
from ymach.base.vietnamese import fold, sort_key, tidy_name
from ymach.practitioners import access, errors, queries
from ymach.practitioners.actions.changing import Refusals, changing
from ymach.practitioners.models import Licence, Practitioner
from ymach.practitioners.rules import identity as rules
from ymach.practitioners.rules.licences import check_issue


class Identity(TypedDict, total=False):
    """What a correction may set; sex is a code of the catalogue (1 male, 2 female, 3 undetermined)."""

    full_name: str
    birth_date: date
    sex: str
    personal_number: str | None
    passport_number: str
    nationality: str


def enrol_practitioner(
    *,
    full_name: str,
    birth_date: date,
    sex: str,
    by: Actor,
    at: datetime,
    personal_number: str | None = None,
    passport_number: str = "",
    nationality: str = "VN",
    phone: str = "",
    email: str = "",
    languages: Sequence[str] = ("vi",),
) -> Practitioner:
    """A new person in the registry; sex is a code of the catalogue (1 male, 2 female, 3 undetermined).

    Raises PersonalNumberWrong, BirthDateWrong, PhoneWrong, EmailWrong, LanguageWrong, PersonalNumberTaken, PassportTaken.
    """
    access.require_department(by, tuple)
    rules.check_identity(personal_number, passport_number, nationality)
    rules.check_birth(birth_date, today=vietnam_day(at))
    rules.check_contact(phone, email)
    rules.check_languages(languages)
    person = Practitioner(birth_date=birth_date, sex=sex, personal_number=personal_number, nationality=nationality)
    person.passport_number, person.phone, person.email = passport_number, phone, email
    person.languages = list(languages)
    name(person, full_name)
    with refused_as(_refusals(personal_number)), attributed(by=by, reason="practitioner enrolled", at=at):
        person.save(force_insert=True)
    return person


def correct_identity(
    *,
    practitioner: Practitioner,
    reason: str,
    by: Actor,
    at: datetime,
    seen: int | None = None,
    **right: Unpack[Identity],
) -> Practitioner:
    """Set the record of a person right, after the department has verified it; a licence is not changed by it.

    Raises NothingChanged, PersonalNumberWrong, BirthDateWrong, LicenceTooYoung, PersonalNumberTaken, PassportTaken.
    """
    access.require_department(by, lambda: queries.provinces_of(practitioner.pk, vietnam_day(at)))
    with changing(
        practitioner.pk, reason=reason, by=by, at=at, seen=seen, refusals=_refusals(right.get("personal_number"))
    ):
        person = Practitioner.objects.get(pk=practitioner.pk)
        before = {field: getattr(person, field) for field in right}
        for field, value in right.items():
            setattr(person, field, value)
        name(person, person.full_name)
        if before == {field: getattr(person, field) for field in right}:
            raise errors.NothingChanged
        _check_person(person, today=vietnam_day(at))
        person.save()
    return person


def edit_contact(
    *, practitioner: Practitioner, phone: str, email: str, by: Actor, at: datetime, seen: int | None = None
) -> Practitioner:
    """How the person is reached (private): their own word. Raises PhoneWrong, EmailWrong."""
    access.require_own_word(by, practitioner.pk, lambda: queries.provinces_of(practitioner.pk, vietnam_day(at)))
    rules.check_contact(phone, email)
    return _set(practitioner, "contact edited", by, at, seen, phone=phone, email=email)


def edit_languages(
    *, practitioner: Practitioner, languages: Sequence[str], by: Actor, at: datetime, seen: int | None = None
) -> Practitioner:
    """Languages of practice (Law 15/2023/QH15 Art. 21), ISO 639-1: the person's own word. Raises LanguageWrong."""
    access.require_own_word(by, practitioner.pk, lambda: queries.provinces_of(practitioner.pk, vietnam_day(at)))
    rules.check_languages(languages)
    return _set(practitioner, "languages edited", by, at, seen, languages=list(dict.fromkeys(languages)))


def confirm_profile(*, practitioner: Practitioner, by: Actor, at: datetime, seen: int | None = None) -> Practitioner:
    """“All is still right”, said by the person at the moment `at`; seen: the revision they looked at."""
    access.require_confirmer(by, practitioner.pk)
    return _set(practitioner, "profile confirmed", by, at, seen, confirmed_at=at, confirmed_by=str(by))


def name(person: Practitioner, full_name: str) -> None:
    """Give the person a name, tidy, folded for search and in Vietnamese order; not saved here."""
    person.full_name = tidy_name(full_name)
    person.name_folded, person.sort_key = fold(full_name), sort_key(full_name)


def _set(
    practitioner: Practitioner, reason: str, by: Actor, at: datetime, seen: int | None, **values: object
) -> Practitioner:
    with changing(practitioner.pk, reason=reason, by=by, at=at, seen=seen):
        Practitioner.objects.filter(pk=practitioner.pk).update(**values)
    return Practitioner.objects.get(pk=practitioner.pk)


def _check_person(person: Practitioner, *, today: date) -> None:
    rules.check_identity(person.personal_number, person.passport_number, person.nationality)
    rules.check_birth(person.birth_date, today=today)
    for issued_on in Licence.objects.filter(practitioner=person).values_list("issued_on", flat=True):
        check_issue(issued_on, birth=person.birth_date, today=today)


def _refusals(personal_number: str | None) -> Refusals:
    shown = mask(personal_number or "")
    return {
        "practitioner_personal_number_once": lambda: errors.PersonalNumberTaken(field="personal_number", number=shown),
        "practitioner_passport_once": lambda: errors.PassportTaken(field="passport_number"),
    }
