"""The insurer's list against our deliveries: upload, and the exact difference."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from ymach.accounts.permissions import Permission, may
from ymach.base.actors import Actor
from ymach.base.clock import now, vietnam_day
from ymach.base.errors import YmachError
from ymach.base.text import Text
from ymach.exchange.reconciliation import queries
from ymach.exchange.reconciliation.actions import compare_partner
from ymach.exchange.reconciliation.errors import FileUnreadable, PeriodWrong
from ymach.exchange.reconciliation.models import PartnerCompared
from ymach.exchange.reconciliation.partner_rules import KEPT, MOST_BYTES, MOST_DAYS, Line, Sort, read_lines
from ymach.web import formatting
from ymach.web.access import actor_of_request, needs
from ymach.web.asked import read_day, read_page
from ymach.web.parts import Column, Stat, numbered
from ymach.web.sheets import Cell, Sheet, page_or_sheet
from ymach.web.shown.reconciliation import tabs

PAGE, SHOWN = 50, 30
SORTS = {
    Sort.MISSING_THERE.value: (Text("Cổng không có", "Missing there"), "stuck", "bad"),
    Sort.MISSING_HERE.value: (Text("Hệ thống không có", "Missing here"), "search", "bad"),
    Sort.OTHER_VERSION.value: (Text("Khác bản", "Another version"), "note", "note"),
    Sort.OTHER_STATE.value: (Text("Khác trạng thái", "Another state"), "note", "note"),
}
STATES = {
    "": Text("không có", "none"),
    "delivered": Text("đã nhận", "taken"),
    "refused": Text("từ chối", "refused"),
    "waiting": Text("chờ gửi", "waiting"),
    "sending": Text("đang gửi", "being sent"),
    "stuck": Text("tắc", "stuck"),
    "withdrawn": Text("đã rút", "withdrawn"),
}
LIST_COLUMNS = [
    Column(Text("Ngày gửi của hồ sơ", "Days")),
    Column(Text("Dòng của cổng", "Their lines"), is_number=True),
    Column(Text("Của hệ thống", "Ours"), is_number=True),
    Column(Text("Lệch", "Differ"), is_number=True),
    Column(Text("Đối chiếu lúc", "Compared at")),
]
COLUMNS = [
    Column(Text("Hồ sơ", "Dossier")),
    Column(Text("Lệch thế nào", "How it differs")),
    Column(Text("Cổng ghi", "They say")),
    Column(Text("Hệ thống ghi", "We say")),
    Column(Text("Biên nhận", "Receipt")),
]
HEADS = [
    *(Text("Mã cơ sở", "Facility code"), Text("Mã hồ sơ", "Dossier"), Text("Lệch thế nào", "How it differs")),
    *(Text("Cổng ghi", "They say"), Text("Mã giao dịch của cổng", "Their reference")),
    *(Text("Hệ thống ghi", "We say"), Text("Mã giao dịch đã lưu", "Our reference"), Text("Bản", "Version")),
    Text("Mã biên nhận", "Receipt number"),
]


@needs(Permission.DELIVERY_SEE)
@require_http_methods(["GET", "HEAD", "POST"])
def index(request: HttpRequest) -> HttpResponse:
    """The form, and the comparisons made before. What cannot be read answers with the reason beside its field."""
    actor = actor_of_request(request)
    if request.method != "POST":
        return _form(request, actor)
    at = now()
    try:
        first, last = (read_day(request.POST.get(name, "").strip()) for name in ("first", "last"))
        if first is None or last is None:
            raise PeriodWrong(field="last", most=MOST_DAYS)
        whose = queries.whose_for(actor)
        kept, _ = compare_partner(_lines(request), whose=whose, first=first, last=last, by=actor, at=at)
    except YmachError as refused:
        if refused.field is None:
            raise
        return _form(request, actor, refused=refused)
    return HttpResponseRedirect(reverse("partner-list", args=[kept.id]))


@needs(Permission.DELIVERY_SEE)
@require_safe
def one(request: HttpRequest, key: UUID) -> HttpResponse:
    """One comparison: every difference with both sides."""
    actor = actor_of_request(request)
    kept = queries.get_partner_compared(actor, key)
    sort = request.GET.get("sort", "")
    chosen = [row for row in kept.found if sort not in SORTS or row["sort"] == sort]
    sheet = Sheet(HEADS, lambda: map(_cells, chosen))
    return page_or_sheet(
        request, "pages/reconciliation/partner.html", lambda: _context(request, actor, kept, chosen), {"list": sheet}
    )


def _lines(request: HttpRequest) -> list[Line]:
    file = request.FILES.get("file")
    if file is None or (file.size or 0) > MOST_BYTES:
        raise FileUnreadable(field="file", megabytes=MOST_BYTES // 1024**2)
    return read_lines(file.read())


def _form(request: HttpRequest, actor: Actor, *, refused: YmachError | None = None) -> HttpResponse:
    yesterday = formatting.day(vietnam_day(now()) - timedelta(days=1))
    context = {
        "tabs": tabs(actor, "partners"),
        "typed": {name: request.POST.get(name, yesterday) for name in ("first", "last")},
        "errors": {refused.field: refused.text} if refused else {},
        "columns": LIST_COLUMNS,
        "kept": [(one, _differing(one)) for one in queries.compared_with_partners(actor).defer("found")[:SHOWN]],
    }
    return render(request, "pages/reconciliation/partners.html", context, status=refused.status if refused else 200)


def _differing(one: PartnerCompared) -> int:
    return one.missing_there + one.missing_here + one.other_version + one.other_state


def _context(
    request: HttpRequest, actor: Actor, kept: PartnerCompared, chosen: list[dict[str, Any]]
) -> dict[str, object]:
    page = read_page(request.GET.get("page", ""))
    sort = request.GET.get("sort", "")
    counts = (kept.missing_there, kept.missing_here, kept.other_version, kept.other_state)
    stats = [Stat(Text("Khớp", "Agree"), kept.agreed, icon="ok", tone="good", href="?")]
    stats += [
        Stat(words, count, icon=icon, tone=tone if count else "", href=f"?sort={code}")
        for (code, (words, icon, tone)), count in zip(SORTS.items(), counts, strict=True)
    ]
    rows = chosen[(page - 1) * PAGE : page * PAGE]
    return {
        "kept": kept,
        "stats": stats,
        "columns": COLUMNS,
        "rows": [(row, SORTS[row["sort"]][0], STATES[row["theirs"]], STATES[row["ours"]]) for row in rows],
        "count": len(chosen),
        "is_cut": _differing(kept) > KEPT,
        "chips": [(SORTS[sort][0], "?")] if sort in SORTS else [],
        "crumbs": [
            (Text("Đối soát ngày", "Close of the day"), reverse("reconciliation")),
            (Text("Với cổng giám định BHYT", "With the insurance portal"), reverse("partner-lists")),
        ],
        "pages": numbered(page, len(chosen), PAGE, lambda number: f"?sort={sort}&page={number}"),
        "may_open": may(actor, Permission.SUBMISSION_SEE),
    }


def _cells(row: dict[str, Any]) -> list[Cell]:
    return [
        *(row["facility"], row["code"], SORTS[row["sort"]][0], STATES[row["theirs"]], row["their_reference"]),
        *(STATES[row["ours"]], row["our_reference"], row["version"], row["submission"]),
    ]
