"""Signing in and out, and the choice of language."""

from __future__ import annotations

from django.conf import settings
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST
from fido2.webauthn import AuthenticationResponse

from ymach.accounts.models import User
from ymach.base.clock import now
from ymach.base.errors import TooMany
from ymach.base.text import Text
from ymach.web.access import public
from ymach.web.reached import reader_address
from ymach.web.signin import events, factors, limits, next_page, ways
from ymach.web.signin.entering import WRONG_CODE, begin_anew, check_password, enter
from ymach.web.signin.library import (
    LoginStageController,
    LoginWebAuthnForm,
    begin_authentication,
    record_authentication,
)
from ymach.web.signin.stages import SecondFactor

WRONG = Text(
    "Tên đăng nhập hoặc mật khẩu chưa đúng. Xem lại phím Caps Lock và bộ gõ tiếng Việt rồi gõ lại mật khẩu.",
    "The user name or the password is not right. Check Caps Lock, then type the password again.",
)
WRONG_PASSKEY = Text(
    "Khóa truy cập này chưa mở được tài khoản nào. Chọn khóa khác, hoặc đăng nhập bằng mật khẩu.",
    "This passkey opened no account. Choose another one, or sign in with your password.",
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
        return HttpResponseRedirect(next_page.of(request))
    return _page(request)


@public
@never_cache
@require_http_methods(["GET", "POST"])
def with_passkey(request: HttpRequest) -> HttpResponse:
    """GET: what the browser needs to ask for any passkey of the site, as JSON. POST: the passkey's answer."""
    if request.method == "GET":
        return HttpResponse(factors.as_json(begin_authentication(None)), content_type="application/json")
    limits.take_passkey(reader_address(request), at=now())
    form = LoginWebAuthnForm(data={"credential": factors.credential_of(request, AuthenticationResponse)})
    if not form.is_valid():
        events.refused(request, None, how=ways.PASSKEY, why="wrong")
        return _page(request, passkey_error=WRONG_PASSKEY, status=422)
    begin_anew(request)
    form.save()
    return enter(request, form.cleaned_data["credential"].user)


@public
@never_cache
@require_http_methods(["GET", "POST"])
def second_factor(request: HttpRequest) -> HttpResponse:
    """Between the password (or VNeID) and the session, for accounts that have a second factor."""
    stage = None if request.user.is_authenticated else LoginStageController.enter(request, SecondFactor.key)
    if stage is None or not stage.login.user.is_active:
        return redirect("sign-in")
    user: User = stage.login.user
    error = None
    if request.method == "POST":
        if factors.check(request, user, again=False):
            answer: HttpResponse = stage.exit()
            return answer
        error = WRONG_CODE
    options, has_app = factors.passkey_options(user), factors.has_app(user)
    context = {"error": error, "passkey_options": options, "has_app": has_app}
    return render(request, "pages/second_factor.html", context, status=422 if error else 200)


@public
@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    """End the session."""
    if isinstance(request.user, User):
        events.signed_out(request, request.user)
    logout(request)
    return redirect(settings.LOGOUT_REDIRECT_URL)


@public
@require_POST
def choose_language(request: HttpRequest) -> HttpResponse:
    """Remember the language for a year, and go back to the page the reader came from."""
    wanted = "en" if request.POST.get("language") == "en" else "vi"
    answer = HttpResponseRedirect(next_page.of(request))
    secure = settings.SESSION_COOKIE_SECURE
    answer.set_cookie(
        settings.LANGUAGE_COOKIE_NAME, wanted, max_age=YEAR_SECONDS, samesite="Lax", secure=secure, httponly=True
    )
    return answer


def _try_to_sign_in(request: HttpRequest) -> HttpResponse:
    username, address = request.POST.get("username", ""), reader_address(request)
    account = User.objects.filter(username=username.strip().casefold()).first()
    try:
        limits.take_password(username, address, at=now())
    except TooMany:
        if limits.take_once("pause-told", f"{username}\n{address}", seconds=limits.WINDOW_SECONDS, at=now()):
            events.refused(request, account, how=ways.PASSWORD, why="too-many")
        raise
    user = check_password(request, username)
    if user is None:
        events.refused(request, account, how=ways.PASSWORD, why="wrong")
        return _page(request, username=username, error=WRONG, status=422)
    limits.forget_password(username, address)
    begin_anew(request)
    record_authentication(request, user, ways.PASSWORD)
    return enter(request, user)


def _page(
    request: HttpRequest,
    *,
    username: str = "",
    error: Text | None = None,
    passkey_error: Text | None = None,
    status: int = 200,
) -> HttpResponse:
    context = {
        "username": username,
        "error": error,
        "passkey_error": passkey_error,
        "next": next_page.wanted(request),
        "words": SIGN_IN_WORDS,
        "has_passkeys": factors.are_passkeys_possible(request),
        "has_vneid": bool(settings.ENVIRONMENT.vneid_url),
    }
    return render(request, "pages/sign_in.html", context, status=status)
