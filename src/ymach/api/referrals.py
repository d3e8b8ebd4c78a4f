"""Referrals for programs: the lists of both sides, the steps of the receiver, the referring dossier as FHIR."""

from __future__ import annotations

from typing import Annotated, Any, Literal
from uuid import UUID

import orjson
from django.http import HttpRequest, HttpResponse
from ninja import Body, Router, Schema
from pydantic import StringConstraints

from ymach.api import referral_schemas as schemas
from ymach.api.parameters import Moment
from ymach.api.signin import sender_of
from ymach.base.clock import iso, now
from ymach.exchange.contents import as_fhir
from ymach.exchange.referrals import actions, queries, reading
from ymach.exchange.referrals.errors import NothingToRead
from ymach.exchange.referrals.models import Referral, State

router = Router(tags=["Chuyển cơ sở · Referrals"])
JSON = "application/json"
Line = Annotated[str, StringConstraints(max_length=5000, pattern=r"^[^\x00]*$")]


class Note(Schema):
    """What the receiver adds to a step, for the sender."""

    note: Line = ""


class Refusal(Schema):
    """Why the patient is not taken, and which other facility may (its code)."""

    reason: Line
    suggested_facility: Annotated[str, StringConstraints(max_length=10, pattern=r"^[^\x00]*$")] = ""


class Answered(Schema):
    """What the receiver found and did. may_read_visit: the sender may read the receiver's dossier of the visit."""

    text: Line
    may_read_visit: bool = False


@router.get("/referrals", openapi_extra=schemas.LIST, summary="Referrals sent to you, or by you, newest first")
def list_referrals(
    request: HttpRequest,
    direction: Literal["in", "out"] = "in",
    state: State | Literal["", "open"] = "",
    before: Moment | None = None,
) -> HttpResponse:
    """`state`: one state, or `open` for all in which the receiver has something to do. `before`: the last `sent_at`."""
    wanted = queries.Wanted(state=state, before=before)
    rows = queries.listed(sender_of(request).by, direction, wanted)
    return _json({"referrals": [_told(row) for row in rows], "more": len(rows) == queries.PAGE})


@router.get("/referrals/{referral_id}", openapi_extra=schemas.ONE, summary="One referral with its steps")
def get_referral(request: HttpRequest, referral_id: UUID) -> HttpResponse:
    """Where it is. The first look of the receiver is a step of its own, and so is the sender's look at an answer."""
    by, at = sender_of(request).by, now()
    actions.see(referral_id=referral_id, by=by, at=at)
    row = actions.close(referral_id=referral_id, by=by, at=at)
    steps = [{"state": step.state, "at": iso(step.at), "note": step.note} for step in queries.steps_of(row)]
    return _json({**_told(row), "steps": steps})


@router.get("/referrals/{referral_id}/dossier", openapi_extra=schemas.DOSSIER, summary="The referring dossier as FHIR")
def get_dossier(request: HttpRequest, referral_id: UUID) -> HttpResponse:
    """For the receiver, while it treats the patient; each reading is in the sender's journal. 404 when it is withheld."""
    opened = reading.open_for_receiver(referral_id, part=reading.RECORDS, by=sender_of(request).by, at=now())
    if opened.dossier is None:
        raise NothingToRead
    return HttpResponse(as_fhir(opened.dossier), content_type="application/fhir+json")


@router.post("/referrals/{referral_id}/accept", openapi_extra=schemas.STEP, summary="We take the patient")
def accept(request: HttpRequest, referral_id: UUID, said: Body[Note]) -> HttpResponse:
    """Done again it changes nothing."""
    by = sender_of(request).by
    return _json(_told(actions.accept(referral_id=referral_id, by=by, at=now(), note=said.note)))


@router.post("/referrals/{referral_id}/decline", openapi_extra=schemas.STEP, summary="We do not take the patient")
def decline(request: HttpRequest, referral_id: UUID, said: Body[Refusal]) -> HttpResponse:
    """A reason is required; another facility may be named."""
    by, code = sender_of(request).by, said.suggested_facility
    row = actions.decline(referral_id=referral_id, reason=said.reason, suggested_code=code, by=by, at=now())
    return _json(_told(row))


@router.post("/referrals/{referral_id}/arrive", openapi_extra=schemas.STEP, summary="The patient is here")
def arrive(request: HttpRequest, referral_id: UUID, said: Body[Note]) -> HttpResponse:
    """Also found by itself when your own check-in or visit of the patient comes."""
    by = sender_of(request).by
    return _json(_told(actions.arrive(referral_id=referral_id, by=by, at=now(), note=said.note)))


@router.post("/referrals/{referral_id}/answer", openapi_extra=schemas.STEP, summary="What became of the patient")
def answer(request: HttpRequest, referral_id: UUID, said: Body[Answered]) -> HttpResponse:
    """The sender reads it; with `may_read_visit` also your own dossier of the visit."""
    by, may_read = sender_of(request).by, said.may_read_visit
    row = actions.answer(referral_id=referral_id, text=said.text, may_read_visit=may_read, by=by, at=now())
    return _json(_told(row))


def _told(row: Referral) -> dict[str, Any]:
    return {
        "id": str(row.id),
        "state": row.state,
        "held": row.is_held,
        "urgent": row.is_urgent,
        "from_facility": row.facility_code,
        "to_facility": row.receiver_code,
        "number": row.number,
        "dossier": row.dossier_code,
        "version": row.version,
        "diagnosis": None if row.compartment else row.diagnosis_code,
        "withheld": bool(row.compartment),
        "referred_at": iso(row.referred_at),
        "sent_at": iso(row.sent_at),
        "due_at": iso(row.due_at) if row.due_at else None,
        "declined_why": row.declined_why or None,
        "suggested_facility": row.suggested_code or None,
        "arrived_at": iso(row.arrived_at) if row.arrived_at else None,
        "answer": row.answer or None,
        "visit": row.arrival_dossier_code or None,
    }


def _json(body: Any) -> HttpResponse:
    return HttpResponse(orjson.dumps(body), content_type=JSON, headers={"Cache-Control": "no-store"})
