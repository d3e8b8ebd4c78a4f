"""The facilities an account may see, with the figures of the day."""

from __future__ import annotations

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from ymach.accounts.permissions import Permission
from ymach.base.clock import now, vietnam_day
from ymach.base.vietnamese import fold
from ymach.exchange.queries import counts, counts_by_facility
from ymach.facilities.models import Facility
from ymach.facilities.queries import visible_to
from ymach.web import lookups, shown
from ymach.web.access import actor_of_request, needs
from ymach.web.parts import Pages
from ymach.web.views.country import COLUMNS, FORMAT, by_outcome

PAGE = 50


@needs(Permission.FACILITY_SEE)
@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """Facilities in Vietnamese order, fifty a page; `q` narrows by name or code."""
    actor, today = actor_of_request(request), vietnam_day(now())
    q, after = request.GET.get("q", "").strip()[:100], request.GET.get("after", "")[:300]
    found = list(_narrowed(visible_to(actor).filter(valid__contains=today), q, after)[: PAGE + 1])
    page = found[:PAGE]
    days = shown.last_days(today)
    outcomes = by_outcome(counts_by_facility(actor, day=today, subject="submission", name=FORMAT))
    context = {
        "unit": lookups.unit_of(actor),
        "q": q,
        "columns": COLUMNS,
        "stats": shown.outcome_stats(counts(actor, days=days, subject="submission"), days, {}),
        "lines": [_line(one, outcomes.get(one.id, {})) for one in page],
        "pages": Pages(
            older=f"?after={page[-1].sort_key}&q={q}" if len(found) > PAGE else "", newer="?" if after else ""
        ),
    }
    return render(request, "pages/facilities.html", context)


def _narrowed(rows: QuerySet[Facility], q: str, after: str) -> QuerySet[Facility]:
    if q:
        rows = (
            rows.filter(code=q.upper()) if q.isalnum() and len(q) == 5 else rows.filter(name_folded__contains=fold(q))
        )
    if after:
        rows = rows.filter(sort_key__gt=after)
    return rows.order_by("sort_key")


def _line(facility: Facility, outcomes: dict[str, int]) -> dict[str, object]:
    numbers = {code: outcomes.get(code, 0) for code in shown.OUTCOMES}
    return {"name": facility.name, "note": facility.code, "total": sum(numbers.values()), **numbers}
