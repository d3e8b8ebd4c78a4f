"""The country on one page: what came in today and where, how it was received, where to help first."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from urllib.parse import urlencode
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from ymach.accounts.permissions import Permission, may
from ymach.base.actors import Actor
from ymach.base.clock import now, vietnam_day
from ymach.base.text import Text
from ymach.exchange.queries import counts, counts_by_facility, counts_by_province
from ymach.facilities.queries import visible_to
from ymach.places.map import country_map
from ymach.places.queries import Unit, provinces
from ymach.web import formatting, maps
from ymach.web.access import actor_of_request, needs
from ymach.web.asked import read_day
from ymach.web.parts import Rank
from ymach.web.sheets import LIMIT, page_or_sheet
from ymach.web.shown import outcomes
from ymach.web.shown import submissions as shown
from ymach.web.shown.facility_lines import line_of
from ymach.web.shown.outcomes import Line, Outcomes
from ymach.web.templatetags.ymach import language

SHOWN_FACILITIES = 20
SHOWN_LINES = 10
CHART_WIDTH = 540
COLUMNS = outcomes.columns(outcomes.FACILITY)
PROVINCE_COLUMNS = outcomes.columns(outcomes.PROVINCE)


@needs(Permission.COUNTER_SEE_COUNTRY)
@require_safe
def overview(request: HttpRequest) -> HttpResponse:
    """The figures of a day (today unless the address names one), each with what it is made of."""
    actor = actor_of_request(request)
    today = vietnam_day(now())
    day = read_day(request.GET.get("day", "")) or today
    figures = _figures(actor, day)
    if request.headers.get("HX-Request"):
        return render(request, "fragments/country.html", _living(figures, today))
    sheets = {
        "facilities": outcomes.sheet(lambda: _facilities(figures, LIMIT)),
        "provinces": outcomes.sheet(lambda: _provinces(figures)),
    }
    return page_or_sheet(request, "pages/country.html", lambda: _context(figures, today), sheets)


@dataclass(frozen=True, slots=True)
class Figures:
    """The counters of a day as `actor` sees them: of the fortnight, by province, by facility."""

    actor: Actor
    day: date
    fortnight: shown.Counts
    by_province: Mapping[str, Outcomes]
    by_facility: Mapping[UUID, Outcomes]
    units: Mapping[str, Unit]

    @property
    def opens(self) -> bool:
        """Whether the reader may open the facilities behind a figure."""
        return may(self.actor, Permission.FACILITY_SEE)

    def address(self, **wanted: str) -> str:
        """The list of facilities behind a figure; empty for readers who may not open it."""
        if not self.opens:
            return ""
        return f"{reverse('facilities')}?{urlencode({**wanted, 'day': formatting.day(self.day)})}"


def _figures(actor: Actor, day: date) -> Figures:
    return Figures(
        actor=actor,
        day=day,
        fortnight=counts(actor, days=shown.last_days(day), subject="submission"),
        by_province=outcomes.by_outcome(counts_by_province(actor, day=day, subject="submission")),
        by_facility=outcomes.by_outcome(counts_by_facility(actor, day=day, subject="submission")),
        units={unit.code: unit for unit in provinces(day)},
    )


def _living(figures: Figures, today: date) -> dict[str, object]:
    links = {code: figures.address(outcome=code, sort=f"-{code}") for code in shown.OUTCOMES}
    links[""] = figures.address(outcome="sent", sort="-total")
    stats = shown.outcome_stats(figures.fortnight, shown.last_days(figures.day), links)
    return {
        "day": figures.day,
        "is_today": figures.day == today,
        "stats": stats,
        "proof": _proof(int(stats[0].value or 0), figures.by_province, figures.by_facility),
    }


def _context(figures: Figures, today: date) -> dict[str, object]:
    ranks = _ranks(figures)
    lines = _provinces(figures)
    beside = max(SHOWN_LINES - 2 * len(ranks), 0)
    return {
        **_living(figures, today),
        "bars": shown.outcome_bars(figures.fortnight, shown.last_days(figures.day), width=CHART_WIDTH),
        "keys": shown.OUTCOME_KEYS,
        "destinations": shown.destination_hops(counts(figures.actor, days=[figures.day], subject="delivery")),
        "opens_facilities": figures.opens,
        "facilities": _facilities(figures, SHOWN_FACILITIES) if figures.opens else [],
        "all_facilities": figures.address(outcome="sent", sort="-total"),
        "columns": COLUMNS,
        "province_columns": PROVINCE_COLUMNS,
        "ranks": [rank for _, rank in ranks],
        "province_lines": lines,
        "beside_lines": lines[:beside],
        **_map(figures, [code for code, _ in ranks]),
    }


def _proof(total: int, by_province: Mapping[str, Outcomes], by_facility: Mapping[UUID, Outcomes]) -> dict[str, object]:
    """Whether the country's figure is the sum of its provinces and of its facilities. Receipts are not counted here."""
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


def _map(figures: Figures, pins: list[str]) -> dict[str, object]:
    totals = {code: float(sum(one.values())) for code, one in figures.by_province.items() if sum(one.values())}
    edges = maps.edges_of(list(totals.values()))
    return {
        "map": maps.fill(country_map(), totals, edges, _shown, pins),
        "map_keys": maps.keys_of(edges, lambda value: formatting.number(value, language(), 0)),
    }


def _shown(value: float | None) -> Text:
    if value is None:
        return Text("chưa có hồ sơ", "no dossiers yet")
    return Text(f"{formatting.number(value, 'vi', 0)} hồ sơ", f"{formatting.number(value, 'en', 0)} dossiers")


def _name(figures: Figures, code: str) -> str:
    unit = figures.units.get(code)
    return unit.name(language()) if unit else code


def _ranks(figures: Figures) -> list[tuple[str, Rank]]:
    """The provinces with the largest part held or rejected, at most ten; those without any are left out."""
    parts = [
        (100 * (one["held"] + one["rejected"]) / sum(one.values()), code, one)
        for code, one in figures.by_province.items()
        if one["held"] + one["rejected"]
    ]
    return [
        (
            code,
            Rank(_name(figures, code), part, _why(one), figures.address(province=code, sort="-rejected"), tone="bad"),
        )
        for part, code, one in sorted(parts, key=lambda p: -p[0])[:10]
    ]


def _why(one: Outcomes) -> Text:
    vi = f"{formatting.number(one['rejected'], 'vi')} không nhận, {formatting.number(one['held'], 'vi')} Sở giữ"
    en = f"{formatting.number(one['rejected'], 'en')} rejected, {formatting.number(one['held'], 'en')} held"
    return Text(vi, en)


def _provinces(figures: Figures) -> list[Line]:
    return outcomes.busiest(
        Line(
            code=code,
            name=_name(figures, code),
            province=_name(figures, code),
            outcomes=one,
            href=figures.address(province=code, outcome="sent", sort="-total"),
        )
        for code, one in figures.by_province.items()
    )


def _facilities(figures: Figures, limit: int) -> list[Line]:
    order = sorted(figures.by_facility, key=lambda key: -sum(figures.by_facility[key].values()))[:limit]
    found = visible_to(figures.actor).in_bulk(order)
    return [
        line_of(figures.actor, found[key], figures.by_facility[key], figures.day, figures.units)
        for key in order
        if key in found
    ]
