"""Small cells: nobody is pointed at, and nothing hidden can be reckoned back from the sum."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ymach.base.small_cells import FEW, MORE, cell, cells


@pytest.mark.parametrize(("count", "told"), [(0, 0), (1, FEW), (4, FEW), (5, 5), (1200, 1200)])
def test_one_to_four_are_few(count: int, told: object) -> None:
    assert cell(count) == told


@given(st.lists(st.integers(0, 20), max_size=12))
def test_no_small_cell_is_told_and_none_stands_hidden_alone_beside_its_sum(counts: list[int]) -> None:
    told = cells(counts)
    assert all(one == FEW for one, count in zip(told, counts, strict=True) if 0 < count < 5)
    hidden = [one for one in told if isinstance(one, str)]
    assert len(hidden) != 1 or all(count < 5 for count in counts)


@given(st.lists(st.integers(0, 20), max_size=12))
def test_what_is_told_is_true(counts: list[int]) -> None:
    for one, count in zip(cells(counts), counts, strict=True):
        assert one == count or (one == FEW and 0 < count < 5) or (one == MORE and count >= 5)
