"""What the lanes are doing now."""

from __future__ import annotations

from ymach.exchange.lanes import turns
from ymach.exchange.lanes.board import LaneState
from ymach.exchange.lanes.rules import Lane, come_back_after


def present_state() -> list[LaneState]:
    """Every lane over all server processes of this machine, the most urgent first; empty outside a server."""
    board = turns.board()
    return board.states() if board else []


def everybody_waits() -> int | None:
    """Seconds that whoever has nothing urgent should wait before sending; None while there is room."""
    crowded = [one for one in present_state() if one.lane is Lane.VISIT and one.places and one.inside >= one.places]
    return (
        come_back_after(Lane.VISIT, served=crowded[0].served, refused=crowded[0].refused, spread=0) if crowded else None
    )
