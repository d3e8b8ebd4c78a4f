"""A country: all facilities at once, practitioners one by one. The same arguments give the same country."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from itertools import chain
from random import Random

from ymach.synth.facilities import make_facilities
from ymach.synth.fixed import fixed_part
from ymach.synth.model import Facility, Practitioner
from ymach.synth.practitioners import DEFAULT_SHARES, Shares, make_practitioners

PICTURE_DAY = date(2026, 9, 1)
"""The day on which the synthetic registry is as it is, unless another is given."""


@dataclass(frozen=True, slots=True)
class Country:
    """Facilities, the fixed ones first, and a way to walk through the practitioners (each walk is the same)."""

    facilities: tuple[Facility, ...]
    seed: int
    practitioner_count: int
    on: date
    shares: Shares

    def practitioners(self) -> Iterator[Practitioner]:
        """Everybody, the fixed people first."""
        fixed = fixed_part()
        rng = Random(f"practitioners {self.seed}")  # noqa: S311 - not a secret
        made = self.facilities[len(fixed.facilities) :]
        rest = max(self.practitioner_count - len(fixed.practitioners), 0)
        return chain(fixed.practitioners, make_practitioners(rng, rest, made, on=self.on, shares=self.shares))


def make_country(
    seed: int,
    *,
    facilities: int,
    practitioners: int,
    on: date = PICTURE_DAY,
    shares: Shares = DEFAULT_SHARES,
) -> Country:
    """A country of so many facilities and practitioners, the fixed ones among them (and never fewer than those).

    At most about 999,000 practitioners: see `numbers.MOST_PEOPLE`.
    """
    fixed = fixed_part()
    rng = Random(f"facilities {seed}")  # noqa: S311 - not a secret
    made = make_facilities(rng, max(facilities - len(fixed.facilities), 0), on=on)
    return Country((*fixed.facilities, *made), seed, practitioners, on, shares)
