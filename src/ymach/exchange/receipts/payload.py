"""What a receipt says. The shape is a contract: docs/receipts.md describes it, the agent reads it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from ymach.base.clock import iso
from ymach.base.findings import Finding, Severity
from ymach.exchange.intake.case import Case, DossierCase
from ymach.exchange.intake.decide import concerning
from ymach.formats.xml130.findings import TOO_MANY_FINDINGS

MOST_FINDINGS = 1500
"""Findings listed in one receipt, shared evenly among its records; three kinds of record can show all of one dossier."""

_GRAVITY = {Severity.ERROR: 0, Severity.WARNING: 1, Severity.NOTE: 2}


@dataclass(frozen=True, slots=True)
class StoredRecord:
    """One record as it was stored: where (record_id, None if rejected) and in which version."""

    record_id: UUID | None
    version: int


def payload(
    case: Case,
    *,
    submission_id: UUID,
    issued_at: datetime,
    issuer: str,
    is_test: bool = False,
    stored: list[list[StoredRecord]],
    destinations: list[str],
    searchable_at: datetime | None,
) -> dict[str, Any]:
    """The claims of the receipt of one submission. `stored` runs parallel to the case's dossiers and their drafts.

    is_test: the receipt of a test installation says so (`"test": true`); any other does not carry the claim.
    """
    return {
        "iss": issuer,
        **({"test": True} if is_test else {}),
        "jti": str(submission_id),
        "iat": int(issued_at.timestamp()),
        "sub": case.sender.facility.code,
        "digest": {"alg": "sha-256", "value": case.received.digest.hex()},
        "size": len(case.received.content),
        "received_at": iso(case.received.at),
        "searchable_at": iso(searchable_at) if searchable_at else None,
        "outcome": case.outcome,
        "signature": _signature(case),
        "findings": [finding.as_json() for finding in ([case.refusal] if case.refusal else []) + case.findings],
        "records": [
            entry
            for one, versions in zip(case.dossiers, stored, strict=True)
            for entry in _records(one, versions, most=_share(case))
        ],
        "registry_version": case.registry_version,
        "catalogue_versions": case.catalogue_versions,
        "destinations": [{"destination": name, "state": "waiting"} for name in destinations],
    }


def dry_run_answer(case: Case) -> dict[str, Any]:
    """What a dry run answers: as a receipt, without number, storage or signature."""
    unstored = [[StoredRecord(None, 0)] * len(one.drafts) for one in case.dossiers]
    return {
        "dry_run": True,
        "outcome": case.outcome,
        "digest": {"alg": "sha-256", "value": case.received.digest.hex()},
        "received_at": iso(case.received.at),
        "findings": [finding.as_json() for finding in ([case.refusal] if case.refusal else []) + case.findings],
        "records": [
            _unstored(entry)
            for one, versions in zip(case.dossiers, unstored, strict=True)
            for entry in _records(one, versions, most=_share(case))
        ],
    }


def dry_run_of_claims(claims: Mapping[str, Any]) -> dict[str, Any]:
    """The same for content that has its receipt already."""
    kept = {name: claims[name] for name in ("outcome", "digest", "received_at", "findings")}
    return {"dry_run": True, **kept, "records": [_unstored(one) for one in claims["records"]], "receipt": None}


def _unstored(entry: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in entry.items() if name not in {"record_id", "version"}}


def _signature(case: Case) -> dict[str, Any] | None:
    signing = case.signing
    if signing is None:
        return None
    return {
        "certificate": signing.fingerprint,
        "signer": signing.subject,
        "algorithm": signing.algorithm,
        "covers": list(signing.covers),
        "signed_at": iso(signing.at),
    }


def _share(case: Case) -> int:
    """How many findings each record may list, so that a file of many bad dossiers still has a receipt of some size."""
    return max(1, MOST_FINDINGS // max(1, sum(len(one.drafts) for one in case.dossiers)))


def _listed(found: list[Finding], most: int) -> list[Finding]:
    """The gravest `most`, in their order, and one more that says that there were more."""
    if len(found) <= most + 1:
        return found
    gravest = sorted(range(len(found)), key=lambda place: (_GRAVITY[found[place].kind.severity], place))[:most]
    return [*(found[place] for place in sorted(gravest)), TOO_MANY_FINDINGS.at(limit=most)]


def _records(one: DossierCase, versions: list[StoredRecord], *, most: int) -> list[dict[str, Any]]:
    return [
        {
            "kind": draft.kind,
            "code": one.dossier.code,
            "version": stored.version,
            "record_id": str(stored.record_id) if stored.record_id else None,
            "outcome": outcome,
            "findings": [finding.as_json() for finding in _listed(concerning(draft, one), most)],
        }
        for draft, outcome, stored in zip(one.drafts, one.outcomes, versions, strict=True)
    ]
