from __future__ import annotations

from datetime import date

import pytest

from ymach.base.periods import Period
from ymach.facilities.errors import PeriodWrong
from ymach.practitioners import errors
from ymach.practitioners.rules import identity, learning, licences, practice
from ymach.practitioners.rules.tables import ban_cases, diploma_kinds, titles
from ymach.practitioners.standing.facts import SuspensionFacts

BORN, TODAY = date(2000, 6, 15), date(2026, 3, 2)


@pytest.mark.parametrize(
    ("title", "is_certificate", "end"),
    [
        ("a", False, date(2029, 2, 1)),
        ("c", True, date(2035, 2, 1)),
        ("i", False, None),
        ("k", True, None),
    ],
)
def test_licence_holds_five_years_a_certificate_until_2035_traditional_titles_without_term(
    title: str, is_certificate: bool, end: date | None
) -> None:
    assert licences.term_end(title, is_certificate=is_certificate, issued_on=date(2024, 2, 1)) == end


def test_there_are_ten_titles_and_pharmacists_six_cases_of_ban_and_kinds_of_diploma() -> None:
    assert set(titles()) == {*"abcdđeghik", "ds"}
    assert len(ban_cases()) == 6
    assert "BACHELOR" in diploma_kinds()


def test_title_outside_the_law_is_refused() -> None:
    with pytest.raises(errors.TitleUnknown):
        licences.check_title("z")


@pytest.mark.parametrize(
    ("issued_on", "refusal"),
    [
        (date(2018, 6, 14), errors.LicenceTooYoung),
        (date(1999, 1, 1), errors.LicenceTooYoung),
        (date(2026, 3, 3), errors.IssuedInFuture),
    ],
)
def test_licence_is_issued_to_an_adult_and_not_in_the_future(issued_on: date, refusal: type[Exception]) -> None:
    with pytest.raises(refusal):
        licences.check_issue(issued_on, birth=BORN, today=TODAY)


def test_licence_on_the_eighteenth_birthday_is_accepted_and_the_day_before_refused() -> None:
    licences.check_issue(date(2018, 6, 15), birth=BORN, today=TODAY)
    with pytest.raises(errors.LicenceTooYoung):
        licences.check_issue(date(2018, 6, 14), birth=BORN, today=TODAY)


def test_suspension_may_lie_in_the_past_but_not_before_the_licence() -> None:
    licence = Period(date(2024, 1, 1), date(2029, 1, 1))
    licences.check_suspension(Period(date(2024, 2, 1), date(2024, 5, 1)), licence)
    with pytest.raises(errors.PeriodBeforeLicence):
        licences.check_suspension(Period(date(2023, 12, 1), date(2024, 5, 1)), licence)


@pytest.mark.parametrize("end", [date(2026, 1, 1), date(2026, 7, 2)])
def test_stop_is_lifted_within_its_days(end: date) -> None:
    with pytest.raises(PeriodWrong):
        licences.check_shorter(Period(date(2026, 1, 1), date(2026, 7, 1)), end)


def test_practice_is_taken_up_again_after_the_suspension() -> None:
    suspension = Period(date(2026, 1, 1), date(2026, 7, 1))
    licences.check_returned(suspension, date(2026, 7, 1))
    with pytest.raises(PeriodWrong):
        licences.check_returned(suspension, date(2026, 6, 30))


def test_ban_is_one_of_the_cases_of_the_law() -> None:
    licences.check_ban(Period(date(2026, 1, 1)), "COURT_BAN")
    with pytest.raises(errors.BanCaseUnknown):
        licences.check_ban(Period(date(2026, 1, 1)), "BAD_MOOD")


@pytest.mark.parametrize("birth", [date(2026, 3, 3), date(1900, 1, 1)])
def test_birth_lies_within_the_last_120_years(birth: date) -> None:
    with pytest.raises(errors.BirthDateWrong):
        identity.check_birth(birth, today=TODAY)


@pytest.mark.parametrize(
    ("kind", "day", "refusal"),
    [
        ("BACHELOR", date(2016, 6, 14), errors.DiplomaTooEarly),
        ("BACHELOR", date(2026, 3, 3), errors.IssuedInFuture),
        ("DRIVING", date(2020, 1, 1), errors.DiplomaKindUnknown),
    ],
)
def test_diploma_has_a_known_kind_and_a_possible_day(kind: str, day: date, refusal: type[Exception]) -> None:
    with pytest.raises(refusal):
        learning.check_diploma(kind, day, birth=BORN, kinds=diploma_kinds(), today=TODAY)


@pytest.mark.parametrize(("phone", "email"), [("abc", ""), ("", "a@b"), ("", "a b@c.vn"), ("12", "")])
def test_contact_that_reaches_nobody_is_refused(phone: str, email: str) -> None:
    with pytest.raises((errors.PhoneWrong, errors.EmailWrong)):
        identity.check_contact(phone, email)


def test_contact_may_be_blank() -> None:
    identity.check_contact("", "")
    identity.check_contact("+84 912 345 678", "an.nguyen@benhvien.vn")


@pytest.mark.parametrize("languages", [[], ["vie"], ["VI"], ["vi", ""]])
def test_languages_are_two_letters_and_at_least_one(languages: list[str]) -> None:
    with pytest.raises(errors.LanguageWrong):
        identity.check_languages(languages)


def test_only_foreigners_register_another_language() -> None:
    practice.check_language("en", "FR")
    practice.check_language("vi", "VN")
    with pytest.raises(errors.LanguageNotForCitizens):
        practice.check_language("en", "VN")


@pytest.mark.parametrize(
    ("scopes", "facility", "fit"),
    [
        (["V"], ["V", "VIII"], True),
        (["VIII"], ["V", "IX"], False),
        (["V", "IX"], ["V"], True),
        (["XII"], ["VIII"], True),
        ([], ["V"], True),
        (["VIII"], [], True),
        (["VIII"], ["OXYGEN"], True),
    ],
)
def test_scope_fits_the_facility_by_speciality(scopes: list[str], facility: list[str], fit: bool) -> None:
    assert practice.fits(scopes, facility) is fit


def test_registered_scopes_are_within_the_licence() -> None:
    with pytest.raises(errors.ScopeNotOfLicence):
        practice.check_scopes(["V", "VIII"], ["V"], [])
    practice.check_scopes(["VIII"], [], [])  # an old certificate without scope codes is not judged


def test_suspension_in_part_does_not_stop_a_registration() -> None:
    part = SuspensionFacts(Period(date(2026, 1, 1), date(2026, 7, 1)), whole=False, scopes=frozenset({"IX"}))
    practice.check_not_stopped(TODAY, [part], "1")
    with pytest.raises(errors.StoppedFromPractice):
        practice.check_not_stopped(TODAY, [SuspensionFacts(Period(date(2026, 1, 1)))], "1")
