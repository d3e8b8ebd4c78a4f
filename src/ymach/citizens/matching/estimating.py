"""Estimating the weights from data without knowing which pairs are one person (Fellegi and Sunter; expectation-maximisation).

u comes from pairs taken at random, nearly all of them two persons. m comes from pairs that share a key: what the key is
made of is left out of that estimate, and taken from the pairs of another key.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping

from ymach.citizens.matching.comparators import LEVELS, UNKNOWN, Levels
from ymach.citizens.matching.weights import Shares

Patterns = Mapping[Levels, int]
"""How many pairs have which levels."""
_SMALL = 1e-9
_FIELDS = tuple(LEVELS)


def shares(patterns: Patterns) -> dict[str, dict[str, float]]:
    """The distribution of the levels of each field, each pair counting one."""
    return _normalised({levels: float(count) for levels, count in patterns.items()})


def estimate(
    patterns: Patterns, *, u: Shares, leave_out: Collection[str] = (), turns: int = 200, start: float = 0.1
) -> tuple[dict[str, dict[str, float]], float]:
    """m of the fields that are not left out, and the share of pairs that are one person.

    u is held; start: the share to begin with. Ends early when a turn changes nothing.
    """
    fields = [place for place, field in enumerate(_FIELDS) if field not in leave_out]
    m, share = _first_guess(), start
    for _ in range(turns):
        chances = {levels: _chance(levels, fields, m, u, share) for levels in patterns}
        expected = {levels: chances[levels] * count for levels, count in patterns.items()}
        total = sum(expected.values())
        before, share = share, max(total / max(sum(patterns.values()), 1), _SMALL)
        m = _normalised(expected)
        if abs(before - share) < 1e-7:
            break
    return {field: m[field] for place, field in enumerate(_FIELDS) if place in fields}, share


def counted(pairs: Iterable[Levels]) -> Counter[Levels]:
    """Patterns of pairs."""
    return Counter(pairs)


def _chance(levels: Levels, fields: Iterable[int], m: Shares, u: Shares, share: float) -> float:
    """That a pair with these levels is one person."""
    one, two = share, 1 - share
    for place in fields:
        level = levels[place]
        if level != UNKNOWN:
            field = _FIELDS[place]
            one *= m[field].get(level, 0) or _SMALL
            two *= u.get(field, {}).get(level, 0) or _SMALL
    return one / (one + two) if one + two else 0.0


def _first_guess() -> dict[str, dict[str, float]]:
    """The closest level nine times in ten."""
    return {
        field: {one: 0.9 if place == 0 else 0.1 / (len(levels) - 2) for place, one in enumerate(levels[:-1])}
        for field, levels in LEVELS.items()
    }


def _normalised(weights: Mapping[Levels, float]) -> dict[str, dict[str, float]]:
    found: dict[str, dict[str, float]] = {field: defaultdict(float) for field in LEVELS}
    for levels, weight in weights.items():
        for field, level in zip(_FIELDS, levels, strict=True):
            if level != UNKNOWN:
                found[field][level] += weight
    return {
        field: {one: value / total for one, value in by_level.items()} if (total := sum(by_level.values())) else {}
        for field, by_level in found.items()
    }
