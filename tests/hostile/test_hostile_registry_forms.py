"""Forms with what nobody should send: strange words, other types, old pages, the same again, one's own decision."""

from __future__ import annotations

import io
import zipfile
from copy import deepcopy
from functools import cache
from itertools import cycle

import orjson
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from tests.hostile.test_hostile_http import encoded, forgeries
from tests.support.changing import png
from tests.support.profiles import reader
from tests.support.strangers import Province, asked_by, province, written

from ymach.accounts.permissions import Role
from ymach.base.clock import now
from ymach.changes.models import ChangeRequest, ChangeStep, Evidence
from ymach.exchange.platform import access_tokens, platform_key

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
STRANGE = [
    "\0",
    "' OR 1=1 --",
    "%_\\",
    "ế" * 10_000,
    "\r\nSet-Cookie: a=b",
    "9" * 400,
    "<script>alert(1)</script>",
    "١٢",
]
FIELDS = [
    *(
        "about",
        "again",
        "category",
        "code",
        "codes",
        "credential",
        "decision_number",
        "email",
        "end",
        "ends_on",
        "facility",
    ),
    *(
        "full_name",
        "item",
        "key",
        "known",
        "licence",
        "lines",
        "name",
        "number",
        "password",
        "personal_number",
        "position",
    ),
    *("province", "publish_on", "reason", "role", "seen", "shown", "start", "starts_on", "schedule", "title", "to"),
    *(
        "username",
        "warned",
        "website",
        "words",
        "year",
        "valid_to",
        "practitioner_id",
        "facility_id",
        "phone",
        "address",
    ),
]


@pytest.fixture(scope="module")
def _opened_here(_kept_rows: None) -> Province:
    return province("40", "40001")


@pytest.fixture
def here(_opened_here: Province) -> Province:
    return deepcopy(_opened_here)


@pytest.fixture(scope="module")
def only_to_read() -> set[str]:
    """The pages that were found to take no form, whatever is in it: once is enough."""
    return set()


def form_of(shift: int) -> dict[str, str]:
    """Every field with a strange value; another one of them for each `shift`."""
    return {name: STRANGE[(place + shift) % len(STRANGE)] for place, name in enumerate(FIELDS)}


@pytest.mark.parametrize(("turn", "do"), [(0, ""), (1, "take"), (2, "approve")])
def test_no_form_falls_over_what_is_sent(here: Province, only_to_read: set[str], turn: int, do: str) -> None:
    forms = cycle([form_of(shift + 3 * turn) for shift in range(len(STRANGE))])
    readers = {
        Role.DEPARTMENT_ADMIN: reader(Role.DEPARTMENT_ADMIN, province_code="40"),
        Role.FACILITY: reader(Role.FACILITY, facility_id=here.facility.pk),
    }
    wrong = []
    left = {"sign-in", "sign-out", "forgotten", "licence-lists", *only_to_read}
    for client, name, path in asked_by(readers, here, turn, left):
        answer = client.post(path, {**next(forms), "do": do, "chosen": ["x", "\0"], "kept": ["\0"]})
        is_reflected = b"<script>alert" in answer.getvalue()
        wrong += [path] if answer.status_code >= 500 or is_reflected or "a=b" in str(answer.cookies) else []
        only_to_read |= {name} if answer.status_code == 405 else set()
    assert wrong == []


@pytest.mark.parametrize("do", ["", "x", "APPROVE", "submit", "withdraw\0"])
def test_word_that_is_no_act_does_nothing(here: Province, do: str) -> None:
    clients = reader(Role.FACILITY, facility_id=here.facility.pk), reader(Role.DEPARTMENT, province_code="40")
    before = written()
    for client in clients:
        assert decide(client, here, do=do, reason="x") == 422
    form = {"do": do, "chosen": [str(here.request.pk)], "reason": "x"}
    assert clients[1].post("/worklist/decide", form).status_code == 422
    assert written() == before


def decide(client: Client, of: Province, **form: str) -> int:
    path = reverse("change", args=[of.request.pk])
    return client.post(path, {"do": "approve", "decision_number": "1/QĐ", **form}).status_code


def test_same_decision_sent_twice_is_made_once(here: Province) -> None:
    client = reader(Role.DEPARTMENT, province_code="40")
    assert decide(client, here) == 302
    before = written()
    assert decide(client, here) == 409
    assert decide(client, here, do="reject", reason="x") == 409
    assert written() == before
    assert ChangeStep.objects.filter(request=here.request, act="approve").count() == 1


def test_nobody_decides_what_they_asked_for(here: Province) -> None:
    client = reader(Role.DEPARTMENT, province_code="40")
    user = client.session["_auth_user_id"]
    ChangeRequest.objects.filter(pk=here.request.pk).update(made_by=f"user:{user}")
    assert decide(client, here) == 403
    answer = client.post("/worklist/decide", {"do": "approve", "chosen": [str(here.request.pk)]})
    assert answer.status_code == 200
    here.request.refresh_from_db()
    assert here.request.state == "submitted"


def test_many_at_once_decides_nothing_of_another_province(here: Province) -> None:
    there, client = province("79", "79001"), reader(Role.DEPARTMENT, province_code="40")
    form = {"chosen": [str(there.request.pk)], "reason": "x", "decision_number": "1/QĐ"}
    for do in ("approve", "return"):
        answer = client.post("/worklist/decide", {**form, "do": do})
        assert there.facility.name.encode() not in answer.content or there.facility.name == here.facility.name
    there.request.refresh_from_db()
    assert there.request.state == "submitted"


@cache
def bomb(size: int = 120_000_000) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "<x/>")
        archive.writestr("xl/worksheets/sheet1.xml", b"0" * size)
    return out.getvalue()


FILES = {
    "SVG": b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>",
    "HTML as PDF": b"%PDF-1.7\n<html><script>alert(1)</script>",
    "picture and HTML": png() + b"<script>alert(1)</script>",
    "picture and archive": png() + bomb(3_000_000)[:1000],
    "archive": bomb(3_000_000)[:2000],
    "nothing": b"",
}


@pytest.mark.parametrize("name", FILES)
def test_paper_is_given_back_only_as_a_picture_or_not_taken(here: Province, name: str) -> None:
    client, before = (
        reader(Role.FACILITY, facility_id=here.facility.pk),
        set(Evidence.objects.values_list("pk", flat=True)),
    )
    file = SimpleUploadedFile('../../a\u202e\r\n"x.html', FILES[name], content_type="text/html")
    client.post("/changes/new/facility-identity", {"do": "add-paper", "evidence": file})
    for kept in Evidence.objects.exclude(pk__in=before):
        answer = client.get(reverse("change-paper", args=[kept.pk]))
        assert answer.headers["Content-Type"] in {"image/png", "image/jpeg", "application/pdf"}
        assert b"<script" not in answer.content
        assert "sandbox" in answer.headers["Content-Security-Policy"]
        assert not {"\r", "\n", "\u202e", "/"} & set(answer.headers["Content-Disposition"].replace("UTF-8''", ""))


def test_workbook_that_unpacks_to_far_more_is_refused_unread(here: Province) -> None:
    client = reader(Role.FACILITY, facility_id=here.facility.pk)
    for path, field in ((f"/facilities/{here.facility.code}/techniques/new", "file"), ("/licences/lists", "file")):
        answer = client.post(path, {field: SimpleUploadedFile("a.xlsx", bomb())})
        assert answer.status_code == 422, path


def qr_forgeries() -> list[str]:
    kid, made = platform_key().kid, list(forgeries().values())
    claims = encoded({"sub": "x", "num": "1", "name": "A", "title": "a", "iat": 1, "exp": 9999999999})
    heads = [{"alg": alg, "typ": "lic+jwt", "kid": kid} for alg in ("none", "HS256", "ES256", "ES384", "RS256")]
    heads += [{"alg": "ES256", "typ": "lic+jwt", "kid": one} for one in ("../x", [kid], None, {"a": 1})]
    heads += [{"alg": "ES256", "typ": "lic+jwt", "jwk": platform_key().jwk(), "jku": "https://evil.test"}]
    return [*made, access_tokens().issue("99001", at=now()), *(f"{encoded(one)}.{claims}.AA" for one in heads)]


def test_no_forged_code_opens_a_licence(here: Province) -> None:
    status = Client().get(f"/api/v1/licences/{here.licence.pk}/status").content.decode()
    for token in [*qr_forgeries(), status]:
        answer = Client().get(reverse("licence-qr", args=[token])) if "/" not in token and token else None
        assert answer is None or answer.status_code == 422, token
        assert answer is None or here.person.full_name not in answer.content.decode()
    assert orjson.loads(Client().get(f"/api/v1/licences/{here.licence.pk}").content)["id"] == str(here.licence.pk)
