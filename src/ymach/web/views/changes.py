"""Changes: what I asked for and where it is, one of them, what can be asked for, and the papers."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from ymach.base.actors import Actor
from ymach.base.clock import now, print_day, vietnam_day
from ymach.base.errors import YmachError
from ymach.base.text import Text
from ymach.changes import access, actions, queries
from ymach.changes.clocks import Term
from ymach.changes.contract import DEPARTMENT, FACILITY, PRACTITIONER, Case, Kind
from ymach.changes.errors import ActUnknown, FieldWrong, PublishedWhen, ReasonMissing, SubjectMoved
from ymach.changes.kinds import KINDS, kind_named
from ymach.changes.models import OPEN, ChangeRequest, ChangeStep, State, SubjectKind
from ymach.changes.persons import check_of, is_identified
from ymach.changes.rules import ACT_WORDS
from ymach.web import formatting, lookups
from ymach.web.access import actor_of_request, signed_in
from ymach.web.asked import WRONG_DAY, read_day, read_number
from ymach.web.identified import check_fact
from ymach.web.papers import paper_answer
from ymach.web.parts import Fact, Hop, Tab
from ymach.web.shown.changes import TONES, Shown, shown
from ymach.web.sources import source_words
from ymach.web.templatetags.ymach import language

PAGE = 50
NEW_WARNING = Text("mới, sau khi gửi", "new since it was sent")
OLD_WARNING = Text("lúc gửi; nay không còn", "when it was sent; no longer so")
ICONS = {"approve": "ok", "apply": "ok", "confirm": "ok", "reject": "no", "return": "hold", "decline": "no"}
ACT_TONES = {
    "approve": "good",
    "apply": "good",
    "confirm": "good",
    "reject": "bad",
    "return": "hold",
    "decline": "hold",
}
DONE = {
    "approve": Text("Đã duyệt và ghi vào sổ bộ.", "Approved and written into the registry."),
    "return": Text("Đã trả lại kèm lý do.", "Returned with the reason."),
    "reject": Text("Đã ghi là không duyệt.", "Rejected."),
    "withdraw": Text("Đã rút yêu cầu.", "The request was withdrawn."),
    "confirm": Text("Đã xác nhận; Sở Y tế sẽ xem.", "Confirmed; the department will look at it."),
    "decline": Text("Đã báo lại cho cơ sở.", "The facility has been told."),
}

NOT_AT_A_COUNTER = frozenset({"facility-department", "technique-list", "technique-assignment", "end-of-technique"})
"""What a pharmacy has nothing of: beds, techniques."""


@signed_in
@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """What the account or its unit asked for, what it has to confirm, and where everything is."""
    actor, today = actor_of_request(request), vietnam_day(now())
    is_open = request.GET.get("show") != "settled"
    found = queries.mine(actor, limit=PAGE, is_open=is_open)
    context = {
        "lines": shown(found, today, actor=actor),
        "waiting": shown(queries.to_confirm(actor), today),
        "tabs": [
            Tab(Text("Đang mở", "Open"), "?", is_open),
            Tab(Text("Đã xong", "Settled"), "?show=settled", not is_open),
        ],
        "is_open": is_open,
        "can_ask": bool(_kinds_for(actor)),
        "can_list": any(grant.facility_id and "change:propose" in grant.permissions for grant in actor.grants),
    }
    return render(request, "pages/changes/index.html", context)


@signed_in
@require_safe
def choose(request: HttpRequest) -> HttpResponse:
    """The kinds of change this account may ask for."""
    actor = actor_of_request(request)
    is_counter = lookups.is_counter(lookups.own_facility(actor))
    kinds = [kind for kind in _kinds_for(actor) if not (is_counter and kind.word in NOT_AT_A_COUNTER)]
    subjects = (
        (SubjectKind.FACILITY, Text("Hồ sơ cơ sở", "The facility")),
        (SubjectKind.PRACTITIONER, Text("Người hành nghề", "Practitioners")),
    )
    groups = [(words, [kind for kind in kinds if kind.subject == subject]) for subject, words in subjects]
    context = {
        "groups": [(words, found) for words, found in groups if found],
        "crumbs": [(Text("Yêu cầu thay đổi", "Change requests"), reverse("changes"))],
    }
    return render(request, "pages/changes/choose.html", context)


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def one(request: HttpRequest, request_id: UUID) -> HttpResponse:
    """One request: what changes, on what evidence, who did what when; and what this account can do with it."""
    actor, at = actor_of_request(request), now()
    change = queries.get(actor, request_id, at=at)
    if request.method != "POST":
        return render(request, "pages/changes/one.html", _context(actor, change))
    act = request.POST.get("do", "")
    try:
        _act(request, act, change, actor)
    except (ReasonMissing, SubjectMoved, PublishedWhen) as error:
        return _again(request, actor, change, error)
    except YmachError as error:
        if error.status in {403, 404}:
            raise
        change.refresh_from_db()
        return _again(request, actor, change, error)
    messages.success(request, DONE[act].to(language()))
    return redirect("worklist" if act in {"approve", "return", "reject"} else request.path)


@signed_in
@require_safe
def paper(request: HttpRequest, evidence_id: UUID) -> HttpResponse:
    """A paper: pictures to look at, PDF to keep; nothing in it can run here."""
    found, content = queries.open_paper(actor_of_request(request), evidence_id, at=now())
    return paper_answer(content, media_type=found.media_type, name=found.name, is_shown="save" not in request.GET)


def _act(request: HttpRequest, act: str, change: ChangeRequest, actor: Actor) -> None:
    reason, number, at = request.POST.get("reason", ""), request.POST.get("decision_number", ""), now()
    key = change.pk
    if act == "approve":
        revision = read_number(request.POST.get("known", ""))
        actions.approve(
            request_id=key,
            by=actor,
            at=at,
            decision_number=number,
            note=reason,
            known_revision=revision,
            publish_on=_publish_on(request.POST.get("publish_on", "")),
        )
    elif act == "return":
        actions.give_back(request_id=key, by=actor, at=at, reason=reason)
    elif act == "reject":
        actions.reject(request_id=key, by=actor, at=at, reason=reason, decision_number=number)
    elif act == "confirm":
        actions.confirm(request_id=key, by=actor, at=at)
    elif act == "decline":
        actions.decline(request_id=key, by=actor, at=at, reason=reason)
    elif act == "withdraw":
        actions.withdraw(request_id=key, by=actor, at=at, note=reason)
    else:
        raise ActUnknown


def _again(request: HttpRequest, actor: Actor, change: ChangeRequest, error: YmachError) -> HttpResponse:
    typed = {name: request.POST.get(name, "") for name in ("reason", "decision_number", "publish_on")}
    beside = error.field if error.field in {"reason", "publish_on"} else ""
    context = {**_context(actor, change), "typed": typed, "error": error.text, "error_field": beside}
    context["publish_error"] = error.text if beside == "publish_on" else ""
    return render(request, "pages/changes/one.html", context, status=error.status)


def _context(actor: Actor, change: ChangeRequest) -> dict[str, object]:
    today, kind = vietnam_day(now()), kind_named(change.kind)
    case = queries.case_for(change, by=actor, at=now())
    lines = queries.lines_of(change, case, sees_private=queries.sees_private(actor, change))
    acts = queries.acts_for(actor, change)
    line = shown([change], today, actor=actor)[0]
    return {
        "change": change,
        "kind": kind,
        "line": line,
        "lines": lines,
        "has_moved": any(one.now for one in lines),
        "warnings": _warnings(change, case),
        "publishes": kind.is_published and "approve" in acts,
        "publish_hint": _publish_hint(change, today),
        "revision": case.subject.revision if case.subject else "",
        "papers": queries.papers_of(change),
        "facts": [
            *_facts(line, kind, queries.reported(change, case), case.facility.name if case.facility else ""),
            *_identity(actor, change, kind),
        ],
        "hops": [_hop(step) for step in change.steps.order_by("-at", "-id")],
        "acts": acts,
        "decides": bool(acts & {"approve", "return", "reject"}),
        "crumbs": _crumbs(actor),
    }


def _warnings(change: ChangeRequest, case: Case) -> list[tuple[Text, Text | str]]:
    """What was said when it was sent, and what is to be said now that was not."""
    kept = [Text(one["vi"], one["en"]) for one in change.warnings]
    here = [Text(one["vi"], one["en"]) for one in queries.warnings_now(change, case)]
    if change.state not in OPEN:
        return [(one, "") for one in kept]
    new = [(one, "" if not change.submitted_at else NEW_WARNING) for one in here if one not in kept]
    return [*((one, "" if one in here else OLD_WARNING) for one in kept), *new]


def _publish_hint(change: ChangeRequest, today: date) -> Text:
    last = print_day(actions.last_publication_day(change, today))
    return Text(f"Bỏ trống là hôm nay; muộn nhất {last}.", f"Blank means today; {last} at the latest.")


def _publish_on(typed: str) -> date | None:
    """The day written. Raises FieldWrong for what is none."""
    if not typed.strip():
        return None
    found = read_day(typed)
    if found is None:
        raise FieldWrong(field="publish_on", vi=WRONG_DAY.vi, en=WRONG_DAY.en)
    return found


def _facts(line: Shown, kind: Kind, reported: Term | None, place: str) -> list[Fact]:
    change = line.request
    facts = [
        Fact(Text("Của ai", "Whose"), change.subject_label, href=line.subject_href),
        *([Fact(Text("Tại cơ sở", "At"), place)] if place else []),
        Fact(Text("Người gửi", "Asked by"), change.made_by_label, formatting.moment(change.made_at)),
    ]
    term = queries.term_of(change, on=vietnam_day(now()))
    if term is not None:
        facts.append(
            Fact(term.clock.label, term.sentence, source_words(term.clock.source), TONES.get(term.standing, ""))
        )
    if reported is not None:
        facts.append(
            Fact(
                reported.clock.label,
                reported.sentence,
                source_words(reported.clock.source),
                TONES.get(reported.standing, ""),
            )
        )
    if change.decided_at and change.state != State.APPLIED:
        facts.append(
            Fact(Text("Quyết định", "Decided by"), change.decided_by_label, formatting.moment(change.decided_at))
        )
    if change.publish_on:
        facts.append(Fact(Text("Công bố ngày", "Published on"), formatting.day(change.publish_on)))
    if change.decision_number:
        facts.append(Fact(Text("Số quyết định", "Decision number"), change.decision_number))
    facts.append(Fact(Text("Căn cứ", "Legal source"), source_words(kind.source)))
    return facts


def _identity(actor: Actor, change: ChangeRequest, kind: Kind) -> list[Fact]:
    """What the population database said about somebody new, for those who may see who it is."""
    if not is_identified(change, kind) or not queries.sees_private(actor, change):
        return []
    return [check_fact(check_of(change, kind))]


def _hop(step: ChangeStep) -> Hop:
    words = ACT_WORDS[step.act]
    note = f"{step.by_label}: {step.note}" if step.note else step.by_label
    return Hop(ICONS.get(step.act, "send"), words, note, ACT_TONES.get(step.act, "wait"), at=step.at)


def _crumbs(actor: Actor) -> list[tuple[Text, str]]:
    if access.decides_somewhere(actor):
        return [(Text("Việc chờ duyệt", "Worklist"), reverse("worklist"))]
    return [(Text("Yêu cầu thay đổi", "Change requests"), reverse("changes"))]


def _kinds_for(actor: Actor) -> list[Kind]:
    """The kinds somebody of the actor's sort may ask for; whether of a certain profile is asked later."""
    roles = set()
    for grant in actor.grants:
        if "change:propose" in grant.permissions:
            roles.add(FACILITY if grant.facility_id else PRACTITIONER)
        if "practitioner:manage" in grant.permissions and grant.province_code:
            roles.add(DEPARTMENT)
    return [kind for kind in KINDS.values() if roles & kind.proposers]
