"""The form of a change: its fields are those the kind describes. Nothing typed is lost, whatever is wrong."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from ymach.audit.refusals import refusals_recorded
from ymach.base.actors import Actor
from ymach.base.clock import now, vietnam_day
from ymach.base.errors import Conflict, Invalid, NotAllowed, NotFound, TooMany, YmachError
from ymach.base.text import Text
from ymach.changes import access, actions, fields, queries
from ymach.changes.cases import case_of, new_case, read_form, warnings_of, with_values
from ymach.changes.contract import Case, Kind
from ymach.changes.errors import FormWrong
from ymach.changes.evidence.actions import MOST, keep, loose
from ymach.changes.evidence.errors import EvidenceTooMany
from ymach.changes.fields import Choices, Field, Shape, Value
from ymach.changes.kinds import kind_named
from ymach.changes.models import ChangeRequest, Evidence, SubjectKind
from ymach.changes.persons import number_field, require_unknown
from ymach.facilities.models import Facility
from ymach.population.channel import configured
from ymach.practitioners.errors import PersonKnown
from ymach.practitioners.identification import Identified, Said
from ymach.practitioners.queries import find_practitioner_by_licence
from ymach.web import identified
from ymach.web.access import actor_of_request, signed_in
from ymach.web.asked import read_ids, read_number
from ymach.web.asking import Asking
from ymach.web.identified import PersonFound
from ymach.web.sources import source_words
from ymach.web.templatetags.ymach import language

PAPERS = "evidence"
SENT = Text("Đã gửi Sở Y tế: {title}.", "Sent to the department: {title}.")
ASKED = Text("Đã gửi, chờ người hành nghề xác nhận: {title}.", "Sent; the practitioner has to confirm: {title}.")
APPLIED = Text("Đã ghi vào sổ bộ: {title}.", "Written into the registry: {title}.")
DRAFTED = Text("Đã lưu bản nháp: {title}.", "Draft kept: {title}.")
NOBODY_HAS_IT = Text(
    "Không có giấy phép nào mang số này. Xem lại số in trên giấy. Người chưa có trong sổ bộ: dùng “Thêm người hành nghề mới”.",
    "No licence has this number. Compare with the paper; if the person is not in the registry, use “New practitioner”.",
)
NO_SUCH_FACILITY = Text("Không có cơ sở nào mang mã này.", "No facility has this code.")
MOVED = Text(
    "Có người vừa sửa hồ sơ này. Những gì bạn ghi vẫn còn; xem giá trị hiện nay dưới mỗi mục rồi gửi lại.",
    "Somebody has just changed this profile. What you typed is kept; look at the present values, then send again.",
)


@dataclass(slots=True)
class Form:
    """What is on the form now. warned: stands for the warnings that were shown, and comes back with the form.

    person: what is known of the new person by their number.
    """

    case: Case
    raw: Mapping[str, Sequence[str]]
    papers: list[Evidence] = field(default_factory=list)
    errors: dict[str, Text] = field(default_factory=dict)
    trouble: Text | None = None
    warnings: list[Text] = field(default_factory=list)
    warned: str = ""
    note: str = ""
    action: str = ""
    person: PersonFound | None = None


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest, kind: str) -> HttpResponse:
    """Ask for a change: first whose, then what. Own words apply at once."""
    chosen, actor, at = kind_named(kind), actor_of_request(request), now()
    subject_id, facility_id = _whose(request, chosen, actor)
    if _is_incomplete(chosen, subject_id, facility_id, actor):
        return _find(request, chosen, actor)
    tried = f"{chosen.subject.value}:{subject_id or 'new'}"
    with refusals_recorded("change:propose", tried, by=actor, at=at, facility_id=facility_id):
        case = new_case(chosen, subject_id=subject_id, facility_id=facility_id, by=actor, at=at)
        access.require_proposer(actor, chosen, case.subject, case.facility)
    form = Form(case, _present_raw(case), action=request.get_full_path())
    return _sent(request, form, None) if request.method == "POST" else _page(request, form)


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def mend(request: HttpRequest, request_id: UUID) -> HttpResponse:
    """Complete a draft or a returned request, and send it."""
    actor, at = actor_of_request(request), now()
    change = queries.get(actor, request_id, at=at)
    access.require_maker(actor, change)
    case = case_of(change, by=actor, at=at)
    form = Form(case, _raw_of(case, change.proposed), action=request.path, note=change.note)
    return _sent(request, form, change) if request.method == "POST" else _page(request, form, change)


def _sent(request: HttpRequest, form: Form, change: ChangeRequest | None) -> HttpResponse:
    actor, at = form.case.by, form.case.at
    form.raw = {name: request.POST.getlist(name) for name in request.POST}
    if request.POST.get("do") == "find" and request.headers.get("HX-Request"):
        return _found(request, form)
    if request.POST.get("do") in {"lookup", "retype"}:
        return _looked_up(request, form, change)
    form.papers = _papers(request, form, actor, at)
    if request.POST.get("do") in {"add-paper", "find"} or form.errors:
        return _page(request, form, change, status=422 if form.errors else 200)
    try:
        if _warned(request, form):
            return _page(request, form, change)
        made = _ask(request, form, change)
    except FormWrong as wrong:
        form.errors = {name: error.text for name, error in wrong.errors.items()}
    except (NotAllowed, NotFound):
        raise
    except YmachError as error:
        _explain(form, error)
        return _page(request, form, change, status=error.status)
    else:
        messages.success(request, _told(made, form.case.kind))
        return redirect("change", request_id=made.pk)
    return _page(request, form, change, status=422)


def _ask(request: HttpRequest, form: Form, change: ChangeRequest | None) -> ChangeRequest:
    case, papers = form.case, [paper.pk for paper in form.papers]
    values, seen = read_form(case, form.raw), read_number(request.POST.get("seen", ""))
    if request.POST.get("do") != "draft":
        _require_unknown(case, values)
    if change is not None:
        return actions.submit(request_id=change.pk, values=values, by=case.by, at=case.at, seen=seen, evidence=papers)
    return actions.propose(
        kind=case.kind.word,
        subject_id=case.subject.id if case.subject else None,
        facility_id=case.facility.pk if case.facility else None,
        values=values,
        by=case.by,
        at=case.at,
        seen=seen,
        evidence=papers,
        as_draft=request.POST.get("do") == "draft",
    )


def _require_unknown(case: Case, values: Mapping[str, Value]) -> None:
    """Nobody is entered twice. Raises PersonKnown, TooMany."""
    if number_field(case.kind) is None:
        return
    channel = configured(settings.ENVIRONMENT)
    try:
        require_unknown(case, values, by=case.by, at=case.at, channel=channel)
    finally:
        if channel is not None:
            channel.close()


def _looked_up(request: HttpRequest, form: Form, change: ChangeRequest | None) -> HttpResponse:
    """The form with what is known of the person by their number; or emptied of it. With script only its fields."""
    number, status = number_field(form.case.kind), 200
    if number is None:
        raise NotFound
    form.papers = loose(read_ids(request.POST.getlist("kept")), by=form.case.by)
    try:
        if request.POST.get("do") == "retype":
            form.raw = {**form.raw, **identified.emptied(form.case)}
        else:
            form.person, filled = identified.look_up(form.case, form.raw)
            form.raw = {**form.raw, **filled}
    except (Invalid, TooMany) as refusal:
        form.errors[number.name], status = refusal.text, refusal.status
    if request.headers.get("HX-Request"):
        context = {"asking": _asking(form), "form": form, "kind": form.case.kind}
        return render(request, "pages/changes/fields.html", context)
    return _page(request, form, change, status=status)


def _found(request: HttpRequest, form: Form) -> HttpResponse:
    """Only the choices of the field that is being searched, for a page with script."""
    wanted = request.headers.get("HX-Target", "").removeprefix("found-")
    one = next((one for one in _asking(form) if one.field.name == wanted and one.field.find is not None), None)
    if one is None:
        raise NotFound
    return render(request, "pages/changes/found.html", {"one": one, "form": form})


def _warned(request: HttpRequest, form: Form) -> bool:
    """Whether there is something to say that the sender has not seen yet. Drafts are not judged. Raises FormWrong."""
    if request.POST.get("do") == "draft":
        return False
    case = with_values(form.case, read_form(form.case, form.raw))
    form.warnings = [Text(one["vi"], one["en"]) for one in warnings_of(case)]
    said = "\n".join(one.vi for one in form.warnings)
    form.warned = hashlib.sha256(said.encode()).hexdigest()[:16]
    return bool(form.warnings) and request.POST.get("warned") != form.warned


def _explain(form: Form, error: YmachError) -> None:
    """The error beside its field, or above the form; after a conflict the form goes on from the present state."""
    if isinstance(error, PersonKnown):
        known = {"full_name": str(error.values["who"])}
        found = Identified(Said.REGISTERED, form.case.at, error.practitioner_id, known)
        form.person = identified.found_person(found, form.case.by, form.case.facility)
    if error.field == PAPERS or (error.field and form.case.kind.field_named(error.field)):
        form.errors[error.field] = error.text
        return
    form.trouble = MOVED if type(error) is Conflict else error.text
    case = form.case
    form.case = new_case(
        case.kind,
        subject_id=case.subject.id if case.subject else None,
        facility_id=case.facility.pk if case.facility else None,
        by=case.by,
        at=case.at,
    )


def _papers(request: HttpRequest, form: Form, actor: Actor, at: datetime) -> list[Evidence]:
    """The papers already taken in, and those that came now; what is wrong with one stands beside the field."""
    kept = loose(read_ids(request.POST.getlist("kept")), by=actor)
    dropped = request.POST.get("drop", "")
    kept = [paper for paper in kept if str(paper.pk) != dropped]
    for upload in request.FILES.getlist(PAPERS):
        try:
            if len(kept) >= MOST:
                raise EvidenceTooMany(field=PAPERS, limit=MOST)
            kept.append(keep(content=_content(upload), name=upload.name or "", by=actor, at=at))
        except YmachError as error:
            form.errors[PAPERS] = error.text
    return kept


def _content(upload: Any) -> bytes:
    """The bytes, at most one more than may be."""
    content: bytes = upload.read(settings.ENVIRONMENT.evidence_max_mb * 1024 * 1024 + 1)
    return content


def _page(request: HttpRequest, form: Form, change: ChangeRequest | None = None, *, status: int = 200) -> HttpResponse:
    kind, case = form.case.kind, form.case
    context = {
        "kind": kind,
        "case": case,
        "form": form,
        "change": change,
        "asking": _asking(form),
        "given": queries.papers_of(change) if change else [],
        "seen": case.subject.revision if case.subject else "",
        "source": source_words(kind.source),
        "can_draft": change is None and not kind.is_own_word,
        "whose": case.subject.label if case.subject else "",
        "limit": settings.ENVIRONMENT.evidence_max_mb,
        "paper_error": form.errors.get(PAPERS),
        "crumbs": [(Text("Yêu cầu thay đổi", "Change requests"), reverse("changes"))],
    }
    return render(request, "pages/changes/form.html", context, status=status)


def _asking(form: Form) -> list[Asking]:
    present = form.case.kind.present(form.case) if form.case.subject else {}
    form.person = form.person or identified.checked_before(form.case, form.raw)
    fast = form.person.fast if form.person is not None else frozenset()
    found = []
    for one in form.case.kind.fields:
        typed = [text for text in form.raw.get(one.name, ()) if text]
        now_there = fields.show(one, present[one.name], form.case) if one.name in present else None
        words = form.raw.get(f"{one.name}-words", [""])[0].strip()[:100]
        choices = _choices(form.case, one, typed, words)
        is_searched = one.find is not None and (bool(words) or len(choices) >= fields.MOST_FOUND)
        error = form.errors.get(one.name)
        chosen, first = frozenset(typed), typed[0] if typed else ""
        is_fast = one.name in fast and bool(first)
        found.append(Asking(one, first, chosen, choices, now_there, error, words, is_searched, is_fast))
    return found


def _choices(case: Case, one: Field, typed: Sequence[str], words: str) -> Choices:
    """All choices, or of a long list those that match and the one that is chosen."""
    if one.find is None:
        return one.choices(case) if one.choices else ()
    found = list(one.find(case, words))
    here = {code for code, _ in found}
    return [*(kept for kept in fields.named(one, typed, case) if kept[0] not in here), *found]


def _present_raw(case: Case) -> dict[str, list[str]]:
    return _raw_of(case, dict(case.kind.present(case))) if case.subject else {}


def _raw_of(case: Case, values: Mapping[str, Value]) -> dict[str, list[str]]:
    raw: dict[str, list[str]] = {}
    for one in case.kind.fields:
        value = values.get(one.name)
        if one.shape is Shape.YES:
            raw[one.name] = ["yes"] if value else []
        else:
            raw[one.name] = list(value) if isinstance(value, list) else [fields.typed(one, value)]
    return raw


def _whose(request: HttpRequest, kind: Kind, actor: Actor) -> tuple[UUID | None, UUID | None]:
    """Subject and facility: of the address, else the account's own."""
    own_facility = next((one.facility_id for one in actor.grants if one.facility_id), None)
    own_person = next((one.practitioner_id for one in actor.grants if one.practitioner_id), None)
    asked = read_ids([request.GET.get("subject", "")])
    code = request.GET.get("facility", "").strip().upper()
    facility_id = own_facility or (_facility_id(code) if code else None)
    if kind.makes_subject:
        return None, facility_id
    if kind.subject == SubjectKind.FACILITY:
        return (asked[0] if asked else facility_id), None
    number = request.GET.get("licence", "").strip()
    found = find_practitioner_by_licence(number) if number and not asked else None
    return (asked[0] if asked else found.pk if found else own_person), facility_id


def _is_incomplete(kind: Kind, subject_id: UUID | None, facility_id: UUID | None, actor: Actor) -> bool:
    if subject_id is None and not kind.makes_subject:
        return True
    return kind.makes_subject and facility_id is None


def _find(request: HttpRequest, kind: Kind, actor: Actor) -> HttpResponse:
    """Ask for whom: by licence number, or by the code of a facility."""
    wants_facility = kind.makes_subject or kind.subject == SubjectKind.FACILITY
    typed = request.GET.get("facility" if wants_facility else "licence", "")
    error = (NO_SUCH_FACILITY if wants_facility else NOBODY_HAS_IT) if typed else None
    context = {
        "kind": kind,
        "wants_facility": wants_facility,
        "typed": typed,
        "error": error,
        "crumbs": [(Text("Yêu cầu thay đổi", "Change requests"), reverse("changes"))],
    }
    return render(request, "pages/changes/find.html", context, status=404 if error else 200)


def _facility_id(code: str) -> UUID | None:
    today = vietnam_day(now())
    return Facility.objects.filter(code=code, valid__contains=today).values_list("pk", flat=True).first()


def _told(made: ChangeRequest, kind: Kind) -> str:
    words = {"applied": APPLIED, "draft": DRAFTED}.get(made.state, SENT if made.is_ready else ASKED)
    title = kind.title.to(language()).lower()
    return words.to(language()).format(title=title)
