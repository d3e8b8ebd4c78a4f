"""What every page's frame needs."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest

from ymach.accounts.permissions import Role
from ymach.base.actors import Actor
from ymach.base.clock import now
from ymach.web.navigation import menu_for
from ymach.web.words import ROLE_WORDS


def shell(request: HttpRequest) -> dict[str, object]:
    """Actor, side menu, server time and the mark of a demonstration."""
    actor: Actor | None = getattr(request, "actor", None)
    return {
        "actor": actor,
        "is_signed_in": bool(actor and actor.grants) or _has_account(request),
        "actor_roles": [ROLE_WORDS[Role(grant.role)] for grant in actor.grants] if actor else [],
        "menu": menu_for(actor, request.path) if actor else [],
        "is_demo": settings.ENVIRONMENT.demo,
        "server_time": now(),
    }


def _has_account(request: HttpRequest) -> bool:
    user = getattr(request, "user", None)
    return bool(user and user.is_authenticated)
