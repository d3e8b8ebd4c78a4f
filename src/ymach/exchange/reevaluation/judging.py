"""One submission judged again: its authors as the registry now says they stood at each moment."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from ymach.base.clock import vietnam_day
from ymach.base.periods import Period
from ymach.clinical.dossier import Dossier
from ymach.exchange import contents, queries
from ymach.exchange.findings import by_code
from ymach.exchange.intake.case import DossierCase
from ymach.exchange.intake.decide import concerning
from ymach.exchange.intake.standing import Authorship, authorships, judge
from ymach.exchange.models import Submission
from ymach.exchange.policies.queries import policy_on
from ymach.exchange.policies.rules import REJECTED
from ymach.exchange.records import records_of
from ymach.exchange.reevaluation.rules import outcome_now, with_standing
from ymach.practitioners.standing.lookup import standing_facts

Said = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Judgement:
    """What is another now, by record: outcomes and findings as receipts carry them. Empty: all is as it was."""

    outcomes: Mapping[UUID, str]
    findings: Mapping[UUID, Sequence[Said]]
    registry_version: int


def judge_again(submission: Submission) -> Judgement:
    """Judge the standing of every author of a stored submission. Writes nothing.

    What was found besides stays; what was rejected stays: nothing of it is kept that could come back.
    """
    claims = queries.claims(submission)
    dossiers = contents.dossiers_of(queries.content_of(submission))
    work = [(one, list(authorships(one))) for one in dossiers]
    authors = {entry.author for _, entries in work for entry in entries}
    facts = standing_facts(submission.facility_code, authors, _days(work, submission.received_at))
    said = iter(claims["records"])
    outcomes: dict[UUID, str] = {}
    findings: dict[UUID, Sequence[Said]] = {}
    for dossier, entries in work:
        found = list(judge(facts, dossier, entries, received_at=submission.received_at))
        for entry, standing in _records(dossier, DossierCase(dossier, found), said, submission.received_at):
            now = with_standing(entry["findings"], standing)
            if now is not None and entry["record_id"] and entry["outcome"] != REJECTED:
                key = UUID(entry["record_id"])
                findings[key] = now
                outcomes[key] = _outcome([*claims["findings"], *now], entry["kind"], submission)
    return Judgement(outcomes, findings, facts.version)


def _records(
    dossier: Dossier, case: DossierCase, said: Iterator[Said], received_at: datetime
) -> Iterator[tuple[Said, list[Said]]]:
    """Each record as the receipt has it, with what its standing is found to be now."""
    case.drafts = records_of(dossier, received_at=received_at)
    for draft in case.drafts:
        yield next(said), [found.as_json() for found in concerning(draft, case)]


def _outcome(found: Sequence[Said], kind: str, submission: Submission) -> str:
    return outcome_now(found, kind, policy=policy_on(vietnam_day(submission.received_at)), kinds=by_code())


def _days(work: Sequence[tuple[Dossier, Sequence[Authorship]]], received_at: datetime) -> Period:
    """From the first day that is judged to the day after the last."""
    moments = [received_at]
    for dossier, entries in work:
        main = dossier.visit or dossier.check_in
        moments += [main.started_at] if main and main.started_at else []
        moments += [entry.at for entry in entries if entry.at]
    return Period(vietnam_day(min(moments)), vietnam_day(max(moments)) + timedelta(days=1))
