"""How clean the records are that facilities send: week by week, and facility by facility, the least clean first."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.http import HttpRequest, HttpResponse, QueryDict
from django.urls import reverse
from django.views.decorators.http import require_safe

from ymach.accounts.permissions import Permission, may
from ymach.base.actors import Actor
from ymach.base.clock import now, vietnam_day
from ymach.base.text import Text
from ymach.exchange import quality
from ymach.exchange.quality import WEEK, Quality, monday_of
from ymach.facilities.models import Facility
from ymach.places.queries import provinces
from ymach.web import charts, formatting, lookups
from ymach.web.access import actor_of_request, needs
from ymach.web.asked import query_of
from ymach.web.parts import Column, Stat
from ymach.web.sheets import LIMIT, Cell, Sheet, page_or_sheet
from ymach.web.shown.submissions import OUTCOME_KEYS
from ymach.web.templatetags.ymach import language

WEEKS, SHOWN = 8, 100
FIRST = date(2000, 1, 3)
LEAST = 20
"""Records of a week below which a share says little: such facilities come last."""
CHOOSE = Text("Chọn tỉnh, thành phố", "Choose a province")
HEADS = (
    *(Text("Mã", "Code"), Text("Cơ sở", "Facility"), Text("Bản ghi", "Records")),
    *(Text("Không có lưu ý", "Without a finding"), Text("Tuần trước", "Week before")),
    *(Text("Sở giữ", "Held"), Text("Không nhận", "Rejected")),
)


@dataclass(frozen=True, slots=True)
class Asked:
    """The filters of the address. monday: of the week shown; last: of the last one that may be."""

    monday: date
    last: date
    province: str = ""

    @classmethod
    def of(cls, query: QueryDict, today: date) -> Asked:
        last = monday_of(today)
        try:
            monday = monday_of(min(max(date.fromisoformat(query.get("week", "")), FIRST), last))
        except ValueError:
            monday = last
        return cls(monday, last, query.get("province", "")[:2])

    def address(self, monday: date) -> str:
        values = {"week": monday.isoformat(), "province": self.province}
        return query_of(values)


@dataclass(frozen=True, slots=True)
class Line:
    """One facility in a week, and its share of the week before."""

    code: str
    name: str
    now: Quality
    before: float | None

    @property
    def href(self) -> str:
        return reverse("facility", args=[self.code])

    @property
    def tone(self) -> str:
        share = self.now.share
        return "" if share is None or share >= 95 else "note" if share >= 80 else "bad"


@needs(Permission.COUNTER_SEE)
@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """The weeks of what the reader answers for; who sees the country chooses a province."""
    actor, asked = actor_of_request(request), Asked.of(request.GET, vietnam_day(now()))
    sheet = Sheet(HEADS, lambda: map(_cells, _lines(actor, asked)[:LIMIT]))
    return page_or_sheet(request, "pages/quality.html", lambda: _context(actor, asked), {"quality": sheet})


def _context(actor: Actor, asked: Asked) -> dict[str, object]:
    weeks = quality.by_week(actor, last=asked.monday, number=WEEKS, province_code=asked.province)
    lines = _lines(actor, asked)
    chooses = quality.sees_country(actor)
    names = [(unit.code, unit.name(language())) for unit in provinces(asked.last)] if chooses else []
    return {
        "asked": asked,
        "unit": lookups.unit_of(actor),
        "provinces": [("", CHOOSE), *names],
        "chooses": chooses,
        "is_open": not chooses or bool(asked.province),
        "sunday": asked.monday + WEEK - (WEEK / 7),
        "stats": _stats(weeks, asked.monday),
        "bars": charts.bars([_column(monday, one) for monday, one in weeks.items()], width=880),
        "keys": OUTCOME_KEYS,
        "lines": lines[:SHOWN],
        "sees_facilities": may(actor, Permission.FACILITY_SEE),
        "count": len(lines),
        "shows_facilities": not lookups.is_of_one_facility(actor),
        "columns": [Column(head, is_number=place > 0) for place, head in enumerate(HEADS[1:])],
        "older": asked.address(asked.monday - WEEK),
        "newer": asked.address(asked.monday + WEEK) if asked.monday < asked.last else "",
    }


def _lines(actor: Actor, asked: Asked) -> list[Line]:
    """The least clean first; those with few records after the others."""
    here = quality.by_facility(actor, monday=asked.monday, province_code=asked.province)
    before = quality.by_facility(actor, monday=asked.monday - WEEK, province_code=asked.province)
    names = _names(here)
    lines = [
        Line(*names[key], one, before[key].share if key in before else None)
        for key, one in here.items()
        if key in names
    ]
    return sorted(lines, key=lambda line: (line.now.total < LEAST, line.now.share or 0.0, -line.now.total, line.code))


def _names(keys: Mapping[UUID, Quality]) -> dict[UUID, tuple[str, str]]:
    rows = Facility.objects.filter(pk__in=list(keys)).values_list("pk", "code", "name")
    return {key: (code, name) for key, code, name in rows}


def _stats(weeks: Mapping[date, Quality], monday: date) -> list[Stat]:
    here, shares = weeks[monday], [one.share or 0.0 for one in weeks.values()]
    share = here.share
    note = Text(formatting.percent(share, "vi"), formatting.percent(share, "en"))
    return [
        Stat(
            Text("Bản ghi trong tuần", "Records of the week"),
            here.total,
            "",
            "receipt",
            "",
            "",
            [one.total for one in weeks.values()],
        ),
        Stat(Text("Không có lưu ý", "Without a finding"), here.clean, note, "ok", "good", "", shares),
        Stat(Text("Sở giữ", "Held"), here.held, "", "hold", "hold" if here.held else ""),
        Stat(Text("Không nhận", "Rejected"), here.rejected, "", "no", "bad" if here.rejected else ""),
    ]


def _column(monday: date, one: Quality) -> charts.Column:
    noted = one.total - one.clean - one.held - one.rejected
    parts = (("good", one.clean), ("note", noted), ("hold", one.held), ("bad", one.rejected))
    return charts.Column(monday.strftime("%d/%m"), parts)


def _cells(line: Line) -> Sequence[Cell]:
    one, share = line.now, line.now.share
    shares = [None if value is None else round(value, 1) for value in (share, line.before)]
    return [line.code, line.name, one.total, *shares, one.held, one.rejected]
