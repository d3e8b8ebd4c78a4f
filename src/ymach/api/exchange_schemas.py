"""Shapes of events, reconciliations, subscriptions and checked receipts that OpenAPI cannot read off the functions."""

from __future__ import annotations

from typing import Any

_SECURED: dict[str, Any] = {"security": [{"bearer": []}]}
_PROBLEM = {
    "description": "Refused. `code` is stable; `detail` is Vietnamese, `detail_en` English.",
    "content": {"application/problem+json": {"schema": {"type": "object"}}},
}


def _problems(*statuses: int) -> dict[int, Any]:
    return dict.fromkeys(statuses, _PROBLEM)


def _shape(description: str, **properties: str) -> dict[str, Any]:
    shown = {name: {"type": kind} for name, kind in properties.items()}
    schema = {"type": "object", "properties": shown}
    return {"description": description, "content": {"application/json": {"schema": schema}}}


EVENTS: dict[str, Any] = {
    **_SECURED,
    "responses": {
        200: _shape(
            "Events in their order, and the cursor to go on from.",
            events="array",
            cursor="string",
            more="boolean",
            server_time="string",
        ),
        **_problems(401, 403, 422),
    },
}
RECONCILE: dict[str, Any] = {
    **_SECURED,
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
        200: _shape(
            "`missing`: unknown here; `extra`: here, not in your list; `different`: received on another day.",
            id="string",
            day="string",
            matched="integer",
            missing="array",
            extra="array",
            different="array",
        ),
        **_problems(401, 413, 422),
    },
}
VERIFY_RECEIPT: dict[str, Any] = {
    "requestBody": {"required": True, "content": {"application/jose": {"schema": {"type": "string"}}}},
    "responses": {
        200: _shape(
            "Its signature holds. `kept`: we have the very same one.",
            valid="boolean",
            kept="boolean",
            submission="string",
            facility="string",
            outcome="string",
        ),
        **_problems(413, 422, 429),
    },
}
SUBSCRIPTIONS: dict[str, Any] = {
    **_SECURED,
    "responses": {200: _shape("Your subscriptions.", subscriptions="array"), **_problems(401, 403)},
}
_SUBSCRIPTION = _shape(
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
    **_SECURED,
    "responses": {200: _SUBSCRIPTION, 201: _SUBSCRIPTION, **_problems(401, 403, 404, 409, 422)},
}
