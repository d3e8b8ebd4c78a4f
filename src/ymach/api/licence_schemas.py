"""The licence check in OpenAPI: what the functions cannot say themselves."""

from __future__ import annotations

from typing import Any

_TEXTS = {"type": "object", "properties": {"vi": {"type": "string"}, "en": {"type": "string"}}}
_DAY = {"type": ["string", "null"], "format": "date"}
_PROBLEM = {
    "description": "Refused. `code` is stable; `detail` is Vietnamese, `detail_en` English.",
    "content": {"application/problem+json": {"schema": {"type": "object"}}},
}
_PLACE = {
    "type": "object",
    "properties": {
        **{name: {"type": "string"} for name in ("facility", "name", "province", "position", "department")},
        "from": _DAY,
        "until": _DAY,
        "hours": {"type": "string", "description": "e.g. T2-T6: 07:00 đến 11:30; blank: no fixed hours"},
    },
}
LICENCE: dict[str, Any] = {
    "type": "object",
    "properties": {
        "id": {"type": "string", "format": "uuid"},
        **{name: {"type": "string"} for name in ("number", "name", "generation", "issuer")},
        "title": {"type": "object", "properties": {"code": {"type": "string"}, **_TEXTS["properties"]}},  # type: ignore[dict-item]
        "scopes": {"type": "array", "items": {"type": "string"}},
        **dict.fromkeys(("issued_on", "valid_from", "valid_until", "since", "until"), _DAY),
        "state": {
            "type": "string",
            "enum": ["ACTIVE", "SUSPENDED", "REVOKED", "EXPIRED", "INACTIVE", "CONVERTED", "BANNED"],
        },
        "in_part": {"type": "boolean", "description": "A suspension of some scopes only."},
        "may_practise": {"type": "boolean"},
        "state_words": _TEXTS,
        "sentence": _TEXTS,
        "decision": {"type": ["string", "null"]},
        "suspended_scopes": {"type": "array", "items": {"type": "string"}},
        "replaced_by": {"type": ["string", "null"]},
        "suspensions": {"type": "array", "items": {"type": "object"}},
        "workplaces": {"type": "array", "items": _PLACE},
        "computed_at": {"type": "string", "format": "date-time"},
    },
}


def _json(description: str, schema: dict[str, Any]) -> dict[str, Any]:
    return {"description": description, "content": {"application/json": {"schema": schema}}}


_LIST = {"type": "array", "items": LICENCE}
_FOUND = {
    "type": "object",
    "properties": {
        "licences": _LIST,
        "near": {**_LIST, "description": "Not what was asked, but one slip away."},
        "count": {"type": "integer"},
        "more": {"type": "boolean", "description": "There are more; add a facility or a province."},
        "facilities": {"type": "array", "items": {"type": "object"}},
        "computed_at": {"type": "string", "format": "date-time"},
    },
}
SEARCH: dict[str, Any] = {
    "responses": {200: _json("What was found.", _FOUND), **dict.fromkeys((422, 429, 503), _PROBLEM)}
}
ONE: dict[str, Any] = {"responses": {200: _json("The licence.", LICENCE), **dict.fromkeys((404, 429, 503), _PROBLEM)}}
STATUS: dict[str, Any] = {
    "responses": {
        200: {
            "description": "Compact JWS, `typ` lic-status+jwt; `licence` holds the verdict, `exp` is five minutes away.",
            "content": {"application/jose": {"schema": {"type": "string"}}},
        },
        **dict.fromkeys((404, 429, 503), _PROBLEM),
    }
}
MANY: dict[str, Any] = {
    "security": [{"bearer": []}],
    "responses": {
        200: _json("One verdict a line, in order.", {"type": "object", "properties": {"verdicts": {"type": "array"}}}),
        **dict.fromkeys((401, 403, 422, 503), _PROBLEM),
    },
}
