"""When the server wants what: asked by the facilities' agents before they send."""

from __future__ import annotations

import orjson
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from ninja import Router

from ymach.api import upload_schemas as schemas
from ymach.base.clock import iso, now
from ymach.exchange.lanes.queries import everybody_waits
from ymach.exchange.lanes.windows import windows_told

router = Router(tags=["Gửi hồ sơ · Submissions"])


@router.get("/sending", openapi_extra=schemas.SENDING, summary="When to send what")
def get_sending(request: HttpRequest) -> HttpResponse:
    """Open to everybody. Hours of the lanes in Vietnam time; `retry_after`: seconds to wait before sending anything, or null."""
    body = {
        "now": iso(now()),
        "windows": windows_told(settings.ENVIRONMENT.sending_windows),
        "retry_after": everybody_waits(),
    }
    return HttpResponse(orjson.dumps(body), content_type="application/json")
