"""OpenAPI of uploads and of the hours of sending."""

from __future__ import annotations

from typing import Any

from ymach.api.schemas import SUBMIT

_PROBLEM = SUBMIT["responses"][422]
_SECURED: dict[str, Any] = {"security": [{"bearer": []}]}


def _object(description: str, **properties: str) -> dict[str, Any]:
    shape = {name: {"type": kind} for name, kind in properties.items()}
    return {
        "description": description,
        "content": {"application/json": {"schema": {"type": "object", "properties": shape}}},
    }


_STATE = _object(
    "The upload. `received`: numbers of the pieces that are here.",
    upload="string",
    size="integer",
    chunk_size="integer",
    chunks="integer",
    received="array",
    expires_at="string",
)
BEGIN: dict[str, Any] = {
    **_SECURED,
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
        **dict.fromkeys((401, 413, 422, 429), _PROBLEM),
    },
}
CHUNK: dict[str, Any] = {
    **_SECURED,
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
        "content": {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}},
    },
    "responses": {204: {"description": "The piece is kept."}, **dict.fromkeys((400, 401, 404, 410, 422), _PROBLEM)},
}
STATE: dict[str, Any] = {**_SECURED, "responses": {200: _STATE, **dict.fromkeys((401, 404, 410), _PROBLEM)}}
FINISH: dict[str, Any] = {
    **_SECURED,
    "responses": {**SUBMIT["responses"], **dict.fromkeys((404, 409, 410), _PROBLEM)},
}
SENDING: dict[str, Any] = {
    "responses": {200: _object("When to send what.", now="string", windows="array", retry_after="integer")}
}
