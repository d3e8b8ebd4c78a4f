"""Looking people up tells nobody that somebody exists, and their numbers are left in no address, log, journal or figure."""

from __future__ import annotations

import re
from datetime import date, timedelta

import pytest
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from tests.support.factories import make_facility
from tests.support.patients import make_patient, make_record

from ymach.accounts.actions import create_user, grant_role
from ymach.accounts.permissions import Role
from ymach.audit.models import AuditEvent
from ymach.base.actors import SYSTEM
from ymach.base.clock import now
from ymach.exchange.platform import access_tokens

pytestmark = pytest.mark.django_db
THERE, NOWHERE = "001158000412", "001158000999"
NAME, BORN = "Lê Thị Lan", "05/03/1988"
FORMS: list[tuple[str, dict[str, str]]] = [
    ("/patients", {"number": "{number}"}),
    ("/patients/emergency", {"number": "{number}"}),
    ("/patients/emergency", {"number": "{number}", "kind": "unconscious", "reason": ""}),
    ("/consents", {"number": "{number}", "full_name": "Trần Văn Khác"}),
]
CHANGING = re.compile(r"\d\d:\d\d:\d\d(\.\d+Z?)?|[0-9a-f]{8}-[0-9a-f-]{27}|[A-Za-z0-9]{64}|nonce-[\w-]+")
BODIES: list[tuple[str, dict[str, str]]] = [
    ("/api/v1/patients:lookup", {"number": "{number}"}),
    ("/api/v1/patients:lookup", {"full_name": "{name}", "birth": BORN}),
]


@pytest.fixture
def staff() -> Client:
    """A clerk of one facility; the person of THERE is known at another alone."""
    there, here = make_facility("79001", province_code="79"), make_facility("01001")
    person = make_patient(NAME, number=THERE, born=date(1988, 3, 5))
    make_record(person, there)
    user = create_user(username="clerk", full_name="Lê Thị Hạnh", password=None, by=SYSTEM, at=now())
    grant_role(user=user, role=Role.FACILITY, facility_id=here.id, by=SYSTEM, at=now() - timedelta(days=1))
    client = Client()
    client.force_login(user)
    return client


def program() -> Client:
    return Client(headers={"Authorization": f"Bearer {access_tokens().issue('01001', at=now())}"})


def filled(typed: dict[str, str], number: str) -> dict[str, str]:
    name = NAME if number == THERE else "Lê Thị Không"
    return {key: value.format(number=number, name=name) for key, value in typed.items()}


def told(answer: HttpResponse, typed: dict[str, str]) -> str:
    """What the answer says, without what was typed, what changes with every answer, and the server's clock."""
    text = answer.content.decode()
    for value in typed.values():
        text = text.replace(value, "…") if value else text
    return CHANGING.sub("", text)


def asked(client: Client, path: str, typed: dict[str, str], number: str) -> tuple[int, str, int]:
    """Status, words and number of statements of one look-up."""
    values = filled(typed, number)
    kind = {"content_type": "application/json"} if path.startswith("/api") else {}
    with CaptureQueriesContext(
        connection,
    ) as seen:
        answer = client.post(path, values, **kind)
    return answer.status_code, told(answer, values), len(seen)


@pytest.mark.parametrize(("path", "typed"), FORMS)
def test_a_form_answers_alike_for_nobody_and_for_somebody_elses(
    staff: Client, path: str, typed: dict[str, str]
) -> None:
    asked(staff, path, typed, NOWHERE)  # what the first page of a session costs more
    there, nowhere = asked(staff, path, typed, THERE), asked(staff, path, typed, NOWHERE)
    assert there[:2] == nowhere[:2]
    assert abs(there[2] - nowhere[2]) <= 6


@pytest.mark.parametrize(("path", "typed"), BODIES)
def test_a_program_is_answered_alike_too(staff: Client, path: str, typed: dict[str, str]) -> None:
    there, nowhere = asked(program(), path, typed, THERE), asked(program(), path, typed, NOWHERE)
    assert there[:2] == nowhere[:2]
    assert there[0] == 404


def test_a_number_is_left_nowhere(staff: Client, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("DEBUG")
    for number in (THERE, NOWHERE):
        for path, typed in FORMS:
            answer = staff.post(path, filled(typed, number))
            assert number not in str(answer.headers)
        for path, typed in BODIES:
            answer = program().post(path, filled(typed, number), content_type="application/json")
            assert number not in answer.content.decode()
        staff.post("/requests/00000000-0000-0000-0000-000000000000", {"do": "take", "words": number})
        logged = [record.getMessage() for record in caplog.records if not record.name.startswith("django.db")]
        assert not [line for line in logged if number in line]
        assert number not in Client().get("/metrics").content.decode()
    written = AuditEvent.objects.values_list("subject", "basis", "detail", "action")
    assert not [row for row in written if THERE in str(row) or NOWHERE in str(row)]
