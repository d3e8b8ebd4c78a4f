"""The state of the platform for programs: open to everybody, at most a few seconds old."""

from __future__ import annotations

import orjson
from django.http import HttpRequest, HttpResponse
from ninja import Router

from ymach.base.clock import iso
from ymach.exchange.deliveries.names import words_of
from ymach.exchange.operations.public import KEPT_SECONDS, PublicDestination, PublicStatus, present
from ymach.exchange.operations.rules import Outage

router = Router(tags=["Tình trạng hệ thống · Status"])
_EXTRA = {
    "responses": {
        200: {
            "description": "Submissions of today by outcome, every destination with its state, the outages of 7 days. "
            "Nothing about a person or a facility.",
            "content": {
                "application/json": {
                    "schema": {
                        "type": "object",
                        "required": ["at", "day", "state", "submissions", "destinations", "outages"],
                        "properties": {
                            "at": {"type": "string", "format": "date-time"},
                            "day": {"type": "string", "format": "date"},
                            "state": {"type": "string", "enum": ["fine", "troubled"]},
                            "submissions": {"type": "object", "additionalProperties": {"type": "integer"}},
                            "destinations": {"type": "array", "items": {"type": "object"}},
                            "outages": {"type": "array", "items": {"type": "object"}},
                        },
                    }
                }
            },
        }
    }
}


@router.get("/status", openapi_extra=_EXTRA, summary="State of the platform")
def get_status(request: HttpRequest) -> HttpResponse:
    """Without a token. `away_since` is null while a destination answers; `delay_seconds` is the median of 24 hours."""
    answer = HttpResponse(orjson.dumps(_body(present())), content_type="application/json")
    answer["Cache-Control"] = f"public, max-age={KEPT_SECONDS:.0f}"
    return answer


def _body(status: PublicStatus) -> dict[str, object]:
    return {
        "at": iso(status.at),
        "day": status.day.isoformat(),
        "state": "fine" if status.is_fine else "troubled",
        "submissions": dict(status.outcomes),
        "destinations": [_destination(one) for one in status.destinations],
        "outages": [_outage(one) for one in status.outages],
    }


def _destination(one: PublicDestination) -> dict[str, object]:
    words = words_of(one.name)
    return {
        "destination": one.name,
        "name": words.vi,
        "name_en": words.en,
        "state": one.standing.value,
        "away_since": iso(one.away_since) if one.away_since else None,
        "delivered_today": one.delivered,
        "waiting": one.waiting,
        "delay_seconds": one.delay,
        "days": [{"day": day.isoformat(), "away_seconds": int(away.total_seconds())} for day, away in one.days],
    }


def _outage(one: Outage) -> dict[str, object]:
    return {
        "destination": one.destination,
        "began_at": iso(one.began_at),
        "ended_at": iso(one.ended_at) if one.ended_at else None,
    }
