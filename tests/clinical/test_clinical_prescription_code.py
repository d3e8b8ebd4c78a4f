"""Prescription codes: what one is, how one is drawn, which kind a medicine needs."""

from __future__ import annotations

import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ymach.clinical.medication import Medicine
from ymach.clinical.prescription_code import (
    DECOCTION,
    NARCOTIC,
    OTHER,
    PSYCHOTROPIC,
    TRADITIONAL,
    by_kind,
    draw_code,
    is_code,
    kind_of,
    read_code,
)

FACILITIES = st.text(string.digits + string.ascii_uppercase, min_size=5, max_size=5)
SORTS = st.sampled_from([NARCOTIC, PSYCHOTROPIC, OTHER, TRADITIONAL, DECOCTION])


@given(FACILITIES, SORTS)
def test_a_drawn_code_is_a_code_of_its_facility_and_kind(facility: str, kind: str) -> None:
    code = draw_code(facility, kind)
    assert len(code) == 14
    assert is_code(code)
    assert is_code(code.upper())
    assert (read_code(code).facility_code, read_code(code).kind) == (facility.lower(), kind)
    assert draw_code(facility, kind) != code


@pytest.mark.parametrize(("facility", "kind"), [("9900", "c"), ("99003", "x"), ("9900đ", "c")])
def test_nothing_is_drawn_for_another_facility_code_or_kind(facility: str, kind: str) -> None:
    with pytest.raises(ValueError, match="not a prescription code"):
        draw_code(facility, kind)


@given(st.text(max_size=20))
def test_what_is_no_code_is_told_apart(text: str) -> None:
    if is_code(text):
        assert str(read_code(text)) == text.strip().lower()
    else:
        with pytest.raises(ValueError):
            read_code(text)


@pytest.mark.parametrize(
    "text", ["", "99003a1b2c3-c", "99003a1b2c3d-x", "99003a1b2c3dc", "99003a1b2c3đ-c", "9900３a1b2c3d-c"]
)
def test_near_misses_are_no_codes(text: str) -> None:
    assert not is_code(text)


@pytest.mark.parametrize("text", ["99003A1B2C3D-C", " 99003a1b2c3d-t ", "99003a1b2c3d-Y"])
def test_codes_are_read_without_regard_to_case(text: str) -> None:
    assert str(read_code(text)) == text.strip().lower()


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("Amlodipin 5mg", "c"),
        ("Morphin hydroclorid 10mg/ml", "n"),
        ("Morphine sulfate", "n"),
        ("Diazepam 5 mg", "h"),
        ("Paracetamol + codein phosphat", "c"),
        (None, "c"),
    ],
)
def test_the_kind_follows_the_ingredient(name: str | None, kind: str) -> None:
    assert kind_of(Medicine(name=name)) == kind


def test_a_traditional_ingredient_goes_on_a_prescription_of_its_own() -> None:
    lines = [Medicine(name="Amlodipin"), Medicine(name="Cam thảo", processing_codes=("1",)), Medicine(name="Fentanyl")]
    assert {kind: len(mine) for kind, mine in by_kind(lines).items()} == {"c": 1, "y": 1, "n": 1}
