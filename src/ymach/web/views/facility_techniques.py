"""Replacing a facility's list of techniques: a file or typed codes, what that changes, then written or asked for."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from ymach.accounts.permissions import Permission
from ymach.audit.refusals import refusals_recorded
from ymach.base.actors import Actor
from ymach.base.clock import now, vietnam_day
from ymach.base.errors import Conflict, NotAllowed, YmachError
from ymach.base.text import Text
from ymach.changes.kinds.facility_techniques import APPROVED_ON, DECISION, RELEASE
from ymach.facilities import access
from ymach.facilities.models import Facility
from ymach.facilities.profile.actions import replace_technique_list
from ymach.web import lookups
from ymach.web.access import actor_of_request, needs
from ymach.web.asked import read_number
from ymach.web.facility import codes
from ymach.web.facility.forms import MOVED, asking, case_for, read_all
from ymach.web.facility.rights import rights_of
from ymach.web.facility.techniques import technique_codes, technique_names
from ymach.web.shown.facilities import crumbs_of
from ymach.web.templatetags.ymach import language

SHOWN = 500
WRITTEN = Text(
    "Đã thay danh mục: thêm {added}, bỏ {removed}.", "The list is replaced: {added} added, {removed} taken out."
)
FIELDS = (RELEASE, replace(DECISION, hint=Text("Như 123/QĐ-SYT.", "Like 123/QĐ-SYT.")), APPROVED_ON)


@needs(Permission.FACILITY_SEE)
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest, code: str) -> HttpResponse:
    """The new list, what it changes, and (for the department) writing it. Raises NotAllowed."""
    actor, at = actor_of_request(request), now()
    with refusals_recorded("facility:techniques", f"facility:{code}", by=actor, at=at):
        facility = lookups.facility_of(actor, code)
        access.require_own_word(actor, facility=facility)
    today = vietnam_day(at)
    if request.method != "POST":
        return _page(request, actor, facility, {})
    try:
        wanted = _wanted(request)
    except (codes.ListUnreadable, codes.ListEmpty, codes.CodeTooLong) as error:
        return _page(request, actor, facility, {"error": error.text}, error.status)
    if request.POST.get("do") == "write":
        return _write(request, actor, facility, wanted)
    return _page(request, actor, facility, _preview(facility, wanted, today))


def _wanted(request: HttpRequest) -> list[str]:
    """The codes of the file, else those typed. Raises what reading them raises."""
    upload = request.FILES.get("file")
    if isinstance(upload, UploadedFile):
        return codes.read_file(upload.name or "", upload.read(codes.LARGEST + 1))
    return codes.read_text(request.POST.get("codes", ""))


def _preview(facility: Facility, wanted: list[str], today: date) -> dict[str, object]:
    found = codes.compare(technique_codes(facility, today), wanted)
    names = technique_names([*found.added[:SHOWN], *found.removed[:SHOWN]])
    return {
        "difference": found,
        "added": [(code, names.get(code, "")) for code in found.added[:SHOWN]],
        "removed": [(code, names.get(code, "")) for code in found.removed[:SHOWN]],
        "unknown": sum(1 for code in found.added[:SHOWN] if code not in names),
        "codes": "\n".join(dict.fromkeys(wanted)),
        "added_text": "\n".join(found.added),
        "removed_text": "\n".join(found.removed),
        "shown_limit": SHOWN,
    }


def _write(request: HttpRequest, actor: Actor, facility: Facility, wanted: list[str]) -> HttpResponse:
    at, unique = now(), list(dict.fromkeys(wanted))
    today, case = vietnam_day(at), case_for(facility, actor, at)
    raw = {name: request.POST.getlist(name) for name in request.POST}
    values, errors = read_all(FIELDS, raw, case)
    preview = _preview(facility, unique, today)
    if errors:
        return _page(request, actor, facility, {**preview, "errors": errors}, 422)
    try:
        with refusals_recorded("facility:techniques", f"facility:{facility.code}", by=actor, at=at):
            changed = replace_technique_list(
                facility=facility,
                codes=unique,
                release=str(values["release"]),
                decision=str(values["decision"]),
                approved_on=date.fromisoformat(str(values["approved_on"])),
                by=actor,
                at=at,
                seen=read_number(request.POST.get("seen", "")),
            )
    except NotAllowed:
        raise
    except YmachError as error:
        trouble = MOVED if type(error) is Conflict else error.text
        fresh = Facility.objects.get(pk=facility.pk)
        return _page(request, actor, fresh, {**_preview(fresh, unique, today), "trouble": trouble}, error.status)
    messages.success(request, WRITTEN.format(added=changed.opened, removed=changed.closed).to(language()))
    return redirect("facility-techniques", code=facility.code)


def _page(
    request: HttpRequest, actor: Actor, facility: Facility, found: dict[str, object], status: int = 200
) -> HttpResponse:
    rights, case = rights_of(actor, facility), case_for(facility, actor, now())
    raw = {name: request.POST.getlist(name) for name in request.POST}
    errors = found.get("errors", {})
    context = {
        "facility": facility,
        "crumbs": crumbs_of(facility),
        "decides": rights.decides,
        "asking": asking(FIELDS, raw, errors if isinstance(errors, dict) else {}, case),
        "seen": facility.revision,
        "request_address": f"{reverse('change-new', args=['technique-list'])}?subject={facility.pk}",
        "codes": request.POST.get("codes", ""),
        **found,
    }
    return render(request, "pages/facility/techniques_new.html", context, status=status)
