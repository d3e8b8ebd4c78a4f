"""The second factor: set up, asked for, limited, demanded of staff."""

from __future__ import annotations

import base64
import json
import re
import time
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import hotp_value
from django.test import Client
from pytest_django import Settings
from tests.accounts_signin.conftest import PASSWORD, make_user

from ymach.accounts.models import User
from ymach.accounts.permissions import Role
from ymach.accounts.signin.actions import remove_factors
from ymach.accounts.signin.rules import account_of, needs_second_factor
from ymach.audit.actions import REGISTRY
from ymach.audit.models import AuditEvent
from ymach.base.actors import SYSTEM
from ymach.base.clock import now
from ymach.base.ids import new_id
from ymach.notices.models import Notice
from ymach.web.signin import limits, ways

pytestmark = pytest.mark.django_db


def code_of(secret: str, *, step: int = 0) -> str:
    return f"{hotp_value(secret.replace(' ', ''), int(time.time()) // 30 + step):06d}"


def enter(client: Client, username: str, *, to: str = "") -> str:
    answer = client.post("/sign-in", {"username": username, "password": PASSWORD, "next": to})
    assert answer.status_code == 302
    return str(answer["Location"])


def set_up_app(client: Client) -> str:
    """Set the code app up in a session that has just signed in; gives its secret."""
    found = re.search(r'class="secret">([A-Z2-7 ]+)<', client.get("/security/app").content.decode())
    assert found
    answer = client.post("/security/app", {"code": code_of(found[1], step=-1)})
    assert (answer.status_code, answer["Location"]) == (302, "/security/codes")
    return found[1]


def recovery_codes(client: Client) -> list[str]:
    return re.findall(r"<li><code>(\d{4} \d{4})</code>", client.get("/security/codes").content.decode())


def actions() -> list[str]:
    events = AuditEvent.objects.filter(facility_id=REGISTRY).order_by("number")
    return list(events.values_list("action", flat=True))


@pytest.fixture
def demanded(settings: Settings) -> None:
    settings.SECOND_FACTOR_REQUIRED = True


@pytest.fixture
def secret(client: Client, staff: User) -> str:
    """Of the staff account's app; nobody is signed in."""
    enter(client, "staff")
    made = set_up_app(client)
    client.post("/sign-out")
    return made


@pytest.mark.parametrize("role", [role for role in Role if role not in {Role.PRACTITIONER, Role.CITIZEN}])
def test_every_role_but_those_of_oneself_needs_a_second_factor(role: Role) -> None:
    assert needs_second_factor([role.value])
    assert needs_second_factor([Role.PRACTITIONER.value, role.value])


def test_a_role_of_tomorrow_needs_one_too() -> None:
    assert needs_second_factor(["something-new"])
    assert not needs_second_factor([Role.PRACTITIONER.value, Role.CITIZEN.value])
    assert not needs_second_factor([])


def test_a_personal_number_opens_one_account_or_none() -> None:
    one, two = new_id(), new_id()
    assert account_of({one}, {two}) == one
    assert account_of(set(), {two}) == two
    assert account_of({one, two}, {two}) is None
    assert account_of(set(), set()) is None


@pytest.mark.usefixtures("demanded")
@pytest.mark.parametrize("path", ["/", "/today", "/submissions"])
def test_staff_without_a_second_factor_are_led_to_set_one_up_first(client: Client, staff: User, path: str) -> None:
    enter(client, "staff")
    answer = client.get(path)
    assert (answer.status_code, answer["Location"]) == (302, "/security/begin")


@pytest.mark.usefixtures("demanded")
def test_setting_one_up_opens_the_pages_at_once(client: Client, staff: User) -> None:
    enter(client, "staff")
    assert client.get("/security/begin").status_code == 200
    set_up_app(client)
    assert len(recovery_codes(client)) == 10
    assert client.get("/submissions").status_code == 200


@pytest.mark.usefixtures("demanded")
def test_practitioners_may_go_without(client: Client, practitioner: User) -> None:
    enter(client, "khai")
    assert client.get("/profile").status_code == 200


@pytest.mark.usefixtures("demanded")
def test_who_must_have_one_keeps_the_last(client: Client, staff: User) -> None:
    enter(client, "staff")
    set_up_app(client)
    answer = client.post("/security/app", {"act": "remove"})
    assert answer.status_code == 409
    assert "YM-ACCOUNT-FACTOR-NEEDED" in answer.content.decode()
    assert ways.has_factor(staff)


def test_where_it_is_offered_staff_work_at_once_and_may_remove_it(client: Client, staff: User) -> None:
    enter(client, "staff")
    assert client.get("/submissions").status_code == 200
    set_up_app(client)
    client.post("/security/app", {"act": "remove"})
    assert not Authenticator.objects.exists()
    assert actions()[-2:] == ["factor:app-added", "factor:app-removed"]


def test_the_password_alone_no_longer_opens_the_account(client: Client, secret: str) -> None:
    assert enter(client, "staff", to="/submissions") == "/sign-in/second-factor"
    assert "_auth_user_id" not in client.session
    assert client.get("/submissions").status_code == 302
    answer = client.post("/sign-in/second-factor", {"code": code_of(secret)})
    assert (answer.status_code, answer["Location"]) == (302, "/submissions")


def test_a_code_serves_once(client: Client, secret: str) -> None:
    code = code_of(secret)
    for expected in (302, 422):
        enter(client, "staff")
        assert client.post("/sign-in/second-factor", {"code": code}).status_code == expected
        client.post("/sign-out")


def test_a_recovery_code_serves_once(client: Client, staff: User) -> None:
    enter(client, "staff")
    set_up_app(client)
    code = recovery_codes(client)[3]
    for expected in (302, 422):
        client.post("/sign-out")
        enter(client, "staff")
        assert client.post("/sign-in/second-factor", {"code": code}).status_code == expected


def test_wrong_codes_are_limited_in_every_session_together(client: Client, secret: str, staff: User) -> None:
    statuses = []
    for number in range(limits.PER_SECOND_FACTOR + 1):
        fresh = Client()
        enter(fresh, "staff")
        statuses.append(fresh.post("/sign-in/second-factor", {"code": f"{number:06d}"}).status_code)
    assert statuses == [422] * limits.PER_SECOND_FACTOR + [429]
    enter(client, "staff")
    assert client.post("/sign-in/second-factor", {"code": code_of(secret)}).status_code == 429
    refused = AuditEvent.objects.filter(action="sign-in:refused", subject=f"account:{staff.pk}")
    assert refused.count() == limits.PER_SECOND_FACTOR


def test_the_second_step_alone_is_no_way_in(client: Client, secret: str) -> None:
    answer = client.post("/sign-in/second-factor", {"code": code_of(secret)})
    assert (answer.status_code, answer["Location"]) == (302, "/sign-in")


SHAPED: dict[str, Any] = {
    "id": "YWJj",
    "rawId": "YWJj",
    "type": "public-key",
    "clientExtensionResults": {},
    "response": {
        "clientDataJSON": base64.urlsafe_b64encode(
            b'{"type":"webauthn.get","challenge":"YWJj","origin":"http://localhost"}'
        ).decode(),
        "authenticatorData": base64.urlsafe_b64encode(bytes(37)).decode(),
        "signature": "YWJj",
    },
}
MADE_UP = ["", "[]", "null", '{"id": 1}', '{"id": "a", "response": {}}', "[" * 5000, json.dumps(SHAPED)]
MADE_UP += [
    json.dumps(SHAPED | {"response": SHAPED["response"] | {"userHandle": handle}}) for handle in ("", "YQ", "/")
]


def test_made_up_passkeys_are_refused_everywhere(client: Client, secret: str, staff: User) -> None:
    enter(client, "staff")
    for credential in MADE_UP:
        limits.forget_factor(staff)  # each as if it were the first
        assert Client().post("/sign-in/passkey", {"credential": credential}).status_code == 422, credential
        assert client.post("/sign-in/second-factor", {"credential": credential}).status_code == 422, credential
    client.post("/sign-in/second-factor", {"code": code_of(secret)})
    for credential in MADE_UP:
        assert client.post("/security/passkeys", {"credential": credential}).status_code == 422, credential


def test_nobody_is_led_to_another_site_after_the_second_step(client: Client, secret: str) -> None:
    enter(client, "staff", to="https://example.com/")
    assert client.post("/sign-in/second-factor", {"code": code_of(secret)})["Location"] == "/"


def test_the_kept_secrets_cannot_be_read_from_the_table(client: Client, secret: str) -> None:
    kept = str(list(Authenticator.objects.values_list("data", flat=True)))
    assert secret.replace(" ", "") not in kept


def test_a_session_that_proved_nothing_lately_is_asked_again(client: Client, staff: User) -> None:
    client.force_login(staff)
    page = client.get("/security/password")
    assert "Xác nhận là bạn" in page.content.decode()
    assert client.post("/security/password", {"password": "x", "again": "x"}).status_code == 403
    answer = client.post("/security/confirm", {"password": PASSWORD, "next": "/security/password"})
    assert answer["Location"] == "/security/password"
    assert "Mật khẩu mới" in client.get("/security/password").content.decode()


def test_the_password_is_no_proof_again_for_who_has_a_second_factor(client: Client, secret: str, staff: User) -> None:
    client.force_login(staff)
    assert client.post("/security/confirm", {"password": PASSWORD, "next": "/"}).status_code == 422
    answer = client.post("/security/confirm", {"code": code_of(secret), "next": "https://example.com"})
    assert (answer.status_code, answer["Location"]) == (302, "/")


def test_another_password_ends_the_other_sessions_and_is_told(client: Client, staff: User) -> None:
    elsewhere = Client()
    enter(elsewhere, "staff")
    enter(client, "staff")
    fresh = "sau-bay-tam-chin-muoi"
    assert client.post("/security/password", {"password": fresh, "again": fresh}).status_code == 302
    assert client.get("/security").status_code == 200
    assert elsewhere.get("/security").status_code == 302
    assert "password:changed" in actions()
    assert Notice.objects.filter(user_id=staff.pk, link="/security").exists()


@pytest.mark.parametrize(("password", "again"), [("ngan", "ngan"), ("sau-bay-tam-chin", "sau-bay-tam-chim")])
def test_a_weak_password_or_a_slip_of_the_finger_changes_nothing(
    client: Client, staff: User, password: str, again: str
) -> None:
    enter(client, "staff")
    assert client.post("/security/password", {"password": password, "again": again}).status_code == 422
    staff.refresh_from_db()
    assert staff.check_password(PASSWORD)


def test_sessions_on_other_devices_can_be_ended(client: Client, staff: User) -> None:
    elsewhere = Client()
    enter(elsewhere, "staff")
    enter(client, "staff")
    client.post("/security")
    assert client.get("/security").status_code == 200
    assert elsewhere.get("/security").status_code == 302


def test_recent_sign_ins_are_shown_from_the_journal(client: Client, staff: User) -> None:
    client.post("/sign-in", {"username": "staff", "password": "sai"})
    agent = (
        "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0 Safari/537.36"
    )
    client.post("/sign-in", {"username": "staff", "password": PASSWORD}, headers={"user-agent": agent})
    page = client.get("/security").content.decode()
    assert "Bị từ chối" in page
    assert "Chrome · Windows" in page
    assert "127.0.0.1" in page


def test_what_was_typed_as_a_user_name_is_not_in_the_journal(client: Client) -> None:
    client.post("/sign-in", {"username": "mat-khau-go-nham-cho", "password": "x"})
    event = AuditEvent.objects.get(action="sign-in:refused")
    assert event.subject == "account:unknown"
    assert "mat-khau" not in str(event.detail)


def test_one_address_cannot_try_many_accounts(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "PER_ADDRESS", 5)
    make_user("hanh")
    statuses = [client.post("/sign-in", {"username": f"a{n}", "password": "x"}).status_code for n in range(6)]
    assert statuses == [422] * 5 + [429]
    assert client.post("/sign-in", {"username": "hanh", "password": PASSWORD}).status_code == 429


def test_right_passwords_do_not_use_up_the_address(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "PER_ADDRESS", 3)
    make_user("hanh")
    assert [enter(client, "hanh") for _ in range(6)] == ["/"] * 6


def test_who_lost_everything_begins_again_after_the_administrator_helped(
    client: Client, secret: str, staff: User
) -> None:
    elsewhere = Client()
    elsewhere.force_login(staff)
    assert remove_factors(user=staff, by=SYSTEM, at=now()) == 2
    assert elsewhere.get("/security").status_code == 302
    assert enter(client, "staff") == "/"


@pytest.mark.parametrize("address", ["/accounts/login/", "/accounts/signup/", "/signup", "/account/signup/"])
def test_nobody_signs_themselves_up(client: Client, address: str) -> None:
    assert client.get(address).status_code == 404
