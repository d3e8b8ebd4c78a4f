"""Who looked at one's own book, when, where, why; and asking about somebody whom one does not know."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from ymach.accounts.permissions import Permission
from ymach.audit.queries import Reading, readings_of
from ymach.base.clock import now, vietnam_day
from ymach.base.errors import NotFound, YmachError
from ymach.base.text import Text
from ymach.citizens.links.queries import identities_of
from ymach.citizens.requests.actions import About, ask
from ymach.citizens.requests.rules import Kind
from ymach.exchange.reading.emergencies import of_citizens
from ymach.exchange.reading.gate import Opened
from ymach.facilities.models import Facility
from ymach.web.access import actor_of_request, needs
from ymach.web.asked import read_moment
from ymach.web.parts import Column, Pages, Tab
from ymach.web.sheets import LIMIT, Sheet, page_or_sheet
from ymach.web.shown.own_readers import Line, lines_of
from ymach.web.templatetags.ymach import say, t
from ymach.web.views.own import crumbs
from ymach.web.whose import open_book, whose

PAGE = 50
MOST = 500
READERS = Text("Ai đã xem sổ này", "Who looked")
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


@needs(Permission.RECORD_READ_OWN)
@require_http_methods(["GET", "HEAD", "POST"])
def question(request: HttpRequest) -> HttpResponse:
    """“I do not know this reader”: a request that the facility must answer in the terms of the law."""
    book = whose(request)
    opened = open_book(request, book, "readers")
    reading = _reading_at(opened, request.GET.get("at", ""))
    typed, error = request.POST.get("words", ""), None
    if request.method == "POST":
        try:
            ask(
                citizen_id=book.citizen.citizen_id,
                kind=Kind.READER,
                words=typed,
                about=_about(reading),
                by=actor_of_request(request),
                at=now(),
            )
        except YmachError as refused:
            error = refused
        else:
            messages.success(request, t("Đã gửi. Nơi đó phải trả lời bạn.", "Sent. They must answer you."))
            return redirect("own-readers")
    line = lines_of([reading], of_citizens(opened.citizen_ids))[0]
    context = {
        "book": book,
        "opened": opened,
        "crumbs": [*crumbs(), (READERS, reverse("own-readers"))],
        "line": line,
        "typed": typed,
        "error": say(error.text) if error else "",
    }
    return render(request, "pages/own/question.html", context, status=error.status if error else 200)


def _lines(opened: Opened, before: datetime | None, with_own: bool) -> list[Line]:
    ids = identities_of(opened.citizen_ids)
    found = lines_of(readings_of(ids, before=before, limit=MOST), of_citizens(ids))
    return [one for one in found if with_own or not one.is_own]


def _reading_at(opened: Opened, text: str) -> Reading:
    """The reading of a moment. Raises NotFound."""
    at = read_moment(text)
    if at is None:
        raise NotFound
    ids = identities_of(opened.citizen_ids)
    found = readings_of(ids, since=at, before=at + timedelta(microseconds=1), limit=1)
    if not found:
        raise NotFound
    return found[0]


def _about(reading: Reading) -> About:
    place = Facility.objects.filter(pk=reading.facility_id).first() if reading.facility_id else None
    return About(
        subject=f"reading:{reading.at.isoformat()}",
        on=vietnam_day(reading.at),
        facility_id=place.pk if place else None,
        facility_code=place.code if place else "",
        province_code=place.province_code if place else "",
    )


def _address(at: datetime) -> str:
    return at.isoformat().replace("+", "%2B")
