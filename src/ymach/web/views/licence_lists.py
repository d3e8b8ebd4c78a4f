"""Checking a whole list of licences, in place of official letters to the departments that issued them."""

from __future__ import annotations

from collections import Counter
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from ymach.accounts.permissions import Permission
from ymach.base.clock import now, vietnam_day
from ymach.base.text import Text
from ymach.publication.lists import MOST_BYTES, ListRefused, ListTooBig, read_file, read_text
from ymach.publication.many import MOST_LINES, Line, LineVerdict, Result, keep_list, kept_list, lists_of, verdicts_of
from ymach.publication.rules import last_day
from ymach.web.access import actor_of_request, needs
from ymach.web.asked import read_page
from ymach.web.parts import Column, Stat, numbered
from ymach.web.sheets import Sheet, page_or_sheet
from ymach.web.shown.licences import tabs

PAGE = 100
HEADS = [
    Column(Text("Dòng", "Row"), is_number=True),
    Column(Text("Số giấy phép", "Licence number")),
    Column(Text("Họ tên trong danh sách", "Name in the list")),
    Column(Text("Kết quả", "Result")),
]
FILE_HEADS = [
    *(head.label for head in HEADS),
    *(
        Text("Họ tên trong sổ bộ", "Name in the registry"),
        Text("Chức danh", "Title"),
        Text("Hiệu lực đến", "Valid until"),
    ),
    Text("Tra lúc", "Checked at"),
]
TONES = {Result.IN_ORDER: "accepted", Result.IN_PART: "accepted_with_findings", Result.STOPPED: "rejected"}
GROUPS = (
    (Text("Được phép", "In order"), (Result.IN_ORDER, Result.IN_PART), "ok", "good"),
    (Text("Không được hành nghề", "May not practise"), (Result.STOPPED,), "no", "bad"),
    (Text("Tên khác", "Name differs"), (Result.OTHER_NAME,), "note", "note"),
    (Text("Không thấy", "Not found"), (Result.UNKNOWN, Result.BLANK), "search", "wait"),
)


@needs(Permission.LICENCE_CHECK_MANY)
@require_http_methods(["GET", "HEAD", "POST"])
def lists(request: HttpRequest) -> HttpResponse:
    """The form, and the asker's lists of the last month. What cannot be read answers 422 with the reason."""
    by = actor_of_request(request)
    if request.method == "POST":
        try:
            key = keep_list(_given(request), by=by, at=now())
        except ListRefused as refused:
            return _form(request, error=refused.text, status=422)
        return HttpResponseRedirect(reverse("licence-list", args=[key]))
    return _form(request)


@needs(Permission.LICENCE_CHECK_MANY)
@require_safe
def one(request: HttpRequest, list_id: UUID) -> HttpResponse:
    """The verdicts of a list, as the registry stands now; the same list opened tomorrow is checked anew."""
    lines, asked_at = kept_list(list_id, by=actor_of_request(request))
    at = now()
    verdicts = verdicts_of(lines, on=vietnam_day(at))

    def context() -> dict[str, object]:
        page = read_page(request.GET.get("page", ""))
        numbered_rows = list(enumerate(verdicts, 1))[(page - 1) * PAGE : page * PAGE]
        return {
            "asked_at": asked_at,
            "at": at,
            "count": len(verdicts),
            "stats": _stats(verdicts),
            "columns": HEADS,
            "rows": [(number, one, TONES.get(one.result, "stuck")) for number, one in numbered_rows],
            "pages": numbered(page, len(verdicts), PAGE, lambda number: f"?page={number}"),
        }

    sheet = Sheet(FILE_HEADS, lambda: (_cells(number, one, at) for number, one in enumerate(verdicts, 1)))
    return page_or_sheet(request, "pages/licences/list.html", context, {"verdicts": sheet})


def _given(request: HttpRequest) -> list[Line]:
    file = request.FILES.get("file")
    if file is None:
        return read_text(request.POST.get("lines", ""))
    if (file.size or 0) > MOST_BYTES:
        raise ListTooBig(most=MOST_LINES)
    return read_file(file.read())


def _form(request: HttpRequest, *, error: Text | None = None, status: int = 200) -> HttpResponse:
    kept = [(one, len(one.lines)) for one in lists_of(actor_of_request(request))]
    context = {"kept": kept, "error": error, "most": MOST_LINES, "tabs": tabs(request, "lists")}
    typed = request.POST.get("lines", "")[: 100 * MOST_LINES]
    return render(request, "pages/licences/lists.html", {**context, "lines": typed}, status=status)


def _stats(verdicts: list[LineVerdict]) -> list[Stat]:
    found = Counter(one.result for one in verdicts)
    return [
        Stat(words, sum(found[result] for result in results), icon=icon, tone=tone)
        for words, results, icon, tone in GROUPS
    ]


def _cells(number: int, one: LineVerdict, at: object) -> list[object]:
    entry = one.entry
    seen = [entry.name, entry.title, last_day(entry.valid)] if entry else ["", "", None]
    return [number, one.line.number, one.line.name, one.words, *seen, at]
