"""Pages are looked up by people who wait: they share the lane of look-ups."""

from __future__ import annotations

from collections.abc import Callable

from django.db import connections
from django.http import HttpRequest, HttpResponse

from ymach.exchange.lanes import turns
from ymach.exchange.lanes.errors import LaneFull, PagesFull
from ymach.exchange.lanes.gate import Gate
from ymach.exchange.lanes.rules import Lane
from ymach.web.errors import page_of
from ymach.web.reached import reader_address

Handler = Callable[[HttpRequest], HttpResponse]


PROBES = frozenset({"/healthz", "/readyz", "/metrics"})
"""What watches the server is answered however full it is."""


class PageLane:
    """Middleware of pages: a place and a turn for each request, or a page that says to wait a moment.

    Outside it nothing asks the database; the page that says so knows the reader's language and not who reads.
    """

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        gate = turns.gate()
        if gate is None:
            return self.get_response(request)
        if request.path in PROBES:
            return self._at_once(request, gate)
        try:
            turns.arrive(gate.enter(Lane.LOOK_UP, "@" + reader_address(request)))
            turns.begin()
        except LaneFull as full:
            turns.depart()
            return page_of(request, PagesFull(retry_after=full.values["retry_after"]))
        response: HttpResponse | None = None
        try:
            response = self.get_response(request)
        finally:
            turns.over(response)
        return response

    def _at_once(self, request: HttpRequest, gate: Gate) -> HttpResponse:
        try:
            return self.get_response(request)
        finally:
            if gate.seats is not None:
                connections.close_all()  # a thread without a turn keeps none
