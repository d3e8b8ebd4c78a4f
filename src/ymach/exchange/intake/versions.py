"""What is said of a dossier because of what came before it: another version, back after a cancellation, or too late for one."""

from __future__ import annotations

from collections.abc import Callable, Container

from ymach.base.findings import Finding, FindingKind
from ymach.clinical.dossier import Dossier
from ymach.exchange.corrections.differences import compare
from ymach.exchange.intake import findings
from ymach.exchange.intake.case import Case, DossierCase
from ymach.exchange.policies.rules import REJECTED, outcome_of_submission

_OF_VERSIONS = (findings.NEW_VERSION, findings.REVIVED, findings.RESULTS_ADDED)


Before = Callable[[], Dossier | None]
"""Gives the version that is replaced, where it can be read; asked only when it matters."""


def note_version(one: DossierCase, version: int, *, is_revived: bool, before: Before) -> None:
    """Say which version a dossier is, unless it is the first."""
    # A second try after a deadlock must not tell of the version it was going to be at first.
    one.findings = [found for found in one.findings if found.kind not in _OF_VERSIONS]
    if version > 1:
        one.findings.append(_at_code(_kind_of(one, is_revived, before), one, version=version))


def turn_away_cancelled(case: Case, taken: Container[tuple[str, str]]) -> None:
    """Reject the dossiers that are not among those `taken` (kind, code); the case with them, if it brought nothing else."""
    for one in case.dossiers:
        if one.is_kept and (one.kind, one.dossier.code) not in taken:
            one.findings.insert(0, _at_code(findings.CANCELLED, one))
            one.outcomes = (REJECTED,) * len(one.outcomes)
    case.outcome = outcome_of_submission(outcome for one in case.dossiers for outcome in one.outcomes)


def _kind_of(one: DossierCase, is_revived: bool, before: Before) -> FindingKind:
    if is_revived:
        return findings.REVIVED
    earlier = before() if one.dossier.results else None
    only_results = earlier is not None and compare(earlier, one.dossier).only_results
    return findings.RESULTS_ADDED if only_results else findings.NEW_VERSION


def _at_code(kind: FindingKind, one: DossierCase, **values: object) -> Finding:
    table = "XML0" if one.kind == "check-in" else "XML1"
    return kind.at(table=table, row=1, field="MA_LK", value=one.dossier.code, **values)
