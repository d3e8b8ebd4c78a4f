"""Step 8, decide: findings and policy to one of four outcomes per record."""

from __future__ import annotations

from ymach.base.clock import vietnam_day
from ymach.base.findings import Finding
from ymach.exchange.intake.case import Case, DossierCase
from ymach.exchange.policies.queries import policy_on
from ymach.exchange.policies.rules import PolicySet, gravest, outcome_of_submission
from ymach.exchange.records import RecordDraft, records_of


def decide_case(case: Case) -> None:
    """Give every record its outcome, and the submission its own, by the policy of the day of receipt (Viet Nam)."""
    policy = policy_on(vietnam_day(case.received.at))
    for one in case.dossiers:
        one.drafts = records_of(one.dossier, received_at=case.received.at)
        one.outcomes = tuple(_outcome(draft, case, one, policy) for draft in one.drafts)
    case.outcome = outcome_of_submission(outcome for one in case.dossiers for outcome in one.outcomes)


def concerning(draft: RecordDraft, one: DossierCase) -> list[Finding]:
    """The findings of a dossier that concern one of its records: those of its tables, and those of no table."""
    return [found for found in one.findings if found.table is None or found.table in draft.tables]


def _outcome(draft: RecordDraft, case: Case, one: DossierCase, policy: PolicySet) -> str:
    found = [*case.findings, *concerning(draft, one)]
    return gravest(policy.outcome_of(finding, draft.kind) for finding in found)
