"""Consents in OpenAPI: what the functions cannot say themselves."""

from __future__ import annotations

from typing import Any

from ymach.api.openapi import ID, MAYBE_MOMENT, MOMENT, SECURED, TEXT, answer, of, problems, refused

_CONSENT: dict[str, Any] = {
    "id": ID,
    "state": {"type": "string", "enum": ["in-force", "waiting", "not-yet", "withdrawn", "expired"]},
    "purpose": TEXT,
    "since": MOMENT,
    "until": MAYBE_MOMENT,
    "digest": {**TEXT, "description": "SHA-256 of everything that was agreed to."},
    "receipt": {**TEXT, "description": "A compact JWS of the platform, for the person to keep."},
}


def _answers(properties: dict[str, Any], code: int) -> dict[str, Any]:
    return {
        **SECURED,
        "responses": {
            code: answer("Recorded.", of(properties)),
            **problems(401, 403),
            404: refused("Nobody with this number and name, or no such consent of yours."),
            409: refused("Given or withdrawn already, or another text is in force (YM-CONSENT-…)."),
            422: refused("Something is missing or wrong (YM-CONSENT-…, YM-EVIDENCE-…)."),
        },
    }


GIVE = _answers(_CONSENT, 201)
WITHDRAW = _answers({"id": _CONSENT["id"], "state": _CONSENT["state"], "withdrawn_at": MOMENT}, 200)
