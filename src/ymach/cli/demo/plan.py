"""How large the country of the demonstration is, and what was asked for."""

from __future__ import annotations

from dataclasses import dataclass

FACILITIES, PRACTITIONERS, HISTORY, SENDERS = 340, 4000, 300, 60
SEED = 1
HISTORY_DAYS = 14
HISTORY_FAULTS, LIVE_FAULTS = 0.14, 0.1
CHECKED_AT_FIRST = 500
"""Practitioners checked against the population database when the country is new."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What was asked for. every: seconds between two new dossiers, 0 for none; stay: until Ctrl-C."""

    port: int
    history: int
    every: float
    stay: bool
