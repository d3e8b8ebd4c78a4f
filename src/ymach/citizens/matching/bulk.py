"""Comparing everybody with everybody who shares a key: after a first load, or when the weights have changed.

Reads the index of keys once from end to end, some thousand keys at a time: memory does not grow with the country.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import combinations
from uuid import UUID

from django.db import connection

from ymach.citizens.matching.profile import Profile
from ymach.citizens.matching.queries import MOST_OF_A_KEY, profiles
from ymach.citizens.matching.rules import Comparison, Limits, Verdict, verdict, weigh
from ymach.citizens.matching.weights import Weights

KEYS_AT_ONCE = 5000
_SHARED = f"""
SELECT array_agg(citizen_id) FROM citizens_matching_block GROUP BY key
HAVING count(*) BETWEEN 2 AND {MOST_OF_A_KEY} ORDER BY key
"""  # noqa: S608 - a number of ours
Probable = tuple[Profile, Profile, Comparison, Verdict]


def sweep(*, weights: Weights, prior: float, limits: Limits) -> Iterator[Probable]:
    """Every pair that is to be linked or asked about; one that shares several keys may come more than once.

    The keys are those of the moment it begins, whatever is written meanwhile.
    """
    with connection.chunked_cursor() as cursor:
        cursor.execute(_SHARED)
        while rows := cursor.fetchmany(KEYS_AT_ONCE):
            yield from _within([row[0] for row in rows], weights, prior, limits)


def _within(groups: Sequence[list[UUID]], weights: Weights, prior: float, limits: Limits) -> Iterator[Probable]:
    known = profiles(citizen for group in groups for citizen in group)
    for one, other in {pair for group in groups for pair in combinations(sorted(group), 2)}:
        if one in known and other in known:
            comparison = weigh(known[one], known[other], weights=weights, prior=prior)
            what = verdict(comparison, limits)
            if what is not Verdict.APART:
                yield known[one], known[other], comparison, what
