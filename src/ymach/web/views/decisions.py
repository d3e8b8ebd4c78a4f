"""Decisions of a department about a person's licence: which there are, the form, what will happen, and what was touched."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime
from urllib.parse import urlencode
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from ymach.accounts.permissions import Permission
from ymach.base.actors import Actor
from ymach.base.clock import now, vietnam_day
from ymach.base.errors import Conflict, YmachError
from ymach.base.periods import Period
from ymach.base.text import Text
from ymach.changes.evidence.actions import keep, loose
from ymach.changes.fields import show
from ymach.changes.models import Evidence
from ymach.exchange.models import AuthorMention
from ymach.facilities.actions import period_of
from ymach.facilities.queries import visible_to as facilities_visible_to
from ymach.practitioners import access
from ymach.practitioners.errors import PractitionerNotFound
from ymach.practitioners.models import (
    LicenceChange,
    LicenceRevocation,
    LicenceSuspension,
    PractiseBan,
    Practitioner,
)
from ymach.practitioners.queries import profile as profile_of
from ymach.practitioners.queries import provinces_of
from ymach.practitioners.standing.acts import ACT_TEXTS, Act
from ymach.web.access import actor_of_request, needs
from ymach.web.asked import read_id, read_ids, read_number, read_page
from ymach.web.decisions import effects
from ymach.web.decisions.contract import Decision, Taking, Target, ThingGone, Things
from ymach.web.decisions.words import GROUPS, decision_named
from ymach.web.facility.forms import asking, case_for, read_all
from ymach.web.parts import Column, Hop, numbered
from ymach.web.practitioner_page import moved_since
from ymach.web.refusals import journaled
from ymach.web.sheets import LIMIT, Sheet, page_or_sheet
from ymach.web.sources import source_words
from ymach.web.templatetags.ymach import language

PAGE, PAPER = 50, "evidence"
MOST_PREVIEWED = 5
NOT_PASSED_ON = frozenset({"csrfmiddlewaretoken", "do", "seen", "kept"})
TITLES = (
    Text("Giấy phép", "Licence"),
    Text("Đình chỉ, thu hồi, cấm", "Suspension, revocation, ban"),
    Text("Xác minh", "Verification"),
)
PAPER_MISSING = Text(
    "Cần giấy xác nhận đã cập nhật kiến thức: PDF, JPEG hoặc PNG.", "The proof of training is needed: PDF, JPEG or PNG."
)
MOVED = Text(
    "Có người vừa sửa hồ sơ này. Những gì bạn ghi vẫn còn; xem điều đã đổi rồi xem trước lần nữa.",
    "Somebody has just changed this profile. What you typed is kept; look at the change, then preview again.",
)
BESIDE = {"period": "last_day", "valid": "issued_on", "effective_on": "effective_on", "licence": "about"}
HEADS = (
    *(Text("Ngày", "Day"), Text("Cơ sở", "Facility"), Text("Mã hồ sơ", "Dossier")),
    *(Text("Đã làm", "What was done"), Text("Số giấy phép", "Licence")),
)


@dataclass(slots=True)
class Form:
    """What is on the form now."""

    decision: Decision
    target: Target
    things: Things
    raw: Mapping[str, Sequence[str]]
    seen: int
    paper: Evidence | None = None
    errors: dict[str, Text] = field(default_factory=dict)
    trouble: Text | None = None
    moved: Sequence[Hop] = ()


@needs(Permission.PRACTITIONER_MANAGE)
@require_safe
def index(request: HttpRequest, key: UUID) -> HttpResponse:
    """What the department can decide about the person, now."""
    with _deciding(request, key, "see"):
        target = _target(request, key)
        _require(target)
    groups = []
    for title, decisions in zip(TITLES, GROUPS, strict=True):
        lines = [
            (one, reverse("practitioner-decision", args=[key, one.word]), bool(one.things(target))) for one in decisions
        ]
        groups.append((title, lines))
    context = {"person": target.person, "profile": target.profile, "groups": groups, "crumbs": _crumbs(target)}
    return render(request, "pages/decisions/index.html", context)


@needs(Permission.PRACTITIONER_MANAGE)
@require_http_methods(["GET", "HEAD", "POST"])
def one(request: HttpRequest, key: UUID, word: str) -> HttpResponse:
    """One decision: the form, what will happen, and taking it. Outside the province it is refused, and journaled."""
    decision, at = decision_named(word), now()
    with _deciding(request, key, word):
        target = _target(request, key)
        if not decision.in_own_name:
            _require(target)
        form = Form(decision, target, decision.things(target), {}, target.person.revision)
        if request.method != "POST":
            form.raw = {name: request.GET.getlist(name) for name in request.GET}
            return _page(request, form)
        form.raw = {name: request.POST.getlist(name) for name in request.POST}
        seen = read_number(request.POST.get("seen", ""))
        form.seen = target.person.revision if seen is None else seen
        _take_paper(request, form, at)
        return _answer(request, form, at)


@needs(Permission.PRACTITIONER_MANAGE)
@require_safe
def touched(request: HttpRequest, key: UUID) -> HttpResponse:
    """The dossiers somebody signed on days on which a decision lets nothing be done; also as a file."""
    actor, at = actor_of_request(request), now()
    with _deciding(request, key, "records-touched"):
        target = _target(request, key)
        _require(target)
        number, title, period = _decided(target.person, request.GET.get("decision", ""))
    found = effects.touched(target.person, period, by=actor, at=at)
    page = read_page(request.GET.get("page", ""))
    rows = found.rows if found else None

    def context() -> dict[str, object]:
        lines = list(rows[(page - 1) * PAGE : page * PAGE + 1]) if rows is not None else []
        query = urlencode({"decision": request.GET["decision"]})
        return {
            "person": target.person,
            "number": number,
            "title": title,
            "found": found,
            "columns": [Column(head) for head in HEADS],
            "lines": _lines(actor, lines[:PAGE]),
            "pages": numbered(page, page * PAGE + (len(lines) > PAGE), PAGE, lambda at: f"?{query}&page={at}"),
            "crumbs": _crumbs(target, index=True),
        }

    sheet = Sheet(HEADS, lambda: _file_rows(actor, list(rows[:LIMIT]) if rows is not None else []))
    return page_or_sheet(request, "pages/decisions/touched.html", context, {"records": sheet})


def _answer(request: HttpRequest, form: Form, at: datetime) -> HttpResponse:
    """The form again, what will happen, or the decision taken."""
    case = case_for(None, form.target.by, at)
    fields = form.decision.all_fields(form.target, form.things)
    values, errors = read_all(fields, form.raw, case)
    form.errors.update(errors)
    if form.decision.needs_paper and form.paper is None and PAPER not in form.errors:
        form.errors[PAPER] = PAPER_MISSING
    do = request.POST.get("do", "preview")
    if do == "edit" or form.errors:
        return _page(request, form, status=422 if form.errors and do != "edit" else 200)
    taking = Taking(form.target, values, at, form.seen, form.paper.pk if form.paper else None)
    try:
        if do != "take":
            return _preview(request, form, taking)
        made = form.decision.take(taking)
    except YmachError as error:
        if error.status in {403, 404}:
            raise
        _explain(form, error)
        return _page(request, form, status=error.status)
    messages.success(request, form.decision.done.to(language()))
    return redirect(_onward(form, taking, made))


def _preview(request: HttpRequest, form: Form, taking: Taking) -> HttpResponse:
    decision, target = form.decision, form.target
    happening = effects.rehearse(decision, taking)
    found = (
        effects.touched(target.person, decision.stops(taking), by=taking.by, at=taking.at) if decision.stops else None
    )
    passed = [(name, value) for name, values in form.raw.items() if name not in NOT_PASSED_ON for value in values]
    context = {
        "decision": decision,
        "person": target.person,
        "effects": happening,
        "touched": found,
        "touched_lines": _lines(taking.by, list(found.rows[:MOST_PREVIEWED])) if found else [],
        "touched_columns": [Column(head) for head in HEADS],
        "passed": passed,
        "paper": form.paper,
        "seen": form.seen,
        "asking": asking(decision.all_fields(target, form.things), form.raw, {}, case_for(None, taking.by, taking.at)),
        "said": _said(form, taking),
        "crumbs": _crumbs(target, index=True),
    }
    return render(request, "pages/decisions/preview.html", context)


def _page(request: HttpRequest, form: Form, *, status: int = 200) -> HttpResponse:
    decision, target = form.decision, form.target
    fields = decision.all_fields(target, form.things)
    raw = dict(form.raw)
    if len(form.things) == 1:
        raw.setdefault("about", [str(form.things[0][0])])
    context = {
        "decision": decision,
        "person": target.person,
        "state": target.profile.state,
        "form": form,
        "asking": asking(fields, raw, form.errors, case_for(None, target.by, now())),
        "can_decide": bool(form.things),
        "paper_error": form.errors.get(PAPER),
        "papers": [(words, reverse("change-paper", args=[paper])) for paper, words in decision.papers(target)],
        "limit": settings.ENVIRONMENT.evidence_max_mb,
        "source": source_words(decision.source),
        "crumbs": _crumbs(target, index=True),
    }
    return render(request, "pages/decisions/form.html", context, status=status)


def _explain(form: Form, error: YmachError) -> None:
    """The error beside its field, or above the form; after a conflict with what somebody else changed."""
    if type(error) is Conflict:
        form.target.person.refresh_from_db()
        form.trouble, form.moved = MOVED, moved_since(form.target.person, form.seen).hops
        form.seen = form.target.person.revision
        return
    names = {one.name for one in form.decision.all_fields(form.target, form.things)}
    beside = error.field or ""
    beside = beside if beside in names else BESIDE.get(beside, "")
    if beside in names:
        form.errors[beside] = error.text
    else:
        form.trouble = error.text


def _take_paper(request: HttpRequest, form: Form, at: datetime) -> None:
    """The paper that came now, or came before and was kept."""
    if not form.decision.needs_paper:
        return
    kept = loose(read_ids(request.POST.getlist("kept")), by=form.target.by)
    form.paper = kept[0] if kept else None
    for upload in request.FILES.getlist(PAPER)[:1]:
        content = upload.read(settings.ENVIRONMENT.evidence_max_mb * 1024 * 1024 + 1)
        try:
            form.paper = keep(content=content, name=upload.name or "", by=form.target.by, at=at)
        except YmachError as error:
            form.errors[PAPER] = error.text


def _onward(form: Form, taking: Taking, made: UUID) -> str:
    """To the dossiers that a decision with an earlier day touches; else to the person."""
    person, stops = form.target.person, form.decision.stops
    if stops is not None:
        found = effects.touched(person, stops(taking), by=taking.by, at=taking.at)
        if found is not None and (found.number or found.elsewhere):
            return f"{reverse('records-touched', args=[person.pk])}?decision={made}"
    return reverse("practitioner", args=[person.pk])


def _said(form: Form, taking: Taking) -> list[tuple[Text, Text]]:
    """What was typed, in words, nothing for fields left blank."""
    case = case_for(None, taking.by, taking.at)
    fields = form.decision.all_fields(form.target, form.things)
    return [(one.label, show(one, taking.values[one.name], case)) for one in fields if taking.values[one.name]]


def _decided(person: Practitioner, text: str) -> tuple[str, Text, Period]:
    """Number, name and days of a decision that stops practice. Raises ThingGone."""
    key = read_id(text) or UUID(int=0)
    suspension = LicenceSuspension.objects.filter(pk=key, licence__practitioner=person).first()
    if suspension is not None:
        return suspension.decision, decision_named("suspend").title, period_of(suspension.period)
    ban = PractiseBan.objects.filter(pk=key, practitioner=person).first()
    if ban is not None:
        return ban.decision, decision_named("ban").title, period_of(ban.period)
    revocation = LicenceRevocation.objects.filter(pk=key, licence__practitioner=person).first()
    if revocation is not None:
        return revocation.decision, decision_named("revoke").title, Period(revocation.effective_on, None)
    change = LicenceChange.objects.filter(pk=key, practitioner=person).first()
    if change is None:
        raise ThingGone
    return change.decision, decision_named("change").title, Period(change.effective_on, None)


def _lines(actor: Actor, rows: Sequence[AuthorMention]) -> list[dict[str, object]]:
    """Dossiers with the names of their facilities and what was done in them."""
    names = dict(
        facilities_visible_to(actor).filter(pk__in={one.facility_id for one in rows}).values_list("pk", "name")
    )
    return [
        {
            "day": one.happened_on,
            "facility": names.get(one.facility_id, one.facility_code),
            "code": one.facility_code,
            "dossier": one.dossier_code,
            "acts": _acts(one.acts),
            "licence": one.number_key,
            "href": reverse("submission", args=[one.submission_id]),
        }
        for one in rows
    ]


def _file_rows(actor: Actor, rows: Sequence[AuthorMention]) -> Iterator[Sequence[object]]:
    for line in _lines(actor, rows):
        yield line["day"], f"{line['code']} {line['facility']}", line["dossier"], line["acts"], line["licence"]


def _acts(codes: Sequence[str]) -> Text:
    words = [ACT_TEXTS[Act(code)] for code in codes]
    return Text(", ".join(one.vi for one in words), ", ".join(one.en for one in words))


@contextmanager
def _deciding(request: HttpRequest, key: UUID, word: str) -> Iterator[None]:
    with journaled(request, f"decision:{word}", f"practitioner:{key}"):
        yield


def _target(request: HttpRequest, key: UUID) -> Target:
    """Whom it is about. That a person holds a licence is public: a department elsewhere is refused, not told “nobody”."""
    person, on = Practitioner.objects.filter(pk=key).first(), _today()
    if person is None:
        raise PractitionerNotFound
    return Target(person, profile_of(person, on=on), actor_of_request(request), on)


def _require(target: Target) -> None:
    access.require_department(target.by, lambda: provinces_of(target.person.pk, target.on))


def _crumbs(target: Target, *, index: bool = False) -> list[tuple[Text | str, str]]:
    person = target.person
    crumbs: list[tuple[Text | str, str]] = [
        (Text("Người hành nghề", "Practitioners"), reverse("registry-practitioners")),
        (person.full_name, reverse("practitioner", args=[person.pk])),
    ]
    if index:
        crumbs.append((Text("Quyết định", "Decisions"), reverse("practitioner-decisions", args=[person.pk])))
    return crumbs


def _today() -> date:
    return vietnam_day(now())
