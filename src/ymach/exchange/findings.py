"""The catalogue of findings: every kind that any part of the system can find in a submission, in one place."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from types import MappingProxyType, ModuleType

from ymach.base.findings import FindingKind
from ymach.exchange.intake import findings as intake
from ymach.exchange.intake.checks import findings as checks
from ymach.exchange.lanes import findings as lanes
from ymach.exchange.prescriptions import findings as prescriptions
from ymach.exchange.referrals import findings as referrals
from ymach.formats import findings as formats
from ymach.formats.fhir import findings as fhir
from ymach.formats.xml130 import findings as xml130
from ymach.practitioners import findings as standing
from ymach.trust import findings as trust

_SOURCES: tuple[ModuleType, ...] = (
    formats,
    xml130,
    fhir,
    trust,
    standing,
    intake,
    lanes,
    checks,
    prescriptions,
    referrals,
)


def catalogue() -> tuple[FindingKind, ...]:
    """Every kind, in the order of codes."""
    return tuple(by_code().values())


@cache
def by_code() -> Mapping[str, FindingKind]:
    """Every kind by its code, in order. A code declared twice is a fault of the program."""
    kinds: dict[str, FindingKind] = {}
    for module in _SOURCES:
        for value in vars(module).values():
            if isinstance(value, FindingKind) and kinds.setdefault(value.code, value) is not value:
                message = f"{value.code} is declared twice"
                raise ValueError(message)
    return MappingProxyType({code: kinds[code] for code in sorted(kinds)})
