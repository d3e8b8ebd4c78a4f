"""Referrals in OpenAPI: what the functions cannot say themselves."""

from __future__ import annotations

from typing import Any

_TEXT, _MOMENT = {"type": "string"}, {"type": "string", "format": "date-time"}
_MAYBE = {"type": ["string", "null"]}
_REFERRAL: dict[str, Any] = {
    "type": "object",
    "properties": {
        "id": {"type": "string", "format": "uuid"},
        "state": {
            "type": "string",
            "enum": ["sent", "seen", "accepted", "declined", "arrived", "answered", "closed", "withdrawn"],
        },
        **{key: {"type": "boolean"} for key in ("urgent", "withheld", "held")},
        **dict.fromkeys(("from_facility", "to_facility", "number", "dossier"), _TEXT),
        "version": {"type": "integer"},
        **dict.fromkeys(("referred_at", "sent_at"), _MOMENT),
        **{key: {"type": ["string", "null"], "format": "date-time"} for key in ("due_at", "arrived_at")},
        **dict.fromkeys(("diagnosis", "declined_why", "suggested_facility", "answer", "visit"), _MAYBE),
    },
}
_STEPS = {"type": "array", "items": {"type": "object", "properties": {"state": _TEXT, "at": _MOMENT, "note": _TEXT}}}


def _answers(schema: dict[str, Any], *, media: str = "application/json") -> dict[str, Any]:
    problem = {"content": {"application/problem+json": {"schema": {"type": "object"}}}}
    return {
        "responses": {
            200: {"description": "As it is now.", "content": {media: {"schema": schema}}},
            404: {"description": "No such referral of yours, or nothing of it is open to you (YM-REF-…).", **problem},
            409: {"description": "Another step came before (YM-REF-STATE).", **problem},
            422: {"description": "Something is missing or wrong (YM-REF-…).", **problem},
        }
    }


LIST = _answers(
    {
        "type": "object",
        "properties": {"referrals": {"type": "array", "items": _REFERRAL}, "more": {"type": "boolean"}},
    }
)
ONE = _answers({"allOf": [_REFERRAL, {"type": "object", "properties": {"steps": _STEPS}}]})
STEP = _answers(_REFERRAL)
DOSSIER = _answers({"type": "object"}, media="application/fhir+json")
