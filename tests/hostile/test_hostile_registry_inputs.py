"""What people should not type, in every field of every page: never a fault of ours, never believed, never reflected raw."""

from __future__ import annotations

import re
from copy import deepcopy
from functools import cache
from itertools import cycle
from pathlib import Path
from urllib.parse import quote

import pytest
from django.test import Client
from tests.support.profiles import reader
from tests.support.strangers import Province, asked_by, province

import ymach.web
from ymach.accounts.permissions import Role

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
SOURCES = Path(ymach.web.__file__).parent
STRANGE = {
    "NUL": "\0",
    "NUL inside": "a\0b",
    "SQL": "' OR 1=1; DROP TABLE accounts_user; --",
    "LIKE": "%_\\%\\",
    "tsquery": "a & | ! ( : * <-> 'b' \\",
    "very long": "ế" * 100 + "e" * 9_900,
    "emoji": "👩🏽‍⚕️\u202e\u2066\ufeff",
    "lone surrogate": "\ud800",
    "markup": '"><script>alert(1)</script>{{7*7}}{% debug %}',
    "header": "x\r\nSet-Cookie: a=b\r\n\r\n",
    "number": "-1e309",
    "large number": "9" * 400,
    "other digits": "١٢٣²",
    "day": "31/02/0000",
    "path": "../../../../etc/passwd",
    "dots": "..",
    "JSON": '{"__proto__":{"a":1}}',
}
LONGEST_IN_AN_ADDRESS = 4000


@cache
def names() -> list[str]:
    """Every parameter that some view reads."""
    text = "\n".join(path.read_text() for path in SOURCES.rglob("*.py"))
    found = re.findall(r"\.(?:get|getlist)\(\s*f?[\"']([a-z_-]+)[\"']", text)
    fields = re.findall(r"name=\"([a-z_]+)\"", "\n".join(path.read_text() for path in SOURCES.rglob("*.html")))
    return sorted({*found, *fields, "x"} - {"do", "act", "format"})


@pytest.fixture(scope="module")
def _opened_here(_kept_rows: None) -> Province:
    return province("40", "40001")


@pytest.fixture
def here(_opened_here: Province) -> Province:
    return deepcopy(_opened_here)


@pytest.fixture
def readers(here: Province) -> dict[Role, Client]:
    return {
        Role.DEPARTMENT_ADMIN: reader(Role.DEPARTMENT_ADMIN, province_code="40"),
        Role.FACILITY: reader(Role.FACILITY, facility_id=here.facility.pk),
        Role.PRACTITIONER: reader(Role.PRACTITIONER, practitioner_id=here.person.pk),
        Role.MINISTRY: reader(Role.MINISTRY),
    }


@pytest.fixture(scope="module")
def only_for_forms() -> set[str]:
    """The pages that were found to answer no question, whatever is asked: once is enough."""
    return set()


def in_an_address(value: str) -> str:
    """As a value of a query: the whole of one, a hundred parameters, stays under what the web server lets through."""
    return quote(encoded(value[:LONGEST_IN_AN_ADDRESS]))


def encoded(value: str) -> bytes:
    return value.encode("utf-8", "surrogatepass")


def test_parameters_are_found() -> None:
    assert {"q", "facility", "after", "province", "reason", "decision_number", "on", "known"} <= set(names())


def question(shift: int) -> str:
    """Every parameter with a strange value; another one of them for each `shift`."""
    values = [in_an_address(one) for one in STRANGE.values()]
    return "&".join(f"{name}={values[(place + shift) % len(values)]}" for place, name in enumerate(names()))


@pytest.mark.parametrize("turn", range(2))
def test_no_page_falls_over_what_is_asked(
    here: Province, readers: dict[Role, Client], only_for_forms: set[str], turn: int
) -> None:
    questions, wrong = cycle([question(shift + 5 * turn) for shift in range(len(STRANGE))]), []
    for client, name, path in asked_by(readers, here, turn, {"sign-out", *only_for_forms}):
        answer = client.get(f"{path}?{next(questions)}", headers={"HX-Request": "true", "HX-Target": "found-x"})
        wrong += [path] if answer.status_code >= 500 or b"<script>alert" in answer.getvalue() else []
        assert "a=b" not in str(answer.cookies)
        only_for_forms |= {name} if answer.status_code == 405 else set()
    assert wrong == []


def test_text_with_nul_is_looked_for_with_the_sign_of_what_cannot_be_read(here: Province) -> None:
    client = reader(Role.MINISTRY)
    assert "a\ufffdb" in client.get("/facilities?q=a%00b").content.decode()
    assert client.get("/facilities/a%00b").status_code == 404
    assert client.post("/accounts/invite", {"role": "auditor", "email": "a\0@b.vn"}).status_code in {409, 422}
