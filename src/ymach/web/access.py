"""Who may open a page. Every view says so with one of three decorators; a view that says nothing is refused.

    @public                                anybody
    @signed_in                             anybody with an account
    @needs(Permission.SUBMISSION_SEE)      an account that holds the word

Staff without a second factor are led to set one up before any page that is not public (`opens_first`).
What exactly the page shows is still asked of the queries, which begin with what the actor may see.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec

from django.http import HttpRequest, HttpResponse

from ymach.accounts.permissions import Permission, require
from ymach.base.actors import Actor
from ymach.base.errors import NotSignedIn

P = ParamSpec("P")
View = Callable[Concatenate[HttpRequest, P], HttpResponse]
MARK = "ymach_access"
FIRST = "ymach_before_second_factor"


def public(view: View[P]) -> View[P]:
    """The page is for everybody."""
    setattr(view, MARK, "public")
    return view


def signed_in(view: View[P]) -> View[P]:
    """The page is for every account. Raises NotSignedIn for others."""

    @wraps(view)
    def checked(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        _known(request)
        return view(request, *args, **kwargs)

    setattr(checked, MARK, "signed-in")
    return checked


def needs(word: Permission) -> Callable[[View[P]], View[P]]:
    """The page is for accounts that hold `word`. Raises NotSignedIn or NotAllowed for others."""

    def decorate(view: View[P]) -> View[P]:
        @wraps(view)
        def checked(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
            require(_known(request), word)
            return view(request, *args, **kwargs)

        setattr(checked, MARK, word.value)
        return checked

    return decorate


def before_second_factor(view: View[P]) -> View[P]:
    """Stands above @signed_in: the page opens for staff who still have to set up their second factor."""
    setattr(view, FIRST, True)
    return view


def opens_first(view: object) -> bool:
    """Whether staff may open `view` before they have set up a second factor: public pages and those marked."""
    return declaration(view) == "public" or getattr(view, FIRST, False)


def declaration(view: object) -> str | None:
    """What `view` says about its readers: "public", "signed-in", a permission word, or None if it says nothing."""
    return getattr(view, MARK, None)


def actor_of_request(request: HttpRequest) -> Actor:
    """The actor that ActAs put on the request."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    return actor


def _known(request: HttpRequest) -> Actor:
    if not request.user.is_authenticated:
        raise NotSignedIn
    return actor_of_request(request)
