"""The doors of accounts: forms without their token, addresses that lead away, links played twice, addresses made up."""

from __future__ import annotations

from copy import deepcopy
from datetime import timedelta
from itertools import cycle
from urllib.parse import urljoin, urlsplit
from uuid import UUID

import pytest
from django.conf import settings
from django.test import Client
from tests.support.factories import make_facility
from tests.support.profiles import reader
from tests.support.strangers import Province, account, province, routes, written

from ymach.accounts import actions, errors
from ymach.accounts.models import Invitation, Membership
from ymach.accounts.permissions import Role
from ymach.accounts.queries import actor_of
from ymach.accounts.rules import Home
from ymach.accounts.signin import forgotten
from ymach.base.actors import SYSTEM
from ymach.base.clock import now, vietnam_day
from ymach.base.history.attribution import attributed
from ymach.web.signin import limits

pytestmark = pytest.mark.django_db
PASSWORD = "mot-hai-ba-bon-nam"


@pytest.fixture(scope="module")
def _opened_here(_kept_rows: None) -> Province:
    return province("40", "40001")


@pytest.fixture
def here(_opened_here: Province) -> Province:
    return deepcopy(_opened_here)


def test_no_form_is_taken_without_its_token(here: Province) -> None:
    user = account(Role.DEPARTMENT_ADMIN, "csrf", province_code="40")
    client, taken = Client(enforce_csrf_checks=True), []
    client.force_login(user)
    before = written()
    # A page may do without the token, by mistake; what a browser says of itself is the same to all pages.
    said = cycle([{}, {"Origin": "https://evil.test"}, {"HX-Request": "true"}])
    for one, headers in zip(routes(), said, strict=False):
        path = here.address(one)
        status = client.post(path, {"do": "approve", "reason": "x"}, headers=headers).status_code
        taken += [path] if status not in {403, 404, 405} else []
    assert taken == []
    assert written() == before


AWAY = [
    *("//evil.test", "///evil.test", "\\\\evil.test", "/\\evil.test", "https://evil.test", "http:evil.test"),
    *(
        "javascript:alert(1)",
        "JaVaScRiPt:alert(1)",
        "data:text/html,x",
        "/\t/evil.test",
        "\x00//evil.test",
        " //evil.test",
    ),
    *("https:/evil.test", "//testserver@evil.test", "/x\r\nLocation: //evil.test"),
]


@pytest.mark.parametrize("wanted", AWAY)
def test_no_address_leads_away_from_here(wanted: str) -> None:
    user = account(Role.FACILITY, "di", facility_id=here_id())
    with attributed(by=SYSTEM, reason="test", at=now()):
        user.set_password(PASSWORD)
        user.save()
    form = {"username": user.username, "password": PASSWORD, "next": wanted}
    answers = [Client().post("/sign-in", form), Client().post("/language", {"language": "en", "next": wanted})]
    answers.append(Client().post("/language", {"language": "en"}, headers={"Referer": wanted}))
    for answer in answers:
        assert answer.status_code == 302
        to = answer.headers["Location"].replace("\\", "/").replace("\t", "")
        assert urlsplit(urljoin("http://testserver/sign-in", to))[:2] == ("http", "testserver")


def here_id() -> UUID:
    return make_facility("40009", province_code="40").pk


def test_suspended_account_does_nothing_more_with_an_open_session(here: Province) -> None:
    client = Client()
    client.force_login(here.staff)
    assert client.get("/staff").status_code == 200
    by = actor_of(here.head, on=vietnam_day(now()))
    actions.suspend(user=here.staff, reason="nghỉ", by=by, at=now(), homes={here.facility.pk: Home("40")})
    before = written()
    for path in ("/staff", "/changes", f"/changes/{here.request.pk}", f"/changes/papers/{here.evidence}", "/notices"):
        assert client.get(path).headers["Location"].startswith("/sign-in")
        assert client.post(path, {"do": "withdraw"}).status_code in {401, 405}
    assert written() == before


def test_letter_for_a_password_of_a_suspended_account_is_dead() -> None:
    user = account(Role.FACILITY, "ngung", facility_id=here_id())
    link = forgotten.send_password_letter(user=user, at=now())
    head = account(Role.DEPARTMENT_ADMIN, "dau", province_code="40")
    by, homes = actor_of(head, on=vietnam_day(now())), {user.memberships.get().facility_id: Home("40")}
    actions.suspend(user=user, reason="nghỉ", by=by, at=now(), homes=homes)
    form = {"password": PASSWORD, "again": PASSWORD}
    assert Client().get(link).status_code == Client().post(link, form).status_code == 410


def test_role_and_unit_of_an_invitation_are_not_what_the_form_of_accepting_says(here: Province) -> None:
    form = {"full_name": "Kẻ Gian", "password": PASSWORD, "again": PASSWORD, "role": "ministry", "province": "79"}
    extra = {"province_code": "79", "facility_id": str(here.facility.pk), "valid_to": "", "words": ["account:manage"]}
    Client().post(f"/invitations/{here.token}", {**form, **extra})
    held = Membership.objects.get(user__email="moi40@so.test")
    assert (held.role, held.province_code, held.facility_id, held.words) == ("department", "40", None, None)


ROLES = ["ministry", "auditor", "department-admin", "facility-machine", "citizen", "practitioner", "x", ""]


@pytest.mark.parametrize("role", ROLES)
def test_facility_invites_nobody_above_itself(here: Province, role: str) -> None:
    client, before = reader(Role.FACILITY, facility_id=here.facility.pk), Invitation.objects.count()
    form = {
        "email": "a@b.vn",
        "role": role,
        "province": "40",
        "facility": "40001",
        "licence": "000000/X",
        "full_name": "A",
    }
    assert client.post("/accounts/invite", form).status_code in {403, 404, 409, 422}
    assert Invitation.objects.count() == before


def test_role_that_was_lent_is_not_lent_onward(here: Province) -> None:
    to = account(Role.DEPARTMENT, "nhan", province_code="40")
    third, today = account(Role.DEPARTMENT, "ba", province_code="40"), vietnam_day(now())
    term = {"start": today, "end": today + timedelta(days=30), "at": now()}
    lent = actions.delegate(membership=here.lent, to=to, words=None, by=actor_of(here.head, on=today), **term)
    with pytest.raises(errors.DelegationAgain):
        actions.delegate(membership=lent, to=third, words=None, by=actor_of(to, on=today), **term)
    client = Client()
    client.force_login(to)
    form = {
        "membership": str(lent.pk),
        "to": str(third.pk),
        "start": f"{today:%d/%m/%Y}",
        "end": f"{today + timedelta(days=9):%d/%m/%Y}",
    }
    client.post("/accounts/delegations", {**form, "end": f"{today + timedelta(days=9):%d/%m/%Y}"})
    assert not Membership.objects.filter(user=third, role="department-admin").exists()


@pytest.fixture
def behind_a_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings, "ENVIRONMENT", settings.ENVIRONMENT.model_copy(update={"proxies": 1}))


def wrong(client: Client, name: str, forwarded: str) -> int:
    form = {"username": name, "password": "x"}
    return client.post("/sign-in", form, headers={"X-Forwarded-For": forwarded}).status_code


def test_one_guesser_behind_our_proxy_does_not_shut_the_door_for_all(behind_a_proxy: None) -> None:
    for number in range(limits.PER_ADDRESS - 1):
        limits.take_password(f"a{number}", "203.0.113.7", at=now())
    assert [wrong(Client(), name, "203.0.113.7") for name in ("last", "more")] == [422, 429]
    assert wrong(Client(), "b", "198.51.100.1") == 422


def test_made_up_forwarders_give_nobody_more_tries(behind_a_proxy: None) -> None:
    answers = [wrong(Client(), "a", f"10.0.0.{number}, 203.0.113.7") for number in range(11)]
    assert answers == [422] * 10 + [429]


def test_without_a_proxy_nothing_forwarded_is_believed() -> None:
    assert [wrong(Client(), "a", f"203.0.113.{number}") for number in range(11)][-1] == 429
