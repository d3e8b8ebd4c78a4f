"""Guessed addresses: whoever knows an id of another province, facility or person still sees and changes nothing there."""

from __future__ import annotations

import sys
from copy import deepcopy
from inspect import getsource

import pytest
from django.test import Client
from django.urls import URLPattern
from tests.support.belongings import belongings
from tests.support.strangers import (
    EMAIL,
    PHONE,
    WHO,
    Province,
    client_of,
    open_doors,
    province,
    reads,
    routes,
    written,
)

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
OPEN = {"licence", "licence-certificate", "licence-by-number", "licence-qr", "invitation", "new-password"}
"""Open to everybody, by design: the licence check, and what only who holds the link knows."""
COUNTRY = {"reconciled", "emergency"}
"""Of the whole country for auditors: sums of one facility; emergency accesses, which they review."""
CHOICES = {"change-new"}  # names a kind, not a thing
PAGES = {one.name or "": one for one in routes(True) if one.name not in OPEN | CHOICES}
NAMED = sorted(PAGES)
NO_SUCH_METHOD = 405


@pytest.fixture(scope="module")
def _opened_here(_kept_rows: None) -> Province:
    return province("40", "40001")


@pytest.fixture
def here(_opened_here: Province) -> Province:
    return deepcopy(_opened_here)


@pytest.fixture(scope="module")
def _opened_there(_kept_rows: None) -> Province:
    found = province("79", "79001")
    found.things = belongings(found.facility)
    return found


@pytest.fixture
def there(_opened_there: Province) -> Province:
    return deepcopy(_opened_there)


def address(name: str, of: Province) -> str:
    return of.address(PAGES[name])


def refusal(client: Client, path: str, method: str, data: dict[str, object]) -> int:
    """The status of an answer that refuses; 0 of one that does not."""
    answer = getattr(client, method)(path, data)
    content = b"" if answer.streaming else answer.content
    assert PHONE.encode() not in content
    assert EMAIL.encode() not in content
    is_refused = answer.status_code in {401, 403, 404, NO_SUCH_METHOD}
    is_led_away = answer.status_code == 302 and answer.headers["Location"].startswith("/sign-in")
    return answer.status_code if is_refused or is_led_away else 0


@pytest.mark.parametrize("who", WHO)
def test_no_page_without_a_word_of_theirs_lets_anybody_through(here: Province, there: Province, who: str) -> None:
    closed = [page for page in PAGES.values() if not reads(who, page)]
    assert list(open_doors(client_of(who, here), closed, there)) == []


@pytest.mark.parametrize("who", WHO)
def test_nothing_elsewhere_opens_by_its_address(here: Province, there: Province, who: str) -> None:
    client, before, opened = client_of(who, here), written(), []
    for name in (name for name in NAMED if reads(who, PAGES[name])):
        for asked in ({"decision": "x"}, {"format": "csv"}):
            refused = refusal(client, address(name, there), "get", asked)
            opened += [] if refused else [(name, *asked)]
            if refused == NO_SUCH_METHOD:
                break  # whatever is asked
    seen_by_all = COUNTRY if who == "auditor" else set()
    assert [one for one in opened if one[0] not in seen_by_all] == []
    assert written() == before


FORMS = [
    {"do": "approve", "reason": "x", "known": "0"},
    {"do": "take", "reason": "x", "seen": "0", "name": "X", "from_day": "01/12/2026", "decision": "1/QĐ"},
    {"do": "withdraw"},
    {"do": "end", "reason": "x"},
    {"do": "write", "codes": "01.0115.0297", "release": "x", "decision": "x", "approved_on": "01/12/2026"},
]
AT_ONCE = {name: value for form in FORMS for name, value in form.items()}


def forms_for(page: URLPattern) -> list[dict[str, str]]:
    """One form for each act; a page that knows no acts is sent everything at once."""
    return FORMS if '"do"' in getsource(sys.modules[page.callback.__module__]) else [AT_ONCE]


@pytest.mark.parametrize("who", WHO)
def test_nothing_elsewhere_is_changed_by_a_form_sent_to_its_address(here: Province, there: Province, who: str) -> None:
    client, before, done = client_of(who, here), written(), []
    seen_by_all = COUNTRY if who == "auditor" else set()
    for name in (name for name in NAMED if name not in seen_by_all and reads(who, PAGES[name])):
        for form in forms_for(PAGES[name]):
            refused = refusal(client, address(name, there), "post", form)
            done += [] if refused else [(name, form["do"])]
            if refused == NO_SUCH_METHOD:
                break  # whatever is sent
    assert done == []
    assert written() == before
