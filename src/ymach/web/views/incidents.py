"""Incidents of data protection: the list with its clocks, one with its minutes, and the notice to the authority."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import TypedDict
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from ymach.accounts.permissions import Permission
from ymach.audit.actions import REGISTRY, record
from ymach.audit.chain import Event
from ymach.base.actors import Actor
from ymach.base.clock import now, vietnam_day
from ymach.base.errors import NotFound, YmachError
from ymach.base.text import Text
from ymach.registers import incidents
from ymach.registers.errors import AccountUnknown, TimeWrong
from ymach.registers.models import Incident, IncidentPerson
from ymach.registers.notice import KINDS, STEPS, as_text, notice_of
from ymach.web import formatting
from ymach.web.access import actor_of_request, needs
from ymach.web.faults import Faults
from ymach.web.named import actor_names
from ymach.web.parts import Column
from ymach.web.sheets import Sheet, page_or_sheet
from ymach.web.shown import incidents as shown
from ymach.web.shown.journal import actions_text, find_actor, read_local, tabs
from ymach.web.shown.people import UNKNOWN, Person, people

PERSONS = 20
PERSON_COLUMNS = [
    Column(Text("Người", "Person")),
    Column(Text("Số lần", "Times"), is_number=True),
    Column(Text("Việc đã làm", "What was done")),
    Column(Text("Lần đầu", "First")),
    Column(Text("Lần cuối", "Last")),
]
Act = Callable[[Incident, HttpRequest, Actor], object]


class Said(TypedDict):
    """What is said of a new incident, apart from its texts."""

    kind: str
    detected_at: datetime | None
    began_at: datetime | None
    ended_at: datetime | None


@needs(Permission.INCIDENT_MANAGE)
@require_http_methods(["GET", "HEAD", "POST"])
def index(request: HttpRequest) -> HttpResponse:
    """All incidents with their clocks, and the form for a new one, filled in from the question of a breach."""
    by = actor_of_request(request)
    if request.method != "POST":
        return _index(request, by)
    made = _open(request, by)
    if isinstance(made, Faults):
        return _index(request, by, faults=made)
    return HttpResponseRedirect(reverse("incident", args=[made.id]))


@needs(Permission.INCIDENT_MANAGE)
@require_http_methods(["GET", "HEAD", "POST"])
def one(request: HttpRequest, incident_id: UUID) -> HttpResponse:
    """One incident: its clock, its minutes, whom it reached, and what can be written down."""
    by = actor_of_request(request)
    found = incidents.get(by, incident_id)
    if request.method != "POST":
        return _one(request, by, found)
    act = _ACTS.get(request.POST.get("act", ""))
    if act is None:
        raise NotFound
    try:
        act(found, request, by)
    except YmachError as refused:
        if refused.field is None:
            raise
        return _one(request, by, found, refused=refused)
    return HttpResponseRedirect(reverse("incident", args=[incident_id]))


@needs(Permission.INCIDENT_MANAGE)
@require_safe
def notice(request: HttpRequest, incident_id: UUID) -> HttpResponse:
    """The notice as a text file."""
    at, found = now(), incidents.get(actor_of_request(request), incident_id)
    written = notice_of(found, incidents.steps_of(found), persons=incidents.count_persons(found), at=at)
    answer = HttpResponse(as_text(written, at=at), content_type="text/plain; charset=utf-8")
    answer["Content-Disposition"] = 'attachment; filename="thong-bao-vi-pham.txt"'
    return answer


def _open(request: HttpRequest, by: Actor) -> Incident | Faults:
    """The incident that was written down, or all that is wrong with what was said of it."""
    at, faults = now(), Faults()
    post = {
        name: request.POST.get(name, "").strip() for name in ("account", "began", "detected", "ended", "kind", "place")
    }
    began, ended = read_local(post["began"]), read_local(post["ended"])
    texts = {name: request.POST.get(name, "") for name in ("summary", "data_kinds", "contact")}
    said: Said = {
        "kind": post["kind"],
        "began_at": began,
        "ended_at": ended,
        "detected_at": read_local(post["detected"]),
    }
    faults.add(*incidents.faults_of(**said, texts=texts, at=at))
    faults.add(
        *(TimeWrong(field=name) for name, moment in (("began", began), ("ended", ended)) if post[name] and not moment)
    )
    account = ""
    with faults.noted():
        account = _account(post["account"]) if post["account"] else ""
    if faults:
        return faults
    with transaction.atomic():
        made = incidents.open_incident(**said, **texts, place=post["place"], account=account, by=by, at=at)
        if account and began is not None and ended is not None and began < ended:
            incidents.attach_persons(made, actor=account, start=began, end=ended, by=by, at=at)
    return made


def _account(typed: str) -> str:
    found = find_actor(typed)
    if found is None:
        raise AccountUnknown(field="account")
    return found


def _write(incident: Incident, request: HttpRequest, by: Actor) -> None:
    post = request.POST
    incidents.write(
        incident,
        kind=post.get("step", ""),
        text=post.get("text", ""),
        done_at=read_local(post.get("done", "")),
        by=by,
        at=now(),
    )


def _assess(incident: Incident, request: HttpRequest, by: Actor) -> None:
    cause, consequences = request.POST.get("cause", ""), request.POST.get("consequences", "")
    incidents.assess(incident, cause=cause, consequences=consequences, by=by, at=now())


def _attach(incident: Incident, request: HttpRequest, by: Actor) -> None:
    start, end = read_local(request.POST.get("start", "")), read_local(request.POST.get("end", ""))
    actor = _account(request.POST.get("account", "").strip())
    if start is None or end is None:
        raise TimeWrong(field="start" if start is None else "end")
    incidents.attach_persons(incident, actor=actor, start=start, end=end, by=by, at=now())


def _close(incident: Incident, request: HttpRequest, by: Actor) -> None:
    is_free = request.POST.get("no_notice") == "1"
    incidents.close(incident, text=request.POST.get("end_text", ""), by=by, at=now(), is_no_notice_due=is_free)


_ACTS: dict[str, Act] = {"write": _write, "assess": _assess, "attach": _attach, "close": _close}


def _index(request: HttpRequest, by: Actor, *, faults: Faults | None = None) -> HttpResponse:
    at, found = now(), incidents.incidents(by)
    rows = [shown.row(one, at) for one in found]

    def context() -> dict[str, object]:
        return {
            "tabs": tabs(by, "incidents"),
            "columns": shown.COLUMNS,
            "rows": rows,
            "kinds": [("", Text("Chọn loại", "Choose"))] + [(kind, words) for kind, words in KINDS.items()],
            "typed": request.POST if faults else _prefilled(request),
            "errors": faults.errors if faults else {},
        }

    if faults:
        return render(request, "pages/audit/incidents.html", context(), status=faults.status)
    sheet = Sheet([one.label for one in shown.COLUMNS], lambda: (one.cells for one in rows))
    return page_or_sheet(request, "pages/audit/incidents.html", context, {"incidents": sheet})


def _prefilled(request: HttpRequest) -> dict[str, str]:
    query = request.GET
    account = query.get("account", "")[:150]
    return {
        "detected": formatting.moment(now()),
        "account": account,
        "kind": "account-misused" if account else "",
        "began": query.get("from", "")[:19],
        "ended": query.get("until", "")[:19],
        "contact": settings.ENVIRONMENT.data_protection_contact,
    }


def _one(request: HttpRequest, by: Actor, found: Incident, *, refused: YmachError | None = None) -> HttpResponse:
    at, steps, count = now(), incidents.steps_of(found), incidents.count_persons(found)
    names = actor_names(
        {one.written_by for one in steps} | {found.opened_by, found.account or str(by)}, vietnam_day(at)
    )
    if count:
        _tell_shown(found, count, by)

    def context() -> dict[str, object]:
        return {
            "tabs": tabs(by, "incidents"),
            "crumbs": [(Text("Sự cố dữ liệu", "Incidents"), reverse("incidents"))],
            "incident": found,
            "row": shown.row(found, at),
            "facts": shown.facts(found, names, count, at),
            "hops": shown.minutes(found, steps, names),
            "steps": [("", Text("Chọn việc", "Choose")), *((kind, STEPS[kind]) for kind in incidents.WRITTEN)],
            "persons": _persons(found, PERSONS),
            "person_columns": PERSON_COLUMNS,
            "count": count,
            "notice": notice_of(found, steps, persons=count, at=at),
            "typed": request.POST if refused else shown.prefilled(found, at),
            "errors": {refused.field: refused.text} if refused else {},
            "act": request.POST.get("act", "") if refused else "",
        }

    if refused is not None:
        return render(request, "pages/audit/incident.html", context(), status=refused.status)
    heads = [Text("Mã nội bộ", "Internal id"), *(one.label for one in PERSON_COLUMNS)]
    sheet = Sheet(
        heads,
        lambda: (
            [str(key), person.name, one.events, words, one.first_at, one.last_at]
            for key, person, one, words in _persons(found, None)
        ),
        limit=200_000,
    )
    return page_or_sheet(request, "pages/audit/incident.html", context, {"persons": sheet})


def _persons(found: Incident, limit: int | None) -> list[tuple[UUID, Person, IncidentPerson, Text]]:
    rows = incidents.persons_of(found, limit)
    known = people({one.citizen_id for one in rows})
    return [(one.citizen_id, known.get(one.citizen_id, UNKNOWN), one, actions_text(one.actions)) for one in rows]


def _tell_shown(found: Incident, count: int, by: Actor) -> None:
    """Names of persons are read with the page: that is an event too."""
    subject = f"incident:{found.id}"
    with transaction.atomic():
        record(
            Event(now(), str(by), "incident:read", subject, incidents.BASIS, detail={"persons": count}),
            facility_id=REGISTRY,
        )
