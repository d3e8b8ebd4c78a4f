"""What people ask for about their own data: the list, a new request, one with its answer."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from ymach.accounts.permissions import Permission
from ymach.audit.reached import Reading
from ymach.base.clock import iso, now, vietnam_day
from ymach.base.errors import YmachError
from ymach.base.text import Text
from ymach.citizens.requests import actions, queries, rules
from ymach.citizens.requests.actions import EVERYTHING, About, Scope
from ymach.citizens.requests.errors import KindUnknown, StepNotOpen
from ymach.citizens.requests.rules import Act, Kind
from ymach.citizens.requests.words import EXPLAINED, KINDS
from ymach.consent.rules import CONSENTABLE
from ymach.consent.words import PURPOSE_WORDS
from ymach.exchange.reading.entries import Entry
from ymach.exchange.reading.gate import Opened
from ymach.facilities.models import Facility
from ymach.web import formatting
from ymach.web.access import actor_of_request, needs
from ymach.web.book import crumbs, readers_of
from ymach.web.faults import Faults
from ymach.web.parts import Words
from ymach.web.sheets import Sheet, page_or_sheet
from ymach.web.shown import requests as shown
from ymach.web.sources import source_words
from ymach.web.templatetags.ymach import language
from ymach.web.whose import Whose, open_book, whose
from ymach.web.words import record_words

LIST = Text("Yêu cầu về dữ liệu của tôi", "Requests about my data")
HEADS = (
    *(Text("Yêu cầu", "Request"), Text("Về", "About"), Text("Nơi giải quyết", "Dealt with by")),
    *(Text("Gửi lúc", "Sent"), Text("Trạng thái", "State"), Text("Hạn", "Due")),
)
ICONS = {
    Kind.OBTAIN: "print",
    Kind.CORRECT: "fix",
    Kind.RESTRICT: "lock",
    Kind.OBJECT: "no",
    Kind.DELETE: "close",
    Kind.READER: "eye",
}
SENT = Text("Đã gửi yêu cầu.", "The request has been sent.")
IN_FORCE = Text("Đã có hiệu lực ngay từ bây giờ.", "In force from this moment.")
MOST_CHOICES = 100
CHOOSE = Text("Chọn…", "Choose…")
ALL, SOME = "all", "some"
_ACTS: Mapping[str, Callable[..., object]] = {Act.LIFT.value: actions.lift, Act.WITHDRAW.value: actions.withdraw}


@dataclass(frozen=True, slots=True)
class Typed:
    """A form as it was filled in; nothing of it is lost when it is refused."""

    kind: Kind
    words: str = ""
    record: str = ""
    place: str = ""
    reading: str = ""
    who: str = ""
    readers: frozenset[str] = field(default_factory=frozenset)
    purposes: frozenset[str] = field(default_factory=frozenset)

    @classmethod
    def of(cls, data: QueryDict) -> Typed:
        """Raises KindUnknown."""
        kind = data.get("kind", "")
        if kind not in rules.OFFERED:
            raise KindUnknown(field="kind")
        return cls(
            kind=Kind(kind),
            words=data.get("words", "")[: rules.LONGEST + 1],
            record=data.get("record", "")[:36],
            place=data.get("place", "")[:36],
            reading=data.get("reading", "")[:80],
            who=data.get("who", ""),
            readers=frozenset(data.getlist("readers")[:MOST_CHOICES]),
            purposes=frozenset(data.getlist("purposes")),
        )


@dataclass(frozen=True, slots=True)
class Known:
    """What a request can be about: the person's records, their places, and who read them."""

    entries: Mapping[str, Entry]
    places: Mapping[UUID, Facility]
    readings: Mapping[str, Reading]

    @classmethod
    def of(cls, opened: Opened, kind: Kind) -> Known:
        entries = {str(one.id): one for one in opened.entries[: MOST_CHOICES * 5]}
        found = readers_of(opened, limit=MOST_CHOICES) if kind is Kind.READER else []
        readings = {_reading_key(one): one for one in found if one.facility_id}
        ids = {one.facility_id for one in entries.values()} | {one.facility_id for one in found if one.facility_id}
        return cls(entries, Facility.objects.in_bulk(list(ids)), readings)

    @property
    def records(self) -> list[tuple[str, Words]]:
        first = list(self.entries.items())[:MOST_CHOICES]
        return [("", CHOOSE), *((key, self._record(one)) for key, one in first)]

    @property
    def where(self) -> list[tuple[str, Words]]:
        mine = {one.facility_id for one in self.entries.values()}
        held = sorted((one for key, one in self.places.items() if key in mine), key=lambda one: one.name)
        return [(str(one.id), one.name) for one in held]

    @property
    def reads(self) -> list[tuple[str, Words]]:
        return [("", CHOOSE), *((key, self._reading(one)) for key, one in self.readings.items())]

    def _record(self, one: Entry) -> str:
        kind = record_words(one.kind).to(language())
        return f"{formatting.day(one.happened_at)} · {kind} · {self._name(one.facility_id) or one.facility_code}"

    def _reading(self, one: Reading) -> str:
        return f"{formatting.moment(one.at)} · {self._name(one.facility_id)}"

    def _name(self, key: UUID | None) -> str:
        found = self.places.get(key) if key else None
        return found.name if found else ""


@needs(Permission.RECORD_READ_OWN)
@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """Everything the person has asked for, what is open first, and the ways to ask."""
    book = whose(request)
    opened, today = open_book(request, book, "requests"), vietnam_day(now())
    rows = shown.lines(queries.requests_of(opened.citizen_ids), today=today, is_own=True)
    context = {
        "book": book,
        "opened": opened,
        "crumbs": crumbs(),
        "lines": rows,
        "ways": [(kind, KINDS[kind], EXPLAINED[kind], ICONS[kind]) for kind in rules.OFFERED],
        "holding": _holding(opened),
    }
    cells = ((one.kind, one.about, one.answerer, one.row.asked_at, one.word, one.term) for one in rows)
    return page_or_sheet(request, "pages/requests/own.html", lambda: context, {"requests": Sheet(HEADS, lambda: cells)})


@needs(Permission.RECORD_READ_OWN)
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Ask for something; the kind is in the address, so that other pages lead here."""
    book = whose(request)
    typed = Typed.of(request.POST if request.method == "POST" else request.GET)
    opened = open_book(request, book, "requests")
    known = Known.of(opened, typed.kind)
    if request.method != "POST":
        return render(request, "pages/requests/new.html", _form(book, opened, typed, known))
    asked: Any = {
        "kind": typed.kind,
        "words": typed.words,
        "about": _about(typed, known, book),
        "scope": _scope(typed, known),
    }
    found = Faults(*actions.faults_of(**asked))
    try:
        made = actions.ask(citizen_id=book.citizen.citizen_id, **asked, by=actor_of_request(request), at=now())
    except YmachError as error:
        found.add(error)
        context = {**_form(book, opened, typed, known), "faults": found, "errors": found.errors}
        return render(request, "pages/requests/new.html", context, status=found.status)
    messages.success(request, (IN_FORCE if rules.terms()[typed.kind].at_once else SENT).to(language()))
    return redirect("own-request", made.id)


@needs(Permission.RECORD_READ_OWN)
@require_http_methods(["GET", "HEAD", "POST"])
def one(request: HttpRequest, request_id: UUID) -> HttpResponse:
    """One request: how it stands, what was answered; taking it back, or ending the restriction it brought."""
    book, at = whose(request), now()
    opened = open_book(request, book, "requests")
    row = queries.own_request(opened.citizen_ids, request_id)
    if request.method == "POST":
        act = _ACTS.get(request.POST.get("do", ""))
        if act is None:
            raise StepNotOpen
        act(citizen_id=row.citizen_id, request_id=row.id, by=actor_of_request(request), at=at)
        return redirect("own-request", row.id)
    (line,) = shown.lines([row], today=vietnam_day(at), is_own=True)
    held = queries.restrictions_by_request([row]).get(row.id)
    places = Facility.objects.in_bulk(list(held.readers or ())) if held else {}
    context = {
        "book": book,
        "opened": opened,
        "crumbs": [*crumbs(), (LIST, reverse("own-requests"))],
        "line": line,
        "facts": shown.facts(line),
        "words": queries.words_of(row),
        "hops": shown.steps(queries.steps_of(row), row),
        "scope": shown.scope_of(held, places) if held else [],
        "may_lift": held is not None and held.until is None,
        "may_withdraw": rules.may(Act.WITHDRAW, row.state),
        "offers_restriction": row.kind == Kind.DELETE and row.state == rules.State.REFUSED,
    }
    return render(request, "pages/requests/own_one.html", context)


def _form(book: Whose, opened: Opened, typed: Typed, known: Known) -> dict[str, object]:
    kind, terms = typed.kind, rules.terms()[typed.kind]
    return {
        "book": book,
        "opened": opened,
        "crumbs": [*crumbs(), (LIST, reverse("own-requests"))],
        "title": KINDS[kind],
        "lede": EXPLAINED[kind],
        "typed": typed,
        "known": known,
        "where": [("", Text("Toàn bộ: Sở Y tế trả lời", "Everything: the department answers")), *known.where],
        "purposes": [(one.value, PURPOSE_WORDS[one]) for one in CONSENTABLE],
        "terms": terms,
        "source": source_words(terms.source),
        "days": terms.act_days_elsewhere if rules.needs_record(kind) else terms.act_days,
        "needs_words": rules.needs_words(kind),
    }


def _about(typed: Typed, known: Known, book: Whose) -> About:
    """What it is about and who must act; blank where the choice is none of the person's own."""
    entry = known.entries.get(typed.record)
    if typed.kind is Kind.CORRECT and entry is not None:
        at = known.places.get(entry.facility_id)
        return About(
            f"record:{entry.id}",
            entry.kind,
            vietnam_day(entry.happened_at),
            entry.facility_id,
            entry.facility_code,
            at.province_code if at else "",
        )
    if typed.kind is Kind.OBTAIN and typed.place:
        held = next((one for key, one in known.places.items() if str(key) == typed.place), None)
        if held is not None:
            return About(facility_id=held.id, facility_code=held.code, province_code=held.province_code)
    reading = known.readings.get(typed.reading)
    if typed.kind is Kind.READER and reading is not None and reading.facility_id is not None:
        place = known.places.get(reading.facility_id)
        province = place.province_code if place else _province(book, known)
        return About(f"reading:{typed.reading}", on=vietnam_day(reading.at), province_code=province)
    return About(province_code=_province(book, known))


def _scope(typed: Typed, known: Known) -> Scope:
    if typed.kind is Kind.RESTRICT:
        mine = frozenset(key for key in known.places if str(key) in typed.readers)
        return EVERYTHING if typed.who == ALL else Scope(readers=mine)
    if typed.kind is Kind.OBJECT:
        return Scope(purposes=frozenset(one.value for one in CONSENTABLE) & typed.purposes)
    return EVERYTHING


def _province(book: Whose, known: Known) -> str:
    """Whose department answers: of the person's address, else of the place of the newest record."""
    if book.citizen.province_code:
        return str(book.citizen.province_code)
    newest = next(iter(known.entries.values()), None)
    place = known.places.get(newest.facility_id) if newest else None
    return place.province_code if place else ""


def _holding(opened: Opened) -> list[dict[str, object]]:
    """What is kept from whom now, with the request that ends it."""
    held = queries.restrictions_of(opened.citizen_ids, at=_at(opened))
    places = Facility.objects.in_bulk([key for one in held for key in one.readers or ()])
    return [
        {
            "facts": shown.scope_of(one, places),
            "since": one.since,
            "href": reverse("own-request", args=[UUID(one.reference.removeprefix("request:"))]),
        }
        for one in held
    ]


def _at(opened: Opened) -> datetime:
    return opened.at


def _reading_key(one: Reading) -> str:
    return f"{iso(one.at)}|{one.facility_id}"
