"""Dossiers for programs: their versions and what is different between them, cancellation, every signed answer."""

from __future__ import annotations

from typing import Annotated, Any, Literal
from uuid import UUID

import orjson
from django.http import HttpRequest, HttpResponse
from ninja import Router, Schema
from pydantic import Field, StringConstraints

from ymach.api import dossier_schemas as schemas
from ymach.api.parameters import Word
from ymach.api.signin import sender_of
from ymach.base.clock import iso, now
from ymach.exchange import queries
from ymach.exchange.corrections.cancelling import cancel
from ymach.exchange.corrections.differences import Comparison
from ymach.exchange.corrections.queries import Version, versions_of
from ymach.exchange.corrections.reading import read_differences
from ymach.exchange.corrections.recalling import destinations_of
from ymach.exchange.models import AmendedReceipt, Cancellation

router = Router(tags=["Hồ sơ · Dossiers"])
Line = Annotated[str, StringConstraints(max_length=2000, pattern=r"^[^\x00]*$")]
Kind = Literal["visit", "check-in"]


class Cancelling(Schema):
    """Why a dossier is taken back. kind: "visit" or "check-in". seen: the version you looked at; a newer one stays."""

    kind: Line = "visit"
    reason: Line = ""
    seen: int | None = Field(default=None, ge=1, lt=2**31)


@router.post("/dossiers/{code}/cancellation", openapi_extra=schemas.CANCEL, summary="Cancel a dossier")
def post_cancellation(request: HttpRequest, code: Word, body: Cancelling) -> HttpResponse:
    """The present version holds no longer. The same request again gives the same signed answer."""
    sender = sender_of(request)
    made = cancel(
        facility=sender.facility,
        code=code,
        kind=body.kind,
        reason=body.reason,
        seen=body.seen,
        by=sender.by,
        at=now(),
    )
    return _json({**_cancelled(made), "receipt": made.jws})


@router.get("/dossiers/{code}", openapi_extra=schemas.VERSIONS, summary="The versions of a dossier")
def get_versions(request: HttpRequest, code: Word, kind: Kind = "visit") -> HttpResponse:
    """Every version of your own dossier with its state, and every cancellation."""
    versions = versions_of(sender_of(request).facility.id, kind, code)
    return _json({"code": code, "kind": kind, "versions": [_version(one) for one in versions]})


@router.get(
    "/dossiers/{code}/versions/{number}", openapi_extra=schemas.DIFFERENCES, summary="What a version says otherwise"
)
def get_differences(request: HttpRequest, code: Word, number: int, kind: Kind = "visit") -> HttpResponse:
    """Field by field, in words of both languages, at most 200. `only_results`: results came late, nothing else."""
    sender = sender_of(request)
    versions = versions_of(sender.facility.id, kind, code)
    before, found = read_differences(versions, code, number, by=sender.by, at=now())
    return _json({"code": code, "kind": kind, "version": number, **_differences(before, found)})


@router.get("/submissions/{submission_id}/receipts", openapi_extra=schemas.RECEIPTS, summary="Every signed answer")
def get_receipts(request: HttpRequest, submission_id: UUID) -> HttpResponse:
    """The first receipt, then every amended one and every cancellation, as they were signed. The last one holds."""
    submission = queries.get_submission(sender_of(request).by, submission_id)
    first = {"type": "receipt", "at": iso(submission.received_at), "receipt": queries.receipt_of(submission)}
    later = [
        *(_amended(one) for one in queries.amendments_of(submission)),
        *(
            {"type": "cancellation", "at": iso(one.cancelled_at), **_cancelled(one), "receipt": one.jws}
            for one in queries.cancellations_of(submission)
        ),
    ]
    return _json({"receipts": [first, *sorted(later, key=lambda one: str(one["at"]))]})


def _amended(one: AmendedReceipt) -> dict[str, Any]:
    return {
        "type": "amendment",
        "at": iso(one.issued_at),
        "number": one.number,
        "cause": one.cause,
        "vi": one.vi,
        "en": one.en,
        "outcome_before": one.outcome_before,
        "outcome": one.outcome_after,
        "destinations": list(destinations_of(one.jws)),
        "receipt": one.jws,
    }


def _cancelled(one: Cancellation) -> dict[str, Any]:
    return {
        "id": str(one.id),
        "code": one.code,
        "kind": one.kind,
        "version": one.version,
        "submission": str(one.submission_id),
        "cancelled_at": iso(one.cancelled_at),
        "reason": one.reason,
        "destinations": list(destinations_of(one.jws)),
    }


def _version(one: Version) -> dict[str, Any]:
    said: dict[str, Any] = {"version": one.number, "state": one.state, "at": iso(one.at)}
    if one.cancellation is not None:
        return {**said, "reason": one.cancellation.reason}
    return {**said, "submission": str(one.submission.id), "outcome": one.submission.outcome}


def _differences(before: Version | None, found: Comparison | None) -> dict[str, Any]:
    if before is None or found is None:
        return {"before": None, "only_results": False, "differences": [], "more": 0}
    listed = [
        {
            "part": one.part,
            "what": one.what.value,
            "line": one.line,
            "field": one.tag or None,
            "label": {"vi": one.label.vi, "en": one.label.en},
            "before": {"vi": one.before.vi, "en": one.before.en},
            "after": {"vi": one.after.vi, "en": one.after.en},
        }
        for one in found.differences
    ]
    return {"before": before.number, "only_results": found.only_results, "differences": listed, "more": found.more}


def _json(body: Any) -> HttpResponse:
    return HttpResponse(orjson.dumps(body), content_type="application/json")
