"""Handing a facility what it sent: the bytes as they came, or the same dossier in the other format."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from ymach.accounts.permissions import Permission, require
from ymach.audit.actions import record
from ymach.audit.chain import Event
from ymach.base.actors import Actor
from ymach.base.clock import vietnam_day
from ymach.base.errors import NotFound
from ymach.clinical.dossier import Dossier
from ymach.exchange import contents, queries
from ymach.exchange.models import Submission
from ymach.facilities.models import Facility

BASIS = "Law 15/2023/QH15 art. 69: the facility reads the record it made"
ORIGINAL, XML, FHIR = "original", "xml", "fhir"
_TYPES = {"xml130": "application/xml", "fhir": "application/jose"}


@dataclass(frozen=True, slots=True)
class Handed:
    """What is given: its bytes and media type. is_signed: as its facility signed it, not written by us."""

    content: bytes
    media_type: str
    is_signed: bool


def hand_out(submission: Submission, *, form: str, code: str, by: Actor, at: datetime) -> Handed:
    """The content of a submission that `by` may see, with the reading in the journal.

    form: "original" (the bytes as received), "xml" (XML 130) or "fhir" (one dossier as a document Bundle). code: the
    dossier for "fhir"; "" for the first. at: aware. Raises NotAllowed, NotFound (a refusal keeps no content).
    """
    require(
        by, Permission.RECORD_READ, facility=Facility(id=submission.facility_id, province_code=submission.province_code)
    )
    content = queries.content_of(submission)
    dossiers = contents.dossiers_of(content)
    handed = _handed(submission, content, dossiers, form, code)
    _note(submission, [one.code for one in dossiers], by=by, at=at)
    return handed


def _handed(submission: Submission, content: bytes, dossiers: list[Dossier], form: str, code: str) -> Handed:
    if form == FHIR:
        found = next((one for one in dossiers if not code or one.code == code), None)
        if found is None:
            raise NotFound
        return Handed(contents.as_fhir(found), "application/fhir+json", is_signed=False)
    if form == ORIGINAL:
        return Handed(content, _TYPES[submission.format], is_signed=True)
    day = vietnam_day(submission.received_at)
    written = contents.as_xml(content, facility_code=submission.facility_code, created_on=day)
    return Handed(written, "application/xml", is_signed=written is content)


def _note(submission: Submission, codes: list[str], *, by: Actor, at: datetime) -> None:
    records = queries.records_of_submission(submission)
    citizens = dict(records.values_list("dossier_code", "citizen_id"))
    with transaction.atomic():
        for code in codes:
            event = Event(
                at=at,
                actor=str(by),
                action="dossier:read",
                subject=f"submission:{submission.id}",
                basis=BASIS,
                citizen_id=citizens.get(code),
                detail={"code": code},
            )
            record(event, facility_id=submission.facility_id)
