"""Which lane something is in, how many may be inside, whose turn is next, and when to come again. Plain functions."""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable, Mapping
from datetime import timedelta
from enum import StrEnum


class Lane(StrEnum):
    """The lanes, the most urgent first."""

    LOOK_UP = "look-up"
    REFERRAL = "referral"
    PRESCRIPTION = "prescription"
    VISIT = "visit"
    HISTORY = "history"


RANK: Mapping[Lane, int] = {lane: place for place, lane in enumerate(Lane)}

SHARES: Mapping[Lane, int] = {
    Lane.LOOK_UP: 8,
    Lane.REFERRAL: 8,
    Lane.PRESCRIPTION: 6,
    Lane.VISIT: 4,
    Lane.HISTORY: 1,
}
"""Of 27 seconds of work, so many are each lane's own when every lane has more to do than can be done. What one lane does
not use, the others have."""

PLACES: Mapping[Lane, int] = {
    Lane.LOOK_UP: 24,
    Lane.REFERRAL: 8,
    Lane.PRESCRIPTION: 8,
    Lane.VISIT: 12,
    Lane.HISTORY: 12,
}
"""Requests of a lane that one process has inside at a time, waiting for their turn or at work. One more is told at once
to come later."""

PATIENCE: Mapping[Lane, float] = {
    Lane.LOOK_UP: 5.0,
    Lane.REFERRAL: 5.0,
    Lane.PRESCRIPTION: 5.0,
    Lane.VISIT: 10.0,
    Lane.HISTORY: 20.0,
}
"""Seconds that a request waits for its first turn; then it is told to come later."""

HELD_BACK = 1.0
"""Seconds after anything more urgent during which old visits leave one turn of each process free."""

NOBODY = 0.02
"""Of a turn: what the more urgent lanes use when there is as good as nothing in them."""

LOOK_AGAIN = 0.1
"""Seconds after which an old visit that waits looks whether other processes leave it a turn now; so long a process that
had one leaves the next to another that waits."""

OLD = timedelta(days=45)
"""Visits that ended longer ago are history: a month's dossiers, sent with all their late results, are not."""

_COME_BACK: Mapping[Lane, int] = {
    Lane.LOOK_UP: 1,
    Lane.REFERRAL: 1,
    Lane.PRESCRIPTION: 2,
    Lane.VISIT: 3,
    Lane.HISTORY: 15,
}
_LONGEST = 600


def lane_named(name: str) -> Lane | None:
    """The lane of that name (any case, spaces around it ignored); None for none."""
    try:
        return Lane(name.strip().lower())
    except ValueError:
        return None


def lane_deserved(kinds: Collection[str], age: timedelta) -> Lane:
    """The most urgent lane that may be claimed for a submission with records of these kinds, the newest so old."""
    if age > OLD:
        return Lane.HISTORY
    return next((lane for lane in (Lane.REFERRAL, Lane.PRESCRIPTION) if lane.value in kinds), Lane.VISIT)


def is_false_claim(claimed: Lane, kinds: Collection[str], age: timedelta) -> bool:
    """Whether `claimed` is more urgent than records of these kinds and this age deserve."""
    return RANK[claimed] < RANK[lane_deserved(kinds, age)]


def may_enter(*, inside: int, own: int, places: int) -> bool:
    """Whether a lane with `inside` requests, `own` of them of the same sender, takes one more of this sender.

    One sender never has more than half: what comes from others finds a place whatever one of them sends.
    """
    return inside < places and own < max(places // 2, 1)


def may_work(*, working: int, turns: int, urgent_lately: bool) -> bool:
    """Whether an old visit may have a turn of a process of which `working` of `turns` are taken.

    The last one stays free while anything else is about: a turn that has begun is not taken away.
    """
    return working < turns - (1 if urgent_lately and turns > 1 else 0)


def turns_for_history(turns: int, urgent: float) -> int:
    """How many of all turns of a machine old visits may have where more urgent lanes use `urgent` of them on average.

    All of them when nobody else is about; else a quarter at most and one at least: turns are many, processors few, and
    whoever works beside old visits is slowed down by them. Slowed down, the others use more turns, and old visits get fewer.
    """
    if urgent < NOBODY:
        return turns
    return max(1, int(turns / 4 * (1 - 8 * urgent / turns)))


def next_lane(waiting: Iterable[Lane], spent: Mapping[Lane, float]) -> Lane | None:
    """Of the lanes in which somebody waits, the one that has had least of its share; the more urgent of equals."""
    return min(waiting, key=lambda lane: (spent[lane], RANK[lane]), default=None)


def spent_after(spent: float, seconds: float, lane: Lane) -> float:
    """What a lane has had of its share after a turn of so many seconds."""
    return spent + seconds / SHARES[lane]


def come_back_after(lane: Lane, *, served: int, refused: int, spread: float) -> int:
    """Seconds after which a refused request should come again.

    served, refused: of the lane in the last minute. The more come in vain, the later; spread (0 to 1, by chance)
    doubles it at most, so that those who were refused together do not come together.
    """
    crowd = 1 + refused / max(served, 1)
    return math.ceil(min(_COME_BACK[lane] * crowd, _LONGEST) * (1 + spread))
