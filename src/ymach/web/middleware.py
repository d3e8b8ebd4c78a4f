"""What happens around every request."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, HttpResponseRedirect, QueryDict
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils import translation
from django.utils.module_loading import import_string

from ymach.accounts.models import User
from ymach.accounts.queries import actor_of
from ymach.base.actors import Actor, ActorKind
from ymach.base.clock import iso, now, vietnam_day
from ymach.base.errors import NotAllowed, NotFound, YmachError
from ymach.web.access import declaration, opens_first
from ymach.web.errors import OnlySent, page_of
from ymach.web.signin.required import must_set_up

Handler = Callable[[HttpRequest], HttpResponse]
ViewHook = Callable[[HttpRequest, Callable[..., Any], tuple[Any, ...], dict[str, Any]], HttpResponseBase | None]
API_PREFIXES = ("/api/", "/.well-known/")
STATELESS = (*API_PREFIXES, "/healthz", "/readyz", "/metrics")
NOBODY = Actor(ActorKind.USER, "nobody", "—")


class ServerTime:
    """The server's time in every answer: a facility's clock is checked against it before signing."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        response["Ymach-Time"] = iso(now())
        return response


class PagesOnly:
    """Runs the middleware of pages (session, language, CSRF …) for pages, and leaves the API without it.

    Django asks only the middleware it has built itself for `process_view`, so the hooks of the page middleware,
    the CSRF check among them, are called from here.
    """

    def __init__(self, get_response: Handler) -> None:
        self.api = get_response
        self.pages = get_response
        self.hooks: list[ViewHook] = []
        for name in reversed(settings.PAGE_MIDDLEWARE):
            layer = import_string(name)(self.pages)
            if hasattr(layer, "process_view"):
                self.hooks.insert(0, layer.process_view)
            self.pages = layer

    def __call__(self, request: HttpRequest) -> HttpResponse:
        handler = self.api if is_api(request) else self.pages
        return handler(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., Any], args: tuple[Any, ...], kwargs: dict[str, Any]
    ) -> HttpResponseBase | None:
        if is_api(request):
            return None
        return next((answer for hook in self.hooks if (answer := hook(request, view, args, kwargs))), None)


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
    """Puts the actor behind the session on the request, refuses a view that does not say who may open it, and leads
    staff without a second factor to set one up."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        user: User | AnonymousUser = request.user
        request.actor = actor_of(user, on=vietnam_day(now())) if isinstance(user, User) else NOBODY  # type: ignore[attr-defined]
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., Any], args: tuple[Any, ...], kwargs: dict[str, Any]
    ) -> HttpResponse | None:
        if declaration(view) is None:
            return page_of(request, NotAllowed())
        if not opens_first(view) and must_set_up(request):
            return HttpResponseRedirect(reverse("security-begin"))
        return None


class KeepableText:
    """What people send is kept and looked for in a database that knows no NUL: each becomes U+FFFD, as browsers do with
    those of a page. An address with one leads nowhere."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., Any], args: tuple[Any, ...], kwargs: dict[str, Any]
    ) -> HttpResponse | None:
        if "\0" in request.path:
            return page_of(request, NotFound())
        request.GET = _keepable(request.GET)  # type: ignore[assignment]
        request.POST = _keepable(request.POST)  # type: ignore[assignment]
        return None


class KeptByNobody:
    """What is shown to somebody signed in stays in no cache: not in a proxy's, not on a computer that many share."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if request.user.is_authenticated:
            response.setdefault("Cache-Control", "private, no-store")
        return response


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
    """Turns the family of errors into pages (ymach.web.errors); the API has its own renderer."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if isinstance(response, HttpResponseNotAllowed) and not is_api(request):
            taken = response["Allow"]
            response = page_of(request, OnlySent())
            response["Allow"] = taken
        return response

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if is_api(request) or not isinstance(exception, YmachError):
            return None
        return page_of(request, exception)


def _keepable(given: QueryDict) -> QueryDict:
    if not any("\0" in text for texts in given.lists() for text in (texts[0], *texts[1])):
        return given
    kept = QueryDict(mutable=True, encoding=given.encoding)
    for name, texts in given.lists():
        kept.setlist(name.replace("\0", "\ufffd"), [text.replace("\0", "\ufffd") for text in texts])
    return kept


def is_api(request: HttpRequest) -> bool:
    """Whether the address belongs to machines: the API, health and metrics are stateless and answer no pages."""
    return request.path.startswith(STATELESS)
