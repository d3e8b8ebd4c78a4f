"""Step 10, answer: the signed receipt, and beside it the same facts for programs that do not open it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from ymach.base.findings import Finding
from ymach.exchange.intake import findings
from ymach.exchange.intake.case import Case, is_refused
from ymach.exchange.intake.foresee import Foreseen
from ymach.exchange.intake.store import Stored
from ymach.exchange.receipts.payload import dry_run_answer, dry_run_of_claims


@dataclass(frozen=True, slots=True)
class Answer:
    """What the sender gets: an HTTP status and a JSON body.

    201 stored now, 200 the same content as before (or a dry run that would be stored); otherwise the status of what
    refused it.
    """

    status: int
    body: dict[str, Any]

    @property
    def is_refusal(self) -> bool:
        return self.status >= 400


def answer(case: Case, stored: Stored) -> Answer:
    """The answer to one stored, replayed or refused submission. The receipt alone is the truth; the rest repeats it."""
    claims = stored.claims
    body = {
        "id": str(stored.submission_id),
        "outcome": claims["outcome"],
        "records": claims["records"],
        "findings": claims["findings"],
        "searchable_at": claims["searchable_at"],
        "receipt": stored.receipt,
        "status_url": f"/api/v1/submissions/{stored.submission_id}",
    }
    if stored.is_replay:
        return _again(body, stored.since)
    if claims["outcome"] == "rejected":
        return Answer(_status(case), {**problem(case), **body})
    return Answer(201, body)


def answer_dry_run(case: Case, foreseen: Foreseen) -> Answer:
    """What would have been answered, without a receipt."""
    digest = case.received.digest
    if digest in foreseen.replays:
        stored = foreseen.replays[digest]
        return _again(dry_run_of_claims(stored.claims), stored.since)
    first = foreseen.first.get(digest, case)
    body = {**dry_run_answer(first), "receipt": None}
    if is_refused(first):
        return Answer(_status(first), {**problem(first), **body, "outcome": "rejected"})
    return Answer(200, body) if first is case else _again(body, ())


def _again(body: dict[str, Any], since: Iterable[Finding]) -> Answer:
    """The answer to content that came before. since: what has happened to it after its receipt."""
    said = [one.as_json() for one in (findings.SAME_CONTENT.at(), *since)]
    return Answer(200, {**body, "findings": [*body["findings"], *said]})


def problem(case: Case) -> dict[str, Any]:
    """RFC 9457 members: what refused the submission, in both languages, and what to do."""
    cause = _cause(case)
    text, action = cause.text, cause.action
    return {
        "type": f"/findings#{cause.code}",
        "title": cause.code,
        "code": cause.code,
        "status": _status(case),
        "detail": f"{text.vi} {action.vi}",
        "detail_en": f"{text.en} {action.en}",
    }


def _status(case: Case) -> int:
    status: int = _cause(case).kind.status
    return status if status >= 400 else 422


def _cause(case: Case) -> Any:
    """The refusal; or, when policy rejected every record, the gravest finding."""
    if case.refusal is not None:
        return case.refusal
    order = {"error": 0, "warning": 1, "note": 2}
    return min(case.all_findings, key=lambda finding: order[finding.kind.severity.value])
