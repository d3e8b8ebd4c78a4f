"""Probable pairs of identities: the list of a locality, and one pair opened and decided. Nothing clinical is shown."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields
from datetime import date, datetime
from urllib.parse import urlencode
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from ymach.accounts.permissions import Permission
from ymach.audit.refusals import refusals_recorded
from ymach.base.actors import Actor
from ymach.base.clock import now, vietnam_day
from ymach.base.errors import YmachError
from ymach.base.text import Text
from ymach.citizens.links.errors import LinkNotFound, TwoPersons
from ymach.citizens.links.levels import Level
from ymach.citizens.links.queries import identities_of, levels_of
from ymach.citizens.matching import queries
from ymach.citizens.matching.actions import Answer, decide, look, note_listing, take_apart
from ymach.citizens.matching.errors import DecisionMissing, PairDecided, PairNotLinked, WhyMissing, WhyTooLong
from ymach.citizens.matching.models import Pair, State
from ymach.citizens.matching.vetoes import TEXTS
from ymach.citizens.models import Citizen
from ymach.exchange.holdings import Holding, holdings_of
from ymach.facilities.models import Facility
from ymach.facilities.queries import names_of
from ymach.places.queries import provinces
from ymach.web import lookups
from ymach.web.access import actor_of_request, needs
from ymach.web.asked import read_page
from ymach.web.parts import Pages, Tab
from ymach.web.sheets import LIMIT, Cell, Sheet, page_or_sheet
from ymach.web.shown import persons as shown
from ymach.web.templatetags.ymach import language

ANY = Text("Tất cả", "All")
HEADS = (
    *(Text("Bên thứ nhất", "One side"), Text("Ngày sinh", "Born"), Text("Tỉnh", "Province")),
    *(Text("Bên thứ hai", "Other side"), Text("Ngày sinh", "Born"), Text("Tỉnh", "Province")),
    *(Text("Điểm", "Points"), Text("Vì sao hỏi, lý do", "Why asked, reason")),
    *(Text("Trạng thái", "State"), Text("Tìm thấy lúc", "Found")),
)
LONGEST = 1200
APART = "apart"
REFUSALS = (DecisionMissing, WhyMissing, WhyTooLong, PairDecided, PairNotLinked, LinkNotFound, TwoPersons)
ANSWERS = (
    (Answer.SAME.value, Text("Một người, nối lại", "One person: link them")),
    (Answer.DIFFERENT.value, Text("Hai người khác nhau", "Two persons")),
    (Answer.LATER.value, Text("Chưa rõ, hỏi lại sau 7 ngày", "Not known: ask again in 7 days")),
)


@dataclass(frozen=True, slots=True)
class Asked:
    """The filters of the address."""

    state: str = State.OPEN
    province: str = ""
    page: int = 1

    @classmethod
    def of(cls, query: QueryDict) -> Asked:
        state = query.get("state", "")
        return cls(
            state=state if state in State else State.OPEN,
            province=query.get("province", "").strip()[:2],
            page=read_page(query.get("page", "")),
        )

    def address(self, **changes: object) -> str:
        """The query string with `changes`; the first page unless one is given."""
        values = {one.name: getattr(self, one.name) for one in fields(self)} | {"page": 1} | changes
        told = {name: value for name, value in values.items() if value not in {"", 1, State.OPEN.value}}
        return f"?{urlencode(told)}"


@dataclass(frozen=True, slots=True)
class Typed:
    """What was typed into an answer that was refused."""

    reason: str = ""
    error: YmachError | None = None

    @property
    def at_reason(self) -> Text | str:
        return self.error.text if isinstance(self.error, (WhyMissing, WhyTooLong)) else ""


@needs(Permission.IDENTITY_MATCH)
@require_safe
def pairs(request: HttpRequest) -> HttpResponse:
    """The pairs of the locality: those to decide, the surest first, or what was decided."""
    actor, at, asked = actor_of_request(request), now(), Asked.of(request.GET)
    today = vietnam_day(at)
    sheet = Sheet(HEADS, lambda: _rows(_found(actor, asked, today, LIMIT), today))
    told = {"state": asked.state, "province": asked.province, "format": request.GET.get("format", "")[:4]}
    note_listing({**told, "page": str(asked.page)}, by=actor, at=at)
    return page_or_sheet(request, "pages/persons/pairs.html", lambda: _listing(actor, asked, today), {"pairs": sheet})


@needs(Permission.IDENTITY_MATCH)
@require_http_methods(["GET", "HEAD", "POST"])
def pair(request: HttpRequest, citizen_id: UUID, other_id: UUID) -> HttpResponse:
    """One pair side by side with what speaks for and against, and the answer."""
    actor, at = actor_of_request(request), now()
    with refusals_recorded("identity-pair", f"citizen:{citizen_id}", by=actor, at=at):
        return _answered(request, citizen_id, other_id, actor, at)


def _answered(request: HttpRequest, citizen_id: UUID, other_id: UUID, actor: Actor, at: datetime) -> HttpResponse:
    typed = Typed()
    if request.method == "POST":
        typed = Typed(request.POST.get("reason", "")[:LONGEST])
        try:
            if request.POST.get("answer") == APART:
                take_apart(citizen_id, other_id, reason=typed.reason, by=actor, at=at)
            else:
                decide(citizen_id, other_id, answer=_answer(request), reason=typed.reason, by=actor, at=at)
            return HttpResponseRedirect(reverse("person-pair", args=[citizen_id, other_id]))
        except REFUSALS as error:
            typed = Typed(typed.reason, error)
    opened = look(citizen_id, other_id, by=actor, at=at)
    context = {**_opened(opened, vietnam_day(at), actor), "typed": typed}
    return render(request, "pages/persons/pair.html", context, status=typed.error.status if typed.error else 200)


def _found(actor: Actor, asked: Asked, today: date, limit: int, offset: int = 0) -> list[Pair]:
    if asked.state == State.OPEN:
        return queries.waiting(actor, on=today, province=asked.province, limit=limit, offset=offset)
    return queries.decided(actor, State(asked.state), province=asked.province, limit=limit, offset=offset)


def _listing(actor: Actor, asked: Asked, today: date) -> dict[str, object]:
    found = _found(actor, asked, today, queries.PAGE + 1, (asked.page - 1) * queries.PAGE)
    waiting = queries.count_waiting(actor, on=today, province=asked.province)
    return {
        "asked": asked,
        "unit": lookups.unit_of(actor),
        "lines": shown.lines(found[: queries.PAGE], on=today),
        "tabs": [
            Tab(
                word,
                asked.address(state=state.value),
                asked.state == state,
                waiting if state == State.OPEN else None,
                "hold",
            )
            for state, (_, word) in ((State(one), words) for one, words in shown.STATES.items())
        ],
        "provinces": [("", ANY), *((unit.code, unit.name(language())) for unit in provinces(today))],
        "pages": Pages(
            newer=asked.address(page=asked.page - 1) if asked.page > 1 else "",
            older=asked.address(page=asked.page + 1) if len(found) > queries.PAGE else "",
            newer_label=Text("Trang trước", "Previous"),
            older_label=Text("Trang sau", "Next"),
        ),
    }


def _opened(opened: Pair, today: date, actor: Actor) -> dict[str, object]:
    ids = [opened.citizen_id, opened.other_id]
    known, people = queries.profiles(ids), Citizen.objects.in_bulk(ids)
    desk = {grant.facility_id for grant in actor.grants if grant.facility_id}
    places = {one.facility_id for one in known.values() if one.facility_id and (not desk or one.facility_id in desk)}
    names = {key: person.full_name for key, person in people.items()} | names_of(places)
    return {
        "pair": opened,
        "odds": shown.odds(opened),
        "prior": shown.points(float(opened.prior)),
        "weight": shown.points(float(opened.weight)),
        "rows": shown.evidence(opened, known[opened.citizen_id], known[opened.other_id], names, on=today),
        "sides": _sides(ids, people, desk),
        "vetoes": [TEXTS[name] for name in opened.vetoes],
        "state": shown.STATES[opened.state],
        "is_open": opened.state == State.OPEN,
        "is_linked": opened.state in {State.LINKED, State.SAME},
        "answers": ANSWERS,
        "crumbs": [(Text("Cặp nghi trùng", "Probable pairs"), reverse("person-pairs"))],
    }


def _sides(ids: Sequence[UUID], people: dict[UUID, Citizen], desk: set[UUID]) -> list[shown.Side]:
    """Where a person was treated is for departments to see: a facility is told of its own records alone."""
    held, levels = holdings_of(ids), levels_of(ids)
    if desk:
        own = set(Facility.objects.filter(pk__in=desk).values_list("code", flat=True))
        held = {key: [one for one in some if one.facility_code in own] for key, some in held.items()}
    codes = {one.facility_code for some in held.values() for one in some}
    names = dict(Facility.objects.filter(code__in=codes).order_by("valid").values_list("code", "name"))
    none: list[Holding] = []
    return [
        shown.side(
            people[key],
            levels.get(key, Level.PROVISIONAL),
            held.get(key, none),
            names,
            joined=len(identities_of([key])) - 1,
        )
        for key in ids
    ]


def _rows(found: Sequence[Pair], today: date) -> Iterable[Sequence[Cell]]:
    for line in shown.lines(found, on=today):
        sides = (value for side in zip(line.names, line.births, line.places, strict=True) for value in side)
        yield (*sides, line.pair.weight, line.why, line.word, line.pair.found_at)


def _answer(request: HttpRequest) -> Answer | None:
    given = request.POST.get("answer", "")
    return Answer(given) if given in {one.value for one in Answer} else None
