"""Patients in OpenAPI: what the functions cannot say themselves."""

from __future__ import annotations

from typing import Any

from ymach.api.openapi import ID, MAYBE, MAYBE_MOMENT, MOMENT, SECURED, TEXT, YES, answer, of, problems, refused

_GROUND: dict[str, Any] = {
    "basis": {"type": "string", "enum": ["consent", "referral", "emergency", "law", "own-record"]},
    "reference": MAYBE,
    "law": TEXT,
    "withheld": {**YES, "description": "Something is not shown to you; it is not said what."},
}
_PLACE = {"facility": TEXT, "record": ID}
_RECORD = {
    "id": ID,
    **dict.fromkeys(("kind", "facility", "dossier"), TEXT),
    "version": {"type": "integer"},
    "happened_at": MOMENT,
    "ended_at": MAYBE_MOMENT,
    "summary": {"type": "object"},
}


def _list(**properties: Any) -> dict[str, Any]:
    return {"type": "array", "items": of({**properties, **_PLACE})}


def _answers(properties: dict[str, Any], *, media: str = "application/json") -> dict[str, Any]:
    return {
        **SECURED,
        "responses": {
            200: answer("As it is now.", of(properties), media=media),
            **problems(401),
            403: refused("There is no basis any more; the code says why (YM-CONSENT-…)."),
            404: refused("Nobody whom you may see, or a handle that is over (YM-READ-…)."),
            422: refused("Something is missing or wrong (YM-READ-…, YM-CARD-…)."),
            429: refused("Too many look-ups; later."),
        },
    }


LOOKUP = _answers(
    {
        "patient": {**TEXT, "description": "The handle, for the addresses below."},
        "until": MOMENT,
        "full_name": TEXT,
        "birth": {"type": "array", "items": {"type": ["integer", "null"]}, "description": "Year, month, day."},
        "sex": MAYBE,
        **_GROUND,
    }
)
SUMMARY = _answers(
    {
        **_GROUND,
        "allergies": _list(substance=TEXT, grave=YES, reaction=TEXT, said_at=MOMENT),
        "problems": _list(code=TEXT, text=TEXT, first_at=MOMENT, last_at=MOMENT, visits={"type": "integer"}),
        "medicines": _list(**dict.fromkeys(("name", "strength", "dosage", "instructions"), TEXT), until=MAYBE),
        "results": _list(code=TEXT, name=TEXT, unit=TEXT, points={"type": "array", "items": {"type": "object"}}),
        **{name: {"type": "array", "items": TEXT} for name in ("visits", "referrals", "appointments")},
        "vaccinations": _list(vaccine=TEXT, dose={"type": ["integer", "null"]}, on=TEXT),
        "measures": _list(name=TEXT, value=TEXT, unit=TEXT, at=MOMENT),
    }
)
RECORDS = _answers({**_GROUND, "records": {"type": "array", "items": of(_RECORD)}, "more": YES})
DOSSIER = _answers({}, media="application/fhir+json")
