"""Numbers in sentences."""

from decimal import Decimal

import pytest

from ymach.base.numbers import number_text


@pytest.mark.parametrize(
    ("value", "vi", "en"),
    [
        (Decimal("18309.0"), "18.309", "18,309"),
        (Decimal("10022.5476"), "10.022,5476", "10,022.5476"),
        (Decimal("0.5"), "0,5", "0.5"),
        (20000, "20.000", "20,000"),
        (Decimal("-1200.50"), "-1.200,5", "-1,200.5"),
        (0, "0", "0"),
    ],
)
def test_a_number_is_written_as_each_language_does(value: Decimal | int, vi: str, en: str) -> None:
    text = number_text(value)
    assert (text.vi, text.en) == (vi, en)
