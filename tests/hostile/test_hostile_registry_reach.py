"""Guessed addresses: whoever knows an id of another province, facility or person still sees and changes nothing there."""

from __future__ import annotations

from copy import deepcopy

import pytest
from django.test import Client
from tests.support.belongings import belongings
from tests.support.strangers import EMAIL, PHONE, Province, clients, province, reads, routes, written

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
OPEN = {"licence", "licence-certificate", "licence-by-number", "licence-qr", "invitation", "new-password"}
"""Open to everybody, by design: the licence check, and what only who holds the link knows."""
COUNTRY = {"reconciled", "emergency"}
"""Of the whole country for auditors: sums of one facility; emergency accesses, which they review."""
CHOICES = {"change-new"}  # names a kind, not a thing
WHO = ["nobody", "department", "department-admin", "facility", "practitioner", "citizen", "auditor"]
PAGES = {one.name or "": one for one in routes(True) if one.name not in OPEN | CHOICES}
NAMED = sorted(PAGES)


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


def is_refused(client: Client, path: str, method: str, data: dict[str, object]) -> bool:
    answer = getattr(client, method)(path, data)
    content = b"" if answer.streaming else answer.content
    assert PHONE.encode() not in content
    assert EMAIL.encode() not in content
    if answer.status_code == 302:
        return answer.headers["Location"].startswith("/sign-in")
    return answer.status_code in {401, 403, 404, 405}


@pytest.mark.parametrize("who", WHO)
def test_nothing_elsewhere_opens_by_its_address(here: Province, there: Province, who: str) -> None:
    client, before = clients(here)[who], written()
    opened = [name for name in NAMED if not is_refused(client, address(name, there), "get", {"decision": "x"})]
    within = [name for name in NAMED if reads(who, PAGES[name])]
    opened += [
        f"{name} sheet" for name in within if not is_refused(client, address(name, there), "get", {"format": "csv"})
    ]
    seen_by_all = COUNTRY if who == "auditor" else set()
    assert [name for name in opened if name.removesuffix(" sheet") not in seen_by_all] == []
    assert written() == before


FORMS = [
    {"do": "approve", "reason": "x", "known": "0"},
    {"do": "take", "reason": "x", "seen": "0", "name": "X", "from_day": "01/12/2026", "decision": "1/QĐ"},
    {"do": "withdraw"},
    {"do": "end", "reason": "x"},
    {"do": "write", "codes": "01.0115.0297", "release": "x", "decision": "x", "approved_on": "01/12/2026"},
]


@pytest.mark.parametrize("who", WHO)
def test_nothing_elsewhere_is_changed_by_a_form_sent_to_its_address(here: Province, there: Province, who: str) -> None:
    client, before = clients(here)[who], written()
    seen_by_all = COUNTRY if who == "auditor" else set()
    done = [
        (name, form["do"])
        for name in NAMED
        if name not in seen_by_all
        for form in (FORMS if reads(who, PAGES[name]) else FORMS[:1])
        if not is_refused(client, address(name, there), "post", form)
    ]
    assert done == []
    assert written() == before
