from __future__ import annotations

from dataclasses import replace
from datetime import date
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ymach.base.periods import Period
from ymach.practitioners.rules import states
from ymach.practitioners.rules.heads import Held
from ymach.practitioners.standing.facts import EarlierTerms, LicenceFacts, SuspensionFacts

LICENCE = LicenceFacts("1/GPHN", "1/GPHN", "a", frozenset({"V"}), Period(date(2024, 1, 1), date(2029, 1, 1)))
WHOLE = SuspensionFacts(Period(date(2026, 1, 1), date(2026, 7, 1)), decision="45/QĐ")
PART = replace(WHOLE, whole=False, scopes=frozenset({"V"}))
DAY = date(2026, 3, 2)


@pytest.mark.parametrize(
    ("licence", "on", "code", "may"),
    [
        (LICENCE, DAY, "ACTIVE", True),
        (LICENCE, date(2023, 12, 31), "INACTIVE", False),
        (LICENCE, date(2029, 1, 1), "EXPIRED", False),
        (replace(LICENCE, suspensions=(WHOLE,)), DAY, "SUSPENDED", False),
        (replace(LICENCE, suspensions=(WHOLE,)), date(2026, 7, 1), "ACTIVE", True),
        (replace(LICENCE, suspensions=(PART,)), DAY, "SUSPENDED", True),
        (replace(LICENCE, revoked_on=DAY), DAY, "REVOKED", False),
        (replace(LICENCE, revoked_on=DAY, suspensions=(WHOLE,)), DAY, "REVOKED", False),
    ],
)
def test_state_is_the_gravest_on_the_day(licence: LicenceFacts, on: date, code: str, may: bool) -> None:
    state = states.licence_state(licence, on=on)
    assert (state.code.value, state.may_practise) == (code, may)


def test_certificate_is_converted_from_the_first_day_of_its_licence() -> None:
    old = replace(LICENCE, valid=Period(date(2020, 1, 1), DAY))
    assert states.licence_state(old, on=DAY, converted_on=DAY).code is states.StateCode.CONVERTED
    assert states.licence_state(old, on=date(2026, 3, 1), converted_on=DAY).code is states.StateCode.ACTIVE


def test_ban_counts_like_a_suspension_of_the_whole() -> None:
    state = states.licence_state(LICENCE, on=DAY, bans=[replace(WHOLE, decision="7/TA")])
    assert (state.code, state.may_practise, state.decision) == (states.StateCode.SUSPENDED, False, "7/TA")
    assert state.text.en == "Banned from practice from 01/01/2026 until before 01/07/2026"


def test_open_ban_names_no_end() -> None:
    state = states.licence_state(LICENCE, on=DAY, bans=[SuspensionFacts(Period(date(2026, 1, 1)))])
    assert state.text.vi == "Cấm hành nghề từ ngày 01/01/2026"


def test_licence_is_answered_with_what_it_said_on_the_day() -> None:
    licence = replace(LICENCE, earlier=(EarlierTerms(DAY, "b", frozenset({"X"})),))
    assert licence.as_of(date(2026, 3, 1)).title == "b"
    assert licence.as_of(DAY).title == "a"
    assert list(states.held(licence)) == [
        Held("b", frozenset({"X"}), Period(date(2024, 1, 1), DAY)),
        Held("a", frozenset({"V"}), Period(DAY, date(2029, 1, 1))),
    ]


@given(st.lists(st.dates(date(2023, 1, 1), date(2030, 1, 1)), max_size=4, unique=True))
def test_stretches_between_changes_cover_the_licence_without_overlap(days: list[date]) -> None:
    earlier = tuple(EarlierTerms(day, "b", frozenset()) for day in sorted(days))
    pieces = [one.valid for one in states.held(replace(LICENCE, earlier=earlier))]
    assert pieces[0].start == LICENCE.valid.start
    assert pieces[-1].end == LICENCE.valid.end
    assert all(one.end == other.start for one, other in pairwise(pieces))


@pytest.mark.parametrize(
    ("registered", "months"),
    [
        ([], 26),
        ([Period(date(2024, 1, 1), date(2025, 3, 2))], 12),
        ([Period(date(2024, 1, 1))], 0),
        ([Period(date(2026, 5, 1))], 26),
    ],
)
def test_months_without_practice_run_from_the_last_registration(registered: list[Period], months: int) -> None:
    assert states.months_without_practice(registered, licensed_since=date(2024, 1, 1), on=DAY) == months


def test_who_never_held_a_licence_misses_no_practice() -> None:
    assert states.months_without_practice([], licensed_since=None, on=DAY) == 0
