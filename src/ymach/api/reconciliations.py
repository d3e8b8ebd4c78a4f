"""The day's close for programs: a facility's digests of one day, and what differs."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import orjson
from django.http import HttpRequest, HttpResponse
from ninja import Router

from ymach.api import exchange_schemas as schemas
from ymach.api.bodies import check_length
from ymach.api.signin import sender_of
from ymach.base.clock import now, vietnam_day
from ymach.exchange.reconciliation.actions import compare_day
from ymach.exchange.reconciliation.errors import BodyWrong, TooMany
from ymach.exchange.reconciliation.rules import MOST_DIGESTS, check_digests, read_day

MOST_BYTES = 80 * MOST_DIGESTS
router = Router(tags=["Đối soát · Reconciliation"])


@router.post("/reconciliations", openapi_extra=schemas.RECONCILE, summary="Compare a day, file by file")
def reconcile(request: HttpRequest) -> HttpResponse:
    """`day` in Viet Nam, `digests`: SHA-256 of each file as it was sent. The answer is exact, and kept."""
    sender, at = sender_of(request), now()
    day, digests = _read(request, at)
    kept, found = compare_day(facility=sender.facility, day=day, digests=digests, by=sender.by, at=at)
    body = {"id": str(kept.id), "day": day.isoformat(), "matched": found.matched, **found.as_json()}
    return HttpResponse(orjson.dumps(body), content_type="application/json")


def _read(request: HttpRequest, at: datetime) -> tuple[date, frozenset[str]]:
    check_length(request)
    content = request.body
    if len(content) > MOST_BYTES:
        raise TooMany(field="digests", most=MOST_DIGESTS)
    try:
        asked: Any = orjson.loads(content)
    except orjson.JSONDecodeError as wrong:
        raise BodyWrong from wrong
    if not isinstance(asked, dict) or not isinstance(asked.get("digests"), list):
        raise BodyWrong
    return read_day(asked.get("day"), today=vietnam_day(at)), check_digests(asked["digests"])
