"""Changing what a facility's profile says: one page for every form. Nothing typed is lost, whatever is wrong."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from ymach.accounts.permissions import Permission
from ymach.audit.refusals import refusals_recorded
from ymach.base.actors import Actor
from ymach.base.clock import now, vietnam_day
from ymach.base.errors import Conflict, NotAllowed, YmachError
from ymach.base.text import Text
from ymach.changes.contract import Case
from ymach.changes.fields import Field, show
from ymach.facilities.models import Facility
from ymach.facilities.profile.actions import confirm_profile
from ymach.web import lookups
from ymach.web.access import actor_of_request, needs
from ymach.web.asked import read_number
from ymach.web.facility import decisions, own_word, oxygen_forms, verified
from ymach.web.facility.forms import (
    MOVED,
    FacilityForm,
    FormUnknown,
    Raw,
    Saving,
    Target,
    asking,
    case_for,
    field_of,
    raw_of,
    read_all,
)
from ymach.web.shown.facilities import crumbs_of
from ymach.web.sources import source_words
from ymach.web.templatetags.ymach import language

FORMS: Mapping[str, FacilityForm] = {
    form.word: form for form in (*own_word.FORMS, *oxygen_forms.FORMS, *verified.FORMS, *decisions.FORMS)
}
CONFIRMED = Text("Đã xác nhận hồ sơ còn đúng.", "The profile is confirmed as right.")


@dataclass(frozen=True, slots=True)
class Difference:
    """A field that somebody else changed while the form was open."""

    label: Text
    before: Text
    after: Text


@dataclass(slots=True)
class Page:
    """The form as it stands on the screen. shown: the values it was opened with, by name, as text."""

    form: FacilityForm
    target: Target
    fields: Sequence[Field]
    raw: Raw
    case: Case
    shown: dict[str, list[str]]
    errors: dict[str, Text] = field(default_factory=dict)
    trouble: Text | None = None
    moved: list[Difference] = field(default_factory=list)


@needs(Permission.FACILITY_SEE)
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, code: str, form: str) -> HttpResponse:
    """One form of a facility. Who may not write is refused, and the attempt stays in the journal."""
    actor, at = actor_of_request(request), now()
    chosen = FORMS.get(form)
    if chosen is None:
        raise FormUnknown
    facility = _allowed(actor, code, chosen, at)
    target = Target(facility, vietnam_day(at), request.GET.get("item", "")[:40], request.GET.get("kind", "")[:20])
    if chosen.kinds is not None and not target.item and target.kind not in chosen.kinds(target):
        return _choose(request, chosen, target)
    if chosen.kinds is not None and target.kind and target.kind not in chosen.kinds(target):
        raise FormUnknown
    page = _opened(chosen, target, actor, at)
    return _sent(request, page) if request.method == "POST" else _page(request, page)


@needs(Permission.FACILITY_SEE)
@require_POST
def confirm(request: HttpRequest, code: str) -> HttpResponse:
    """“All is still right”, said by somebody of the facility."""
    actor, at = actor_of_request(request), now()
    with refusals_recorded("facility:confirm", f"facility:{code}", by=actor, at=at):
        facility = lookups.facility_of(actor, code)
        try:
            confirm_profile(facility=facility, by=actor, at=at, seen=read_number(request.POST.get("seen", "")))
        except Conflict:
            messages.warning(request, MOVED.to(language()))
        else:
            messages.success(request, CONFIRMED.to(language()))
    return redirect("facility", code=code)


def _allowed(actor: Actor, code: str, form: FacilityForm, at: datetime) -> Facility:
    with refusals_recorded(f"facility:{form.word}", f"facility:{code}", by=actor, at=at):
        facility = lookups.facility_of(actor, code)
        form.require(actor, facility)
    return facility


def _opened(form: FacilityForm, target: Target, actor: Actor, at: datetime) -> Page:
    fields, case = form.fields(target), case_for(target.facility, actor, at)
    raw = raw_of(fields, form.present(target))
    return Page(form, target, fields, raw, case, raw)


def _sent(request: HttpRequest, page: Page) -> HttpResponse:
    page.raw = {name: request.POST.getlist(name) for name in request.POST}
    is_end = request.POST.get("do") == "end" and page.form.end is not None
    values, errors = ({}, {}) if is_end else read_all(page.fields, page.raw, page.case)
    if errors:
        page.errors = errors
        return _page(request, page, 422)
    saving = Saving(page.target, values, page.case.by, page.case.at, read_number(request.POST.get("seen", "")))
    try:
        _write(request, page.form, saving, is_end=is_end)
    except NotAllowed:
        raise
    except Conflict as error:
        return _after_conflict(request, page, error)
    except YmachError as error:
        _explain(page, error)
        return _page(request, page, error.status)
    return redirect(f"{reverse('facility', args=[page.target.facility.code])}#{page.form.part}")


def _write(request: HttpRequest, form: FacilityForm, saving: Saving, *, is_end: bool) -> None:
    found = []
    if is_end and form.end is not None:
        form.end(saving)
    else:
        found = list(form.save(saving))
    messages.success(request, form.done.to(language()))
    for finding in found:
        messages.warning(request, finding.text.to(language()))


def _explain(page: Page, error: YmachError) -> None:
    name = field_of(error, page.fields)
    if name:
        page.errors[name] = error.text
    else:
        page.trouble = error.text


def _after_conflict(request: HttpRequest, page: Page, error: Conflict) -> HttpResponse:
    """What others changed meanwhile, beside what was typed; the next sending starts from the present state."""
    if type(error) is not Conflict:
        _explain(page, error)
        return _page(request, page, error.status)
    facility = Facility.objects.get(pk=page.target.facility.pk)
    target = Target(facility, page.target.on, page.target.item, page.target.kind)
    fresh = _opened(page.form, target, page.case.by, page.case.at)
    before = _remembered(request.POST.get("shown", ""))
    fresh.moved = [
        Difference(one.label, _told(one, before.get(one.name, []), page.case), _told(one, after, page.case))
        for one in fresh.fields
        if (after := fresh.shown.get(one.name, [])) != before.get(one.name, after)
    ]
    fresh.raw, fresh.trouble = page.raw, MOVED
    return _page(request, fresh, 409)


def _remembered(text: str) -> dict[str, list[str]]:
    try:
        found = json.loads(text)
    except ValueError:
        return {}
    if not isinstance(found, dict):
        return {}
    return {str(name): [str(one) for one in given] for name, given in found.items() if isinstance(given, list)}


def _told(one: Field, given: Sequence[str], case: Case) -> Text:
    if one.choices is not None:
        return show(one, list(given), case)
    plain = ", ".join(given) or "—"
    return Text(plain, plain)


def _choose(request: HttpRequest, form: FacilityForm, target: Target) -> HttpResponse:
    kinds = form.kinds(target) if form.kinds else {}
    context = {
        "form": form,
        "facility": target.facility,
        "kinds": [(f"?kind={code}", words) for code, words in kinds.items()],
        "crumbs": crumbs_of(target.facility),
    }
    return render(request, "pages/facility/choose.html", context)


def _page(request: HttpRequest, page: Page, status: int = 200) -> HttpResponse:
    form, facility = page.form, page.target.facility
    kinds = form.kinds(page.target) if form.kinds else {}
    context = {
        "form": form,
        "kind": kinds.get(page.target.kind),
        "facility": facility,
        "asking": asking(page.fields, page.raw, page.errors, page.case),
        "errors": page.errors,
        "trouble": page.trouble,
        "moved": page.moved,
        "seen": facility.revision,
        "shown": json.dumps(page.shown, ensure_ascii=False),
        "can_end": form.end is not None and bool(page.target.item),
        "back": f"{reverse('facility', args=[facility.code])}#{form.part}",
        "source": source_words(form.source),
        "crumbs": crumbs_of(facility),
    }
    return render(request, "pages/facility/form.html", context, status=status)
