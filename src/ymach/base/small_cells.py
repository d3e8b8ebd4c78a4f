"""Counts of persons told to those who may not see the persons: a cell so small that it points at somebody is not told.

A count from 1 to 4 reads “<5”. Where a sum is told beside its cells and only one cell is hidden, the next smallest is
hidden too (“≥5”), or it could be reckoned back.
"""

from __future__ import annotations

from collections.abc import Sequence

SMALLEST = 5
FEW, MORE = f"<{SMALLEST}", f"≥{SMALLEST}"
Cell = int | str


def cell(count: int) -> Cell:
    """One count that stands alone, or whose sum is not told."""
    return FEW if 0 < count < SMALLEST else count


def cells(counts: Sequence[int]) -> list[Cell]:
    """Counts whose sum is told too, in their order."""
    shown = [cell(count) for count in counts]
    hidden = [place for place, one in enumerate(shown) if one == FEW]
    if len(hidden) == 1:
        others = [place for place, count in enumerate(counts) if count >= SMALLEST]
        if others:
            shown[min(others, key=lambda place: counts[place])] = MORE
    return shown
