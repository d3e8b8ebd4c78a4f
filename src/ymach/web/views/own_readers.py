"""Who looked at one's own book, when, where, why."""

from __future__ import annotations

from datetime import datetime

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_safe

from ymach.accounts.permissions import Permission
from ymach.base.text import Text
from ymach.exchange.reading.emergencies import of_citizens
from ymach.exchange.reading.gate import Opened
from ymach.web.access import needs
from ymach.web.asked import read_moment
from ymach.web.book import crumbs, readers_of
from ymach.web.parts import Column, Pages, Tab
from ymach.web.sheets import LIMIT, Sheet, page_or_sheet
from ymach.web.shown.own_readers import Line, lines_of
from ymach.web.whose import open_book, whose

PAGE = 50
MOST = 500
HEADS = [
    *(Text("Lúc", "When"), Text("Ai", "Who"), Text("Ở đâu", "Where"), Text("Vì sao", "Why")),
    *(Text("Xem gì", "What"), Text("Lý do ghi lại", "Reason given"), Text("Kết quả xem lại", "Review")),
]


@needs(Permission.RECORD_READ_OWN)
@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """Every reading, the newest first; one's own only when they are asked for."""
    book = whose(request)
    opened = open_book(request, book, "readers")
    with_own = request.GET.get("own") == "1"
    before = read_moment(request.GET.get("before", ""))
    lines = _lines(opened, before, with_own)
    page, base = lines[:PAGE], "?own=1" if with_own else "?"
    more = f"{base}&before={_address(page[-1].at)}" if len(lines) > PAGE else ""
    context = {
        "book": book,
        "opened": opened,
        "crumbs": crumbs(),
        "lines": page,
        "columns": [Column(head) for head in HEADS[:5]],
        "tabs": [
            Tab(Text("Người khác xem", "By others"), reverse("own-readers"), not with_own),
            Tab(Text("Cả tôi tự xem", "Mine too"), f"{reverse('own-readers')}?own=1", with_own),
        ],
        "pages": Pages(base if before else "", more),
    }
    rows = ((one.at, one.who, one.where, one.why, one.part, one.reason, one.emergency) for one in lines[:LIMIT])
    return page_or_sheet(request, "pages/own/readers.html", lambda: context, {"readers": Sheet(HEADS, lambda: rows)})


def _lines(opened: Opened, before: datetime | None, with_own: bool) -> list[Line]:
    ids = opened.citizen_ids
    found = lines_of(readers_of(opened, before=before, limit=MOST), of_citizens(ids))
    return [one for one in found if with_own or not one.is_own]


def _address(at: datetime) -> str:
    return at.isoformat().replace("+", "%2B")
