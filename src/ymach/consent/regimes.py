"""The rules of personal data by the day: Decree 13/2023/NĐ-CP, since 2026 Law 91/2025/QH15. Facts from `data/regimes.toml`."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from importlib.resources import files

from ymach.base.clock import vietnam_day


@dataclass(frozen=True, slots=True)
class Regime:
    """One set of rules, in force `since` a day (Viet Nam). needs_request: giving data to another provider or to an
    insurer needs the person's written request. laws: the article each basis stands on, by the basis."""

    name: str
    since: date
    needs_request: bool
    laws: Mapping[str, str]

    @property
    def consent(self) -> str:
        return self.laws["consent"]

    def of(self, basis: str) -> str:
        """The law and article of a basis of reading."""
        return self.laws[basis]


def regime_at(at: datetime) -> Regime | None:
    """The rules in force at the moment `at` (aware); None before there were any (1 July 2023)."""
    day = vietnam_day(at)
    return next((one for one in reversed(regimes()) if one.since <= day), None)


@cache
def regimes() -> tuple[Regime, ...]:
    """Every set of rules, the oldest first."""
    text = files("ymach.consent").joinpath("data", "regimes.toml").read_text(encoding="utf-8")
    rows = tomllib.loads(text)["regime"]
    found = [Regime(row["name"], row["since"], row["needs_request"], row["laws"]) for row in rows]
    return tuple(sorted(found, key=lambda one: one.since))
