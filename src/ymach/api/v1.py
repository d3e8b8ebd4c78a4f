"""API version 1: sign in, submit, look up. Each operation parses, calls one thing, and renders."""

from __future__ import annotations

from typing import Any, Literal
from uuid import UUID

import orjson
from django.core.exceptions import BadRequest, SuspiciousOperation
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse, UnreadablePostError
from django.http.multipartparser import MultiPartParserError
from ninja import NinjaAPI
from ninja.errors import HttpError, ValidationError

from ymach import __version__
from ymach.api import (
    changes,
    conformance,
    consents,
    dossiers,
    errors,
    events,
    feed,
    held,
    licences,
    patients,
    people,
    prescriptions,
    receipts,
    reconciliations,
    referrals,
    schemas,
    sending,
    status,
    subscriptions,
    uploads,
)
from ymach.api.batches import answer_lines, rendered, take
from ymach.api.bodies import read_batch, read_one
from ymach.api.openapi import EXTRA
from ymach.api.parameters import Moment, Word
from ymach.api.signin import issue_token, sender_of
from ymach.base.clock import iso, now
from ymach.base.errors import YmachError
from ymach.exchange import queries
from ymach.exchange.handing_out import hand_out
from ymach.exchange.models import Submission

api = NinjaAPI(title="Ymạch", version=__version__, urls_namespace="api-1", docs_url=None, openapi_extra=EXTRA)
api.add_exception_handler(YmachError, errors.render)  # type: ignore[arg-type]
api.add_exception_handler(Exception, errors.render_unexpected)  # type: ignore[arg-type]
api.add_exception_handler(ValidationError, errors.render_parameter)  # type: ignore[arg-type]
for _unreadable in (BadRequest, HttpError, SuspiciousOperation, MultiPartParserError, UnreadablePostError):
    api.add_exception_handler(_unreadable, errors.render_body)  # type: ignore[arg-type]
api.add_router("/registry", feed.router)
api.add_router("/registry", changes.router)
api.add_router("/registry", people.router)
api.add_router("", licences.router)
api.add_router("", referrals.router)
api.add_router("", patients.router)
api.add_router("", consents.router)
api.add_router("", status.router)
api.add_router("", prescriptions.router)
api.add_router("/conformance", conformance.router)
api.add_router("", uploads.router)
api.add_router("", sending.router)
api.add_router("", events.router)
api.add_router("", reconciliations.router)
api.add_router("", subscriptions.router)
api.add_router("", receipts.router)
api.add_router("", dossiers.router)
api.add_router("", held.router)

JSON, NDJSON = "application/json", "application/x-ndjson"


@api.post(
    "/token", openapi_extra=schemas.TOKEN, tags=["Đăng nhập · Sign-in"], summary="Access token by private_key_jwt"
)
def token(request: HttpRequest) -> HttpResponse:
    """Client credentials with a JWT signed by the key of the facility's registered certificate."""
    return _json(issue_token(request), 200)


@api.post("/submissions", openapi_extra=schemas.SUBMIT, tags=["Gửi hồ sơ · Submissions"], summary="Submit one dossier")
def post_submission(request: HttpRequest, dry_run: bool = False) -> HttpResponse:
    """Takes a signed file and answers with a signed receipt. `dry_run=1` answers the same without keeping anything."""
    sender = sender_of(request)
    noting = conformance.noting_of(request, sender, dry=dry_run)
    answer = take(request, [read_one(request)], sender, dry=dry_run)[0]
    if noting is not None:
        noting.note([answer.body], answer.status)
    return rendered(answer)


@api.post(
    "/submissions:batch",
    openapi_extra=schemas.SUBMIT_BATCH,
    tags=["Gửi hồ sơ · Submissions"],
    summary="Submit many dossiers",
)
def post_batch(request: HttpRequest, dry_run: bool = False) -> StreamingHttpResponse:
    """Many files in one request, one answer a line, in the same order. One bad dossier never takes a good one down.

    Answers leave while the rest is worked on; those that a broken line swallowed are given again for the same content."""
    sender = sender_of(request)
    noting = conformance.noting_of(request, sender, dry=dry_run)
    answered = answer_lines(request, read_batch(request), sender, dry=dry_run)
    return StreamingHttpResponse(noting.noted(answered) if noting else answered, content_type=NDJSON)


@api.get(
    "/submissions",
    openapi_extra=schemas.LIST,
    tags=["Gửi hồ sơ · Submissions"],
    summary="Your submissions, newest first",
)
def list_submissions(
    request: HttpRequest,
    since: Moment | None = None,
    until: Moment | None = None,
    outcome: Word = "",
    finding: Word = "",
    dossier: Word = "",
    before: Moment | None = None,
) -> HttpResponse:
    """Narrowed by time of receipt, outcome, finding or dossier code. `before` takes the last `received_at` for more."""
    sender = sender_of(request)
    wanted = queries.SubmissionFilter(since, until, outcome, finding, dossier, before)
    rows = queries.list_submissions(sender.by, wanted)
    return _json({"submissions": [_brief(row) for row in rows], "more": len(rows) == queries.PAGE}, 200)


@api.get(
    "/submissions/{submission_id}",
    openapi_extra=schemas.STATUS,
    tags=["Gửi hồ sơ · Submissions"],
    summary="One submission",
)
def get_submission(request: HttpRequest, submission_id: UUID) -> HttpResponse:
    """Its outcome and its records as they are now, what amended them, what was cancelled, where its deliveries are."""
    submission = queries.get_submission(sender_of(request).by, submission_id)
    claims = queries.claims(submission)
    deliveries = [
        {
            "destination": one.destination,
            "state": one.state,
            "at": iso(one.changed_at),
            "attempts": one.attempts,
            "reference": one.partner_reference,
            "next_try_at": iso(one.due_at) if one.state == "waiting" else None,
        }
        for one in queries.deliveries_of(submission)
    ]
    return _json(
        {
            **_brief(submission),
            **{k: claims[k] for k in ("records", "findings")},
            "amended": claims.get("amends"),
            "cancelled": [one.code for one in queries.cancellations_of(submission)],
            "deliveries": deliveries,
        },
        200,
    )


@api.get(
    "/submissions/{submission_id}/receipt",
    openapi_extra=schemas.RECEIPT,
    tags=["Gửi hồ sơ · Submissions"],
    summary="The receipt",
)
def get_receipt(request: HttpRequest, submission_id: UUID) -> HttpResponse:
    """The signed receipt exactly as it was given."""
    submission = queries.get_submission(sender_of(request).by, submission_id)
    return HttpResponse(queries.receipt_of(submission), content_type="application/jose")


@api.get(
    "/submissions/{submission_id}/content",
    openapi_extra=schemas.CONTENT,
    tags=["Gửi hồ sơ · Submissions"],
    summary="What was sent, in either format",
)
def get_content(
    request: HttpRequest,
    submission_id: UUID,
    format: Literal["original", "xml", "fhir"] = "original",  # noqa: A002 - the name in the address
    dossier: Word = "",
) -> HttpResponse:
    """The bytes as signed, or the same dossier written as XML 130 or FHIR. `dossier` picks one of several for FHIR."""
    by = sender_of(request).by
    submission = queries.get_submission(by, submission_id)
    handed = hand_out(submission, form=format, code=dossier, by=by, at=now())
    signed = "facility" if handed.is_signed else "none"
    return HttpResponse(handed.content, content_type=handed.media_type, headers={"Ymach-Signed-By": signed})


def _brief(submission: Submission) -> dict[str, Any]:
    return {
        "id": str(submission.id),
        "outcome": submission.outcome,
        "dossiers": submission.dossier_codes,
        "digest": {"alg": "sha-256", "value": bytes(submission.digest).hex()},
        "size": submission.size,
        "received_at": iso(submission.received_at),
        "searchable_at": iso(submission.searchable_at) if submission.searchable_at else None,
        "finding_codes": submission.finding_codes,
    }


def _json(body: Any, status: int, content_type: str = JSON) -> HttpResponse:
    return HttpResponse(orjson.dumps(body), status=status, content_type=content_type)
