"""Are two identities one person? A weight with its reasons, the vetoes, and what follows from both."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from ymach.citizens.matching import vetoes
from ymach.citizens.matching.comparators import LEVELS, Levels, compare
from ymach.citizens.matching.profile import Profile
from ymach.citizens.matching.vetoes import Veto
from ymach.citizens.matching.weights import Weights


class Verdict(StrEnum):
    """LINK: automatically; ASK: a person decides; APART: two persons, as far as can be told."""

    LINK = "link"
    ASK = "ask"
    APART = "apart"


@dataclass(frozen=True, slots=True)
class Limits:
    """From which weights on: bits of the odds that two are one. 11 bits are odds of 2048 to 1."""

    starts_on: date
    automatic: Decimal
    worklist: Decimal


@dataclass(frozen=True, slots=True)
class Comparison:
    """levels and bits: per field, in the order of LEVELS. prior: bits before anything is compared; weight: all together."""

    levels: Levels
    bits: tuple[float, ...]
    prior: float
    vetoes: tuple[Veto, ...]

    @property
    def weight(self) -> float:
        return self.prior + sum(self.bits)

    @property
    def fields(self) -> list[tuple[str, str, float]]:
        """Field, level and bits of each."""
        return [(field, *found) for field, *found in zip(LEVELS, self.levels, self.bits, strict=True)]  # type: ignore[misc]


def weigh(one: Profile, other: Profile, *, weights: Weights, prior: float) -> Comparison:
    """Compare two identities. Symmetric."""
    levels = compare(one, other)
    return Comparison(levels, weights.of(levels, one.name), prior, vetoes.found(one, other, levels))


def verdict(comparison: Comparison, limits: Limits) -> Verdict:
    """What follows: above the automatic limit only what no veto forbids is linked."""
    weight = comparison.weight
    if any(veto.is_asked for veto in comparison.vetoes):
        return Verdict.ASK
    if weight < limits.worklist or any(veto.is_apart for veto in comparison.vetoes):
        return Verdict.APART
    if weight >= limits.automatic and not comparison.vetoes:
        return Verdict.LINK
    return Verdict.ASK


def in_force(rows: Iterable[Limits], on: date) -> Limits:
    """The limits of a day (Viet Nam): the latest that have begun. Raises LookupError before the first."""
    begun = [row for row in rows if row.starts_on <= on]
    if not begun:
        raise LookupError(f"no limits on {on}")
    return max(begun, key=lambda row: row.starts_on)
