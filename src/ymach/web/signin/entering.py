"""The steps of signing in that more than one page takes."""

from __future__ import annotations

from django.contrib.auth import authenticate, logout
from django.http import HttpRequest, HttpResponse

from ymach.accounts.models import User
from ymach.base.actors import SYSTEM
from ymach.base.clock import now
from ymach.base.history.attribution import attributed
from ymach.base.text import Text
from ymach.web.signin import next_page
from ymach.web.signin.library import (
    Login,
    clear_login,
    perform_login,
)

WRONG_CODE = Text(
    "Mã chưa đúng hoặc đã dùng. Đợi mã mới trong ứng dụng rồi gõ lại.",
    "The code is not right, or has been used. Wait for the next code in the app and type it.",
)


def begin_anew(request: HttpRequest) -> None:
    """Forget who was signed in, and a sign-in that was left half done."""
    if request.user.is_authenticated:
        logout(request)
    clear_login(request)


def enter(request: HttpRequest, user: User, *, to: str | None = None) -> HttpResponse:
    """Go on with a first proof of `user`: to the second factor, or in."""
    answer: HttpResponse = perform_login(request, Login(user=user, redirect_url=to or next_page.of(request)))
    return answer


def check_password(request: HttpRequest, username: str) -> User | None:
    """The account that `username` and the password sent belong to, if it may sign in."""
    # A password kept with older settings is hashed anew on success; that is a change like any other.
    with attributed(by=SYSTEM, reason="sign-in", at=now()):
        user = authenticate(request, username=username, password=request.POST.get("password", ""))
    return user if isinstance(user, User) else None
