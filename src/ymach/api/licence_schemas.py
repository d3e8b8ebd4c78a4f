"""The licence check in OpenAPI: what the functions cannot say themselves."""

from __future__ import annotations

from typing import Any

from ymach.api.openapi import DAY, ID, MAYBE, MOMENT, SECURED, TEXT, YES, answer, of, problems

_TEXTS = of({"vi": TEXT, "en": TEXT})
_PLACE = {
    "type": "object",
    "properties": {
        **dict.fromkeys(("facility", "name", "province", "position", "department"), TEXT),
        "from": DAY,
        "until": DAY,
        "hours": {"type": "string", "description": "e.g. T2-T6: 07:00 đến 11:30; blank: no fixed hours"},
    },
}
LICENCE: dict[str, Any] = {
    "type": "object",
    "properties": {
        "id": ID,
        **dict.fromkeys(("number", "name", "generation", "issuer"), TEXT),
        "title": of(dict.fromkeys(("code", "vi", "en"), TEXT)),
        "scopes": {"type": "array", "items": TEXT},
        **dict.fromkeys(("issued_on", "valid_from", "valid_until", "since", "until"), DAY),
        "state": {
            "type": "string",
            "enum": ["ACTIVE", "SUSPENDED", "REVOKED", "EXPIRED", "INACTIVE", "CONVERTED", "BANNED"],
        },
        "in_part": {"type": "boolean", "description": "A suspension of some scopes only."},
        "may_practise": YES,
        "state_words": _TEXTS,
        "sentence": _TEXTS,
        "decision": MAYBE,
        "suspended_scopes": {"type": "array", "items": TEXT},
        "replaced_by": MAYBE,
        "suspensions": {"type": "array", "items": {"type": "object"}},
        "workplaces": {"type": "array", "items": _PLACE},
        "computed_at": MOMENT,
    },
}


_LIST = {"type": "array", "items": LICENCE}
_FOUND = {
    "type": "object",
    "properties": {
        "licences": _LIST,
        "near": {**_LIST, "description": "Not what was asked, but one slip away."},
        "count": {"type": "integer"},
        "more": {"type": "boolean", "description": "There are more; add a facility or a province."},
        "facilities": {"type": "array", "items": {"type": "object"}},
        "computed_at": MOMENT,
    },
}
SEARCH: dict[str, Any] = {"responses": {200: answer("What was found.", _FOUND), **problems(422, 429, 503)}}
ONE: dict[str, Any] = {"responses": {200: answer("The licence.", LICENCE), **problems(404, 429, 503)}}
STATUS: dict[str, Any] = {
    "responses": {
        200: {
            "description": "Compact JWS, `typ` lic-status+jwt; `licence` holds the verdict, `exp` is five minutes away.",
            "content": {"application/jose": {"schema": {"type": "string"}}},
        },
        **problems(404, 429, 503),
    }
}
MANY: dict[str, Any] = {
    **SECURED,
    "responses": {
        200: answer("One verdict a line, in order.", {"type": "object", "properties": {"verdicts": {"type": "array"}}}),
        **problems(401, 403, 422, 503),
    },
}
