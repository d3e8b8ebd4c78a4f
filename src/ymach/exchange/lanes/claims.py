"""A lane that was claimed is believed at the door and checked against what was read."""

from __future__ import annotations

from ymach.exchange.intake.case import Case
from ymach.exchange.lanes import findings
from ymach.exchange.lanes.rules import is_false_claim, lane_named
from ymach.exchange.records import records_of


def check_claim(case: Case) -> None:
    """Note a submission that claimed a more urgent lane than anything in it deserves."""
    claimed = lane_named(case.received.claim)
    if claimed is None:
        return
    received_at = case.received.at
    drafts = [draft for one in case.dossiers for draft in records_of(one.dossier, received_at=received_at)]
    newest = max((draft.ended_at or draft.happened_at for draft in drafts), default=received_at)
    if is_false_claim(claimed, {draft.kind for draft in drafts}, received_at - newest):
        case.findings.append(findings.FALSE_CLAIM.at(value=claimed.value))
