"""What a person's dossiers have said of them beyond single visits: allergies first. Plain functions."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from ymach.base.vietnamese import fold

KIND = "health-book"
_OVER = frozenset({"inactive", "resolved"})


@dataclass(frozen=True, slots=True)
class KnownAllergy:
    """An allergy that counts now. is_grave: criticality high. said_at: aware; facility_code: who said so last."""

    substance: str
    is_grave: bool
    reaction: str
    said_at: datetime
    facility_code: str


@dataclass(frozen=True, slots=True)
class Said:
    """The health-book part of one dossier: its summary, when it happened (aware), who sent it."""

    summary: Mapping[str, Any]
    at: datetime
    facility_code: str


def current_allergies(said: Iterable[Said]) -> list[KnownAllergy]:
    """The allergies in force, the grave ones first. Of two that name the same substance the later one counts: one that is
    told as resolved takes an earlier one away."""
    latest: dict[str, KnownAllergy | None] = {}
    for one in sorted(said, key=lambda one: one.at):
        for entry in one.summary.get("allergies", ()):
            substance = str(entry.get("substance") or "").strip()
            if substance:
                is_over = entry.get("status") in _OVER
                latest[fold(substance)] = None if is_over else _known(entry, substance, one)
    return sorted(filter(None, latest.values()), key=lambda one: (not one.is_grave, fold(one.substance)))


def _known(entry: Mapping[str, Any], substance: str, said: Said) -> KnownAllergy:
    reaction = str(entry.get("reaction") or "")
    return KnownAllergy(substance, entry.get("criticality") == "high", reaction, said.at, said.facility_code)
