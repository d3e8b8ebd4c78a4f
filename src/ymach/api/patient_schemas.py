"""Patients in OpenAPI: what the functions cannot say themselves."""

from __future__ import annotations

from typing import Any

_TEXT, _MOMENT, _YES = {"type": "string"}, {"type": "string", "format": "date-time"}, {"type": "boolean"}
_MAYBE = {"type": ["string", "null"]}
_GROUND: dict[str, Any] = {
    "basis": {"type": "string", "enum": ["consent", "referral", "emergency", "law", "own-record"]},
    "reference": _MAYBE,
    "law": _TEXT,
    "withheld": {**_YES, "description": "Something is not shown to you; it is not said what."},
}
_PLACE = {"facility": _TEXT, "record": {"type": "string", "format": "uuid"}}
_RECORD = {
    "id": {"type": "string", "format": "uuid"},
    **dict.fromkeys(("kind", "facility", "dossier"), _TEXT),
    "version": {"type": "integer"},
    "happened_at": _MOMENT,
    "ended_at": {"type": ["string", "null"], "format": "date-time"},
    "summary": {"type": "object"},
}


def _list(**properties: Any) -> dict[str, Any]:
    return {"type": "array", "items": {"type": "object", "properties": {**properties, **_PLACE}}}


def _answers(properties: dict[str, Any], *, media: str = "application/json") -> dict[str, Any]:
    problem = {"content": {"application/problem+json": {"schema": {"type": "object"}}}}
    schema = {"type": "object", "properties": properties}
    return {
        "responses": {
            200: {"description": "As it is now.", "content": {media: {"schema": schema}}},
            403: {"description": "There is no basis any more; the code says why (YM-CONSENT-…).", **problem},
            404: {"description": "Nobody whom you may see, or a handle that is over (YM-READ-…).", **problem},
            422: {"description": "Something is missing or wrong (YM-READ-…, YM-CARD-…).", **problem},
            429: {"description": "Too many look-ups; later.", **problem},
        }
    }


LOOKUP = _answers(
    {
        "patient": {**_TEXT, "description": "The handle, for the addresses below."},
        "until": _MOMENT,
        "full_name": _TEXT,
        "birth": {"type": "array", "items": {"type": ["integer", "null"]}, "description": "Year, month, day."},
        "sex": _MAYBE,
        **_GROUND,
    }
)
SUMMARY = _answers(
    {
        **_GROUND,
        "allergies": _list(substance=_TEXT, grave=_YES, reaction=_TEXT, said_at=_MOMENT),
        "problems": _list(code=_TEXT, text=_TEXT, first_at=_MOMENT, last_at=_MOMENT, visits={"type": "integer"}),
        "medicines": _list(**dict.fromkeys(("name", "strength", "dosage", "instructions"), _TEXT), until=_MAYBE),
        "results": _list(code=_TEXT, name=_TEXT, unit=_TEXT, points={"type": "array", "items": {"type": "object"}}),
        **{name: {"type": "array", "items": _TEXT} for name in ("visits", "referrals", "appointments")},
        "vaccinations": _list(vaccine=_TEXT, dose={"type": ["integer", "null"]}, on=_TEXT),
        "measures": _list(name=_TEXT, value=_TEXT, unit=_TEXT, at=_MOMENT),
    }
)
RECORDS = _answers(
    {**_GROUND, "records": {"type": "array", "items": {"type": "object", "properties": _RECORD}}, "more": _YES}
)
DOSSIER = _answers({}, media="application/fhir+json")
