"""In which lane of the server something is sent (`Ymach-Lane`)."""

from __future__ import annotations

import re

from ymach.agent.queue import HISTORY, Lane

HEADER = "Ymach-Lane"
VISIT, REFERRAL = "visit", "referral"
_REFERRAL = re.compile(rb"<LOAIHOSO>\s*XML13\s*</LOAIHOSO>", re.IGNORECASE)
"""Table 13 of a dossier: the referral letter."""


def lane_at_server(lane: Lane) -> str:
    """The server's name for a lane of the queue."""
    return HISTORY if lane == HISTORY else VISIT


def lane_claimed(lane: Lane, content: bytes) -> str:
    """The lane claimed for one file: a referral is more urgent than the visit it belongs to, unless both are old."""
    return REFERRAL if lane != HISTORY and _REFERRAL.search(content) else lane_at_server(lane)
