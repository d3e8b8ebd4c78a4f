"""What OpenAPI cannot read off the functions of dossiers."""

from __future__ import annotations

from typing import Any

from ymach.api.schemas import _PROBLEM, _SECURED, _object

CANCEL: dict[str, Any] = {
    **_SECURED,
    "responses": {
        200: _object(
            "Cancelled, now or before by the same request. The receipt is a JWS signed by the platform.",
            id="string",
            code="string",
            kind="string",
            version="integer",
            cancelled_at="string",
            reason="string",
            receipt="string",
        ),
        **dict.fromkeys((403, 404, 409, 422), _PROBLEM),
    },
}
VERSIONS: dict[str, Any] = {
    **_SECURED,
    "responses": {
        200: _object(
            "The versions and cancellations, the newest first.", code="string", kind="string", versions="array"
        ),
        404: _PROBLEM,
    },
}
DIFFERENCES: dict[str, Any] = {
    **_SECURED,
    "responses": {
        200: _object(
            "What the version says otherwise than the one before. Numbers of persons are masked.",
            version="integer",
            before="integer",
            only_results="boolean",
            differences="array",
            more="integer",
        ),
        **dict.fromkeys((403, 404), _PROBLEM),
    },
}
RECEIPTS: dict[str, Any] = {
    **_SECURED,
    "responses": {
        200: _object("Every signed answer to a submission, in order.", receipts="array"),
        404: _PROBLEM,
    },
}
