"""The prescriptions of a facility: the list, and one on paper."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from ymach.accounts.permissions import Permission
from ymach.base.actors import Actor
from ymach.base.clock import now, start_of_day
from ymach.base.qr import qr_path
from ymach.base.text import Text
from ymach.exchange.prescriptions import queries
from ymach.exchange.prescriptions.models import Prescription
from ymach.exchange.prescriptions.queries import Wanted
from ymach.exchange.prescriptions.rules import last_day
from ymach.web import lookups
from ymach.web.access import actor_of_request, needs
from ymach.web.asked import WRONG_DAY, query_of, read_day, read_moment
from ymach.web.parts import Column, Pages, Tab
from ymach.web.sheets import LIMIT, Cell, Sheet, page_or_sheet
from ymach.web.shown import prescriptions as shown
from ymach.web.shown.prescriptions import code_address, facts_of

PRESCRIPTIONS = Text("Đơn thuốc của cơ sở", "Your prescriptions")
COLUMNS = [
    Column(Text("Mã đơn", "Code")),
    Column(Text("Người bệnh", "Patient")),
    Column(Text("Kê lúc", "Written"), order="descending"),
    Column(Text("Người kê đơn", "Prescriber")),
    Column(Text("Tình trạng", "State")),
    Column(Text("Mua đến hết", "Until")),
]
LINES = [
    Column(Text("Thuốc", "Medicine")),
    Column(Text("Cách dùng", "How to take it")),
    Column(Text("Số lượng", "Quantity"), is_number=True),
    Column(Text("Còn lại", "Left"), is_number=True),
]
HEADS = [
    *(Text("Mã đơn", "Code"), Text("Mã hồ sơ", "Dossier"), Text("Người bệnh", "Patient"), Text("Kê lúc", "Written")),
    *(Text("Người kê đơn", "Prescriber"), Text("Tình trạng", "State"), Text("Mua đến hết", "Until")),
    *(Text("Số loại thuốc", "Medicines"), Text("Thay bằng đơn", "Replaced by")),
]


@dataclass(frozen=True, slots=True)
class Asked:
    """The filters of the list, as typed."""

    q: str = ""
    state: str = ""
    day: str = ""
    before: str = ""

    @classmethod
    def of(cls, query: QueryDict) -> Asked:
        given = {name: query.get(name, "").replace("\x00", "").strip()[:100] for name in cls.__dataclass_fields__}
        return replace(cls(**given), state=given["state"] if given["state"] in shown.FILTERS else "")

    @property
    def on(self) -> date | None:
        return read_day(self.day)

    def wanted(self) -> Wanted:
        start = start_of_day(self.on) if self.on else None
        end = start + timedelta(days=1) if start else None
        return Wanted(self.state, self.q, None, start, end, read_moment(self.before))

    def address(self, **changes: str) -> str:
        """The query string, changed; further pages are forgotten."""
        values = {"q": self.q, "state": self.state, "day": self.day, **changes}
        return query_of(values)


@needs(Permission.RECORD_READ)
@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """What the facility prescribed, the newest first, narrowed by the address."""
    actor, asked, at = actor_of_request(request), Asked.of(request.GET), now()
    sheet = Sheet(HEADS, lambda: map(_cells, queries.listed(actor, asked.wanted(), at=at, limit=LIMIT)))
    context = {"asked": asked, "day_error": WRONG_DAY if asked.day and not asked.on else "", "tabs": _tabs(asked)}
    return page_or_sheet(
        request,
        "pages/prescriptions/index.html",
        lambda: {**context, **_rows(actor, asked, at)},
        {"prescriptions": sheet},
    )


@needs(Permission.RECORD_READ)
@require_safe
def one(request: HttpRequest, code: str) -> HttpResponse:
    """One prescription as printed, with its code to scan, and everything that was dispensed on it."""
    seen = queries.read(code, by=actor_of_request(request), at=now())
    path, side = qr_path(code_address(seen.prescription.code))
    context = {
        "seen": seen,
        "one": seen.prescription,
        "state": shown.STATES[seen.state],
        "kind": shown.KINDS[seen.prescription.kind],
        "rows": shown.rows_of(seen),
        "facts": facts_of(seen.prescription),
        "hops": shown.hops_of(seen),
        "columns": LINES,
        "crumbs": [(PRESCRIPTIONS, reverse("prescriptions"))],
        "qr": path,
        "side": side + 4,
    }
    return render(request, "pages/prescriptions/one.html", context)


def _rows(actor: Actor, asked: Asked, at: datetime) -> dict[str, object]:
    found = queries.listed(actor, asked.wanted(), at=at, limit=queries.PAGE + 1)
    page = found[: queries.PAGE]
    older = asked.address(before=page[-1][0].issued_at.isoformat()) if len(found) > len(page) else ""
    names = lookups.holder_names(one.prescriber for one, _ in page)
    rows = [(one, shown.STATES[state], last_day(one.expires_at), names.get(one.prescriber, "")) for one, state in page]
    return {"rows": rows, "columns": COLUMNS, "pages": Pages(asked.address() if asked.before else "", older)}


def _tabs(asked: Asked) -> list[Tab]:
    every = Tab(Text("Tất cả", "All"), asked.address(state=""), not asked.state)
    return [
        every,
        *(Tab(shown.STATES[name].word, asked.address(state=name), asked.state == name) for name in shown.FILTERS),
    ]


def _cells(row: tuple[Prescription, str]) -> list[Cell]:
    one, state = row
    return [
        *(one.code, one.dossier_code, one.body["patient"]["name"], one.issued_at, one.prescriber),
        *(shown.STATES[state].word, last_day(one.expires_at), len(one.body["lines"]), one.replaced_by),
    ]
