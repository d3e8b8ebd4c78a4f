"""Handing a facility what it sent: the bytes as they came, or the same dossier in the other format."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from ymach.base.actors import Actor
from ymach.base.clock import vietnam_day
from ymach.base.errors import NotFound
from ymach.clinical.dossier import Dossier
from ymach.exchange import contents, queries
from ymach.exchange.models import Submission
from ymach.exchange.reading.dossiers import read_own
from ymach.exchange.reading.errors import RecordNotOpen

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
    dossier for "fhir"; "" for the first. at: aware.
    Raises NotAllowed, NotFound (a refusal keeps no content), RecordNotOpen (withheld from this reader).
    """
    content = queries.content_of(submission)
    dossiers = contents.dossiers_of(content)
    handed = _handed(submission, content, dossiers, form, code)
    if None in read_own(submission, dossiers, part=form, by=by, at=at):
        raise RecordNotOpen
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
