"""A forgotten password: asking for the letter, and choosing a new password behind its link.

Whoever asks is always told the same, about as fast, so that nobody learns here who has an account.
"""

from __future__ import annotations

import time
from datetime import datetime

from django.contrib import messages
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from ymach.accounts.errors import PasswordWeak
from ymach.accounts.models import User
from ymach.accounts.signin import forgotten, limits
from ymach.base.clock import now
from ymach.base.errors import TooMany
from ymach.base.text import Text
from ymach.exchange.lanes.turns import rest
from ymach.web.access import public
from ymach.web.reached import reader_address
from ymach.web.signin import events
from ymach.web.templatetags.ymach import language

SAME_TIME_SECONDS = 0.3
"""No answer comes sooner: longer than writing a letter takes."""
WINDOW_SECONDS = 60 * 60
LETTERS_PER_ACCOUNT, QUESTIONS_PER_ADDRESS, VISITS_PER_ADDRESS = 3, 30, 60
ASK_WORDS = {
    "name": Text("Tên đăng nhập hoặc thư điện tử", "User name or e-mail address"),
    "submit": Text("Gửi thư cho tôi", "Send me a letter"),
}
NAME_MISSING = Text("Gõ tên đăng nhập hoặc địa chỉ thư.", "Type your user name or your e-mail address.")
NOT_THE_SAME = Text("Hai lần gõ chưa giống nhau. Gõ lại cả hai.", "The two are not the same. Type both again.")
RENEWED = Text("Mật khẩu mới đã có hiệu lực. Đăng nhập.", "The new password is in force. Sign in.")
TOLD = Text(
    "Mật khẩu vừa được đặt lại bằng thư; mọi phiên đăng nhập trước đó đã kết thúc.",
    "The password was renewed by letter; every earlier session is over.",
)


@public
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def ask(request: HttpRequest) -> HttpResponse:
    """Who has forgotten the password types a name. The answer never says whether there is such an account."""
    if request.method != "POST":
        return render(request, "pages/sign_in_forgotten.html", {"words": ASK_WORDS})
    begun, typed = time.monotonic(), request.POST.get("name", "")
    if not typed.strip():
        context = {"words": ASK_WORDS, "error": NAME_MISSING}
        return render(request, "pages/sign_in_forgotten.html", context, status=422)
    _take("password-question", reader_address(request), allowed=QUESTIONS_PER_ADDRESS, at=now())
    _send(request, forgotten.account_named(typed), at=now())
    answer = render(request, "pages/sign_in_forgotten.html", {"is_sent": True})
    rest(max(0.0, SAME_TIME_SECONDS - (time.monotonic() - begun)))
    return answer


@public
@never_cache
@sensitive_post_parameters("password", "again")
@require_http_methods(["GET", "HEAD", "POST"])
def renew(request: HttpRequest, token: str) -> HttpResponse:
    """The page behind the letter's link. Used, expired and forged links are told apart to nobody."""
    _take("password-link", reader_address(request), allowed=VISITS_PER_ADDRESS, at=now())
    try:
        user = forgotten.account_of_link(token, at=now())
        if request.method != "POST":
            return _form(request, user)
        return _renew(request, user, token)
    except forgotten.LinkOver as refusal:
        events.noted(request, None, action="password:link-refused")
        return render(request, "pages/sign_in_link_over.html", {"refusal": refusal}, status=refusal.status)


def _send(request: HttpRequest, user: User | None, *, at: datetime) -> None:
    """Write the letter if there is somebody to write to and not too many were written; silent otherwise."""
    who = str(user.pk) if user else ""
    if user is None:
        events.noted(request, None, action="password:letter-refused", why="unknown")
    elif limits.take("password-letter", who, allowed=LETTERS_PER_ACCOUNT, seconds=WINDOW_SECONDS, at=at) <= 0:
        events.noted(request, user, action="password:letter-refused", why="too-many")
    else:
        try:
            forgotten.send_password_letter(user=user, at=at)
        except forgotten.NoAddress:
            events.noted(request, user, action="password:letter-refused", why="no-address")
        else:
            events.noted(request, user, action="password:letter-sent")


def _renew(request: HttpRequest, user: User, token: str) -> HttpResponse:
    password = request.POST.get("password", "")
    if password != request.POST.get("again", ""):
        return _form(request, user, NOT_THE_SAME)
    try:
        renewed = forgotten.renew_password(token=token, password=password, at=now())
    except PasswordWeak as weak:
        return _form(request, user, weak.text)
    if request.user.is_authenticated:
        logout(request)
    events.changed(request, renewed, action="password:renewed", what=TOLD)
    messages.success(request, RENEWED.to(language()))
    return redirect("sign-in")


def _form(request: HttpRequest, user: User, error: Text | None = None) -> HttpResponse:
    context = {"username": user.username, "error": error}
    return render(request, "pages/sign_in_new_password.html", context, status=422 if error else 200)


def _take(what: str, who: str, *, allowed: int, at: datetime) -> None:
    if limits.take(what, who, allowed=allowed, seconds=WINDOW_SECONDS, at=at) <= 0:
        raise TooMany(retry_after=limits.seconds_until_free(what, who, at=at))
