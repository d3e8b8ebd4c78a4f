"""The lists behind the registry's figures: people and facilities by state, province, title or form."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse, QueryDict
from django.urls import NoReverseMatch, reverse
from django.views.decorators.http import require_safe

from ymach.accounts.permissions import Permission
from ymach.base.clock import now, vietnam_day
from ymach.base.text import Text
from ymach.figures import lists
from ymach.figures.lists import Person, Place, Wanted
from ymach.figures.queries import KEPT_DAYS, Scope, scope_of
from ymach.figures.states import PEOPLE, PLACES, State
from ymach.places.queries import Unit, provinces
from ymach.web import formatting, lookups
from ymach.web.access import actor_of_request, needs
from ymach.web.asked import WRONG_DAY, query_of, read_day, read_id
from ymach.web.parts import Column, Pages
from ymach.web.registry_words import catalogue_choices
from ymach.web.sheets import FORMATS, Cell, Sheet, address_of, page_or_sheet
from ymach.web.templatetags.ymach import language

PAGE = 50
FILE_ROWS = 50_000
FIRST_DAY = date(2000, 1, 1)
ANY = Text("Tất cả", "All")
PROVINCE, UNTIL, CONFIRMED = (
    Text("Tỉnh, thành phố", "Province"),
    Text("Hết hạn", "Valid until"),
    Text("Xác nhận", "Confirmed"),
)
PEOPLE_HEADS = (
    *(
        Text("Họ tên", "Name"),
        Text("Chức danh", "Title"),
        Text("Số giấy phép", "Licence"),
        Text("Nơi hành nghề", "Workplaces"),
    ),
    *(PROVINCE, UNTIL, CONFIRMED),
)
PLACES_HEADS = (
    *(Text("Mã", "Code"), Text("Cơ sở", "Facility"), Text("Hình thức", "Form"), Text("Số giấy phép", "Licence")),
    *(Text("Người chịu trách nhiệm chuyên môn", "Technical head"), PROVINCE, UNTIL, CONFIRMED),
)


@dataclass(frozen=True, slots=True)
class Subject:
    """What the two lists do not share."""

    name: str
    address: str
    states: Mapping[str, State]
    first: str
    catalogue: str
    key_param: str
    key_word: Text
    title: Text
    unit: Text
    search: Text
    heads: Sequence[Text]
    lines: Callable[..., Sequence[Any]]


PRACTITIONERS = Subject(
    name="practitioners",
    address="registry-practitioners",
    states=PEOPLE,
    first="active",
    catalogue="professional_title",
    key_param="title",
    key_word=Text("Chức danh", "Title"),
    title=Text("Người hành nghề", "Practitioners"),
    unit=Text("người", "people"),
    search=Text("Họ tên", "Name"),
    heads=PEOPLE_HEADS,
    lines=lists.people,
)
FACILITIES = Subject(
    name="facilities",
    address="registry-facilities",
    states=PLACES,
    first="operating",
    catalogue="facility_form",
    key_param="form",
    key_word=Text("Hình thức", "Form"),
    title=Text("Cơ sở khám bệnh, chữa bệnh", "Facilities"),
    unit=Text("cơ sở", "facilities"),
    search=Text("Tên cơ sở", "Name"),
    heads=PLACES_HEADS,
    lines=lists.places,
)


@needs(Permission.FIGURE_SEE)
@require_safe
def practitioners(request: HttpRequest) -> HttpResponse:
    """People in the state, province and title the address asks for, fifty a page, or all as a file."""
    return _list(request, PRACTITIONERS, Permission.PRACTITIONER_SEE)


@needs(Permission.FIGURE_SEE)
@require_safe
def facilities(request: HttpRequest) -> HttpResponse:
    """Facilities in the state, province and form the address asks for, fifty a page, or all as a file."""
    return _list(request, FACILITIES, Permission.FACILITY_SEE)


@dataclass(frozen=True, slots=True)
class Listing:
    """One list as one reader asked for it."""

    subject: Subject
    scope: Scope
    wanted: Wanted
    today: date
    units: Mapping[str, Unit]
    keys: Mapping[str, Text]
    typed_until: str = ""

    def address(self, **changes: str) -> str:
        """The query string with `changes`; the page is forgotten unless it is given."""
        one = self.wanted
        values = {"state": one.state, "province": one.province, self.subject.key_param: one.key, "q": one.q}
        values["until"], values["on"] = self.typed_until, one.on.isoformat() if one.on else ""
        return query_of({**values, **changes})

    def province(self, code: str) -> str:
        unit = self.units.get(code)
        return unit.name(language()) if unit else code


def _list(request: HttpRequest, subject: Subject, word: Permission) -> HttpResponse:
    today = vietnam_day(now())
    units = {unit.code: unit for unit in provinces(today)}
    scope = scope_of(actor_of_request(request), units, words=[word])
    keys = catalogue_choices(subject.catalogue, today)
    listing = Listing(
        subject, scope, _wanted(request.GET, subject), today, units, keys, request.GET.get("until", "").strip()[:10]
    )
    sheet = Sheet(subject.heads, lambda: _file_rows(listing), limit=FILE_ROWS)
    return page_or_sheet(request, "pages/figures/list.html", lambda: _context(request, listing), {subject.name: sheet})


def _wanted(query: QueryDict, subject: Subject) -> Wanted:
    state = query.get("state", "")
    return Wanted(
        subject=subject.name,
        state=state if state in subject.states else subject.first,
        province=query.get("province", "").strip()[:2],
        key=query.get(subject.key_param, "").strip()[:20],
        q=query.get("q", "").strip()[:100],
        until=read_day(query.get("until", "").strip()),
        on=_past(query.get("on", "")),
        after=read_id(query.get("after", "")),
        before=read_id(query.get("before", "")),
    )


def _past(text: str) -> date | None:
    """A day of the past for which sums are kept: one of the last hundred, or the first of a month."""
    try:
        day, today = date.fromisoformat(text), vietnam_day(now())
    except ValueError:
        return None
    is_kept = day.day == 1 or day > today - timedelta(days=KEPT_DAYS)
    return day if FIRST_DAY <= day < today and is_kept else None


def _context(request: HttpRequest, listing: Listing) -> dict[str, object]:
    subject, wanted = listing.subject, listing.wanted
    found = lists.page(listing.scope, wanted, listing.today, PAGE + 1)
    shown, pages = _pages(listing, found)
    return {
        "subject": subject,
        "wanted": wanted,
        "unit": lookups.unit_of(actor_of_request(request)),
        "count": lists.count(listing.scope, wanted, listing.today),
        "columns": [Column(head) for head in subject.heads if head != PLACES_HEADS[0]],
        "lines": [_line(listing, one) for one in subject.lines(shown, listing.today)],
        "states": [(code, state.word) for code, state in subject.states.items()],
        "provinces": _province_choices(listing),
        "keys": [("", ANY), *listing.keys.items()],
        "chips": _chips(listing),
        "pages": pages,
        "file_rows": FILE_ROWS,
        "files": [(words, address_of(request, subject.name, kind)) for kind, words in FORMATS.items()],
        "until": listing.typed_until,
        "until_error": WRONG_DAY if listing.typed_until and not wanted.until else "",
        "listing": reverse(subject.address),
    }


def _pages(listing: Listing, found: list[Any]) -> tuple[list[Any], Pages]:
    """The rows to show, and the ways to those before and after them."""
    wanted, has_more = listing.wanted, len(found) > PAGE
    shown = found[-PAGE:] if wanted.before else found[:PAGE]
    is_first = not has_more if wanted.before else wanted.after is None
    is_last = wanted.before is None and not has_more
    return shown, Pages(
        newer="" if is_first or not shown else listing.address(before=str(shown[0].pk)),
        older="" if is_last or not shown else listing.address(after=str(shown[-1].pk)),
        newer_label=Text("Trang trước", "Previous page"),
        older_label=Text("Trang sau", "Next page"),
    )


def _line(listing: Listing, one: Person | Place) -> dict[str, object]:
    figure = one.figure
    key = one.figure.title if isinstance(one, Person) else one.figure.form
    state = _state(listing, one)
    return {
        "name": one.name,
        "href": _profile(one),
        "key": listing.keys.get(key, key),
        "code": "" if isinstance(one, Person) else one.code,
        "licence": one.licence,
        "beside": "; ".join(one.workplaces) if isinstance(one, Person) else one.head,
        "province": listing.province(figure.province_code),
        "until": figure.licence_until,
        "revoked_on": figure.revoked_on,
        "confirmed_on": figure.confirmed_on,
        "state": state,
    }


def _state(listing: Listing, one: Person | Place) -> State | None:
    """What is wrong on the day, if anything; the list of a state does not repeat it in each line."""
    codes = ("revoked", "banned", "suspended", "expired")
    days = {code: getattr(one.figure, code, ()) for code in ("banned", "suspended")}
    since = {"revoked": one.figure.revoked_on, "expired": one.figure.licence_until}
    for code in codes:
        start = since.get(code)
        if any(listing.today in part for part in days.get(code, ())) or (start is not None and start <= listing.today):
            return listing.subject.states[code] if code != listing.wanted.state else None
    return None


def _profile(one: Person | Place) -> str:
    if isinstance(one, Place):
        return reverse("facility", args=[one.code])
    try:
        return reverse("practitioner", args=[one.figure.pk])
    except NoReverseMatch:
        return ""


def _file_rows(listing: Listing) -> Iterator[Sequence[Cell]]:
    for chunk in lists.chunks(listing.scope, listing.wanted, listing.today):
        for one in listing.subject.lines(chunk, listing.today):
            line = _line(listing, one)
            code = () if isinstance(one, Person) else (one.code,)
            names = (line["name"], line["key"], line["licence"], line["beside"], line["province"])
            yield (*code, *names, line["until"], line["confirmed_on"])


def _province_choices(listing: Listing) -> list[tuple[str, Text | str]]:
    reached = [code for code in listing.scope.provinces if code]
    if len(reached) < 2:
        return []
    return [("", ANY), *((code, listing.province(code)) for code in reached)]


def _chips(listing: Listing) -> list[tuple[Text | str, str]]:
    wanted, subject = listing.wanted, listing.subject
    chips: list[tuple[Text | str, str]] = []
    if wanted.province:
        chips.append((listing.province(wanted.province), listing.address(province="")))
    if wanted.key:
        chips.append((listing.keys.get(wanted.key, wanted.key), listing.address(**{subject.key_param: ""})))
    if wanted.q:
        chips.append((f"“{wanted.q}”", listing.address(q="")))
    if wanted.until:
        day = formatting.day(wanted.until)
        chips.append((Text(f"Đến {day}", f"Until {day}"), listing.address(until="")))
    if wanted.on:
        day = formatting.day(wanted.on)
        chips.append((Text(f"Ngày {day}", f"On {day}"), listing.address(on="")))
    return chips
