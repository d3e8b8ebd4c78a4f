"""Values as people type them: what is taken, as what, and what is told beside the field."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ymach.base.text import Text
from ymach.changes.errors import FieldWrong
from ymach.changes.fields import Field, Shape, read

BEDS = Field(name="beds", label=Text("Giường", "Beds"), shape=Shape.WHOLE, low=Decimal(0), high=Decimal(3000))
DEGREES = Field(name="latitude", label=Text("Vĩ độ", "Latitude"), shape=Shape.NUMBER)


def value(field: Field, typed: str) -> object:
    return read(field, [typed], None)  # type: ignore[arg-type]  # numbers ask nothing of the case


@pytest.mark.parametrize(("typed", "beds"), [("12", "12"), ("1.200", "1200"), (" 007 ", "7"), ("1200", "1200")])
def test_a_point_in_a_whole_number_is_one_of_thousands(typed: str, beds: str) -> None:
    assert value(BEDS, typed) == beds


@pytest.mark.parametrize("typed", ["1,5", "1.5", "1.20", "12.00", "-1", "١٢", "1e3", "x", "1.2000", "3001"])
def test_what_is_no_whole_number_of_things_is_refused_beside_the_field(typed: str) -> None:
    with pytest.raises(FieldWrong) as refused:
        value(BEDS, typed)
    assert refused.value.field == "beds"


@given(st.integers(0, 3000))
def test_a_whole_number_reads_the_same_with_and_without_points(number: int) -> None:
    assert value(BEDS, str(number)) == value(BEDS, f"{number:,}".replace(",", ".")) == str(number)


@pytest.mark.parametrize("typed", ["21,0285", "21.0285"])
def test_a_measured_number_has_a_point_or_a_comma(typed: str) -> None:
    assert value(DEGREES, typed) == "21.0285"
