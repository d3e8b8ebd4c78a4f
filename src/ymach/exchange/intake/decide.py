"""Step 8, decide: findings and policy to one of four outcomes per record."""

from __future__ import annotations

from ymach.base.clock import vietnam_day
from ymach.base.findings import Finding
from ymach.exchange.intake.case import Case, DossierCase
from ymach.exchange.policies.queries import policy_on
from ymach.exchange.policies.rules import HELD, PolicySet, gravest, outcome_of_submission
from ymach.exchange.records import RecordDraft, records_of


def decide_case(case: Case) -> None:
    """Give every record its outcome, and the submission its own, by the policy of the day of receipt (Viet Nam)."""
    policy = policy_on(vietnam_day(case.received.at))
    for one in case.dossiers:
        one.drafts = records_of(one.dossier, received_at=case.received.at)
        decided = [_decide([*case.findings, *concerning(draft, one)], draft, policy) for draft in one.drafts]
        one.outcomes = tuple(outcome for outcome, _ in decided)
        one.causes = tuple(causes for _, causes in decided)
    case.outcome = outcome_of_submission(outcome for one in case.dossiers for outcome in one.outcomes)


def concerning(draft: RecordDraft, one: DossierCase) -> list[Finding]:
    """The findings of a dossier that concern one of its records: those of its tables, and those of no table.

    A table that could not be read made no record; what was found in it concerns the first record, or nobody would be told.
    """
    concerned = [found for found in one.findings if found.table is None or found.table in draft.tables]
    if len(concerned) == len(one.findings) or draft is not one.drafts[0]:
        return concerned
    told = frozenset().union(*(other.tables for other in one.drafts))
    return [found for found in one.findings if found.table in draft.tables or found.table not in told]


def _decide(found: list[Finding], draft: RecordDraft, policy: PolicySet) -> tuple[str, tuple[Finding, ...]]:
    """The outcome of one record, and of a held one the findings by which it is held."""
    outcomes = [policy.outcome_of(finding, draft.kind) for finding in found]
    outcome = gravest(outcomes)
    if outcome != HELD:
        return outcome, ()
    return outcome, tuple(finding for finding, alone in zip(found, outcomes, strict=True) if alone == HELD)
