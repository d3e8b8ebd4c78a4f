"""The pure rule: from findings to one of four outcomes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from ymach.base.findings import Finding, Severity

ACCEPTED, WITH_FINDINGS, HELD, REJECTED = GRAVITY = ("accepted", "accepted_with_findings", "held", "rejected")
ANY_KIND = "*"


@dataclass(frozen=True, slots=True)
class PolicySet:
    """The policy of one day: outcome per (finding code, kind of record or "*")."""

    outcomes: Mapping[tuple[str, str], str]

    def outcome_of(self, finding: Finding, record_kind: str) -> str:
        """What this finding alone makes of a record of this kind."""
        return self.outcome_of_code(finding.code, finding.kind.severity, record_kind)

    def outcome_of_code(self, code: str, severity: str, record_kind: str) -> str:
        """The same by code and severity, as receipts carry them.

        The row for the kind counts before the row for any kind. Without a row, a note changes nothing and anything
        graver is accepted with findings: a fault that nobody has ruled on never stops a patient's record.
        """
        for kind in (record_kind, ANY_KIND):
            outcome = self.outcomes.get((code, kind))
            if outcome is not None:
                return outcome
        return ACCEPTED if severity == Severity.NOTE else WITH_FINDINGS

    def changed(self, code: str, record_kind: str, outcome: str) -> PolicySet:
        """The same policy with one row more, or another in its place."""
        return PolicySet({**self.outcomes, (code, record_kind): outcome})


def gravest(outcomes: Iterable[str]) -> str:
    """The gravest of several outcomes; accepted if there is none."""
    return max(outcomes, key=GRAVITY.index, default=ACCEPTED)


def outcome_of_submission(outcomes: Iterable[str]) -> str:
    """A submission is rejected only when every record of it is; otherwise the gravest of what was stored counts.

    A refused record beside stored ones shows as "accepted with findings", or "held", with its own entry in the receipt.
    """
    all_outcomes = list(outcomes)
    kept = [outcome for outcome in all_outcomes if outcome != REJECTED]
    if not kept:
        return REJECTED
    return gravest([*kept, WITH_FINDINGS]) if len(kept) < len(all_outcomes) else gravest(kept)
