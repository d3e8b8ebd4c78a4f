"""Addresses that are told by themselves: a unit's own, with how far each has been told and what went wrong."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from ymach.accounts.permissions import Permission
from ymach.base.actors import Actor
from ymach.base.clock import now
from ymach.base.errors import NotFound, YmachError
from ymach.base.text import Text
from ymach.exchange.events.models import PushTurn
from ymach.exchange.events.rules import kinds
from ymach.exchange.models import Subscription
from ymach.exchange.records import RECORD_KINDS
from ymach.exchange.subscriptions import actions, managing
from ymach.exchange.subscriptions.managing import ENDED, OPEN, PAUSED, STOPPED, Managed
from ymach.web import formatting
from ymach.web.access import actor_of_request, needs
from ymach.web.faults import Faults
from ymach.web.parts import Column, Fact
from ymach.web.words import record_words

STATES = {
    OPEN: ("delivered", Text("Đang gửi", "Open")),
    PAUSED: ("held", Text("Tạm dừng", "Paused")),
    STOPPED: ("stuck", Text("Đã dừng vì lỗi", "Stopped by failures")),
    ENDED: ("rejected", Text("Đã kết thúc", "Ended")),
}
COLUMNS = [
    Column(Text("Hệ thống nhận tin", "Who is told")),
    Column(Text("Trạng thái", "State")),
    Column(Text("Nhận tin gần nhất", "Last told")),
    Column(Text("Còn chờ", "Behind"), is_number=True),
]
TURN_COLUMNS = [
    Column(Text("Lúc", "When")),
    Column(Text("Kết quả", "Result")),
    Column(Text("Số tin", "Events"), is_number=True),
    Column(Text("Lỗi", "What went wrong")),
]
Change = Callable[[UUID, Actor, HttpRequest], Subscription]


@needs(Permission.SUBSCRIPTION_MANAGE)
@require_http_methods(["GET", "HEAD", "POST"])
def index(request: HttpRequest) -> HttpResponse:
    """The unit's addresses, and the form for a new one; what is refused stands beside its field, with what was typed."""
    by = actor_of_request(request)
    if request.method != "POST":
        return _index(request, by)
    said: Any = {
        "name": request.POST.get("name", ""),
        "url": request.POST.get("url", "").strip(),
        "kinds": request.POST.getlist("kinds"),
    }
    try:
        made = managing.create(**said, by=by, at=now())
    except YmachError as refused:
        if refused.field is None:
            raise
        return _index(request, by, Faults(*actions.faults_of(**said), refused))
    return HttpResponseRedirect(reverse("subscription", args=[made.id]))


@needs(Permission.SUBSCRIPTION_MANAGE)
@require_http_methods(["GET", "HEAD", "POST"])
def one(request: HttpRequest, key: UUID) -> HttpResponse:
    """One address: where it stands, its last turns, and what can be done with it, each with a reason."""
    by = actor_of_request(request)
    found = managing.get(by, key, at=now())
    if request.method != "POST":
        return _one(request, found)
    change = _CHANGES.get(request.POST.get("act", ""))
    if change is None:
        raise NotFound
    try:
        change(key, by, request)
    except YmachError as refused:
        if refused.field is None:
            raise
        url = request.POST.get("url", "").strip() if change is _rotate else None
        return _one(request, found, Faults(*actions.change_faults(reason=_reason(request), url=url), refused))
    return HttpResponseRedirect(reverse("subscription", args=[key]))


def _pause(key: UUID, by: Actor, request: HttpRequest) -> Subscription:
    return actions.pause(key, by=by, at=now(), reason=_reason(request))


def _resume(key: UUID, by: Actor, request: HttpRequest) -> Subscription:
    return actions.resume(key, by=by, at=now(), reason=_reason(request))


def _rotate(key: UUID, by: Actor, request: HttpRequest) -> Subscription:
    return actions.rotate(key, url=request.POST.get("url", "").strip(), by=by, at=now(), reason=_reason(request))


def _end(key: UUID, by: Actor, request: HttpRequest) -> Subscription:
    return actions.end(key, by=by, at=now(), reason=_reason(request))


_CHANGES: dict[str, Change] = {"pause": _pause, "resume": _resume, "rotate": _rotate, "end": _end}


def _reason(request: HttpRequest) -> str:
    return request.POST.get("reason", "")[:2000]


def _index(request: HttpRequest, by: Actor, faults: Faults | None = None) -> HttpResponse:
    faults = faults or Faults()
    rows = [(one, STATES[one.state], managing.behind(one)) for one in managing.managed(by, at=now())]
    context = {
        "columns": COLUMNS,
        "rows": rows,
        "typed": request.POST,
        "chosen": request.POST.getlist("kinds"),
        "faults": faults,
        "errors": faults.errors,
        "event_kinds": list(kinds().items()),
        "record_kinds": [(kind, record_words(kind)) for kind in RECORD_KINDS if kind != "hiv-care"],
    }
    return render(request, "pages/subscriptions/index.html", context, status=faults.status)


def _one(request: HttpRequest, found: Managed, faults: Faults | None = None) -> HttpResponse:
    faults = faults or Faults()
    subscription = found.subscription
    context = {
        "found": found,
        "state": STATES[found.state],
        "facts": _facts(found),
        "turns": [(turn, _result(turn)) for turn in managing.turns(subscription)],
        "columns": TURN_COLUMNS,
        "typed": request.POST,
        "url": request.POST.get("url", subscription.url),
        "faults": faults,
        "errors": faults.errors,
        "crumbs": [(Text("Địa chỉ nhận tin", "Subscriptions"), reverse("subscriptions"))],
        "is_over": found.state == ENDED,
        "waits": found.state in {PAUSED, STOPPED},
    }
    return render(request, "pages/subscriptions/one.html", context, status=faults.status)


def _result(turn: PushTurn) -> tuple[str, Text, Text | str]:
    if turn.error:
        return "stuck", Text("Không tới", "Not taken"), Text(turn.vi, turn.en)
    return "delivered", Text("Đã nhận", "Taken"), ""


def _facts(found: Managed) -> list[Fact]:
    one, push = found.subscription, found.push
    words = kinds()
    asked = [words.get(kind) or record_words(kind) for kind in one.kinds]
    told = Text("; ".join(word.vi for word in asked), "; ".join(word.en for word in asked))
    facts = [
        Fact(Text("Địa chỉ", "Address"), one.url),
        Fact(Text("Gửi những tin", "Kinds"), told if asked else Text("tất cả", "all")),
        Fact(Text("Gửi từ", "Since"), formatting.moment(one.starts_at)),
    ]
    if push is not None:
        facts.append(Fact(Text("Còn chờ", "Behind"), _waiting(managing.behind(found))))
        if push.failures and push.stopped_at is None:
            facts.append(Fact(Text("Thử lại lúc", "Next try"), formatting.moment(push.due_at, seconds=True)))
    return facts


def _waiting(count: int) -> Text:
    if count >= managing.MOST_BEHIND:
        return Text(
            f"từ {formatting.number(count, 'vi')} tin trở lên", f"{formatting.number(count, 'en')} events or more"
        )
    return Text(f"{count} tin", "1 event" if count == 1 else f"{count} events")
