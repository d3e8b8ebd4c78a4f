"""Consents from the software of a desk: the signed paper with its terms, and withdrawing."""

from __future__ import annotations

import base64
import binascii
from datetime import date, datetime, timedelta
from typing import Annotated, Any, Literal
from uuid import UUID

import orjson
from django.http import HttpRequest, HttpResponse
from ninja import Body, Router, Schema
from pydantic import Field, StringConstraints

from ymach.accounts.permissions import Permission, require
from ymach.api import consent_schemas as schemas
from ymach.api.signin import sender_of
from ymach.base.actors import Actor
from ymach.base.clock import iso, now, start_of_day, vietnam_day
from ymach.citizens.models import Citizen
from ymach.consent import actions, queries
from ymach.consent.actions import Proof
from ymach.consent.errors import ConsentNotFound, RecipientUnknown, SignatureMissing
from ymach.consent.models import Channel, Consent
from ymach.consent.receipts import receipt_of
from ymach.consent.rules import Capacity
from ymach.consent.terms import Terms
from ymach.exchange.platform import issuer
from ymach.exchange.reading.at_desk import at_desk
from ymach.facilities.models import Facility
from ymach.facilities.queries import facility_by_code

router = Router(tags=["Đồng ý · Consents"])
Typed = Annotated[str, StringConstraints(max_length=500, pattern=r"^[^\x00]*$")]
Code = Annotated[str, StringConstraints(pattern=r"^[0-9A-Z]{5}$")]


class Whom(Schema):
    """Somebody at the desk, with their card: the number (or what a scanner read) and the name as on it."""

    number: Typed
    full_name: Typed


class Given(Schema):
    """A consent on paper. kinds: left out for the whole record. until: the last day, left out for no end.

    giver: who signed when it is not the patient; paper: the scan (PDF, JPEG, PNG) in Base64. text_version: what was
    printed. child_signed: the child's signature is on the paper too.
    """

    patient: Whom
    giver: Whom | None = None
    capacity: Literal["self", "parent", "guardian", "mandate"]
    purpose: Typed
    facilities: list[Code] = Field(default_factory=list, max_length=10)
    treating: bool = False
    kinds: list[Typed] | None = Field(default=None, max_length=20)
    compartments: list[Typed] = Field(default_factory=list, max_length=5)
    until: Annotated[date, Field(lt=date(2200, 1, 1))] | None = None
    text_version: Typed
    signer: Typed
    child_signed: bool = False
    paper: Annotated[str, StringConstraints(max_length=20_000_000)]


class Withdrawn(Schema):
    """A consent that the patient, at the desk, takes back."""

    patient: Whom
    consent: UUID
    reason: Annotated[str, StringConstraints(max_length=1000, pattern=r"^[^\x00]*$")] = ""


@router.post("/consents", openapi_extra=schemas.GIVE, summary="Record a consent signed on paper")
def give(request: HttpRequest, said: Body[Given]) -> HttpResponse:
    """It counts from the next reading. A child of seven or older signs too; until then it waits."""
    by, at = sender_of(request).by, now()
    desk = _desk(by)
    patient = _found(said.patient, desk, by, at)
    giver = _found(said.giver, desk, by, at) if said.giver else patient
    row = actions.give(
        terms=_terms(said, patient, at),
        giver_id=giver.citizen_id,
        proof=Proof(Channel.SYSTEM, said.signer, paper=_paper(said.paper)),
        by=by,
        at=at,
        facility=desk,
        child_signed=said.child_signed,
    )
    return _json(_told(row, at), 201)


@router.post("/consents:withdraw", openapi_extra=schemas.WITHDRAW, summary="Withdraw a consent, as the patient asks")
def withdraw(request: HttpRequest, said: Body[Withdrawn]) -> HttpResponse:
    """From now on nobody reads under it. Only a consent that this facility recorded, or that names it."""
    by, at = sender_of(request).by, now()
    desk = _desk(by)
    patient = _found(said.patient, desk, by, at)
    row = queries.get_consent(patient.citizen_id, said.consent)
    if row is None or (row.facility_id != desk.id and desk.id not in row.facilities):
        raise ConsentNotFound
    made = actions.withdraw(
        citizen_id=row.citizen_id,
        consent_id=row.id,
        withdrawn_by_id=patient.citizen_id,
        by=by,
        at=at,
        reason=said.reason,
        facility=desk,
    )
    return _json({"id": str(row.id), "state": "withdrawn", "withdrawn_at": iso(made.at)}, 200)


def _desk(by: Actor) -> Facility:
    require(by, Permission.CONSENT_RECORD)
    ids = [grant.facility_id for grant in by.grants if grant.facility_id]
    found = Facility.objects.filter(pk__in=ids).first()
    if found is None:
        raise ConsentNotFound
    return found


def _found(whom: Whom, desk: Facility, by: Actor, at: datetime) -> Citizen:
    return at_desk(number=whom.number, full_name=whom.full_name, desk=desk, by=by, at=at)


def _terms(said: Given, patient: Citizen, at: datetime) -> Terms:
    return Terms(
        subject_id=patient.citizen_id,
        purpose=said.purpose,
        capacity=Capacity(said.capacity),
        facilities=frozenset(_facility(code, at).id for code in said.facilities),
        is_for_treating=said.treating,
        kinds=frozenset(said.kinds) if said.kinds is not None else None,
        compartments=frozenset(said.compartments),
        since=at.replace(microsecond=0),
        until=start_of_day(said.until + timedelta(days=1)) if said.until else None,
        text_version=said.text_version,
    )


def _facility(code: str, at: datetime) -> Facility:
    found = facility_by_code(code, on=vietnam_day(at))
    if found is None:
        raise RecipientUnknown(field="facilities", code=code)
    return found


def _paper(text: str) -> bytes:
    try:
        return base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        raise SignatureMissing(field="paper") from None


def _told(row: Consent, at: datetime) -> dict[str, Any]:
    sign = issuer()
    (standing,) = (one for one in queries.standings_of([row.citizen_id], at=at) if one.row.id == row.id)
    return {
        "id": str(row.id),
        "state": standing.why.value if standing.why else "in-force",
        "purpose": row.purpose,
        "since": iso(row.since),
        "until": iso(row.until) if row.until else None,
        "digest": row.digest,
        "receipt": receipt_of(row, issuer=sign.name, key=sign.key),
    }


def _json(body: dict[str, Any], status: int) -> HttpResponse:
    answer = HttpResponse(orjson.dumps(body), content_type="application/json", status=status)
    answer["Cache-Control"] = "no-store"
    return answer
