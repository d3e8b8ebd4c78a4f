"""Partly known births and parallel lists of cards."""

from __future__ import annotations

from datetime import date

import pytest

from ymach.clinical.person import InsuranceCard, PartialDate, cards, split_codes


def test_a_birth_of_which_only_the_year_is_known_has_no_day() -> None:
    assert PartialDate(1985).day_or_none is None
    assert PartialDate(1985).earliest == date(1985, 1, 1)
    assert PartialDate.of(date(1985, 3, 15)).day_or_none == date(1985, 3, 15)


@pytest.mark.parametrize("parts", [(1985, None, 15), (1985, 13), (1985, 2, 30)])
def test_parts_that_are_no_date_are_refused(parts: tuple[int, ...]) -> None:
    with pytest.raises(ValueError):
        PartialDate(*parts)


def test_cards_follow_the_order_of_their_lists_and_short_lists_leave_gaps() -> None:
    found = cards(("A", "B"), ("99001",), (date(2026, 1, 1), date(2026, 6, 1)), ())
    assert found == (
        InsuranceCard("A", "99001", date(2026, 1, 1)),
        InsuranceCard("B", None, date(2026, 6, 1)),
    )


def test_joined_codes_are_split_and_blanks_dropped() -> None:
    assert split_codes("K01; K02;;") == ("K01", "K02")
    assert split_codes(None) == ()
