"""The measurement of `ymach bench match`, in a process of its own whose settings point to the database of the run."""

from __future__ import annotations

import random
import sys
import time
from collections import Counter
from collections.abc import Mapping
from typing import Any
from uuid import UUID

import django
import orjson
from django.db import connection, transaction

from ymach.base.clock import now, vietnam_day
from ymach.cli.bench.figures import percentile_ms
from ymach.cli.bench.ground import tell

WARM_UP = 200
Pair = tuple[UUID, UUID]


def main() -> None:
    """Arguments: people, seed, how many are identified one by one. Prints one JSON line."""
    people, seed, asked = map(int, sys.argv[1:])
    django.setup()
    from ymach.synth.identities.loading import load
    from ymach.synth.identities.statements import statements

    started = time.monotonic()
    with transaction.atomic():
        truth = load(statements(people, seed=seed), seed=seed, at=now())
    tell(f"{len(truth)} identities of {people} people are in the index after {time.monotonic() - started:.0f} s")
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE citizens_citizen, citizens_matching_block")
    line = {"bench": "match", "people": people, "identities": len(truth), "seed": seed}
    line |= _one_by_one(list(truth), asked, seed)
    line |= _everybody(truth)
    sys.stdout.write(orjson.dumps({**line, "seconds": round(time.monotonic() - started)}).decode() + "\n")


def _one_by_one(known: list[UUID], asked: int, seed: int) -> dict[str, Any]:
    """How long it takes to say who one person may be."""
    from ymach.citizens.matching.actions import identify
    from ymach.citizens.matching.queries import limits_on, profiles

    limits = limits_on(vietnam_day(now()))
    chosen = random.Random(seed).sample(known, min(asked + WARM_UP, len(known)))  # noqa: S311 - not a secret
    times = []
    for profile in profiles(chosen).values():
        begun = time.perf_counter()
        identify(profile, limits)
        times.append(time.perf_counter() - begun)
    measured = times[WARM_UP:]
    return {"p50_ms": percentile_ms(measured, 0.5), "p99_ms": percentile_ms(measured, 0.99)}


def _everybody(truth: Mapping[UUID, int]) -> dict[str, Any]:
    """What would be linked and asked about, against the truth."""
    from ymach.citizens.matching.bulk import sweep
    from ymach.citizens.matching.queries import identities_known, limits_on
    from ymach.citizens.matching.rules import Verdict
    from ymach.citizens.matching.weights import shipped

    weights, verdicts = shipped(), dict[Pair, Verdict]()
    with transaction.atomic():
        prior, limits = weights.prior(identities_known()), limits_on(vietnam_day(now()))
        for one, other, _, what in sweep(weights=weights, prior=prior, limits=limits):
            verdicts[one.citizen_id, other.citizen_id] = what
    counts = Counter((what, truth[one] == truth[other]) for (one, other), what in verdicts.items())
    held = Counter(truth.values())
    pairs = sum(count * (count - 1) // 2 for count in held.values())
    right, wrong = counts[Verdict.LINK, True], counts[Verdict.LINK, False]
    shown, vain = counts[Verdict.ASK, True], counts[Verdict.ASK, False]
    return {
        "true_pairs": pairs,
        "linked": right + wrong,
        "linked_wrongly": wrong,
        "auto_precision": round(right / max(right + wrong, 1), 6),
        "auto_recall": round(right / max(pairs, 1), 4),
        "recall": round((right + shown) / max(pairs, 1), 4),
        "worklist": shown + vain,
        "worklist_share": round((shown + vain) / len(truth), 4),
    }


if __name__ == "__main__":
    main()
