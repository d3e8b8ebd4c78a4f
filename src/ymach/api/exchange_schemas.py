"""Shapes of events, reconciliations, subscriptions and checked receipts that OpenAPI cannot read off the functions."""

from __future__ import annotations

from typing import Any

from ymach.api.openapi import SECURED, problems, shape

EVENTS: dict[str, Any] = {
    **SECURED,
    "responses": {
        200: shape(
            "Events in their order, and the cursor to go on from.",
            events="array",
            cursor="string",
            more="boolean",
            server_time="string",
        ),
        **problems(401, 403, 422),
    },
}
RECONCILE: dict[str, Any] = {
    **SECURED,
    "requestBody": {
        "required": True,
        "content": {
            "application/json": {
                "schema": {
                    "type": "object",
                    "required": ["day", "digests"],
                    "properties": {
                        "day": {"type": "string", "format": "date"},
                        "digests": {"type": "array", "items": {"type": "string", "pattern": "^[0-9a-f]{64}$"}},
                    },
                }
            }
        },
    },
    "responses": {
        200: shape(
            "`missing`: unknown here; `extra`: here, not in your list; `different`: received on another day.",
            id="string",
            day="string",
            matched="integer",
            missing="array",
            extra="array",
            different="array",
        ),
        **problems(401, 413, 422),
    },
}
VERIFY_RECEIPT: dict[str, Any] = {
    "requestBody": {"required": True, "content": {"application/jose": {"schema": {"type": "string"}}}},
    "responses": {
        200: shape(
            "Its signature holds. `kept`: we have the very same one.",
            valid="boolean",
            kept="boolean",
            submission="string",
            facility="string",
            outcome="string",
        ),
        **problems(413, 422, 429),
    },
}
SUBSCRIPTIONS: dict[str, Any] = {
    **SECURED,
    "responses": {200: shape("Your subscriptions.", subscriptions="array"), **problems(401, 403)},
}
_SUBSCRIPTION = shape(
    "Where it stands. `state`: open, paused, stopped (could not be told; resume it) or ended.",
    id="string",
    name="string",
    url="string",
    kinds="array",
    state="string",
    cursor="string",
    turns="array",
)
SUBSCRIPTION: dict[str, Any] = {
    **SECURED,
    "responses": {200: _SUBSCRIPTION, 201: _SUBSCRIPTION, **problems(401, 403, 404, 409, 422)},
}
