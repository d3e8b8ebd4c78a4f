"""Consents in OpenAPI: what the functions cannot say themselves."""

from __future__ import annotations

from typing import Any

_TEXT, _MOMENT = {"type": "string"}, {"type": "string", "format": "date-time"}
_PROBLEM = {"content": {"application/problem+json": {"schema": {"type": "object"}}}}
_CONSENT: dict[str, Any] = {
    "id": {"type": "string", "format": "uuid"},
    "state": {"type": "string", "enum": ["in-force", "waiting", "not-yet", "withdrawn", "expired"]},
    "purpose": _TEXT,
    "since": _MOMENT,
    "until": {"type": ["string", "null"], "format": "date-time"},
    "digest": {**_TEXT, "description": "SHA-256 of everything that was agreed to."},
    "receipt": {**_TEXT, "description": "A compact JWS of the platform, for the person to keep."},
}


def _answers(properties: dict[str, Any], code: int) -> dict[str, Any]:
    schema = {"type": "object", "properties": properties}
    return {
        "responses": {
            code: {"description": "Recorded.", "content": {"application/json": {"schema": schema}}},
            404: {"description": "Nobody with this number and name, or no such consent of yours.", **_PROBLEM},
            409: {"description": "Given or withdrawn already, or another text is in force (YM-CONSENT-…).", **_PROBLEM},
            422: {"description": "Something is missing or wrong (YM-CONSENT-…, YM-EVIDENCE-…).", **_PROBLEM},
        }
    }


GIVE = _answers(_CONSENT, 201)
WITHDRAW = _answers({"id": _CONSENT["id"], "state": _CONSENT["state"], "withdrawn_at": _MOMENT}, 200)
