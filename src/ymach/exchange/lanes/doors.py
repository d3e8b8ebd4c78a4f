"""Which lane each door of the API is in, and what may be claimed there."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from ymach.exchange.lanes.errors import LaneUnknown
from ymach.exchange.lanes.rules import RANK, Lane, lane_named

HEADER = "Ymach-Lane"
_LANES: Mapping[str, Lane] = {
    "patients:lookup": Lane.LOOK_UP,
    "consents": Lane.REFERRAL,
    "consents:withdraw": Lane.LOOK_UP,
    "referrals": Lane.REFERRAL,
    "prescriptions": Lane.PRESCRIPTION,
    "submissions": Lane.VISIT,
    "submissions:batch": Lane.HISTORY,
    "uploads": Lane.HISTORY,
    "reconciliations": Lane.HISTORY,
}
_CHECKED = frozenset({"submissions", "submissions:batch", "uploads"})
"""Where what was claimed is checked against what was read."""
_READING = frozenset({"GET", "HEAD", "OPTIONS"})


@dataclass(frozen=True, slots=True)
class Ticket:
    """The lane a request is served in, and the lane its content will be checked against ("": nothing was claimed)."""

    lane: Lane
    claim: str = ""


def ticket_of(method: str, door: str, header: str, *, is_banned: bool) -> Ticket:
    """The lane of a request. Raises LaneUnknown.

    door: the first word of the address, as `submissions:batch`. header: the lane claimed, or "". is_banned: whether the
    sender lately claimed falsely; a more urgent lane is then not believed. A less urgent one always is.
    """
    own = Lane.LOOK_UP if method in _READING else _LANES.get(door, Lane.LOOK_UP)
    if not header.strip():
        return Ticket(own)
    claimed = lane_named(header)
    if claimed is None:
        raise LaneUnknown(lane=header.strip()[:40])
    if RANK[claimed] >= RANK[own]:
        return Ticket(claimed)
    is_believed = door in _CHECKED and not is_banned
    return Ticket(claimed, claimed.value) if is_believed else Ticket(own)
