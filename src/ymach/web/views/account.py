"""Signing in and out, and the choice of language."""

from __future__ import annotations

from django.conf import settings
from django.contrib.auth import authenticate, login, logout
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render, resolve_url
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from ymach.base.actors import SYSTEM
from ymach.base.clock import now
from ymach.base.errors import TooMany
from ymach.base.history.attribution import attributed
from ymach.base.text import Text
from ymach.web import attempts
from ymach.web.access import public

WRONG = Text(
    "Tên đăng nhập hoặc mật khẩu chưa đúng. Xem lại phím Caps Lock và bộ gõ tiếng Việt rồi gõ lại mật khẩu.",
    "The user name or the password is not right. Check Caps Lock, then type the password again.",
)
SIGN_IN_WORDS = {
    "username": Text("Tên đăng nhập", "User name"),
    "password": Text("Mật khẩu", "Password"),
    "submit": Text("Đăng nhập", "Sign in"),
}
YEAR_SECONDS = 365 * 24 * 3600


@public
@never_cache
@sensitive_post_parameters("password")
def sign_in(request: HttpRequest) -> HttpResponse:
    """The sign-in page. A wrong password answers 422 with one sentence and keeps what else was typed."""
    if request.method == "POST":
        return _try_to_sign_in(request)
    if request.user.is_authenticated:
        return HttpResponseRedirect(_next(request))
    return _page(request)


@public
@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    """End the session."""
    logout(request)
    return redirect(settings.LOGOUT_REDIRECT_URL)


@public
@require_POST
def choose_language(request: HttpRequest) -> HttpResponse:
    """Remember the language for a year, and go back to the page the reader came from."""
    wanted = "en" if request.POST.get("language") == "en" else "vi"
    answer = HttpResponseRedirect(_next(request))
    secure = settings.SESSION_COOKIE_SECURE
    answer.set_cookie(
        settings.LANGUAGE_COOKIE_NAME, wanted, max_age=YEAR_SECONDS, samesite="Lax", secure=secure, httponly=True
    )
    return answer


def _try_to_sign_in(request: HttpRequest) -> HttpResponse:
    username, address = request.POST.get("username", ""), request.META.get("REMOTE_ADDR", "")
    if not attempts.left(username, address):
        raise TooMany(retry_after=attempts.WINDOW_SECONDS)
    # A password kept with older settings is hashed anew on success; that is a change like any other.
    with attributed(by=SYSTEM, reason="sign-in", at=now()):
        user = authenticate(request, username=username, password=request.POST.get("password", ""))
    if user is None:
        attempts.count_wrong(username, address)
        return _page(request, username=username, error=WRONG, status=422)
    attempts.forget(username, address)
    login(request, user)
    return HttpResponseRedirect(_next(request))


def _page(request: HttpRequest, *, username: str = "", error: Text | None = None, status: int = 200) -> HttpResponse:
    wanted = request.POST.get("next", request.GET.get("next", ""))
    context = {"username": username, "error": error, "next": wanted, "words": SIGN_IN_WORDS}
    return render(request, "pages/sign_in.html", context, status=status)


def _next(request: HttpRequest) -> str:
    wanted = request.POST.get("next", request.GET.get("next", ""))
    if url_has_allowed_host_and_scheme(wanted, allowed_hosts={request.get_host()}, require_https=request.is_secure()):
        return wanted
    return resolve_url(settings.LOGIN_REDIRECT_URL)
