"""Referrals in OpenAPI: what the functions cannot say themselves."""

from __future__ import annotations

from typing import Any

from ymach.api.openapi import ID, MAYBE, MAYBE_MOMENT, MOMENT, SECURED, TEXT, YES, answer, of, problems, refused

_REFERRAL: dict[str, Any] = {
    "type": "object",
    "properties": {
        "id": ID,
        "state": {
            "type": "string",
            "enum": ["sent", "seen", "accepted", "declined", "arrived", "answered", "closed", "withdrawn"],
        },
        **dict.fromkeys(("urgent", "withheld", "held"), YES),
        **dict.fromkeys(("from_facility", "to_facility", "number", "dossier"), TEXT),
        "version": {"type": "integer"},
        **dict.fromkeys(("referred_at", "sent_at"), MOMENT),
        **dict.fromkeys(("due_at", "arrived_at"), MAYBE_MOMENT),
        **dict.fromkeys(("diagnosis", "declined_why", "suggested_facility", "answer", "visit"), MAYBE),
    },
}
_STEPS = {"type": "array", "items": of({"state": TEXT, "at": MOMENT, "note": TEXT})}


def _answers(schema: dict[str, Any], *, media: str = "application/json") -> dict[str, Any]:
    return {
        **SECURED,
        "responses": {
            200: answer("As it is now.", schema, media=media),
            **problems(401, 403),
            404: refused("No such referral of yours, or nothing of it is open to you (YM-REF-…)."),
            409: refused("Another step came before (YM-REF-STATE)."),
            422: refused("Something is missing or wrong (YM-REF-…)."),
        },
    }


LIST = _answers(of({"referrals": {"type": "array", "items": _REFERRAL}, "more": YES}))
ONE = _answers({"allOf": [_REFERRAL, of({"steps": _STEPS})]})
STEP = _answers(_REFERRAL)
DOSSIER = _answers({"type": "object"}, media="application/fhir+json")
