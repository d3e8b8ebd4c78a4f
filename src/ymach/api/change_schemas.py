"""Change requests in OpenAPI: what the functions cannot say themselves."""

from __future__ import annotations

from typing import Any

from ymach.api.openapi import BINARY, DAY, ID, MAYBE, MOMENT, SECURED, TEXT, answer, of, problems

_WARNING = of(dict.fromkeys(("code", "vi", "en"), TEXT))
_BRIEF: dict[str, Any] = {
    "id": ID,
    "kind": {"type": "string", "description": "practice-registration, schedule-change, end-of-practice …"},
    "state": {
        "type": "string",
        "enum": ["draft", "submitted", "returned", "approved", "rejected", "withdrawn", "applied"],
    },
    "is_ready": {"type": "boolean", "description": "False while the practitioner has not confirmed it."},
    "subject": {"type": "object"},
    **dict.fromkeys(("subject_label", "province", "made_by", "note", "decision_number"), TEXT),
    **dict.fromkeys(("due_on", "publish_on"), DAY),
    **dict.fromkeys(("made_at", "changed_at"), MOMENT),
    "warnings": {"type": "array", "items": _WARNING, "description": "Worth knowing; nothing was refused for these."},
}
REQUEST = {
    "type": "object",
    "properties": {
        **_BRIEF,
        "before": {"type": "object", "description": "Values in the registry when it was asked, by field."},
        "proposed": {"type": "object", "description": "Values asked for, by field; days are ISO 8601."},
        "seen": {"type": ["integer", "null"], "description": "Revision of the profile it was asked from."},
        "identity": {
            "type": ["object", "null"],
            "description": "Of somebody new: what the population database said, by field. outcome: match, mismatch, "
            "unknown-number or not-checked.",
        },
    },
}
_KEY = {
    "name": "Idempotency-Key",
    "in": "header",
    "schema": {"type": "string", "maxLength": 200},
    "description": "The same request under the same key is carried out once; the answer is kept for 7 days.",
}


def _acting(description: str, status: int = 200) -> dict[str, Any]:
    answers = {status: answer(description, REQUEST), **problems(401, 403, 404, 409, 422, 429, 503)}
    return {**SECURED, "parameters": [_KEY], "responses": answers}


_PAGE = {
    "type": "object",
    "properties": {
        "requests": {"type": "array", "items": {"type": "object", "properties": _BRIEF}},
        "next": {"type": ["string", "null"], "description": "Give it back as `before` for the next page."},
    },
}
LIST: dict[str, Any] = {
    **SECURED,
    "responses": {200: answer("A page.", _PAGE), **problems(401, 403, 422, 503)},
}
ONE: dict[str, Any] = {
    **SECURED,
    "responses": {200: answer("The request.", REQUEST), **problems(401, 403, 404, 503)},
}
PROPOSE = _acting("The request, with its warnings.", 201)
SUBMIT = _acting("The request as sent.")
ACT = _acting("The request after that.")
PAPER: dict[str, Any] = {
    **SECURED,
    "requestBody": {
        "required": True,
        "content": {kind: {"schema": BINARY} for kind in ("application/pdf", "image/jpeg", "image/png")},
    },
    "responses": {
        201: answer("The paper kept.", {"type": "object", "properties": {"id": ID}}),
        **problems(401, 403, 422, 503),
    },
}
LOOKUP: dict[str, Any] = {
    **SECURED,
    "responses": {
        200: answer(
            "What is known.",
            {
                "type": "object",
                "properties": {
                    "outcome": {
                        "type": "string",
                        "enum": ["registered", "match", "mismatch", "unknown-number", "unavailable", "unnamed"],
                        "description": "unavailable: go on, the request is marked as not checked; unnamed: give the name.",
                    },
                    "source": MAYBE,
                    "at": MOMENT,
                    "practitioner": {"type": ["string", "null"], "format": "uuid"},
                    "licence": {"type": ["string", "null"], "description": "Name the person by it in a request."},
                    "person": {"type": "object", "description": "What you may be told: full_name, birth_date, sex."},
                    "fields": {"type": "object", "description": "same, marks or different, by field."},
                },
            },
        ),
        **problems(401, 403, 422, 429, 503),
    },
}
