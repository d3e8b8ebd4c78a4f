"""What happened to submissions, asked for: the same events, in the same words and order, as are sent by themselves."""

from __future__ import annotations

from typing import Annotated, Any

import orjson
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from ninja import Router
from pydantic import Field

from ymach.api import exchange_schemas as schemas
from ymach.api.parameters import Word
from ymach.api.signin import machine_of
from ymach.base.clock import iso, now
from ymach.exchange.events.queries import as_json, events_after, reach_of, read_cursor
from ymach.exchange.events.rules import read_wanted

PAGE, LARGEST = 100, 500
Limit = Annotated[int, Field(ge=1, le=LARGEST)]
router = Router(tags=["Tin về hồ sơ · Events"])


@router.get("/events", openapi_extra=schemas.EVENTS, summary="What happened after a cursor")
def get_events(request: HttpRequest, after: Word = "", kinds: Word = "", limit: Limit = PAGE) -> HttpResponse:
    """Without `after` from the beginning, with `after=now` from this moment on. `kinds`: of events or records, by comma."""
    reach, wanted = reach_of(machine_of(request)), read_wanted(kinds.split(","))
    page = events_after(read_cursor(after), reach=reach, wanted=wanted, limit=limit)
    body: dict[str, Any] = {
        "events": [as_json(one, issuer=settings.ENVIRONMENT.base_url) for one in page.events],
        "cursor": str(page.position),
        "more": page.more,
        "server_time": iso(now()),
    }
    return HttpResponse(orjson.dumps(body), content_type="application/json")
