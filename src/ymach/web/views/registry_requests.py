"""The list behind the registry's figures of requests: what waits, is late, is new, was decided and how long it took."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_safe

from ymach.accounts.permissions import Permission
from ymach.base.actors import Actor
from ymach.base.clock import now, vietnam_day
from ymach.base.text import Text
from ymach.changes import access
from ymach.changes.kinds import KINDS
from ymach.changes.models import ChangeRequest
from ymach.facilities.queries import names_of
from ymach.figures import requests as figures
from ymach.figures.queries import Scope, scope_of
from ymach.figures.requests import REQUESTS, RequestState
from ymach.places.queries import Unit, provinces
from ymach.web import lookups
from ymach.web.access import actor_of_request, needs
from ymach.web.asked import read_page
from ymach.web.parts import Column, numbered
from ymach.web.registry_figures import REQUEST_WORDS, kind_word, read_requests, requests_address
from ymach.web.sheets import Cell, Sheet, page_or_sheet
from ymach.web.shown.changes import BADGES, word_of
from ymach.web.templatetags.ymach import language

PAGE = 50
CHUNK = 1000
FILE_ROWS = 50_000
ANY = Text("Tất cả", "All")
HEADS = (
    *(
        Text("Yêu cầu", "Request"),
        Text("Của ai", "Whose"),
        Text("Cơ sở", "Facility"),
        Text("Tỉnh, thành phố", "Province"),
    ),
    *(Text("Gửi lúc", "Sent"), Text("Hạn", "Due"), Text("Quyết định lúc", "Decided")),
    *(Text("Ngày làm việc", "Working days"), Text("Trạng thái", "State")),
)


@dataclass(frozen=True, slots=True)
class Listing:
    """The list as one reader asked for it."""

    actor: Actor
    scope: Scope
    state: RequestState
    today: date
    units: Mapping[str, Unit]
    province: str = ""
    kind: str = ""
    page: int = 1

    @property
    def within(self) -> Scope:
        return self.scope.within(self.province)

    def address(self, **changes: str) -> str:
        values = {"state": self.state.code, "province": self.province, "kind": self.kind, **changes}
        return requests_address(**values)

    def count(self) -> int:
        """From the tallies, as the figure itself."""
        found = read_requests(self.within, self.today).of(key=self.kind or None)
        return found.number(self.state.code)

    def name_of(self, code: str) -> str:
        unit = self.units.get(code)
        return unit.name(language()) if unit else code


@needs(Permission.FIGURE_SEE)
@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """Requests in the state, province and of the kind the address asks for, fifty a page, or all as a file."""
    actor, today = actor_of_request(request), vietnam_day(now())
    units = {unit.code: unit for unit in provinces(today)}
    kind = request.GET.get("kind", "").replace("\x00", "")[:60]
    listing = Listing(
        actor,
        scope_of(actor, units, words=REQUEST_WORDS),
        REQUESTS.get(request.GET.get("state", ""), REQUESTS["waiting"]),
        today,
        units,
        request.GET.get("province", "").strip().replace("\x00", "")[:2],
        kind,
        read_page(request.GET.get("page", "")),
    )
    sheet = Sheet(HEADS, lambda: _cells(listing), limit=FILE_ROWS)
    return page_or_sheet(request, "pages/figures/requests.html", lambda: _context(listing), {"requests": sheet})


def _context(listing: Listing) -> dict[str, object]:
    count, start = listing.count(), (listing.page - 1) * PAGE
    found = list(_rows(listing)[start : start + PAGE])
    whole = read_requests(listing.within, listing.today).of(key=listing.kind or None)
    return {
        "state": listing.state,
        "listing": reverse("registry-requests"),
        "asked": listing,
        "count": count,
        "mean_days": whole.mean_days if listing.state.is_decided else None,
        "lines": _lines(listing, found),
        "columns": [Column(head) for head in _shown_heads(listing)],
        "states": [(code, one.word) for code, one in REQUESTS.items()],
        "kinds": [("", ANY), *((word, one.title) for word, one in KINDS.items())],
        "provinces": _province_choices(listing),
        "chips": _chips(listing),
        "unit": lookups.unit_of(listing.actor),
        "file_rows": FILE_ROWS,
        "pages": numbered(listing.page, count, PAGE, lambda page: listing.address(page=str(page))),
    }


def _shown_heads(listing: Listing) -> list[Text]:
    last = HEADS[7] if listing.state.is_decided else HEADS[5]
    return [HEADS[0], HEADS[1], HEADS[2], HEADS[4], last, HEADS[8]]


def _rows(listing: Listing) -> Sequence[ChangeRequest]:
    return figures.rows(listing.within, listing.state.code, listing.today, kind=listing.kind)  # type: ignore[return-value]


def _lines(listing: Listing, found: Sequence[ChangeRequest]) -> list[dict[str, object]]:
    decides, names = set(access.decides_somewhere(listing.actor)), _facilities(found)
    return [
        {
            "request": one,
            "title": kind_word(one.kind),
            "href": reverse("change", args=[one.pk]) if one.province_code in decides else "",
            "place": names.get(one.facility_id, "") if one.facility_id else "",
            "province": listing.name_of(one.province_code),
            "took": getattr(one, "took", None) if listing.state.is_decided else None,
            "badge": BADGES[one.state],
            "word": word_of(one),
            "is_late": one.due_on is not None and one.due_on < listing.today,
        }
        for one in found
    ]


def _facilities(found: Sequence[ChangeRequest]) -> dict[UUID, str]:
    return names_of({one.facility_id for one in found if one.facility_id})


def _cells(listing: Listing) -> Iterator[Sequence[Cell]]:
    """The rows of the file, in chunks: nothing of a long list is held in memory."""
    rows, start = _rows(listing), 0
    while found := list(rows[start : start + CHUNK]):
        for line in _lines(listing, found):
            one = line["request"]
            assert isinstance(one, ChangeRequest)
            took = line["took"]
            days = round(took, 4) if isinstance(took, float) else None
            what = (line["title"], one.subject_label, line["place"], line["province"])
            yield (*what, one.submitted_at, one.due_on, one.decided_at, days, line["word"])
        start += CHUNK
        if len(found) < CHUNK:
            return


def _province_choices(listing: Listing) -> list[tuple[str, Text | str]]:
    reached = [code for code in listing.scope.provinces if code]
    if len(reached) < 2:
        return []
    return [("", ANY), *((code, listing.name_of(code)) for code in reached)]


def _chips(listing: Listing) -> list[tuple[object, str]]:
    chips: list[tuple[object, str]] = []
    if listing.province:
        chips.append((listing.name_of(listing.province), listing.address(province="")))
    if listing.kind:
        chips.append((kind_word(listing.kind), listing.address(kind="")))
    return chips
