"""Every route is walked by somebody without an account and by an account without any word."""

import inspect
from collections.abc import Iterator

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory
from django.urls import URLPattern, URLResolver, get_resolver

from ymach.accounts.actions import create_user
from ymach.accounts.permissions import Permission
from ymach.base.actors import SYSTEM
from ymach.base.clock import now
from ymach.web import access
from ymach.web.middleware import API_PREFIXES, ActAs

SAMPLES = {"uuid": "01900000-0000-7000-8000-000000000000", "int": "1", "str": "a", "slug": "a", "path": "a"}


def _patterns(resolver: URLResolver, before: str = "") -> Iterator[tuple[str, URLPattern]]:
    for entry in resolver.url_patterns:
        path = before + str(entry.pattern)
        if isinstance(entry, URLResolver):
            yield from _patterns(entry, path)
        else:
            yield path, entry


def _address(path: str, pattern: URLPattern) -> str:
    for name, converter in pattern.pattern.converters.items():
        kind = type(converter).__name__.removesuffix("Converter").lower().replace("string", "str")
        path = path.replace(f"<{kind}:{name}>", SAMPLES[kind]).replace(f"<{name}>", SAMPLES[kind])
    return f"/{path}"


ROUTES = [
    (_address(path, pattern), pattern.callback)
    for path, pattern in _patterns(get_resolver())
    if not f"/{path}".startswith(API_PREFIXES) and not pattern.callback.__module__.startswith("ymach.api")
]
CLOSED = [(path, view) for path, view in ROUTES if access.declaration(view) != "public"]


def test_every_view_says_who_may_open_it() -> None:
    silent = [f"{inspect.getmodule(view)} {path}" for path, view in ROUTES if access.declaration(view) is None]
    assert silent == []


@pytest.mark.django_db
def test_somebody_without_an_account_is_led_to_the_sign_in_page(client: Client) -> None:
    answers = {path: client.get(path) for path, _ in CLOSED}
    led = {path for path, answer in answers.items() if answer.status_code == 302}
    assert {path for path in led if answers[path]["Location"].startswith("/sign-in?next=")} == set(answers)


@pytest.mark.django_db
def test_an_account_without_a_word_is_refused_where_a_word_is_needed(client: Client) -> None:
    client.force_login(create_user(username="nobody", full_name="Lê Văn Mới", password=None, by=SYSTEM, at=now()))
    opened = []
    for path, view in CLOSED:
        # A page that asks for no one word opens or refuses by itself, shows nothing, or is a form's address.
        expected = {403} if access.declaration(view) in set(Permission) else {200, 403, 404, 405}
        status = client.get(path).status_code
        opened += [] if status in expected else [(path, status)]
    assert opened == []


def test_a_view_that_says_nothing_is_refused(rf: RequestFactory) -> None:
    def silent(request: HttpRequest) -> HttpResponse:
        raise AssertionError("never reached")

    answer = ActAs(silent).process_view(rf.get("/"), silent, (), {})
    assert answer is not None
    assert answer.status_code == 403
