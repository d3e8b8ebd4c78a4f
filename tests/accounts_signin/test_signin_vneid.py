"""Signing in with VNeID: one account or none, each failure told, nothing twice."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client
from tests.accounts_signin.conftest import KHAI, STRANGER, make_user
from tests.support.factories import make_practitioner

from ymach.accounts.models import User
from ymach.accounts.permissions import Role
from ymach.accounts.signin.models import VneidLink
from ymach.audit.actions import REGISTRY
from ymach.audit.models import AuditEvent
from ymach.base.actors import SYSTEM
from ymach.base.clock import now
from ymach.base.history.attribution import attributed
from ymach.sandbox.vneid import Vneid, VneidBehaviour
from ymach.trust.openid import Provider, ProviderAway, ask

pytestmark = pytest.mark.django_db
Answer = Callable[..., str]


def why_refused() -> list[str]:
    refused = AuditEvent.objects.filter(facility_id=REGISTRY, action="sign-in:refused").order_by("number")
    return [event.detail["why"] for event in refused]


def is_in(client: Client) -> bool:
    return "_auth_user_id" in client.session


def test_the_practitioner_of_the_personal_number_is_signed_in(
    client: Client, practitioner: User, answer_for: Answer
) -> None:
    answer = client.get(answer_for(to="/profile"))
    assert (answer.status_code, answer["Location"]) == (302, "/profile")
    assert client.session["_auth_user_id"] == str(practitioner.pk)


def test_the_first_sign_in_links_and_is_told_in_the_journal(
    client: Client, practitioner: User, answer_for: Answer
) -> None:
    for _ in range(2):
        client.get(answer_for())
    assert VneidLink.objects.get().user == practitioner
    events = AuditEvent.objects.filter(facility_id=REGISTRY, subject=f"account:{practitioner.pk}").order_by("number")
    actions = [event.action for event in events]
    assert actions.count("vneid:linked") == 1
    assert actions.count("sign-in:done") == 2


def test_an_answer_is_taken_once(client: Client, practitioner: User, answer_for: Answer) -> None:
    address = answer_for()
    client.get(address)
    client.post("/sign-out")
    again = client.get(address)
    assert again.status_code == 401
    assert "YM-VNEID-REPLAYED" in again.content.decode()
    assert not is_in(client)
    assert why_refused() == ["YM-VNEID-REPLAYED"]


def test_an_answer_belongs_to_the_browser_that_asked(client: Client, practitioner: User, answer_for: Answer) -> None:
    stolen = Client().get(answer_for())
    assert "YM-VNEID-REPLAYED" in stolen.content.decode()


def test_a_session_read_twice_at_once_opens_once(client: Client, practitioner: User, answer_for: Answer) -> None:
    address, kept = answer_for(), dict(client.session)["vneid"]
    client.get(address)
    other = Client()
    session = other.session
    session["vneid"] = kept
    session.save()
    assert "YM-VNEID-REPLAYED" in other.get(address).content.decode()


def test_another_state_is_refused_and_the_question_forgotten(
    client: Client, practitioner: User, answer_for: Answer
) -> None:
    address = answer_for()
    assert client.get("/sign-in/vneid/answer?code=x&state=y").status_code == 401
    assert client.get(address).status_code == 401


@pytest.mark.parametrize(
    ("behaviour", "why"),
    [
        ("wrong_nonce", "nonce"),
        ("wrong_audience", "aud"),
        ("wrong_issuer", "iss"),
        ("expired_token", "exp"),
        ("unknown_key", "signature"),
        ("unsigned", "signature"),
        ("other_subject", "subject"),
        ("replayed_code", "code"),
    ],
)
def test_a_proof_that_does_not_hold_opens_nothing(
    client: Client, practitioner: User, vneid: Vneid, answer_for: Answer, behaviour: str, why: str
) -> None:
    address = answer_for()
    vneid.behaviour = VneidBehaviour(**{behaviour: True})
    answer = client.get(address)
    assert (answer.status_code, is_in(client)) == (401, False)
    assert "YM-VNEID-REFUSED" in answer.content.decode()
    assert why_refused() == [why]


@pytest.mark.parametrize("behaviour", [{"down": True}, {"status": 502}, {"wrong_answer": True}])
def test_a_provider_that_is_away_is_told_as_such(
    client: Client, practitioner: User, vneid: Vneid, answer_for: Answer, behaviour: dict[str, bool]
) -> None:
    address = answer_for()
    vneid.behaviour = VneidBehaviour(**behaviour)  # type: ignore[arg-type]
    answer = client.get(address)
    assert answer.status_code == 503
    assert "YM-VNEID-AWAY" in answer.content.decode()


def test_a_slow_provider_is_not_waited_for_for_ever(provider: tuple[Vneid, str]) -> None:
    stand_in, address = provider
    stand_in.behaviour = VneidBehaviour(slow=2)
    with pytest.raises(ProviderAway):
        ask(Provider(address, "ymach", "sandbox", seconds=0.2), redirect_uri="http://127.0.0.1:1/")


def test_a_provider_that_is_away_from_the_start_is_told_too(client: Client, vneid: Vneid) -> None:
    vneid.behaviour = VneidBehaviour(down=True)
    assert client.get("/sign-in/vneid").status_code == 503


def test_a_practitioner_who_was_never_invited_is_told_what_to_do(client: Client, answer_for: Answer) -> None:
    make_practitioner(STRANGER.name, personal_number=STRANGER.personal_number)
    answer = client.get(answer_for(STRANGER))
    page = answer.content.decode()
    assert (answer.status_code, is_in(client)) == (401, False)
    assert "YM-VNEID-NO-ACCOUNT" in page
    assert "gửi lời mời tạo tài khoản" in page
    assert STRANGER.personal_number not in page


def test_two_accounts_of_one_practitioner_open_neither(client: Client, practitioner: User, answer_for: Answer) -> None:
    held = practitioner.memberships.get()
    make_user("khai-hai", Role.PRACTITIONER, practitioner_id=held.practitioner_id)
    assert "YM-VNEID-NO-ACCOUNT" in client.get(answer_for()).content.decode()


def test_a_suspended_account_is_not_opened(client: Client, practitioner: User, answer_for: Answer) -> None:
    with attributed(by=SYSTEM, reason="test", at=now()):
        User.objects.update(is_active=False, suspended_at=now(), suspended_by="x", suspended_why="x")
    assert "YM-VNEID-NO-ACCOUNT" in client.get(answer_for()).content.decode()


def test_another_birth_date_than_the_registrys_opens_nothing(client: Client, answer_for: Answer, vneid: Vneid) -> None:
    person = make_practitioner(KHAI.name, personal_number=STRANGER.personal_number)
    make_user("la", Role.PRACTITIONER, practitioner_id=person.id)
    odd = type(STRANGER)(STRANGER.personal_number, STRANGER.name, "1985-05-18")
    vneid.persons[odd.subject] = odd
    assert "YM-VNEID-BIRTH-DATE" in client.get(answer_for(odd)).content.decode()


def test_without_a_personal_number_nobody_is_meant(
    client: Client, practitioner: User, vneid: Vneid, answer_for: Answer
) -> None:
    address = answer_for()
    vneid.behaviour = VneidBehaviour(no_number=True)
    assert "YM-VNEID-NO-ACCOUNT" in client.get(address).content.decode()


def test_nobody_is_led_to_another_site(client: Client, practitioner: User, answer_for: Answer) -> None:
    assert client.get(answer_for(to="https://example.com/"))["Location"] == "/"


def test_giving_up_at_vneid_leads_back(client: Client, practitioner: User, answer_for: Answer) -> None:
    state = answer_for().split("state=")[1]
    answer = client.get(f"/sign-in/vneid/answer?error=access_denied&state={state}")
    assert (answer.status_code, answer["Location"]) == (302, "/sign-in")


def test_the_personal_number_is_kept_nowhere(client: Client, practitioner: User, answer_for: Answer) -> None:
    client.get(answer_for())
    kept = str(dict(client.session)) + str(list(AuditEvent.objects.values_list("detail", "subject")))
    assert KHAI.personal_number not in kept


def test_without_its_setting_vneid_is_not_there(client: Client) -> None:
    assert client.get("/sign-in/vneid").status_code == 404
    assert "VNeID" not in client.get("/sign-in").content.decode()
