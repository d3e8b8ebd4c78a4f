"""One practitioner: everything the registry holds, as far as the reader may see it; to confirm, to check, to ask for changes."""

from __future__ import annotations

from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from ymach.accounts.permissions import Permission
from ymach.base.actors import Actor
from ymach.base.clock import now, vietnam_day
from ymach.base.errors import Conflict, NotAllowed, NotFound, YmachError
from ymach.base.text import Text
from ymach.population.channel import configured
from ymach.practitioners import identification
from ymach.practitioners.actions import confirm_profile
from ymach.practitioners.models import Practitioner
from ymach.practitioners.queries import profile as profile_of
from ymach.practitioners.queries import visible_to
from ymach.web.access import actor_of_request, needs
from ymach.web.asked import read_number
from ymach.web.practitioner_page import moved_since, page
from ymach.web.practitioner_readers import reader_of
from ymach.web.templatetags.ymach import language

CONFIRMED = Text("Đã ghi: mọi thứ còn đúng. Cảm ơn bạn.", "Noted: all is still right. Thank you.")
CHECKED = Text("Đã đối chiếu với dữ liệu dân cư.", "Checked against the population database.")
AWAY = Text(
    "Chưa hỏi được cơ sở dữ liệu dân cư. Kết quả lần trước vẫn giữ nguyên; thử lại sau ít phút.",
    "The population database did not answer. The last result is kept; try again in a few minutes.",
)


@needs(Permission.PRACTITIONER_SEE)
@require_safe
def index(request: HttpRequest, key: UUID) -> HttpResponse:
    """The profile. Raises NotFound for one the reader may not see."""
    return page(request, _visible(request, key))


@needs(Permission.PROFILE_CONFIRM)
@require_POST
def confirm(request: HttpRequest, key: UUID) -> HttpResponse:
    """“All is still right”, of the page the person looked at; after a change by somebody else the page comes again."""
    person, actor = _visible(request, key), actor_of_request(request)
    seen = read_number(request.POST.get("seen", ""))
    try:
        confirm_profile(practitioner=person, by=actor, at=now(), seen=-1 if seen is None else seen)
    except Conflict:
        person.refresh_from_db()
        return page(request, person, moved=moved_since(person, seen), status=409)
    messages.success(request, CONFIRMED.to(language()))
    return redirect("profile" if _is_self(actor, person) else reverse("practitioner", args=[person.pk]))


@needs(Permission.IDENTITY_VERIFY)
@require_POST
def check(request: HttpRequest, key: UUID) -> HttpResponse:
    """Ask the population database about the person now."""
    person, actor, at = _visible(request, key), actor_of_request(request), now()
    if not reader_of(actor, profile_of(person, on=vietnam_day(at))).may_check:
        raise NotAllowed(permission=Permission.IDENTITY_VERIFY.value)
    channel = configured(settings.ENVIRONMENT)
    try:
        found = identification.verify(practitioner=person, by=actor, at=at, channel=channel)
    except YmachError as refusal:
        if refusal.status in {403, 404, 500}:
            raise
        messages.warning(request, refusal.text.to(language()))
    else:
        is_away = found.outcome == "unavailable"
        (messages.warning if is_away else messages.success)(request, (AWAY if is_away else CHECKED).to(language()))
    finally:
        if channel is not None:
            channel.close()
    return redirect(f"{reverse('practitioner', args=[person.pk])}#population")


def _visible(request: HttpRequest, key: UUID) -> Practitioner:
    found = visible_to(actor_of_request(request)).filter(pk=key).first()
    if found is None:
        raise NotFound
    return found


def _is_self(actor: Actor, person: Practitioner) -> bool:
    return any(grant.practitioner_id == person.pk for grant in actor.grants)
