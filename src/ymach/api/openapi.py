"""What OpenAPI cannot read off the functions: the parts from which the `schemas` put operations together."""

from __future__ import annotations

from typing import Any

Schema = dict[str, Any]

TEXT: Schema = {"type": "string"}
MAYBE: Schema = {"type": ["string", "null"]}
YES: Schema = {"type": "boolean"}
ID: Schema = {"type": "string", "format": "uuid"}
DAY: Schema = {"type": ["string", "null"], "format": "date"}
MOMENT: Schema = {"type": "string", "format": "date-time"}
MAYBE_MOMENT: Schema = {"type": ["string", "null"], "format": "date-time"}
BINARY: Schema = {"type": "string", "format": "binary"}
SECURED: Schema = {"security": [{"bearer": []}]}
EXTRA: Schema = {
    "components": {"securitySchemes": {"bearer": {"type": "http", "scheme": "bearer", "bearerFormat": "JWT"}}}
}


def of(properties: Schema) -> Schema:
    """An object with these properties."""
    return {"type": "object", "properties": properties}


def answer(description: str, schema: Schema, *, media: str = "application/json") -> Schema:
    """One answer with a body."""
    return {"description": description, "content": {media: {"schema": schema}}}


def shape(description: str, **types: str) -> Schema:
    """An answer that is an object: the type of each of its properties."""
    return answer(description, of({name: {"type": one} for name, one in types.items()}))


_FAULT = of(dict.fromkeys(("field", "code", "detail", "detail_en"), TEXT))
_PROBLEM = of(
    {
        **dict.fromkeys(("type", "title", "code", "detail", "detail_en", "server_time"), TEXT),
        "status": {"type": "integer"},
        "field": MAYBE,
        "errors": {"type": "array", "items": _FAULT},
        "findings": {"type": "array", "items": {"type": "object"}},
    }
)
_REFUSED = (
    "Refused. `code` is stable (see /findings); `field` names the field, `errors` each of several; "
    "`detail` is Vietnamese, `detail_en` English."
)


def refused(description: str = _REFUSED) -> Schema:
    """An answer that says what is wrong."""
    return answer(description, _PROBLEM, media="application/problem+json")


def problems(*statuses: int) -> dict[int, Schema]:
    """The same for each of these statuses."""
    return dict.fromkeys(statuses, refused())
