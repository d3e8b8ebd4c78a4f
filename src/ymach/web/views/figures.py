"""The registry of the country in figures: who may practise where, what ends, what waits, where to help first."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from ymach.accounts.permissions import Permission
from ymach.base.clock import now, vietnam_day
from ymach.base.text import Text
from ymach.figures.states import PEOPLE
from ymach.places.map import country_map
from ymach.web import charts, formatting, maps
from ymach.web.access import actor_of_request, needs
from ymach.web.parts import Column, Counted, Key
from ymach.web.registry_figures import (
    Figures,
    RequestFigures,
    read_figures,
    read_requests,
    trend,
)
from ymach.web.registry_stats import (
    REQUEST_HEADS,
    TITLES,
    Bar,
    bars_of_titles,
    density,
    people_stats,
    place_stats,
    request_numbers,
    request_stats,
)
from ymach.web.registry_words import catalogue_choices
from ymach.web.sheets import Cell, Sheet, page_or_sheet
from ymach.web.templatetags.ymach import language

SLOWEST = 8
HEADS = (
    *(Text("Tỉnh, thành phố", "Province"), Text("Được phép", "May practise"), Text("Trên 1 vạn dân", "Per 10,000")),
    *(Text("Chưa nơi nào", "Nowhere"), Text("Sắp hết hạn", "Expiring"), Text("Đình chỉ", "Suspended")),
    *(Text("Xác nhận", "Confirmed"), Text("Cơ sở", "Facilities"), Text("Thiếu phụ trách", "No head")),
)


@needs(Permission.FIGURE_SEE_COUNTRY)
@require_safe
def overview(request: HttpRequest) -> HttpResponse:
    """The figures as they stand now; `title` narrows the map and the table to one professional title."""
    at = now()
    figures = read_figures(actor_of_request(request), vietnam_day(at))
    if request.headers.get("HX-Request"):
        living = _living(figures, read_requests(figures.scope, figures.today))
        return render(request, "pages/figures/registry_live.html", {**living, "at": at})
    titles = catalogue_choices(TITLES, figures.today)
    asked = request.GET.get("title", "")
    title = asked if asked in titles else ""
    lines = _lines(figures, title)
    sheets = {"provinces": Sheet(HEADS, lambda: _file_rows(lines))}
    context = {"title": title, "title_word": titles.get(title, ""), "at": at}
    return page_or_sheet(
        request, "pages/figures/registry.html", lambda: {**context, **_context(figures, title, lines)}, sheets
    )


def _living(figures: Figures, requests: RequestFigures) -> dict[str, object]:
    return {
        "figures": figures,
        "people": people_stats(figures),
        "places": place_stats(figures),
        "requests": request_stats(figures, requests.of()),
    }


@dataclass(frozen=True, slots=True)
class Line:
    """A province with its figures."""

    code: str
    name: str
    numbers: tuple[Counted, ...]
    density: float | None
    active_href: str = ""


def _lines(figures: Figures, title: str) -> list[Line]:
    codes = [code for code in figures.scope.provinces if code or figures.number("practitioners", "people", province="")]
    return [_province_line(figures, code, title) for code in codes]


def _province_line(figures: Figures, code: str, title: str) -> Line:
    def people(state: str, head: Text, **look: bool) -> Counted:
        value = figures.number("practitioners", state, province=code, key=title or None)
        return Counted(head, value, figures.href("practitioners", state, province=code, key=title), **look)

    def places(state: str, head: Text, **look: bool) -> Counted:
        value = figures.number("facilities", state, province=code)
        return Counted(head, value, figures.href("facilities", state, province=code), **look)

    active = people("active", HEADS[1])
    density = figures.inhabitants.density(code, int(active.value or 0))
    confirmed = figures.number("practitioners", "confirmed", province=code, key=title or None)
    share = 100 * confirmed / active.value if active.value else None
    confirmed_href = figures.href("practitioners", "confirmed", province=code, key=title)
    numbers = (
        active,
        Counted(HEADS[2], density, active.href if density is not None else "", places=1),
        people("idle", HEADS[3]),
        people("expiring", HEADS[4]),
        people("suspended", HEADS[5]),
        Counted(HEADS[6], share, confirmed_href, is_percent=True),
        places("active", HEADS[7]),
        places("headless", HEADS[8], is_bad=True),
    )
    return Line(code, figures.province(code), numbers, density, active.href)


def _file_rows(lines: Sequence[Line]) -> Iterator[Sequence[Cell]]:
    for line in lines:
        numbers = (None if one.value is None else round(one.value, 2) for one in line.numbers)
        yield (line.name, *numbers)


def _context(figures: Figures, title: str, lines: Sequence[Line]) -> dict[str, object]:
    requests = read_requests(figures.scope, figures.today)
    return {
        **_living(figures, requests),
        "lines": lines,
        "columns": [Column(head, is_number=head is not HEADS[0]) for head in HEADS],
        "workforce": bars_of_titles(figures, sum(figures.inhabitants.by_province.values())),
        "licences": _licences(figures),
        "people_trend": trend(figures, "practitioners"),
        "places_trend": trend(figures, "facilities"),
        "slowest": _slowest(figures, requests),
        "confirmed": _confirmed(figures),
        "confirmed_word": PEOPLE["confirmed"].word,
        "trend_keys": TREND_KEYS,
        "slow_columns": [Column(head, is_number=head is not SLOW_HEADS[0]) for head in SLOW_HEADS],
        "source": figures.inhabitants.source,
        **_map(lines),
    }


def _map(lines: Sequence[Line]) -> dict[str, object]:
    values = {line.code: line.density for line in lines if line.density is not None and line.code}
    edges = maps.edges_of([round(value, 1) for value in values.values()])
    highest = max(lines, key=lambda line: line.density or 0, default=None)
    return {
        "map": maps.fill(country_map(), values, edges, density),
        "map_keys": maps.keys_of(edges, lambda value: formatting.number(value, language(), 1)),
        "highest": highest,
    }


def _licences(figures: Figures) -> list[Bar]:
    states = (("active", "good"), ("expired", "wait"), ("suspended", "hold"), ("revoked", "bad"), ("banned", "bad"))
    everyone = figures.number("practitioners", "people") or 1
    return [
        Bar(
            PEOPLE[code].word,
            (amount := figures.number("practitioners", code)),
            _part(100 * amount / everyone),
            figures.href("practitioners", code),
            charts.share(amount, 0, everyone),
            tone,
        )
        for code, tone in states
    ]


def _part(value: float) -> Text:
    places = 2 if 0 < value < 1 else 1
    return Text(formatting.percent(value, "vi", places), formatting.percent(value, "en", places))


def _confirmed(figures: Figures) -> list[Bar]:
    found = []
    for subject, word in (
        ("practitioners", Text("Người hành nghề", "Practitioners")),
        ("facilities", Text("Cơ sở", "Facilities")),
    ):
        whole = figures.number(subject, "active")
        part = figures.number(subject, "confirmed")
        share = 100 * part / whole if whole else 0
        found.append(Bar(word, part, _part(share), figures.href(subject, "confirmed"), charts.share(share)))
    return found


def _slowest(figures: Figures, requests: RequestFigures) -> list[tuple[str, list[Counted]]]:
    found = [(code, requests.of(province=code)) for code in figures.scope.provinces if code]
    found = [pair for pair in found if pair[1].waiting or pair[1].decided]
    first = sorted(found, key=lambda pair: (-pair[1].overdue, -(pair[1].mean_days or 0)))[:SLOWEST]
    return [(figures.province(code), request_numbers(figures, one, province=code)) for code, one in first]


SLOW_HEADS = (HEADS[0], *REQUEST_HEADS)
TREND_KEYS = [Key("good", Text("Đầu mỗi tháng và hôm nay", "First of each month, and today"))]
