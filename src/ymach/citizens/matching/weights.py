"""The weights of evidence: bits for each level of each field, from how often it is met in pairs of one person (m) and of
two (u). Shipped as data, with how they were made; estimated by `matching.estimating`."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cache
from importlib.resources import files
from math import log2

from ymach.citizens.matching.comparators import LEVELS, UNKNOWN, Levels
from ymach.citizens.matching.names import NameShares

SAME_NAME = ("exact", "folded")
SMALLEST = 1_000_000
Shares = Mapping[str, Mapping[str, float]]
"""By field and level, the share of pairs that has it; the levels of a field that are known add up to 1."""


@dataclass(frozen=True)
class Weights:
    """version: named in every pair. duplicates: how many identities more a person has on average.

    bits: log2(m/u) by field and level. names: what a name that is the same is worth, by how rare it is.
    """

    version: str
    duplicates: float
    bits: Mapping[str, Mapping[str, float]]
    names: NameShares | None = None

    def of(self, levels: Levels, name: str = "") -> tuple[float, ...]:
        """The bits of each field, in the order of LEVELS. name: folded, of two who have the same."""
        found = [self.bits[field].get(level, 0.0) for field, level in zip(LEVELS, levels, strict=True)]
        if self.names is not None and name and levels[0] in SAME_NAME:
            found[0] += self.names.bits(name) - self.bits["name"]["exact"]
        return tuple(found)

    def prior(self, identities: int) -> float:
        """Bits against two taken at random being one, in a country of so many identities.

        An index that is still small is part of a large country: it is weighed as the smallest that was measured.
        """
        return log2(max(self.duplicates, 1e-6) / max(identities, SMALLEST))


@cache
def shipped() -> Weights:
    """The weights in use."""
    content = tomllib.loads(files(__package__).joinpath("data/weights.toml").read_text(encoding="utf-8"))
    weights = of_shares(content["version"], content["duplicates"], content["m"], content["u"])
    return replace(weights, names=NameShares(content["names"]))


def of_shares(version: str, duplicates: float, m: Shares, u: Shares) -> Weights:
    """Weights from the two distributions. A level that never agreed by chance, or never at all, is taken as very rare."""
    bits = {
        field: {one: log2(_share(m, field, one) / _share(u, field, one)) for one in levels if one != UNKNOWN}
        for field, levels in LEVELS.items()
    }
    return Weights(version, duplicates, bits)


def _share(shares: Shares, field: str, level: str) -> float:
    return max(shares.get(field, {}).get(level, 0.0), 1e-7)
