"""What is seen of every request: an id, how long it took, how it ended. Never its address, its body or who asked."""

from __future__ import annotations

import logging
import time
from functools import cache, lru_cache
from pathlib import Path

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from ymach.base.logs import REQUEST, request_id
from ymach.base.meters import Meters, name_of
from ymach.web.middleware import Handler

logger = logging.getLogger("ymach.requests")
HEADER = "X-Request-ID"
METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
WORDS = {
    "ymach_requests_total": "Requests answered, by method, route and status.",
    "ymach_request_seconds": "Seconds until the answer began, by method and route.",
}


class Observed:
    """Outermost: gives every request its id (the sender's own if it is plain), and measures it."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        token = REQUEST.set(request_id(request.headers.get(HEADER, "")))
        started = time.perf_counter()
        try:
            response = self.get_response(request)
            response[HEADER] = REQUEST.get()
            _note(request, response.status_code, time.perf_counter() - started)
        finally:
            REQUEST.reset(token)
        return response


@cache
def meters() -> Meters:
    """The counts of this process."""
    return Meters(meters_folder())


def meters_folder() -> Path:
    """Where the processes of this machine count."""
    folder: Path = settings.ENVIRONMENT.var / "meters"
    return folder


def route_of(request: HttpRequest) -> str:
    """The route as it is written in the table of addresses, with names in the place of what was asked for."""
    match = request.resolver_match
    if match is not None:
        return str(match.route)
    return "static" if request.path.startswith(settings.STATIC_URL) else "unknown"


def _note(request: HttpRequest, status: int, seconds: float) -> None:
    method = request.method if request.method in METHODS else "OTHER"
    route = route_of(request)
    counted, measured = _names(str(method), route, status)
    meters().add(counted)
    meters().observe(measured, seconds)
    if logger.isEnabledFor(logging.INFO):
        said = {"method": method, "route": route, "status": status, "ms": round(1000 * seconds, 1)}
        logger.info("answered", extra=said)


@lru_cache(maxsize=4096)
def _names(method: str, route: str, status: int) -> tuple[str, str]:
    return (
        name_of("ymach_requests_total", method=method, route=route, status=str(status)),
        name_of("ymach_request_seconds", method=method, route=route),
    )
