"""The facilities an account may see, with their counters of one day: found, narrowed, sorted, had as a file."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from ymach.accounts.permissions import Permission, may
from ymach.base.actors import Actor
from ymach.base.clock import now, vietnam_day
from ymach.base.text import Text
from ymach.base.vietnamese import fold
from ymach.exchange.queries import counts, counts_by_facility
from ymach.facilities.models import Facility
from ymach.facilities.queries import visible_to
from ymach.places.queries import Unit, provinces
from ymach.web import lookups
from ymach.web.access import actor_of_request, needs
from ymach.web.asked import WRONG_DAY, FacilitiesAsked
from ymach.web.parts import Column, Stat, numbered
from ymach.web.sheets import LIMIT, page_or_sheet
from ymach.web.shown import outcomes
from ymach.web.shown import submissions as shown
from ymach.web.shown.facility_lines import line_of
from ymach.web.shown.outcomes import Line, Outcomes
from ymach.web.states import STATES
from ymach.web.templatetags.ymach import language

PAGE = 50
ANY = Text("Tất cả", "All")
SENT = Text("Có gửi trong ngày", "Sent on the day")


@dataclass(frozen=True, slots=True)
class Listing:
    """The facilities an address asks for, with their counters of `day`.

    reached: those of the name and province asked for, in order; chosen: of these, those with the outcome asked for.
    """

    actor: Actor
    asked: FacilitiesAsked
    day: date
    units: Mapping[str, Unit]
    by_facility: Mapping[UUID, Outcomes]
    reached: Sequence[UUID]
    chosen: Sequence[UUID]

    def lines(self, ids: Sequence[UUID]) -> list[Line]:
        found = visible_to(self.actor).in_bulk(list(ids))
        return [line_of(self.actor, found[one], self.by_facility.get(one, {}), self.day, self.units) for one in ids]

    def page(self) -> list[Line]:
        return self.lines(self.chosen[(self.asked.page - 1) * PAGE : self.asked.page * PAGE])


@needs(Permission.FACILITY_SEE)
@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """Facilities in the order and of the kind that the address asks for, fifty a page."""
    actor, asked = actor_of_request(request), FacilitiesAsked.of(request.GET)
    listing = _listing(actor, asked, asked.on or vietnam_day(now()))
    sheet = outcomes.sheet(lambda: listing.lines(listing.chosen[:LIMIT]))
    return page_or_sheet(request, "pages/facilities.html", lambda: _context(listing), {"facilities": sheet})


def _listing(actor: Actor, asked: FacilitiesAsked, day: date) -> Listing:
    found = outcomes.by_outcome(counts_by_facility(actor, day=day, subject="submission"))
    reached = _order(_narrowed(visible_to(actor), asked, day), found, asked)
    chosen = [one for one in reached if _fits(found.get(one, {}), asked.outcome)]
    return Listing(actor, asked, day, {unit.code: unit for unit in provinces(day)}, found, reached, chosen)


def _context(listing: Listing) -> dict[str, object]:
    asked, count = listing.asked, len(listing.chosen)
    return {
        "unit": lookups.unit_of(listing.actor),
        "can_open": may(listing.actor, Permission.FACILITY_MANAGE),
        "asked": asked,
        "day": listing.day,
        "count": count,
        "columns": _columns(asked),
        "stats": _stats(listing),
        "lines": listing.page(),
        "provinces": _province_choices(listing.actor, listing.units),
        "outcomes": [("", ANY), ("sent", SENT), *((code, STATES[code].word) for code in shown.OUTCOMES)],
        "chips": _chips(asked, listing.units),
        "pages": numbered(asked.page, count, PAGE, lambda page: asked.address(page=str(page))),
        "day_error": WRONG_DAY if asked.day and not asked.on else "",
    }


def _narrowed(rows: QuerySet[Facility], asked: FacilitiesAsked, day: date) -> QuerySet[Facility]:
    rows, q = rows.filter(valid__contains=day), asked.q
    if q:
        is_code = len(q) == 5 and q.isalnum() and q[0].isdigit()
        rows = rows.filter(code=q.upper()) if is_code else rows.filter(name_folded__contains=fold(q))
    return rows.filter(province_code=asked.province) if asked.province else rows


def _order(rows: QuerySet[Facility], by_facility: Mapping[UUID, Outcomes], asked: FacilitiesAsked) -> list[UUID]:
    """The facilities in Vietnamese order of their names, or by a figure of the day with that order among equals."""
    if asked.sort == "name":
        return list(rows.order_by("-sort_key" if asked.is_descending else "sort_key").values_list("id", flat=True))
    ids = list(rows.order_by("sort_key").values_list("id", flat=True))
    sign = -1 if asked.is_descending else 1

    def figure(one: UUID) -> int:
        found = by_facility.get(one, {})
        return sign * (sum(found.values()) if asked.sort == "total" else found.get(asked.sort, 0))

    return sorted(ids, key=figure)


def _fits(found: Outcomes, outcome: str) -> bool:
    return not outcome or bool(sum(found.values()) if outcome == "sent" else found.get(outcome))


def _stats(listing: Listing) -> list[Stat]:
    """The figures of the day; of a part of the facilities they are the sum of its lines, without the days before."""
    asked, day = listing.asked, listing.day
    links = {code: asked.address(outcome=code, sort=f"-{code}") for code in shown.OUTCOMES}
    links[""] = asked.address(outcome="sent", sort="-total")
    if not asked.q and not asked.province:
        days = shown.last_days(day)
        return shown.outcome_stats(counts(listing.actor, days=days, subject="submission"), days, links)
    parts = [listing.by_facility[one] for one in listing.reached if one in listing.by_facility]
    sums = {(day, "", code): sum(one.get(code, 0) for one in parts) for code in shown.OUTCOMES}
    return shown.outcome_stats(sums, [day], links)


def _columns(asked: FacilitiesAsked) -> list[Column]:
    heads = {"name": outcomes.FACILITY, **outcomes.NUMBER_HEADS}
    return [Column(words, asked.sorted_by(key), asked.order_of(key), key != "name") for key, words in heads.items()]


def _province_choices(actor: Actor, names: Mapping[str, Unit]) -> list[tuple[str, Text | str]]:
    """All provinces for those who see more than one."""
    if any(grant.province_code or grant.facility_id for grant in actor.grants):
        return []
    return [("", ANY), *((code, unit.name(language())) for code, unit in names.items())]


def _chips(asked: FacilitiesAsked, names: Mapping[str, Unit]) -> list[tuple[object, str]]:
    chips: list[tuple[object, str]] = []
    if asked.q:
        chips.append((asked.q, asked.address(q="")))
    if asked.province:
        unit = names.get(asked.province)
        chips.append((unit.name(language()) if unit else asked.province, asked.address(province="")))
    if asked.outcome:
        chips.append((SENT if asked.outcome == "sent" else STATES[asked.outcome].word, asked.address(outcome="")))
    if asked.on:
        chips.append((asked.day, asked.address(day="")))
    return chips
