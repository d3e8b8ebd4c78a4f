"""Submissions in OpenAPI: what the functions cannot say themselves."""

from __future__ import annotations

from typing import Any

from ymach.api.openapi import BINARY, SECURED, problems, shape

_ANSWER = shape(
    "Kept. The receipt is a JWS signed by the platform (keys: /.well-known/jwks.json).",
    id="string",
    outcome="string",
    receipt="string",
    records="array",
    findings="array",
    searchable_at="string",
)
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
        200: shape("A token for ten minutes.", access_token="string", token_type="string", expires_in="integer"),  # noqa: S106
        **problems(400, 401),
    },
}
SUBMIT: dict[str, Any] = {
    **SECURED,
    "requestBody": {
        "required": True,
        "content": {
            "application/xml": {"schema": BINARY},
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
            "multipart/form-data": {"schema": {"type": "object", "properties": {"file": BINARY}}},
        },
    },
    "responses": {
        200: {**_ANSWER, "description": "The same content was received before (its receipt again), or a dry run."},
        201: _ANSWER,
        **problems(400, 401, 403, 413, 415, 422, 429, 503),
    },
}
SUBMIT_BATCH: dict[str, Any] = {
    **SECURED,
    "requestBody": {
        "required": True,
        "content": {
            "application/x-ndjson": {
                "schema": {"type": "string", "description": '{"id": …, "content": "<Base64>"} a line'}
            },
            "multipart/form-data": {
                "schema": {
                    "type": "object",
                    "properties": {"files": {"type": "array", "items": BINARY}},
                }
            },
        },
    },
    "responses": {
        200: {
            "description": 'One line an answer, in order: {"id": …, "status": …, "body": {…}}.',
            "content": {"application/x-ndjson": {"schema": {"type": "string"}}},
        },
        **problems(401, 413, 415),
    },
}
LIST: dict[str, Any] = {
    **SECURED,
    "responses": {200: shape("A page of submissions.", submissions="array", more="boolean"), **problems(401)},
}
STATUS: dict[str, Any] = {
    **SECURED,
    "responses": {
        200: shape("One submission.", id="string", outcome="string", records="array", deliveries="array"),
        **problems(401, 404),
    },
}
RECEIPT: dict[str, Any] = {
    **SECURED,
    "responses": {
        200: {"description": "Compact JWS.", "content": {"application/jose": {"schema": {"type": "string"}}}},
        **problems(401, 404),
    },
}
CONTENT: dict[str, Any] = {
    **SECURED,
    "responses": {
        200: {
            "description": "As it was signed (`original`), as XML 130, or one dossier as a FHIR R4 document.",
            "content": {
                "application/xml": {"schema": BINARY},
                "application/jose": {"schema": {"type": "string"}},
                "application/fhir+json": {"schema": {"type": "object"}},
            },
        },
        **problems(401, 403, 404, 422),
    },
}
CHANGES: dict[str, Any] = {
    **SECURED,
    "responses": {
        200: shape(
            "Changes in their order, and the cursor to go on from.",
            changes="array",
            cursor="string",
            more="boolean",
            server_time="string",
        ),
        **problems(401, 403, 422),
    },
}
CHANGES_STREAM: dict[str, Any] = {
    **SECURED,
    "responses": {
        200: {
            "description": "Server-sent events; `id` is the cursor. Ends after 25 seconds: come back with Last-Event-ID.",
            "content": {"text/event-stream": {"schema": {"type": "string"}}},
        },
        **problems(401, 403, 422, 429),
    },
}
CONFORMANCE: dict[str, Any] = {
    **SECURED,
    "responses": {
        **dict.fromkeys(
            (200, 201),
            shape(
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
        **problems(401, 404, 409, 429),
    },
}
CONFORMANCE_KIT: dict[str, Any] = {
    **SECURED,
    "responses": {
        200: {"description": "ZIP: cases.jsonl and files/.", "content": {"application/zip": {"schema": BINARY}}},
        **problems(401, 404, 409),
    },
}
