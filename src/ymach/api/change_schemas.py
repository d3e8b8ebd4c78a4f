"""Change requests in OpenAPI: what the functions cannot say themselves."""

from __future__ import annotations

from typing import Any

_FIELD = {
    "type": "object",
    "properties": {name: {"type": "string"} for name in ("field", "code", "detail", "detail_en")},
}
_PROBLEM = {
    "description": "Refused. `code` is stable; `field` names the field, `errors` each of several; `detail_en` is English.",
    "content": {
        "application/problem+json": {
            "schema": {
                "type": "object",
                "properties": {
                    **{name: {"type": "string"} for name in ("code", "title", "detail", "detail_en")},
                    "status": {"type": "integer"},
                    "field": {"type": ["string", "null"]},
                    "errors": {"type": "array", "items": _FIELD},
                },
            }
        }
    },
}
_DAY = {"type": ["string", "null"], "format": "date"}
_WARNING = {"type": "object", "properties": {name: {"type": "string"} for name in ("code", "vi", "en")}}
_BRIEF: dict[str, Any] = {
    "id": {"type": "string", "format": "uuid"},
    "kind": {"type": "string", "description": "practice-registration, schedule-change, end-of-practice …"},
    "state": {
        "type": "string",
        "enum": ["draft", "submitted", "returned", "approved", "rejected", "withdrawn", "applied"],
    },
    "is_ready": {"type": "boolean", "description": "False while the practitioner has not confirmed it."},
    "subject": {"type": "object"},
    **{name: {"type": "string"} for name in ("subject_label", "province", "made_by", "note", "decision_number")},
    **dict.fromkeys(("due_on", "publish_on"), _DAY),
    **{key: {"type": "string", "format": "date-time"} for key in ("made_at", "changed_at")},
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
_SECURED: dict[str, Any] = {"security": [{"bearer": []}]}


def _json(description: str, schema: dict[str, Any]) -> dict[str, Any]:
    return {"description": description, "content": {"application/json": {"schema": schema}}}


def _acting(description: str, status: int = 200) -> dict[str, Any]:
    answers = {status: _json(description, REQUEST), **dict.fromkeys((401, 403, 404, 409, 422, 429, 503), _PROBLEM)}
    return {**_SECURED, "parameters": [_KEY], "responses": answers}


_PAGE = {
    "type": "object",
    "properties": {
        "requests": {"type": "array", "items": {"type": "object", "properties": _BRIEF}},
        "next": {"type": ["string", "null"], "description": "Give it back as `before` for the next page."},
    },
}
LIST: dict[str, Any] = {
    **_SECURED,
    "responses": {200: _json("A page.", _PAGE), **dict.fromkeys((401, 403, 422, 503), _PROBLEM)},
}
ONE: dict[str, Any] = {
    **_SECURED,
    "responses": {200: _json("The request.", REQUEST), **dict.fromkeys((401, 403, 404, 503), _PROBLEM)},
}
PROPOSE = _acting("The request, with its warnings.", 201)
SUBMIT = _acting("The request as sent.")
ACT = _acting("The request after that.")
PAPER: dict[str, Any] = {
    **_SECURED,
    "requestBody": {
        "required": True,
        "content": {
            kind: {"schema": {"type": "string", "format": "binary"}}
            for kind in ("application/pdf", "image/jpeg", "image/png")
        },
    },
    "responses": {
        201: _json("The paper kept.", {"type": "object", "properties": {"id": {"type": "string", "format": "uuid"}}}),
        **dict.fromkeys((401, 403, 422, 503), _PROBLEM),
    },
}
LOOKUP: dict[str, Any] = {
    **_SECURED,
    "responses": {
        200: _json(
            "What is known.",
            {
                "type": "object",
                "properties": {
                    "outcome": {
                        "type": "string",
                        "enum": ["registered", "match", "mismatch", "unknown-number", "unavailable", "unnamed"],
                        "description": "unavailable: go on, the request is marked as not checked; unnamed: give the name.",
                    },
                    "source": {"type": ["string", "null"]},
                    "at": {"type": "string", "format": "date-time"},
                    "practitioner": {"type": ["string", "null"], "format": "uuid"},
                    "licence": {"type": ["string", "null"], "description": "Name the person by it in a request."},
                    "person": {"type": "object", "description": "What you may be told: full_name, birth_date, sex."},
                    "fields": {"type": "object", "description": "same, marks or different, by field."},
                },
            },
        ),
        **dict.fromkeys((401, 403, 422, 429, 503), _PROBLEM),
    },
}
