"""What an amended receipt says: the present one, with other outcomes. Plain functions over claims."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from ymach.base.clock import iso
from ymach.base.text import Text
from ymach.exchange.corrections.errors import AlreadyDecided, NothingToAmend, RecordUnknown, RejectedStays
from ymach.exchange.policies.rules import REJECTED, outcome_of_submission

Claims = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Change:
    """One record whose outcome, or what was found about it, is another now. findings: as receipts carry them."""

    record_id: UUID
    kind: str
    code: str
    before: str
    after: str
    findings: Sequence[Mapping[str, Any]]


@dataclass(frozen=True, slots=True)
class Amendment:
    """What is said beside the outcomes: its number among the amendments of the submission, when, why."""

    id: UUID
    number: int
    at: datetime
    cause: str
    reason: Text


def changes_of(
    claims: Claims,
    outcomes: Mapping[UUID, str],
    findings: Mapping[UUID, Sequence[Mapping[str, Any]]] | None = None,
    *,
    was: str = "",
) -> tuple[Change, ...]:
    """What is to be another in the receipt that holds.

    outcomes: by record. findings: by record, in place of those in the receipt. was: the outcome that each record must
    have now. Raises RecordUnknown, AlreadyDecided, RejectedStays, or NothingToAmend.
    """
    held = {UUID(one["record_id"]): one for one in claims["records"] if one["record_id"]}
    if outcomes.keys() - held.keys():
        raise RecordUnknown
    changes = []
    for key, after in outcomes.items():
        entry = held[key]
        if was and entry["outcome"] != was:
            raise AlreadyDecided
        if entry["outcome"] == REJECTED != after:
            raise RejectedStays
        found = (findings or {}).get(key, entry["findings"])
        if after != entry["outcome"] or list(found) != entry["findings"]:
            changes.append(Change(key, entry["kind"], entry["code"], entry["outcome"], after, found))
    if not changes:
        raise NothingToAmend
    return tuple(changes)


def amended_claims(
    claims: Claims,
    changes: Iterable[Change],
    amendment: Amendment,
    *,
    submission_id: UUID,
    registry_version: int | None = None,
) -> dict[str, Any]:
    """The claims that hold from now on."""
    changed = {str(one.record_id): one for one in changes}
    records = [_amended(entry, changed.get(str(entry["record_id"]))) for entry in claims["records"]]
    return {
        **claims,
        "jti": str(amendment.id),
        "iat": int(amendment.at.timestamp()),
        "outcome": outcome_of_submission(entry["outcome"] for entry in records),
        "records": records,
        "registry_version": claims["registry_version"] if registry_version is None else registry_version,
        "destinations": list(claims["destinations"]),
        "amends": {
            "submission": str(submission_id),
            "number": amendment.number,
            "at": iso(amendment.at),
            "cause": amendment.cause,
            "vi": amendment.reason.vi,
            "en": amendment.reason.en,
            "outcome_before": claims["outcome"],
            "records": [
                {"record_id": key, "kind": one.kind, "code": one.code, "before": one.before, "after": one.after}
                for key, one in changed.items()
            ],
        },
    }


def finding_codes(claims: Claims) -> list[str]:
    """The codes that a submission is found by, sorted."""
    found = [*claims["findings"], *(finding for entry in claims["records"] for finding in entry["findings"])]
    return sorted({str(finding["code"]) for finding in found})


def _amended(entry: Mapping[str, Any], change: Change | None) -> dict[str, Any]:
    if change is None:
        return dict(entry)
    return {**entry, "outcome": change.after, "findings": [dict(one) for one in change.findings]}
