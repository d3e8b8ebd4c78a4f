"""The state of the platform, for everybody: what came in today, where it went, which partner is away."""

from __future__ import annotations

import logging

from django.db import InterfaceError, OperationalError, connection
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from ymach.base.clock import now
from ymach.base.text import Text
from ymach.exchange.deliveries.names import words_of
from ymach.exchange.operations.public import PublicDestination, PublicStatus, present
from ymach.web.access import public
from ymach.web.parts import Column
from ymach.web.sheets import Sheet, page_or_sheet
from ymach.web.shown import status as operating

logger = logging.getLogger(__name__)
COLUMNS = [
    Column(Text("Nơi nhận", "Destination")),
    Column(Text("Lúc này", "Now")),
    Column(Text("Đã giao hôm nay", "Delivered today"), is_number=True),
    Column(Text("Đang chờ", "Waiting"), is_number=True),
    Column(Text("Một nửa tới trong", "Half arrive within"), is_number=True),
    Column(Text("7 ngày qua", "Last 7 days")),
]
HEADS = [
    *(Text("Nơi nhận", "Destination"), Text("Tình trạng", "State"), Text("Tạm nghỉ từ", "Away since")),
    *(Text("Đã giao hôm nay", "Delivered today"), Text("Đang chờ", "Waiting")),
    Text("Một nửa tới trong (giây)", "Half arrive within (s)"),
]


@public
@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """The page; its living part alone when the page asks for it again."""
    try:
        status = present()
    except (OperationalError, InterfaceError):
        logger.warning("status: the database is away", exc_info=True)
        connection.close()
        return render(request, "pages/status.html", {"is_away": True, "at": now()}, status=503)
    if request.headers.get("HX-Request"):
        return render(request, "fragments/status.html", _context(status))
    sheet = Sheet(HEADS, lambda: (_cells(one) for one in status.destinations))
    return page_or_sheet(request, "pages/status.html", lambda: _context(status), {"destinations": sheet})


def _context(status: PublicStatus) -> dict[str, object]:
    away = {one.name: one.away_since for one in status.destinations if one.away_since is not None}
    return {
        "at": status.at,
        "day": status.day,
        "is_fine": status.is_fine,
        "outages": operating.outages(away, status.at),
        "stats": operating.outcome_stats(status),
        "destinations": [operating.destination_line(one, status.at) for one in status.destinations],
        "columns": COLUMNS,
        "past_outages": operating.outage_line(status.outages, status.at),
    }


def _cells(one: PublicDestination) -> list[object]:
    word = operating.STANDING[one.standing][1]
    return [words_of(one.name), word, one.away_since, one.delivered, one.waiting, one.delay]
