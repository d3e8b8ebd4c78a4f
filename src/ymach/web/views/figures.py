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
from ymach.figures.inhabitants import PER
from ymach.figures.requests import DECIDED_WITHIN
from ymach.figures.states import PEOPLE
from ymach.places.map import country_map
from ymach.web import charts, formatting, maps
from ymach.web.access import actor_of_request, needs
from ymach.web.parts import Column, Counted, Key, Stat
from ymach.web.registry_figures import (
    Figures,
    RequestFigures,
    Requests,
    read_figures,
    read_requests,
    trend,
)
from ymach.web.registry_words import catalogue_choices
from ymach.web.sheets import Cell, Sheet, page_or_sheet
from ymach.web.templatetags.ymach import language

SLOWEST = 8
TITLES = "professional_title"
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
        "people": [
            figures.stat("practitioners", "active", icon="people"),
            figures.stat("practitioners", "idle", icon="route", tone="note"),
            figures.stat("practitioners", "expiring", icon="wait", note=Text("trong 90 ngày tới", "within 90 days")),
            figures.stat("practitioners", "suspended", icon="hold", tone="hold"),
            figures.stat("practitioners", "unconfirmed", icon="match"),
        ],
        "places": [
            figures.stat("facilities", "active", icon="house"),
            figures.stat(
                "facilities",
                "headless",
                icon="stuck",
                tone="bad",
                label_vi="Thiếu người phụ trách",
                label_en="No technical head",
            ),
            figures.stat(
                "facilities",
                "unlicensed",
                icon="no",
                tone="bad",
                label_vi="Hết giấy phép",
                label_en="No licence in force",
            ),
            figures.stat("facilities", "suspended", icon="hold", tone="hold"),
            figures.stat("facilities", "unconfirmed", icon="match"),
        ],
        "requests": _request_stats(figures, requests),
    }


def _request_stats(figures: Figures, requests: RequestFigures) -> list[Stat]:
    whole, href = requests.of(), figures.requests_href
    took = formatting.number(whole.mean_days, language(), 1) if whole.mean_days is not None else formatting.EMPTY
    days = Text(f"trung bình {took} ngày làm việc", f"{took} working days on average")
    return [
        Stat(Text("Yêu cầu đang chờ", "Requests waiting"), whole.waiting, icon="list", href=href("waiting")),
        Stat(
            Text("Quá hạn", "Overdue"),
            whole.overdue,
            icon="stuck",
            tone="bad" if whole.overdue else "",
            href=href("overdue"),
        ),
        Stat(Text("Mới từ hôm qua", "New since yesterday"), whole.new, icon="send", href=href("new")),
        Stat(
            Text(f"Đã giải quyết, {DECIDED_WITHIN} ngày", f"Decided, {DECIDED_WITHIN} days"),
            whole.decided,
            note=days if whole.mean_days is not None else "",
            icon="ok",
            href=href("decided"),
        ),
    ]


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
        "map": maps.fill(country_map(), values, edges, _density),
        "map_keys": maps.keys_of(edges, lambda value: formatting.number(value, language(), 1)),
        "highest": highest,
    }


def _density(value: float | None) -> Text:
    if value is None:
        return Text("chưa có số", "not known")
    vi, en = (formatting.number(value, one, 1 if value >= 1 else 2) for one in ("vi", "en"))
    return Text(f"{vi} trên 1 vạn dân", f"{en} per 10,000 people")


@dataclass(frozen=True, slots=True)
class Bar:
    """A line of a chart of lying bars: its words, its number and what it says besides, as long as its part."""

    word: Text | str
    value: int
    note: Text | str
    href: str
    reach: str
    tone: str = "good"
    narrow: str = ""


def bars_of_titles(figures: Figures, people: int) -> list[Bar]:
    """Who may practise, by professional title, the most first; `people`: inhabitants of the scope, for the density."""
    titles = catalogue_choices(TITLES, figures.today)
    amounts = {code: figures.number("practitioners", "active", key=code) for code in titles}
    most = max(amounts.values(), default=0) or 1
    return [
        Bar(
            titles[code],
            amount,
            _density(PER * amount / people if people else None),
            figures.href("practitioners", "active", key=code),
            charts.share(amount, 0, most),
            narrow=code,
        )
        for code, amount in sorted(amounts.items(), key=lambda pair: -pair[1])
        if amount
    ]


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


def request_numbers(figures: Figures, one: Requests, *, province: str = "", kind: str = "") -> list[Counted]:
    """A row of figures of requests, each with the list behind it."""

    def href(state: str) -> str:
        return figures.requests_href(state, province=province, kind=kind)

    return [
        Counted(REQUEST_HEADS[0], one.waiting, href("waiting")),
        Counted(REQUEST_HEADS[1], one.overdue, href("overdue"), is_bad=True),
        Counted(REQUEST_HEADS[2], one.decided, href("decided")),
        Counted(REQUEST_HEADS[3], one.mean_days, href("decided") if one.mean_days is not None else "", places=1),
    ]


REQUEST_HEADS = (
    *(Text("Đang chờ", "Waiting"), Text("Quá hạn", "Overdue")),
    Text(f"Đã giải quyết {DECIDED_WITHIN} ngày", f"Decided in {DECIDED_WITHIN} days"),
    Text("Trung bình, ngày làm việc", "Mean, working days"),
)
SLOW_HEADS = (HEADS[0], *REQUEST_HEADS)
TREND_KEYS = [Key("good", Text("Đầu mỗi tháng và hôm nay", "First of each month, and today"))]
