"""Where a submission goes: routes by kind of record and day, to what this installation has. Plain functions."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ymach.exchange.deliveries.names import DESTINATIONS, PARTNERS, family_of, receiver_of, words_of
from ymach.exchange.deliveries.routes import (
    Matter,
    Ways,
    destinations_of,
    shipped,
)
from ymach.exchange.records import RECORD_KINDS

TODAY = date(2026, 11, 20)
ALL = Ways(shipped(), frozenset(PARTNERS), frozenset({"99002"}))


def where(*matters: Matter, ways: Ways = ALL, outcome: str = "accepted") -> tuple[str, ...]:
    return destinations_of(matters, outcome, ways=ways)


def test_a_visit_with_a_prescription_goes_to_three_partners_each_once() -> None:
    matters = [Matter("visit", TODAY), Matter("prescription", TODAY), Matter("visit", TODAY)]
    assert where(*matters) == ("insurance", "health_book", "prescriptions")


def test_a_check_in_goes_to_the_insurance_portal_alone() -> None:
    assert where(Matter("check-in", TODAY)) == ("insurance",)


@pytest.mark.parametrize("outcome", ["held", "rejected"])
def test_what_is_held_or_rejected_goes_nowhere(outcome: str) -> None:
    assert where(Matter("visit", TODAY), outcome=outcome) == ()


def test_what_is_not_installed_gets_nothing() -> None:
    plain = Ways(shipped())
    assert where(Matter("visit", TODAY), Matter("prescription", TODAY), ways=plain) == ("insurance",)


@pytest.mark.parametrize(
    ("day", "found"),
    [
        (date(2025, 9, 30), ("insurance",)),
        (date(2025, 10, 1), ("insurance", "prescriptions")),
        (date(2026, 1, 1), ("insurance", "health_book", "prescriptions")),
    ],
)
def test_a_route_holds_from_its_day_on(day: date, found: tuple[str, ...]) -> None:
    assert where(Matter("visit", day), Matter("prescription", day)) == found


def test_a_referral_goes_to_the_facility_it_names_if_that_takes_them() -> None:
    assert where(Matter("referral", TODAY, "99002")) == ("referral:99002",)
    assert where(Matter("referral", TODAY, "99003"), Matter("referral", TODAY)) == ()


def test_shipped_routes_name_known_kinds_and_destinations_and_a_source() -> None:
    for route in shipped():
        assert route.record_kind in {"*", *RECORD_KINDS}
        assert route.destination in DESTINATIONS
        assert route.source


@given(st.lists(st.builds(Matter, st.sampled_from(sorted(RECORD_KINDS)), st.dates(), st.sampled_from(["", "99002"]))))
def test_every_destination_is_named_once_and_has_words(matters: list[Matter]) -> None:
    found = where(*matters)
    assert len(found) == len(set(found))
    assert all(family_of(name) in DESTINATIONS and words_of(name).vi for name in found)
    assert all(bool(receiver_of(name)) == (family_of(name) not in PARTNERS) for name in found)


def test_a_receiver_of_the_version_before_hears_of_a_change_that_takes_its_part_away() -> None:
    before = ("referral:99002", "referral:99009", "prescriptions")
    found = destinations_of([Matter("visit", TODAY)], "accepted", ways=ALL, before=before)
    assert found == ("insurance", "health_book", "referral:99002")
