"""Medical oxygen: of one facility, and of a province: who runs short, what is down, what was used."""

from __future__ import annotations

from datetime import date
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_safe

from ymach.accounts.permissions import Permission, may
from ymach.base.actors import Actor
from ymach.base.clock import now, vietnam_day
from ymach.base.errors import NotAllowed
from ymach.base.text import Text
from ymach.facilities.oxygen import kinds as oxygen
from ymach.facilities.oxygen.autonomy import DAYS_ENOUGH, Supply, by_province, short, supplies
from ymach.facilities.oxygen.queries import ProvinceOxygen, oxygen_overview, province_oxygen
from ymach.places.map import country_map
from ymach.places.queries import province, provinces
from ymach.web import formatting, lookups, maps
from ymach.web.access import actor_of_request, needs
from ymach.web.asked import read_page
from ymach.web.facility.rights import rights_of
from ymach.web.parts import Column, Stat, numbered
from ymach.web.sheets import Cell, Sheet, page_or_sheet
from ymach.web.shown import facilities as shown
from ymach.web.shown.facilities import crumbs_of
from ymach.web.templatetags.ymach import language

FACILITY, LASTS = Text("Cơ sở", "Facility"), Text("Đủ dùng (ngày)", "Lasts (days)")
STOCK, DAILY = Text("Đang có (Nm³)", "In stock (Nm³)"), Text("Dùng một ngày (Nm³)", "Used a day (Nm³)")
OUTPUT = Text("Khả năng cấp (Nm³/giờ)", "Can give (Nm³/h)")
DOWN = Text("Hệ thống dừng", "Plants down")
COLUMNS = [Column(FACILITY), *(Column(words, is_number=True) for words in (LASTS, STOCK, DAILY, OUTPUT, DOWN))]
DOWN_COLUMNS = [
    Column(FACILITY),
    Column(Text("Nguồn oxy", "Source")),
    Column(Text("Vì sao", "Why")),
    Column(Text("Từ ngày", "Since"), order="ascending"),
]
KIND_COLUMNS = [
    Column(Text("Loại nguồn", "Kind")),
    *(
        Column(words, is_number=True)
        for words in (Text("Cơ sở", "Facilities"), Text("Nguồn", "Sources"), Text("Đang dừng", "Down"))
    ),
]
USED_COLUMNS = [
    Column(Text("Tháng", "Month"), order="descending"),
    Column(Text("Nguồn", "Source")),
    Column(Text("Đã dùng (Nm³)", "Used (Nm³)"), is_number=True),
]
HEADS = (Text("Mã", "Code"), FACILITY, LASTS, STOCK, DAILY, OUTPUT, DOWN)
PAGE = 20
DOWN_SHOWN = 30


@needs(Permission.FACILITY_SEE)
@require_safe
def of_facility(request: HttpRequest, code: str) -> HttpResponse:
    """The oxygen of a facility: sources, how long it lasts, what each source gave, what was used."""
    actor, today = actor_of_request(request), vietnam_day(now())
    facility = lookups.facility_of(actor, code)
    overview, rights = oxygen_overview(facility.pk, on=today), rights_of(actor, facility)
    edit = {name: reverse("facility-edit", args=[code, name]) for name in ("oxygen-source", "oxygen-use")}

    def context() -> dict[str, object]:
        return {
            "facility": facility,
            "crumbs": crumbs_of(facility),
            "oxygen": overview,
            "facts": shown.oxygen_facts(overview),
            "sources": shown.sources(overview),
            "demand": shown.bars(
                ((one.text, round(one.hourly, 1), _places(one.places)) for one in overview.demand if one.places),
                language(),
            ),
            "shares": shown.share_bars(overview, language()),
            "months": shown.month_bars(overview.consumption, today),
            "used": [(one, oxygen.kind(one.kind).text) for one in overview.consumption],
            "used_columns": USED_COLUMNS,
            "edit": edit["oxygen-source"] if rights.states else "",
            "record": edit["oxygen-use"] if rights.states else "",
        }

    heads = [column.label for column in USED_COLUMNS]
    sheet = Sheet(
        heads, lambda: ([one.month, oxygen.kind(one.kind).text, one.normal_m3] for one in overview.consumption)
    )
    return page_or_sheet(request, "pages/facility/oxygen.html", context, {"used": sheet})


@needs(Permission.FIGURE_SEE)
@require_safe
def of_province(request: HttpRequest) -> HttpResponse:
    """The oxygen of a province: a department's own, any for the country's readers. Raises NotAllowed."""
    actor, today = actor_of_request(request), vietnam_day(now())
    code = _province(actor, request.GET.get("province", "")[:2])
    is_short = request.GET.get("show") == "short"
    found = supplies(code, on=today)
    lines, page = short(found) if is_short else found, read_page(request.GET.get("page", ""))
    asked = {"province": code, **({"show": "short"} if is_short else {})}

    def context() -> dict[str, object]:
        return {
            **_country(actor, code, today),
            **_province_context(code, found, province_oxygen(code, on=today), today),
            "lines": lines[(page - 1) * PAGE : page * PAGE],
            "pages": numbered(page, len(lines), PAGE, lambda to: f"?{urlencode({**asked, 'page': to})}#supplies"),
            "count": len(lines),
            "is_short": is_short,
            "code": code,
            "opens": may(actor, Permission.FACILITY_SEE),
            "columns": COLUMNS,
            "enough": DAYS_ENOUGH,
        }

    sheet = Sheet(HEADS, lambda: map(_cells, lines))
    return page_or_sheet(request, "pages/facility/province_oxygen.html", context, {"oxygen": sheet})


def _province(actor: Actor, asked: str) -> str:
    """The province to show: the one asked for where the reader may see it, else the reader's own, else Hà Nội."""
    grants = [grant for grant in actor.grants if Permission.FIGURE_SEE.value in grant.permissions]
    own = [grant.province_code for grant in grants if grant.province_code]
    if _sees_country(actor):
        return asked or "01"
    if asked and asked not in own:
        raise NotAllowed(permission=Permission.FIGURE_SEE_COUNTRY.value)
    if not own:
        raise NotAllowed(permission=Permission.FIGURE_SEE.value)
    return asked or own[0]


def _sees_country(actor: Actor) -> bool:
    return any(Permission.FIGURE_SEE_COUNTRY.value in grant.permissions for grant in actor.grants)


def _country(actor: Actor, code: str, today: date) -> dict[str, object]:
    """The map and the choice of provinces, for who may see the country."""
    if not _sees_country(actor):
        return {}
    states = {one.province_code: one for one in by_province(on=today)}
    values = {key: float(one.down) for key, one in states.items()}
    edges = maps.edges_of(list(values.values()))
    filled = maps.fill(country_map(), values, edges, _down_words, pins=[])
    return {
        "map": filled,
        "keys": maps.keys_of(edges, lambda value: formatting.number(int(value), language())),
        "provinces": [(unit.code, unit.name(language())) for unit in provinces(today)],
        "down_all": sum(one.down for one in states.values()),
    }


def _down_words(value: float | None) -> Text:
    if value is None:
        return Text("chưa khai nguồn oxy", "no source stated")
    return Text(f"{int(value)} nguồn đang dừng", f"{int(value)} sources down")


def _province_context(code: str, found: tuple[Supply, ...], held: ProvinceOxygen, today: date) -> dict[str, object]:
    unit = province(code, today)
    known = [one for one in found if one.days is not None]
    few = short(found)
    down = sum(one.down for one in held.kinds)
    address = f"?{urlencode({'province': code, 'show': 'short'})}"
    return {
        "title": unit.name(language()) if unit else code,
        "stats": [
            Stat(Text("Cơ sở có oxy", "Facilities with oxygen"), len(found), "", "house"),
            Stat(
                Text("Dưới 3 ngày", "Under 3 days"),
                len(few),
                Text(f"trong {len(known)} cơ sở có số liệu", f"of {len(known)} with figures"),
                "oxygen",
                "bad" if few else "good",
                address,
            ),
            Stat(Text("Nguồn đang dừng", "Sources down"), down, "", "stuck", "bad" if down else "good", "#down"),
        ],
        "kinds": [(one, oxygen.kind(one.kind).text) for one in held.kinds],
        "kind_columns": KIND_COLUMNS,
        "months": shown.month_bars(held.monthly, today),
        "down": [
            (one, oxygen.kind(one.kind).text, oxygen.down_reasons().get(one.reason, ""))
            for one in held.down[:DOWN_SHOWN]
        ],
        "down_more": max(down - DOWN_SHOWN, 0),
        "down_columns": DOWN_COLUMNS,
    }


def _places(count: int) -> Text:
    return Text(f"{count} chỗ", f"{count} places")


def _cells(one: Supply) -> list[Cell]:
    return [one.code, one.name, one.days, one.stock, one.daily, one.output, f"{one.plants_down}/{one.plants}"]
