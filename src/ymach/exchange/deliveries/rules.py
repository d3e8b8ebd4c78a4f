"""Which moves a delivery may make, and when it is tried again. Where a submission goes: `routes`."""

from __future__ import annotations

import random
from datetime import datetime, timedelta

MOVES: dict[str, frozenset[str]] = {
    "waiting": frozenset({"sending", "stuck", "withdrawn"}),
    "sending": frozenset({"delivered", "refused", "waiting", "stuck"}),
    "stuck": frozenset({"waiting", "withdrawn"}),
    "delivered": frozenset(),
    "refused": frozenset({"waiting"}),
    "withdrawn": frozenset(),
}
"""From each state, the states that may follow. Back from `stuck` or `refused` only by an operator's hand; withdrawn when
the dossier was cancelled, or is held again, before it went out."""

BY_HAND = frozenset({"stuck", "refused"})
"""Where a delivery stays until an operator sends it again."""

DEADLINE = timedelta(hours=24)
"""After this long a delivery is stuck and its owner is told (Decision 2733/QĐ-BYT: shown on VNeID within 24 h)."""

LEASE = timedelta(seconds=90)
"""How long a worker may hold a delivery; longer than any partner is waited for."""

_FIRST_WAIT, _LONGEST_WAIT = timedelta(seconds=5), timedelta(minutes=15)


def may_move(before: str, after: str) -> bool:
    """Whether a delivery in state `before` may become `after`."""
    return after in MOVES[before]


def next_try(attempts: int, *, at: datetime, jitter: float | None = None) -> datetime:
    """When a failed delivery is tried again: 5 s, doubled with each attempt up to 15 min, spread by ±50 %.

    jitter: a number in [0, 1) instead of a random one.
    """
    wait: timedelta = min(_FIRST_WAIT * 2 ** min(max(attempts - 1, 0), 12), _LONGEST_WAIT)
    spread = random.random() if jitter is None else jitter  # noqa: S311 - not a secret
    return at + wait * (0.5 + spread)
