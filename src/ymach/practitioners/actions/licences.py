"""Licences granted, converted, changed (Law 15/2023/QH15 Art. 26 to 33)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from ymach.base.actors import Actor
from ymach.base.clock import print_day, vietnam_day
from ymach.base.licence_numbers import number_key
from ymach.base.periods import Period
from ymach.base.vietnamese import tidy_name
from ymach.facilities.actions import day_range, period_of
from ymach.facilities.rules import check_period
from ymach.practitioners import access, errors, queries
from ymach.practitioners.actions.changing import Refusals, changing, ending, going_on
from ymach.practitioners.actions.identity import name
from ymach.practitioners.models import Licence, LicenceChange, PracticeRegistration, Practitioner
from ymach.practitioners.rules import licences as rules
from ymach.practitioners.rules.practice import check_not_stopped


def grant_licence(
    *,
    practitioner: Practitioner,
    number: str,
    title: str,
    issuer: str,
    issued_on: date,
    by: Actor,
    at: datetime,
    decision: str = "",
    decided_on: date | None = None,
    is_transcribed: bool = False,
    scopes: Sequence[str] = (),
    generation: Licence.Generation = Licence.Generation.LICENCE,
    issuer_province_code: str | None = None,
    valid: Period | None = None,
    replaces: Licence | None = None,
    seen: int | None = None,
) -> Licence:
    """A licence during `valid` (without it: from the day of issue on, for the term of its title).

    decision, decided_on: the decision that grants it; is_transcribed: it was granted elsewhere, and only what its paper
    says is written down. `replaces` ends where this one starts, and the registrations under it go on under this one.
    Raises LicenceNumberWrong, TitleUnknown, DecisionMissing, DecidedAfterIssue, IssuedInFuture, LicenceTooYoung,
    PeriodWrong, LicenceNumberTaken, LicenceOverlaps, StoppedFromPractice (who is suspended or banned that day gets no new
    licence in place of the old).
    """
    access.require_department(by, lambda: _deciding(practitioner, issuer_province_code, at))
    rules.check_licence_number(number)
    rules.check_title(title)
    rules.check_decided(decision, decided_on, issued_on=issued_on, is_transcribed=is_transcribed)
    rules.check_issue(issued_on, birth=practitioner.birth_date, today=vietnam_day(at))
    is_certificate = generation == Licence.Generation.CERTIFICATE
    term = rules.term_end(title, is_certificate=is_certificate, issued_on=issued_on)
    period = valid or Period(issued_on, term)
    check_period(period)
    licence = Licence(practitioner=practitioner, title=title, scopes=list(scopes), generation=generation)
    licence.number, licence.number_key = number.strip(), number_key(number)
    licence.decision, licence.decided_on = decision.strip(), decided_on
    licence.issuer, licence.issuer_province_code, licence.issued_on = issuer, issuer_province_code, issued_on
    licence.valid, licence.term_ends_on = day_range(period), period.end if valid else term
    refusals = _refusals(number)
    with changing(practitioner.pk, reason="licence granted", by=by, at=at, seen=seen, refusals=refusals):
        if replaces is None or period.start is None:
            licence.save(force_insert=True)
        else:
            _take_over(replaces, licence, period.start)
    return licence


def convert_licence(
    *,
    certificate: Licence,
    number: str,
    issuer: str,
    issued_on: date,
    decision: str,
    decided_on: date,
    by: Actor,
    at: datetime,
    title: str | None = None,
    scopes: Sequence[str] | None = None,
    issuer_province_code: str | None = None,
    seen: int | None = None,
) -> Licence:
    """An old certificate becomes a licence on the day of issue (Decree 96/2023/NĐ-CP Art. 143).

    Without title and scopes they stay as granted. Raises ConversionWrong and what `grant_licence` raises.
    """
    is_old = certificate.generation == Licence.Generation.CERTIFICATE
    rules.check_conversion(is_old_certificate=is_old, is_new_licence=True, same_person=True)
    return grant_licence(
        practitioner=certificate.practitioner,
        number=number,
        title=title or certificate.title,
        scopes=certificate.scopes if scopes is None else scopes,
        issuer=issuer,
        issuer_province_code=issuer_province_code,
        issued_on=issued_on,
        decision=decision,
        decided_on=decided_on,
        replaces=certificate,
        by=by,
        at=at,
        seen=seen,
    )


def change_licence(
    *,
    licence: Licence,
    effective_on: date,
    reason: str,
    decision: str,
    by: Actor,
    at: datetime,
    title: str | None = None,
    scopes: Sequence[str] | None = None,
    holder: str | None = None,
    seen: int | None = None,
) -> LicenceChange:
    """Title, scopes or the holder's name change by decision, from a day on (Law 15/2023/QH15 Art. 33).

    What it said before stays with the change. Raises TitleUnknown, PeriodBeforeLicence, LicenceAlreadyChanged,
    NothingChanged.
    """
    access.require_department(by, lambda: queries.provinces_of(licence.practitioner_id, vietnam_day(at)))
    if title is not None:
        rules.check_title(title)
    with changing(licence.practitioner_id, reason=reason, by=by, at=at, seen=seen):
        licence = Licence.objects.select_related("practitioner").get(pk=licence.pk)
        rules.check_not_before(effective_on, period_of(licence.valid))
        if licence.changes.filter(effective_on__gte=effective_on).exists():
            raise errors.LicenceAlreadyChanged(number=licence.number, day=print_day(effective_on))
        change = LicenceChange(licence=licence, practitioner=licence.practitioner, effective_on=effective_on)
        change.title_before, change.scopes_before = licence.title, licence.scopes
        change.holder_before, change.reason, change.decision = licence.practitioner.full_name, reason, decision
        _say(licence, title, scopes, holder)
        change.save(force_insert=True)
    return change


def end_licence(licence: Licence, ends_on: date) -> None:
    """Cut a licence short, inside the caller's transaction. Raises PeriodWrong (a licence holds at least one day)."""
    licence.valid = Licence.objects.select_for_update().get(pk=licence.pk).valid
    shorter = ending(period_of(licence.valid), ends_on)
    check_period(shorter)
    licence.valid = day_range(shorter)
    licence.save(update_fields=["valid"])


def _take_over(old: Licence, new: Licence, on: date) -> None:
    if old.practitioner_id != new.practitioner_id:
        raise errors.ConversionWrong(field="replaces")
    check_not_stopped(on, queries.stops_of(old), old.number)
    end_licence(old, on)
    if old.generation == Licence.Generation.CERTIFICATE and new.generation == Licence.Generation.LICENCE:
        new.converted_from = old
    new.save(force_insert=True)
    still = PracticeRegistration.objects.select_for_update().filter(licence=old, valid__overlap=day_range(Period(on)))
    for registration in still:
        _carry_over(registration, new, on)


def _carry_over(registration: PracticeRegistration, licence: Licence, on: date) -> None:
    period = period_of(registration.valid)
    if period.start is None or period.start >= on:
        registration.licence = licence
        registration.save(update_fields=["licence"])
        return
    registration.valid = day_range(Period(period.start, on))
    registration.save(update_fields=["valid"])
    again = going_on(registration, Period(on, period.end))
    again.licence = licence
    again.save(force_insert=True)


def _say(licence: Licence, title: str | None, scopes: Sequence[str] | None, holder: str | None) -> None:
    person, new_scopes = licence.practitioner, licence.scopes if scopes is None else list(scopes)
    new_name = person.full_name if holder is None else tidy_name(holder)
    if (title or licence.title, new_scopes, new_name) == (licence.title, licence.scopes, person.full_name):
        raise errors.NothingChanged
    licence.title, licence.scopes = title or licence.title, new_scopes
    licence.save(update_fields=["title", "scopes"])
    if new_name != person.full_name:
        name(person, new_name)
        person.save(update_fields=["full_name", "name_folded", "sort_key"])


def _deciding(practitioner: Practitioner, issuer_province_code: str | None, at: datetime) -> set[str]:
    """The province in whose name it is done; without one (the ministry's) the provinces that know the person."""
    return {issuer_province_code} if issuer_province_code else queries.provinces_of(practitioner.pk, vietnam_day(at))


def _refusals(number: str) -> Refusals:
    return {
        "licence_number_once": lambda: errors.LicenceNumberTaken(field="number", number=number),
        "licence_one_in_force_per_person": lambda: errors.LicenceOverlaps(field="valid"),
        "licence_holder_of_age": lambda: errors.LicenceTooYoung(field="issued_on"),
    }
