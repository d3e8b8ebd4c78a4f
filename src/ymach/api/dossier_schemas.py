"""What OpenAPI cannot read off the functions of dossiers."""

from __future__ import annotations

from typing import Any

from ymach.api.openapi import SECURED, problems, shape

CANCEL: dict[str, Any] = {
    **SECURED,
    "responses": {
        200: shape(
            "Cancelled, now or before by the same request. The receipt is a JWS signed by the platform.",
            id="string",
            code="string",
            kind="string",
            version="integer",
            cancelled_at="string",
            reason="string",
            destinations="array",
            receipt="string",
        ),
        **problems(403, 404, 409, 422),
    },
}
VERSIONS: dict[str, Any] = {
    **SECURED,
    "responses": {
        200: shape("The versions and cancellations, the newest first.", code="string", kind="string", versions="array"),
        **problems(404),
    },
}
DIFFERENCES: dict[str, Any] = {
    **SECURED,
    "responses": {
        200: shape(
            "What the version says otherwise than the one before. Numbers of persons are masked.",
            version="integer",
            before="integer",
            only_results="boolean",
            differences="array",
            more="integer",
        ),
        **problems(403, 404),
    },
}
RECEIPTS: dict[str, Any] = {
    **SECURED,
    "responses": {
        200: shape("Every signed answer to a submission, in order.", receipts="array"),
        **problems(404),
    },
}
