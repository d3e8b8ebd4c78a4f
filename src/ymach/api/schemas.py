"""What OpenAPI cannot read off the functions: the bodies of submissions and the shapes of answers."""

from __future__ import annotations

from typing import Any

_BINARY = {"schema": {"type": "string", "format": "binary"}}


def _object(description: str, **properties: str) -> dict[str, Any]:
    shape = {name: {"type": kind} for name, kind in properties.items()}
    return {
        "description": description,
        "content": {"application/json": {"schema": {"type": "object", "properties": shape}}},
    }


_PROBLEM = {
    "description": "Refused. `code` is stable (see /findings); `detail` is Vietnamese, `detail_en` English.",
    "content": {
        "application/problem+json": {
            "schema": {
                "type": "object",
                "properties": {
                    name: {"type": "string"} for name in ("type", "title", "code", "detail", "detail_en", "server_time")
                }
                | {"status": {"type": "integer"}, "findings": {"type": "array", "items": {"type": "object"}}},
            }
        }
    },
}
_ANSWER = _object(
    "Kept. The receipt is a JWS signed by the platform (keys: /.well-known/jwks.json).",
    id="string",
    outcome="string",
    receipt="string",
    records="array",
    findings="array",
    searchable_at="string",
)
_SECURED: dict[str, Any] = {"security": [{"bearer": []}]}

TOKEN: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "content": {
            "application/x-www-form-urlencoded": {
                "schema": {
                    "type": "object",
                    "required": ["grant_type", "client_id", "client_assertion_type", "client_assertion"],
                    "properties": {
                        "grant_type": {"type": "string", "enum": ["client_credentials"]},
                        "client_id": {"type": "string", "description": "the facility's 5-character code"},
                        "client_assertion_type": {"type": "string"},
                        "client_assertion": {
                            "type": "string",
                            "description": "JWT, header x5t#S256, RS256/PS256/ES256",
                        },
                    },
                }
            }
        },
    },
    "responses": {
        200: _object("A token for ten minutes.", access_token="string", token_type="string", expires_in="integer"),  # noqa: S106
        400: _PROBLEM,
        401: _PROBLEM,
    },
}
SUBMIT: dict[str, Any] = {
    **_SECURED,
    "requestBody": {
        "required": True,
        "content": {
            "application/xml": _BINARY,
            "application/jose": {
                "schema": {"type": "string", "description": "a FHIR R4 Bundle as compact JWS with x5c (RFC 7515)"}
            },
            "application/fhir+json": {
                "schema": {
                    "type": "object",
                    "description": "a FHIR R4 Bundle; its detached JWS (header..signature) in X-JWS-Signature",
                }
            },
            "application/x-www-form-urlencoded": {
                "schema": {"type": "object", "properties": {"fileHSBase64": {"type": "string", "format": "byte"}}}
            },
            "multipart/form-data": {
                "schema": {"type": "object", "properties": {"file": {"type": "string", "format": "binary"}}}
            },
        },
    },
    "responses": {
        200: {**_ANSWER, "description": "The same content was received before (its receipt again), or a dry run."},
        201: _ANSWER,
        **dict.fromkeys((400, 401, 403, 413, 415, 422, 429, 503), _PROBLEM),
    },
}
SUBMIT_BATCH: dict[str, Any] = {
    **_SECURED,
    "requestBody": {
        "required": True,
        "content": {
            "application/x-ndjson": {
                "schema": {"type": "string", "description": '{"id": …, "content": "<Base64>"} a line'}
            },
            "multipart/form-data": {
                "schema": {
                    "type": "object",
                    "properties": {"files": {"type": "array", "items": {"type": "string", "format": "binary"}}},
                }
            },
        },
    },
    "responses": {
        200: {
            "description": 'One line an answer, in order: {"id": …, "status": …, "body": {…}}.',
            "content": {"application/x-ndjson": {"schema": {"type": "string"}}},
        },
        **dict.fromkeys((401, 413, 415), _PROBLEM),
    },
}
LIST: dict[str, Any] = {
    **_SECURED,
    "responses": {200: _object("A page of submissions.", submissions="array", more="boolean"), 401: _PROBLEM},
}
STATUS: dict[str, Any] = {
    **_SECURED,
    "responses": {
        200: _object("One submission.", id="string", outcome="string", records="array", deliveries="array"),
        401: _PROBLEM,
        404: _PROBLEM,
    },
}
RECEIPT: dict[str, Any] = {
    **_SECURED,
    "responses": {
        200: {"description": "Compact JWS.", "content": {"application/jose": {"schema": {"type": "string"}}}},
        401: _PROBLEM,
        404: _PROBLEM,
    },
}
CONTENT: dict[str, Any] = {
    **_SECURED,
    "responses": {
        200: {
            "description": "As it was signed (`original`), as XML 130, or one dossier as a FHIR R4 document.",
            "content": {
                "application/xml": _BINARY,
                "application/jose": {"schema": {"type": "string"}},
                "application/fhir+json": {"schema": {"type": "object"}},
            },
        },
        **dict.fromkeys((401, 403, 404, 422), _PROBLEM),
    },
}
CHANGES: dict[str, Any] = {
    **_SECURED,
    "responses": {
        200: _object(
            "Changes in their order, and the cursor to go on from.",
            changes="array",
            cursor="string",
            more="boolean",
            server_time="string",
        ),
        **dict.fromkeys((401, 403, 422), _PROBLEM),
    },
}
CHANGES_STREAM: dict[str, Any] = {
    **_SECURED,
    "responses": {
        200: {
            "description": "Server-sent events; `id` is the cursor. Ends after 25 seconds: come back with Last-Event-ID.",
            "content": {"text/event-stream": {"schema": {"type": "string"}}},
        },
        **dict.fromkeys((401, 403, 422, 429), _PROBLEM),
    },
}
CONFORMANCE: dict[str, Any] = {
    **_SECURED,
    "responses": {
        **dict.fromkeys(
            (200, 201),
            _object(
                "A run. Send the files of its kit as dry runs with the headers named in `headers`.",
                id="string",
                expires_at="string",
                passed="boolean",
                report="string",
                kit="string",
                groups="object",
                cases="array",
            ),
        ),
        **dict.fromkeys((401, 404, 409, 429), _PROBLEM),
    },
}
CONFORMANCE_KIT: dict[str, Any] = {
    **_SECURED,
    "responses": {
        200: {"description": "ZIP: cases.jsonl and files/.", "content": {"application/zip": _BINARY}},
        **dict.fromkeys((401, 404, 409), _PROBLEM),
    },
}
EXTRA: dict[str, Any] = {
    "components": {"securitySchemes": {"bearer": {"type": "http", "scheme": "bearer", "bearerFormat": "JWT"}}}
}
