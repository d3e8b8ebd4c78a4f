"""What every page's frame needs."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import SimpleLazyObject

from ymach.accounts.permissions import Permission, Role, may
from ymach.accounts.words import ROLE_WORDS
from ymach.base.actors import Actor
from ymach.base.clock import now
from ymach.base.text import Text
from ymach.facilities.models import Facility
from ymach.notices.queries import unread_count
from ymach.web.lookups import is_counter, own_facility, unit_of
from ymach.web.navigation import COOKIE, Group, menu_for

SEARCH = Text("Tìm mã hồ sơ, mã biên nhận", "Search dossier or receipt number")


def shell(request: HttpRequest) -> dict[str, object]:
    """Actor, side menu, server time and the mark of a demonstration."""
    actor: Actor | None = getattr(request, "actor", None)
    own = cache(lambda: own_facility(actor) if actor else None)
    return {
        "actor": actor,
        "has_session": hasattr(request, "session"),
        "is_signed_in": bool(actor and actor.grants) or _has_account(request),
        "actor_roles": [ROLE_WORDS[Role(grant.role)] for grant in actor.grants] if actor else [],
        "menu": cache(lambda: _menu(request, actor, own()) if actor else ()),
        **_search(request, actor, own),
        "unread_notices": SimpleLazyObject(lambda: unread_count(actor) if actor else 0),
        "unit": SimpleLazyObject(lambda: unit_of(actor, own()) if actor else None),
        "is_demo": settings.ENVIRONMENT.demo,
        "is_test": settings.ENVIRONMENT.is_test,
        "server_time": now(),
    }


def _menu(request: HttpRequest, actor: Actor, own: Facility | None) -> tuple[Group, ...]:
    remembered = request.COOKIES.get(COOKIE, "")
    return menu_for(actor, request.path, is_counter=is_counter(own), remembered=remembered)


def _search(request: HttpRequest, actor: Actor | None, own: Callable[[], Facility | None]) -> dict[str, object]:
    """Where the masthead's search leads, for accounts that may see submissions; a counter sends none."""
    if actor is None or not may(actor, Permission.SUBMISSION_SEE) or is_counter(own()):
        return {}
    address = reverse("submissions")
    text = request.GET.get("q", "") if request.path == address else ""
    return {"search_url": address, "search_label": SEARCH, "search_text": text}


def _has_account(request: HttpRequest) -> bool:
    user = getattr(request, "user", None)
    return bool(user and user.is_authenticated)
