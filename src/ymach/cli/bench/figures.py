"""From measured seconds to the figures a benchmark prints."""

from __future__ import annotations

from collections.abc import Sequence


def percentile_ms(seconds: Sequence[float], share: float) -> float:
    """The value below which `share` (0 to 1) of the measurements lie, in milliseconds; 0 of nothing."""
    if not seconds:
        return 0.0
    ordered = sorted(seconds)
    return round(ordered[min(int(share * len(ordered)), len(ordered) - 1)] * 1000, 1)


def per_second(count: int, seconds: float) -> float:
    return round(count / seconds, 1) if seconds > 0 else 0.0
