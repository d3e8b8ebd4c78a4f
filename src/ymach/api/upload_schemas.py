"""OpenAPI of uploads and of the hours of sending."""

from __future__ import annotations

from typing import Any

from ymach.api.openapi import BINARY, SECURED, problems, shape
from ymach.api.schemas import SUBMIT

_STATE = shape(
    "The upload. `received`: numbers of the pieces that are here.",
    upload="string",
    size="integer",
    chunk_size="integer",
    chunks="integer",
    received="array",
    expires_at="string",
)
BEGIN: dict[str, Any] = {
    **SECURED,
    "requestBody": {
        "required": True,
        "content": {
            "application/json": {
                "schema": {
                    "type": "object",
                    "required": ["size", "sha256"],
                    "properties": {
                        "size": {"type": "integer", "description": "bytes of the whole file"},
                        "sha256": {"type": "string", "description": "of the whole file, 64 hexadecimal digits"},
                    },
                }
            }
        },
    },
    "responses": {
        200: {**_STATE, "description": "An upload of the same content is open already: go on with it."},
        201: _STATE,
        **problems(401, 413, 422, 429),
    },
}
CHUNK: dict[str, Any] = {
    **SECURED,
    "parameters": [
        {
            "name": "Digest",
            "in": "header",
            "required": True,
            "schema": {"type": "string"},
            "description": "sha-256=<Base64 of the piece's SHA-256> (RFC 3230)",
        }
    ],
    "requestBody": {
        "required": True,
        "content": {"application/octet-stream": {"schema": BINARY}},
    },
    "responses": {204: {"description": "The piece is kept."}, **problems(400, 401, 404, 410, 422)},
}
STATE: dict[str, Any] = {**SECURED, "responses": {200: _STATE, **problems(401, 404, 410)}}
FINISH: dict[str, Any] = {
    **SECURED,
    "responses": {**SUBMIT["responses"], **problems(404, 409, 410)},
}
SENDING: dict[str, Any] = {
    "responses": {200: shape("When to send what.", now="string", windows="array", retry_after="integer")}
}
