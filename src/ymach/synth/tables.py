"""The package's own lists (names, forms, conditions, prices) and picking from them by weight."""

from __future__ import annotations

import csv
from bisect import bisect_right
from collections.abc import Iterable
from functools import cache
from importlib.resources import files
from itertools import accumulate
from random import Random
from typing import Generic, TypeVar

T = TypeVar("T")
Row = dict[str, str]


@cache
def rows(name: str) -> tuple[Row, ...]:
    """The rows of one CSV file of the package, e.g. `rows("registry/forms.csv")`."""
    text = files("ymach.synth").joinpath("data", *name.split("/")).read_text(encoding="utf-8")
    return tuple(csv.DictReader(text.splitlines()))


class Weighted(Generic[T]):
    """A choice whose chances are in proportion to weights. Things without weight are never picked.

    Raises ValueError when nothing has weight.
    """

    def __init__(self, things: Iterable[tuple[T, float]]) -> None:
        pairs = [(thing, weight) for thing, weight in things if weight > 0]
        if not pairs:
            raise ValueError("nothing to choose from")
        self.things = [thing for thing, _ in pairs]
        self._sums = list(accumulate(weight for _, weight in pairs))
        self._total = self._sums[-1]

    def pick(self, rng: Random) -> T:
        """One thing."""
        return self.things[bisect_right(self._sums, rng.random() * self._total)]


def shares(text: str) -> Weighted[str]:
    """A choice written as `a:28 c:45 d:6`."""
    return Weighted((name, float(weight)) for name, _, weight in (part.partition(":") for part in text.split()))
