"""Pages that want a proof no older than ten minutes of who is sitting there."""

from __future__ import annotations

from functools import wraps
from typing import ParamSpec

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from ymach.accounts.models import User
from ymach.base.text import Text
from ymach.web.access import View
from ymach.web.signin import factors, ways

P = ParamSpec("P")


def recently_proven(view: View[P]) -> View[P]:
    """Stands below @signed_in: without a recent proof the page asks for one in place, and comes back afterwards."""

    @wraps(view)
    def checked(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        if ways.is_recent(request, account(request)):
            return view(request, *args, **kwargs)
        return ask_again(request, to=request.path, status=200 if request.method == "GET" else 403)

    return checked


def ask_again(request: HttpRequest, *, to: str, error: Text | None = None, status: int = 200) -> HttpResponse:
    """The page that asks for a proof: the second factor of an account that has one, the password otherwise."""
    user = account(request)
    context = {
        "next": to,
        "error": error,
        "has_factor": ways.has_factor(user),
        "has_password": user.has_usable_password(),
        "passkey_options": factors.passkey_options(user),
    }
    return render(request, "pages/security/confirm.html", context, status=status)


def account(request: HttpRequest) -> User:
    """The account that is signed in; only below @signed_in."""
    user = request.user
    if not isinstance(user, User):
        raise TypeError("below @signed_in only")
    return user
