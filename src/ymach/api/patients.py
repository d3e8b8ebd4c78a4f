"""Patients for programs: found by a number in the body, read by a handle, each reading decided and written."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

import orjson
from django.http import HttpRequest, HttpResponse
from ninja import Body, Path, Router, Schema
from pydantic import StringConstraints

from ymach.api import patient_schemas as schemas
from ymach.api.parameters import Moment, Word
from ymach.api.signin import sender_of
from ymach.base.clock import iso, now
from ymach.citizens.models import Citizen
from ymach.consent.rules import Purpose
from ymach.exchange.contents import as_fhir
from ymach.exchange.reading import gate
from ymach.exchange.reading.asked import read_asked
from ymach.exchange.reading.dossiers import Whose, read_dossier
from ymach.exchange.reading.entries import Entry
from ymach.exchange.reading.errors import RecordNotOpen
from ymach.exchange.reading.gate import Opened
from ymach.exchange.reading.handles import LASTS, citizen_behind
from ymach.exchange.reading.look_up import look_up
from ymach.exchange.reading.summary import Medicine, Place, Problem, Series, Summary

router = Router(tags=["Người bệnh · Patients"])
PAGE = 200
Typed = Annotated[str, StringConstraints(max_length=500, pattern=r"^[^\x00]*$")]
Handle = Annotated[str, StringConstraints(max_length=400, pattern=r"^[A-Za-z0-9_-]+$")]


class Asked(Schema):
    """A number or what a scanner read from a card, wristband or insurance card; else the full name and date of birth.

    birth: dd/mm/yyyy, in full. purpose: what the reading is for.
    """

    number: Typed = ""
    full_name: Typed = ""
    birth: Typed = ""
    purpose: Literal["treatment"] = "treatment"


@router.post("/patients:lookup", openapi_extra=schemas.LOOKUP, summary="Find one patient whom you may see")
def lookup(request: HttpRequest, asked: Body[Asked]) -> HttpResponse:
    """A handle for twelve hours, of use to you alone. 404 is the same for nobody and for nobody whom you may see."""
    by, at = sender_of(request).by, now()
    question = read_asked(number=asked.number, full_name=asked.full_name, birth=asked.birth)
    found = look_up(question, purpose=Purpose(asked.purpose), by=by, at=at)
    person = Citizen.objects.get(pk=found.citizen_id)
    return _json(
        {
            "patient": found.handle,
            "until": iso(at + LASTS),
            "full_name": person.full_name,
            "birth": [person.birth_year, person.birth_month, person.birth_day],
            "sex": person.sex,
            **_ground(found.opened),
        }
    )


@router.get("/patients/{patient}/summary", openapi_extra=schemas.SUMMARY, summary="The patient on one screen")
def get_summary(request: HttpRequest, patient: Path[Handle]) -> HttpResponse:
    """Allergies, problems, medicines now, results over time, vaccinations, measures; each with where and when."""
    opened = _read(request, patient, "summary")
    return _json({**_ground(opened), **_summary(opened.summary)})


@router.get("/patients/{patient}/records", openapi_extra=schemas.RECORDS, summary="Records, newest first")
def list_records(
    request: HttpRequest, patient: Path[Handle], kind: Word = "", before: Moment | None = None
) -> HttpResponse:
    """Those you may see, at most 200. `before`: the last `happened_at`, for older ones."""
    opened = _read(request, patient, "records")
    wanted = [one for one in opened.entries if _is_wanted(one, kind, before)]
    rows = [_record(one) for one in wanted[:PAGE]]
    return _json({**_ground(opened), "records": rows, "more": len(wanted) > PAGE})


@router.get(
    "/patients/{patient}/records/{record_id}/dossier", openapi_extra=schemas.DOSSIER, summary="One dossier as FHIR"
)
def get_dossier(request: HttpRequest, patient: Path[Handle], record_id: UUID) -> HttpResponse:
    """The whole dossier of a record, where your basis opens all of it; the reading is in its facility's journal."""
    by, at = sender_of(request).by, now()
    citizen_id = citizen_behind(patient, by=by, at=at)
    reader = gate.reader_of(by, Purpose.TREATMENT)
    seen = gate.consider(citizen_id, reader=reader, purpose=Purpose.TREATMENT, at=at)
    entry = next((one for one in seen.entries if one.id == record_id), None)
    if entry is None:
        raise RecordNotOpen
    whose = Whose(entry.facility_id, entry.submission_id, entry.dossier_code, entry.compartment)
    read = read_dossier(whose, citizen_id=citizen_id, purpose=Purpose.TREATMENT, part="dossier", by=by, at=at)
    if read.dossier is None:
        raise RecordNotOpen
    return HttpResponse(
        as_fhir(read.dossier), content_type="application/fhir+json", headers={"Cache-Control": "no-store"}
    )


def _read(request: HttpRequest, handle: str, part: str) -> Opened:
    by, at = sender_of(request).by, now()
    return gate.read(citizen_behind(handle, by=by, at=at), purpose=Purpose.TREATMENT, part=part, by=by, at=at)


def _is_wanted(one: Entry, kind: str, before: datetime | None) -> bool:
    return (not kind or one.kind == kind) and (before is None or one.happened_at < before)


def _ground(opened: Opened) -> dict[str, Any]:
    """On what basis this is answered; whether anything is withheld, and never what."""
    decision = opened.decision
    basis = decision.basis.value if decision.basis else None
    return {
        "basis": basis,
        "reference": decision.reference or None,
        "law": decision.law,
        "withheld": opened.is_partial,
    }


def _record(one: Entry) -> dict[str, Any]:
    return {
        "id": str(one.id),
        "kind": one.kind,
        "facility": one.facility_code,
        "dossier": one.dossier_code,
        "version": one.version,
        "happened_at": iso(one.happened_at),
        "ended_at": iso(one.ended_at) if one.ended_at else None,
        "summary": one.summary,
    }


def _summary(summary: Summary) -> dict[str, Any]:
    return {
        "allergies": [
            {
                "substance": one.substance,
                "grave": one.is_grave,
                "reaction": one.reaction,
                "facility": one.facility_code,
                "said_at": iso(one.said_at),
            }
            for one in summary.allergies
        ],
        "problems": [_problem(one) for one in summary.problems],
        "medicines": [_medicine(one) for one in summary.medicines_now],
        "results": [_series(one) for one in summary.trends],
        "visits": _ids(summary.visits),
        "referrals": _ids(summary.referrals),
        "appointments": _ids(summary.appointments),
        "vaccinations": [
            {"vaccine": one.vaccine, "dose": one.dose, "on": one.on, **_place(one.place)}
            for one in summary.vaccinations
        ],
        "measures": [
            {"name": one.name, "value": one.value, "unit": one.unit, "at": iso(one.at), **_place(one.place)}
            for one in summary.measures
        ],
    }


def _ids(entries: Iterable[Entry]) -> list[str]:
    return [str(one.id) for one in entries]


def _place(place: Place) -> dict[str, str]:
    return {"facility": place.facility_code, "record": str(place.record_id)}


def _problem(one: Problem) -> dict[str, Any]:
    times = {"first_at": iso(one.first_at), "last_at": iso(one.last_at), "visits": one.visits}
    return {"code": one.code, "text": one.text, **times, **_place(one.place)}


def _medicine(one: Medicine) -> dict[str, Any]:
    return {
        "name": one.name,
        "strength": one.strength,
        "dosage": one.dosage,
        "instructions": one.instructions,
        "prescribed_at": iso(one.prescribed_at),
        "until": one.until.isoformat() if one.until else None,
        **_place(one.place),
    }


def _series(one: Series) -> dict[str, Any]:
    points = [{"at": iso(point.at), "value": str(point.value), **_place(point.place)} for point in one.points]
    return {"code": one.code, "name": one.name, "unit": one.unit, "points": points}


def _json(body: Any) -> HttpResponse:
    return HttpResponse(orjson.dumps(body), content_type="application/json", headers={"Cache-Control": "no-store"})
