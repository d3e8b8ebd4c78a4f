"""What machines ask of the site: is it alive, can it serve, how much has it done. No session, no page."""

from __future__ import annotations

from django.conf import settings
from django.db import InterfaceError, OperationalError, connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.crypto import constant_time_compare
from django.views.decorators.http import require_safe

from ymach.base.clock import now
from ymach.base.meters import Values, exposition, name_of, read_all
from ymach.exchange.channels.registry import installed
from ymach.exchange.lanes.queries import present_state
from ymach.exchange.operations import gauges
from ymach.exchange.operations.readiness import checks
from ymach.web import observing
from ymach.web.access import public

TEXT = "text/plain; charset=utf-8"
PROMETHEUS = "text/plain; version=0.0.4; charset=utf-8"
HERE = ("127.0.0.1", "::1", "")
WORDS = {
    **observing.WORDS,
    **gauges.WORDS,
    "ymach_lane_inside": "Requests in a lane of intake.",
    "ymach_lane_places": "Requests that fit into it.",
    "ymach_lane_served_last_minute": "Requests it served in the last minute.",
    "ymach_lane_refused_last_minute": "Requests it turned away in the last minute.",
}


@public
@require_safe
def alive(request: HttpRequest) -> HttpResponse:
    """200 while this process answers at all; nothing else is asked."""
    return HttpResponse("ok\n", content_type=TEXT)


@public
@require_safe
def ready(request: HttpRequest) -> HttpResponse:
    """200 when requests can be served, else 503; what holds and what does not is in the body."""
    found = checks()
    holds = all(check.holds for check in found)
    body = {"ready": holds, "checks": {check.name: check.why or "ok" for check in found}}
    return JsonResponse(body, status=200 if holds else 503, headers={"Cache-Control": "no-store"})


@public
@require_safe
def metrics(request: HttpRequest) -> HttpResponse:
    """Prometheus' text format: of the processes of this machine, and of the database. Who may ask: `YMACH_METRICS_TOKEN`."""
    if not _may_read(request):
        return HttpResponse("metrics need the token, or a request from this machine\n", status=403, content_type=TEXT)
    values = read_all(observing.meters_folder()) | _of_the_lanes() | _of_the_database()
    return HttpResponse("\n".join([*exposition(values, WORDS), ""]), content_type=PROMETHEUS)


def _of_the_database() -> Values:
    """What the database knows; while it is away, that it is."""
    try:
        return gauges.gauges(at=now(), used=installed(settings.ENVIRONMENT))
    except (OperationalError, InterfaceError):
        connection.close()
        return {"ymach_database_up": [0.0]}


def _of_the_lanes() -> Values:
    """How full the lanes of this machine's server are."""
    found: Values = {}
    for one in present_state():
        said = {
            "inside": one.inside,
            "places": one.places,
            "served_last_minute": one.served,
            "refused_last_minute": one.refused,
        }
        found |= {name_of(f"ymach_lane_{name}", lane=one.lane.value): [float(value)] for name, value in said.items()}
    return found


def _may_read(request: HttpRequest) -> bool:
    token = settings.ENVIRONMENT.metrics_token.get_secret_value()
    if token:
        return constant_time_compare(request.headers.get("Authorization", ""), f"Bearer {token}")
    # Behind a proxy everybody comes from this machine.
    is_passed_on = any(name in request.headers for name in ("X-Forwarded-For", "Forwarded", "X-Real-IP"))
    return request.META.get("REMOTE_ADDR", "") in HERE and not is_passed_on
