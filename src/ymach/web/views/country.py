"""The country on one page: what came in today and where, how it was received, where to help first."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import TypeVar
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from ymach.accounts.permissions import Permission
from ymach.base.actors import Actor
from ymach.base.clock import now, vietnam_day
from ymach.base.text import Text
from ymach.exchange.queries import counts, counts_by_facility, counts_by_province
from ymach.facilities.models import Facility
from ymach.facilities.queries import visible_to
from ymach.places.map import country_map
from ymach.places.queries import provinces
from ymach.web import formatting, maps, shown
from ymach.web.access import actor_of_request, needs
from ymach.web.asked import read_day
from ymach.web.parts import Column, Rank
from ymach.web.templatetags.ymach import language

FORMAT = "xml130"
SHOWN_FACILITIES = 50
COLUMNS = [
    Column(Text("Cơ sở", "Facility")),
    Column(Text("Hồ sơ", "Dossiers"), order="descending", is_number=True),
    Column(Text("Đã nhận", "Accepted"), is_number=True),
    Column(Text("Có lưu ý", "With findings"), is_number=True),
    Column(Text("Sở giữ", "Held"), is_number=True),
    Column(Text("Không nhận", "Rejected"), is_number=True),
]
PROVINCE_COLUMNS = [Column(Text("Tỉnh, thành phố", "Province")), *COLUMNS[1:]]


@needs(Permission.COUNTER_SEE_COUNTRY)
@require_safe
def overview(request: HttpRequest) -> HttpResponse:
    """The figures of a day (today unless the address names one), each with what it is made of."""
    actor = actor_of_request(request)
    today = vietnam_day(now())
    day = read_day(request.GET.get("day", "")) or today
    days = shown.last_days(day)
    submissions = counts(actor, days=days, subject="submission")
    by_province = by_outcome(counts_by_province(actor, day=day, subject="submission", name=FORMAT))
    by_facility = by_outcome(counts_by_facility(actor, day=day, subject="submission", name=FORMAT))
    stats = shown.outcome_stats(submissions, days, {"": "#facilities", **dict.fromkeys(shown.OUTCOMES, "#facilities")})
    living = {
        "day": day,
        "is_today": day == today,
        "stats": stats,
        "proof": _proof(int(stats[0].value or 0), by_province, by_facility),
    }
    if request.headers.get("HX-Request"):
        return render(request, "fragments/country.html", living)
    context = {
        **living,
        "bars": shown.outcome_bars(submissions, days),
        "keys": shown.OUTCOME_KEYS,
        "destinations": shown.destination_hops(counts(actor, days=[day], subject="delivery")),
        "facilities": _facilities(actor, by_facility),
        "columns": COLUMNS,
        "province_columns": PROVINCE_COLUMNS,
        **_places(by_province, day),
    }
    return render(request, "pages/country.html", context)


Outcomes = dict[str, int]
Key = TypeVar("Key", str, UUID)


def by_outcome(found: Mapping[tuple[Key, str], int]) -> dict[Key, Outcomes]:
    """Counters by place, each with its outcomes."""
    places: dict[Key, Outcomes] = {}
    for (key, state), number in found.items():
        places.setdefault(key, dict.fromkeys(shown.OUTCOMES, 0))[state] = number
    return places


def lines(places: Mapping[Key, Outcomes], names: Mapping[Key, tuple[str, str]]) -> list[dict[str, object]]:
    """Places as lines of a table, the busiest first. `names`: name and note of each."""
    ordered = sorted(places.items(), key=lambda item: -sum(item[1].values()))
    return [
        {
            "name": names.get(key, (str(key), ""))[0],
            "note": names.get(key, ("", ""))[1],
            "total": sum(one.values()),
            **one,
        }
        for key, one in ordered
    ]


def _proof(total: int, by_province: Mapping[str, Outcomes], by_facility: Mapping[UUID, Outcomes]) -> dict[str, object]:
    """Whether the country's figure is the sum of its provinces and of its facilities."""
    provinces_sum = sum(sum(one.values()) for one in by_province.values())
    facilities_sum = sum(sum(one.values()) for one in by_facility.values())
    return {
        "holds": total == provinces_sum == facilities_sum,
        "total": total,
        "provinces": len(by_province),
        "facilities": len(by_facility),
        "provinces_sum": provinces_sum,
        "facilities_sum": facilities_sum,
        "at": now(),
    }


def _places(by_province: Mapping[str, Outcomes], day: date) -> dict[str, object]:
    names = {unit.code: unit.name(language()) for unit in provinces(day)}
    totals = {code: float(sum(one.values())) for code, one in by_province.items() if sum(one.values())}
    edges = maps.edges_of(list(totals.values()))
    ranks = _ranks(by_province, names)
    return {
        "map": maps.fill(country_map(), totals, edges, _shown, [code for code, _ in ranks]),
        "map_keys": maps.keys_of(edges, lambda value: formatting.number(value, language(), 0)),
        "ranks": [rank for _, rank in ranks],
        "province_lines": lines(by_province, {code: (name, "") for code, name in names.items()}),
    }


def _shown(value: float | None) -> Text:
    if value is None:
        return Text("chưa có hồ sơ", "no dossiers yet")
    return Text(f"{formatting.number(value, 'vi', 0)} hồ sơ", f"{formatting.number(value, 'en', 0)} dossiers")


def _ranks(by_province: Mapping[str, Outcomes], names: Mapping[str, str]) -> list[tuple[str, Rank]]:
    """The provinces with the largest part held or rejected, at most ten; those without any are left out."""
    parts = [
        (100 * (one["held"] + one["rejected"]) / sum(one.values()), code, one)
        for code, one in by_province.items()
        if one["held"] + one["rejected"]
    ]
    return [
        (code, Rank(names.get(code, code), part, _why(one), tone="bad"))
        for part, code, one in sorted(parts, key=lambda p: -p[0])[:10]
    ]


def _why(one: Outcomes) -> Text:
    vi = f"{formatting.number(one['rejected'], 'vi')} không nhận, {formatting.number(one['held'], 'vi')} Sở giữ"
    en = f"{formatting.number(one['rejected'], 'en')} rejected, {formatting.number(one['held'], 'en')} held"
    return Text(vi, en)


def _facilities(actor: Actor, by_facility: Mapping[UUID, Outcomes]) -> list[dict[str, object]]:
    busiest = sorted(by_facility, key=lambda key: -sum(by_facility[key].values()))[:SHOWN_FACILITIES]
    found: dict[UUID, Facility] = visible_to(actor).in_bulk(busiest)
    names = {key: (one.name, one.code) for key, one in found.items()}
    return lines({key: by_facility[key] for key in busiest}, names)
