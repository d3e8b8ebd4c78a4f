"""Prescriptions for programs: a pharmacy's software looks up and dispenses, a facility's follows what it prescribed."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

import orjson
from django.http import HttpRequest, HttpResponse
from ninja import Body, Router, Schema
from pydantic import Field, StringConstraints

from ymach.accounts.permissions import Permission, require
from ymach.api import prescription_schemas as schemas
from ymach.api.parameters import Moment, Word
from ymach.api.signin import machine_of
from ymach.base.clock import iso, now
from ymach.exchange.prescriptions import actions, queries
from ymach.exchange.prescriptions.errors import QuantityWrong
from ymach.exchange.prescriptions.models import Prescription, State
from ymach.exchange.prescriptions.queries import Filled, Line, Sight, Wanted
from ymach.exchange.prescriptions.rules import Part, read_quantity

router = Router(tags=["Đơn thuốc · Prescriptions"])
Code = Annotated[str, StringConstraints(max_length=40, pattern=r"^[^\x00]*$")]
Short = Annotated[str, StringConstraints(max_length=200, pattern=r"^[^\x00]*$")]
_OUR_OWN = frozenset({"dossier", "submission", "replaced_by"})
"""What a pharmacy has no use for."""


class Asked(Schema):
    """The code on the prescription, in either case."""

    code: Code


class GivenLine(Schema):
    """So much of a line. line: its number, from 1. quantity: decimal text, at most three decimals."""

    line: int = Field(ge=1, lt=2**15)
    quantity: Annotated[str, StringConstraints(max_length=20)]
    batch: Annotated[str, StringConstraints(max_length=60, pattern=r"^[^\x00]*$")] = ""


class Handing(Schema):
    """What is handed over. pharmacist: number of the licence; invoice: the pharmacy's own number."""

    lines: list[GivenLine] = Field(max_length=200)
    pharmacist: Short
    invoice: Short = ""


class Undoing(Schema):
    reason: Annotated[str, StringConstraints(max_length=1000, pattern=r"^[^\x00]*$")]


@router.post("/prescriptions:lookup", openapi_extra=schemas.LOOK_UP, summary="Look a prescription up by its code")
def look_up(request: HttpRequest, asked: Body[Asked]) -> HttpResponse:
    """What a pharmacy needs of a prescription that can be dispensed. Each asking is in the journal, and bounded."""
    seen = queries.look_up(asked.code, by=machine_of(request), at=now())
    known = {name: value for name, value in _brief(seen.prescription, seen.state).items() if name not in _OUR_OWN}
    return _json({**known, **_printed(seen)})


@router.post("/prescriptions/{code}/dispensings", openapi_extra=schemas.DISPENSE, summary="Dispense, whole or in part")
def dispense(request: HttpRequest, code: Code, given: Body[Handing]) -> HttpResponse:
    """With `Idempotency-Key`: the same key is the same dispensing, however often it is sent."""
    done = actions.dispense(
        code=code,
        lines=[_part(line) for line in given.lines],
        pharmacist=given.pharmacist,
        invoice=given.invoice,
        key=request.headers.get("Idempotency-Key", ""),
        by=machine_of(request),
        at=now(),
    )
    answer = _json(_dispensing(Filled(done.dispensing, done.lines)), 200 if done.is_replay else 201)
    if done.is_replay:
        answer["Idempotent-Replayed"] = "true"
    return answer


@router.post(
    "/prescriptions/{code}/dispensings/{uuid:dispensing_id}/undo",
    openapi_extra=schemas.UNDO,
    summary="Take a dispensing back, on its own day",
)
def undo(request: HttpRequest, code: Code, dispensing_id: UUID, said: Body[Undoing]) -> HttpResponse:
    """With the reason. Sent again, it is answered again."""
    by, at = machine_of(request), now()
    done = actions.undo(code=code, dispensing_id=dispensing_id, reason=said.reason, by=by, at=at)
    return _json(_dispensing(Filled(done.dispensing, done.lines)))


@router.get("/prescriptions", openapi_extra=schemas.LIST, summary="What your facility prescribed, newest first")
def listed(
    request: HttpRequest,
    submission: UUID | None = None,
    dossier: Word = "",
    state: State | Literal["", "expired"] = "",
    before: Moment | None = None,
) -> HttpResponse:
    """The codes given to a submission or dossier, and where each stands. `before` takes the last `issued_at` for more."""
    by = machine_of(request)
    require(by, Permission.RECORD_READ)
    wanted = Wanted(state=state, q=dossier, submission_id=submission, before=before)
    found = queries.listed(by, wanted, at=now())
    rows = [_brief(one, state) for one, state in found]
    return _json({"prescriptions": rows, "more": len(rows) == queries.PAGE})


@router.get("/prescriptions/{code}", openapi_extra=schemas.ONE, summary="One prescription of your facility")
def one(request: HttpRequest, code: Code) -> HttpResponse:
    """As printed, with everything that was dispensed on it, where and by whom."""
    by = machine_of(request)
    require(by, Permission.RECORD_READ)
    seen = queries.read(code, by=by, at=now())
    filled = [_dispensing(one) for one in seen.filled]
    return _json({**_brief(seen.prescription, seen.state), **_printed(seen), "dispensings": filled})


def _part(line: GivenLine) -> Part:
    quantity = read_quantity(line.quantity)
    if quantity is None:
        raise QuantityWrong(field="quantity", line=line.line)
    return Part(line.line, quantity, line.batch)


def _brief(one: Prescription, state: str) -> dict[str, Any]:
    return {
        "code": one.code,
        "kind": one.kind,
        "state": state,
        "facility": one.facility_code,
        "dossier": one.dossier_code,
        "submission": str(one.submission_id),
        "prescriber": one.prescriber,
        "issued_at": iso(one.issued_at),
        "expires_at": iso(one.expires_at),
        "replaced_by": one.replaced_by or None,
        "changed_at": iso(one.changed_at),
    }


def _printed(seen: Sight) -> dict[str, Any]:
    body = seen.prescription.body
    said = {name: body[name] for name in ("patient", "diagnoses", "diagnosis_text", "advice")}
    earlier = [{"name": _printed_name(one, part), **_given(part)} for one, part in _earlier_parts(seen)]
    return {**said, "lines": [_line(line) for line in seen.lines], "dispensed_before": earlier}


def _earlier_parts(seen: Sight) -> list[tuple[Prescription, Part]]:
    """What was handed over on the prescription in whose place this one is."""
    return [(one, part) for one, filled in seen.earlier for part in filled.parts]


def _printed_name(one: Prescription, part: Part) -> str:
    return next((str(line["name"]) for line in one.body["lines"] if line["number"] == part.number), "")


def _line(line: Line) -> dict[str, Any]:
    printed = {name: value for name, value in line.printed.items() if name != "quantity"}
    prescribed = line.prescribed
    return {**printed, "prescribed": None if prescribed is None else str(prescribed), "left": f"{line.left:f}"}


def _dispensing(one: Filled) -> dict[str, Any]:
    done = one.dispensing
    return {
        "id": str(done.id),
        "prescription": done.code,
        "pharmacy": done.pharmacy_code,
        "pharmacist": done.pharmacist,
        "invoice": done.invoice,
        "at": iso(done.dispensed_at),
        "state": done.state_after,
        "lines": [_given(part) for part in one.parts],
        "undone_at": _moment(done.undone_at),
        "undone_why": done.undone_why,
    }


def _given(part: Part) -> dict[str, Any]:
    return {"line": part.number, "quantity": f"{part.quantity.normalize():f}", "batch": part.batch}


def _moment(at: datetime | None) -> str | None:
    return None if at is None else iso(at)


def _json(body: Any, status: int = 200) -> HttpResponse:
    answer = HttpResponse(orjson.dumps(body), status=status, content_type="application/json")
    answer["Cache-Control"] = "no-store"
    return answer
