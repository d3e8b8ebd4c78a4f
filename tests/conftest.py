"""Fixtures every test may use: a real PostgreSQL with schema and reference data, a copy per test run."""

from __future__ import annotations

import gc
import os
from collections import Counter
from collections.abc import Iterator
from copy import deepcopy
from datetime import timedelta
from functools import cache

import pytest
from django.db import connections, transaction
from django.template.base import Template
from httpx._config import create_ssl_context
from httpx._transports import default as httpx_transports
from hypothesis import Phase, settings
from hypothesis.internal.conjecture import engine

from tests.support import databases
from tests.support.browser import _started, browser
from tests.support.intake import Desk, open_desk
from tests.support.site import site
from ymach.base.kept import Kept
from ymach.trust.queries import forget as forget_trust

__all__ = ["_started", "browser", "site"]

# A property that fails is made small for some seconds, not for the five minutes that would end a whole run; an example
# may be slow beside other tests, but not hang.
pytest.MonkeyPatch().setattr(engine, "MAX_SHRINKING_SECONDS", 20)
# Fifty examples of each property in every run, other ones each time; YMACH_TEST_EXAMPLES=1000 before a release.
EXAMPLES = int(os.environ.get("YMACH_TEST_EXAMPLES", "50"))
settings.register_profile(
    "ymach", max_examples=EXAMPLES, deadline=timedelta(seconds=10), phases=set(Phase) - {Phase.explain}
)
settings.load_profile("ymach")

# Each client reads the certificate authorities of the world anew: for tests, once is enough.
pytest.MonkeyPatch().setattr(httpx_transports, "create_ssl_context", cache(create_ssl_context))


# Django's tests keep a copy of the context of every part of every page: here pages are read as they are sent.
_rendered = Template._render


@pytest.fixture(scope="session", autouse=True)
def _contexts_are_not_copied(django_test_environment: None) -> None:
    Template._render = _rendered  # type: ignore[method-assign]


@pytest.fixture(autouse=True)
def _nothing_kept() -> None:
    """Each test's data is rolled back; what a process keeps for a few seconds must not outlive it."""
    Kept.forget_all()
    forget_trust()


@pytest.fixture(scope="session")
def django_db_setup(django_db_blocker: pytest.FixtureRequest) -> Iterator[None]:
    """Instead of pytest-django's own: a copy of a template that the owning role built, used under the running role."""
    here = databases.server()
    with databases.copy(here, os.environ.get("PYTEST_XDIST_WORKER", "main")) as name:
        for connection in connections.all():
            connection.settings_dict["NAME"] = name
        yield
        with django_db_blocker.unblock():
            connections.close_all()


@pytest.fixture(scope="module")
def _kept_rows(django_db_setup: None, django_db_blocker: pytest.FixtureRequest) -> Iterator[None]:
    """What fixtures of a module write stays for all its tests, each of which is rolled back to there; gone at its end."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield
        transaction.set_rollback(True)


@pytest.fixture(scope="module")
def _opened_desk(_kept_rows: None) -> Desk:
    return open_desk()


@pytest.fixture
def desk(_opened_desk: Desk) -> Desk:
    """The facility 99001 with its authors, as `open_desk` makes it; made once for a module."""
    return deepcopy(_opened_desk)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Files that take long first, then those of many tests, so that in the end nobody waits for one of them."""
    slow = {item.path for item in items if item.get_closest_marker("slow") or item.get_closest_marker("browser")}
    sizes = Counter(item.path for item in items)
    items.sort(key=lambda item: (item.path not in slow, -sizes[item.path]))


def pytest_collection_finish() -> None:
    """Modules and tests stay to the end: as in the site, the collector of garbage need not walk through them again."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 50, 50)
