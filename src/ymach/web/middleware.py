"""What happens around every request."""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse
from django.utils import translation
from django.utils.module_loading import import_string

from ymach.accounts.models import User
from ymach.accounts.queries import actor_of
from ymach.base.actors import Actor, ActorKind
from ymach.base.clock import now, vietnam_day

Handler = Callable[[HttpRequest], HttpResponse]
API_PREFIXES = ("/api/", "/.well-known/")
NOBODY = Actor(ActorKind.USER, "nobody", "—")


class ServerTime:
    """The server's time in every answer: a facility's clock is checked against it before signing."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        response["X-Server-Time"] = now().isoformat(timespec="milliseconds").replace("+00:00", "Z")
        return response


class PagesOnly:
    """Runs the middleware of pages (session, language, CSRF …) for pages, and leaves the API without it."""

    def __init__(self, get_response: Handler) -> None:
        self.api = get_response
        self.pages = get_response
        for name in reversed(settings.PAGE_MIDDLEWARE):
            self.pages = import_string(name)(self.pages)

    def __call__(self, request: HttpRequest) -> HttpResponse:
        handler = self.api if request.path.startswith(API_PREFIXES) else self.pages
        return handler(request)


class ChooseLanguage:
    """Vietnamese unless the reader chose English (cookie)."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        wanted = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, "vi")
        with translation.override("en" if wanted == "en" else "vi"):
            response = self.get_response(request)
            response["Content-Language"] = translation.get_language() or "vi"
        return response


class ActAs:
    """Puts the actor behind the session on the request."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        user: User | AnonymousUser = request.user
        request.actor = actor_of(user, on=vietnam_day(now())) if isinstance(user, User) else NOBODY  # type: ignore[attr-defined]
        return self.get_response(request)


class ContentSecurityPolicy:
    """Scripts, styles and pictures from ourselves only; nobody may frame us."""

    POLICY = "; ".join(
        [
            "default-src 'self'",
            "img-src 'self' data:",
            "object-src 'none'",
            "base-uri 'none'",
            "frame-ancestors 'none'",
            "form-action 'self'",
        ]
    )

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        response.setdefault("Content-Security-Policy", self.POLICY)
        return response


class RenderErrors:
    """Turns the family of errors into answers (ymach.web.errors for pages; the API has its own renderer)."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)
