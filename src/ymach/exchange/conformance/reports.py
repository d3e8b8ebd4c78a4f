"""The report of a run: what the platform itself saw, signed."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from ymach.base.clock import iso
from ymach.base.findings import Severity
from ymach.exchange.conformance.cases import GROUPS, Case, cases, kit_version
from ymach.exchange.conformance.models import ConformanceRun
from ymach.exchange.conformance.proof import TYPE
from ymach.exchange.conformance.rules import Seen, Verdict, has_passed, verdict_of, verdict_of_group
from ymach.exchange.findings import catalogue
from ymach.exchange.receipts.issuer import Issuer
from ymach.trust import jws


def verdicts_of(chosen: Mapping[str, Case], seen: Mapping[str, Seen]) -> dict[str, Verdict]:
    """The verdict of each case of a run, by name."""
    grave = {kind.code for kind in catalogue() if kind.severity is not Severity.NOTE}
    return {name: verdict_of(case, seen.get(name), grave=grave) for name, case in chosen.items()}


def groups_of(chosen: Mapping[str, Case], verdicts: Mapping[str, Verdict]) -> dict[str, Verdict]:
    """The verdict of each group that has a case in the run."""
    found: dict[str, list[Verdict]] = {}
    for name, case in chosen.items():
        found.setdefault(case.group, []).append(verdicts[name])
    return {group: verdict_of_group(found[group]) for group in GROUPS if group in found}


def cases_of(run: ConformanceRun) -> dict[str, Case]:
    """The cases a run was given; one that the kit no longer has is left out."""
    return {name: case for name, case in cases().items() if name in set(run.cases)}


def claims_of(run: ConformanceRun, seen: Mapping[str, Seen], *, at: datetime, issuer: Issuer) -> dict[str, Any]:
    """What the report says. at: now (aware)."""
    chosen = cases_of(run)
    verdicts = verdicts_of(chosen, seen)
    groups = groups_of(chosen, verdicts)
    return {
        "iss": issuer.name,
        "sub": run.facility_code,
        "jti": str(run.id),
        "iat": int(at.timestamp()),
        "test": issuer.is_test,
        "software": run.software,
        "kit": kit_version(),
        "opened_at": iso(run.opened_at),
        "finished_at": iso(at),
        "passed": has_passed(groups),
        "groups": {name: verdict.value for name, verdict in groups.items()},
        "cases": [_line(case, verdicts[name], seen.get(name)) for name, case in chosen.items()],
    }


def sign_report(claims: Mapping[str, Any], issuer: Issuer) -> str:
    """The claims as a compact JWS of the platform's key."""
    return jws.sign(claims, issuer.key, kind=TYPE)


def _line(case: Case, verdict: Verdict, seen: Seen | None) -> dict[str, Any]:
    line: dict[str, Any] = {"case": case.name, "group": case.group, "verdict": verdict.value, "expected": case.outcome}
    if seen is None:
        return line
    return {
        **line,
        "outcome": seen.outcome,
        "findings": list(seen.finding_codes),
        "digest": {"alg": "sha-256", "value": seen.digest},
        "at": iso(seen.at),
        "tries": seen.tries,
    }
