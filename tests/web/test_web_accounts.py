"""Pages of accounts, invitations, delegations and notices: what they do, and what they refuse to everybody else."""

from __future__ import annotations

import re
from datetime import timedelta
from uuid import UUID

import pytest
from django.http import HttpResponse
from django.test import Client
from tests.support.factories import make_facility, make_licence, make_practitioner, make_registration

from ymach.accounts.actions import create_user, grant_role
from ymach.accounts.models import Invitation, Membership, User
from ymach.accounts.permissions import Permission, Role
from ymach.accounts.signin import limits
from ymach.audit.actions import REGISTRY
from ymach.audit.models import AuditEvent
from ymach.audit.queries import verify
from ymach.base.actors import SYSTEM
from ymach.base.clock import now, vietnam_day
from ymach.base.history.attribution import attributed
from ymach.base.ids import new_id
from ymach.base.text import Text
from ymach.facilities.models import Facility
from ymach.notices.actions import tell
from ymach.notices.models import Letter, Notice
from ymach.notices.recipients import Recipient
from ymach.web.views.invitations import VISITS, VISITS_SECONDS

pytestmark = pytest.mark.django_db
PASSWORD = "bon-tu-khong-lien-quan"


@pytest.fixture(autouse=True)
def _second_factor_offered(settings: object) -> None:
    settings.SECOND_FACTOR_REQUIRED = False  # type: ignore[attr-defined]


def account(role: Role | None, **limits: object) -> User:
    user = create_user(username=str(new_id()), full_name="Lê Thị Hạnh", password=PASSWORD, by=SYSTEM, at=now())
    if role:
        grant_role(user=user, role=role, by=SYSTEM, at=now() - timedelta(days=1), **limits)  # type: ignore[arg-type]
    return user


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def department(province: str = "01", role: Role = Role.DEPARTMENT_ADMIN) -> Client:
    return signed_in(account(role, province_code=province))


def journal() -> list[tuple[str, str]]:
    events = AuditEvent.objects.filter(facility_id=REGISTRY).order_by("number")
    return [(one.action, one.detail["code"]) for one in events]


def link() -> str:
    return Letter.objects.latest("created_at").link


def invited(client: Client, **fields: str) -> HttpResponse:
    return client.post("/accounts/invite", {"role": "department", "email": "thu@syt.vn", **fields})


def test_an_invited_officer_opens_the_link_and_has_an_account_of_the_province() -> None:
    assert invited(department("01")).status_code == 302
    answer = Client().post(link(), {"full_name": "Nguyễn Thị Thu", "password": PASSWORD})
    assert answer["Location"] == "/sign-in"
    held = Membership.objects.get(user__email="thu@syt.vn")
    assert (held.role, held.province_code) == ("department", "01")


@pytest.mark.parametrize(
    "fields",
    [
        {"role": "ministry"},
        {"role": "auditor"},
        {"role": "department-admin", "province": "79"},
        {"role": "department", "province": "79"},
        {"role": "citizen"},
        {"role": "facility-machine"},
        {"role": "root"},
        {"role": ""},
    ],
)
def test_fields_of_the_form_give_no_role_beyond_ones_own_reach(fields: dict[str, str]) -> None:
    answer = invited(department("01"), **fields)
    assert answer.status_code == 403
    assert journal() == [("account:invite:refused", "YM-ACCOUNT-OUTSIDE")]
    assert not Invitation.objects.exists()


def test_a_facility_cannot_name_another_facility_in_the_form() -> None:
    ours, theirs = make_facility("01001"), make_facility("01002")
    client = signed_in(account(Role.FACILITY, facility_id=ours.pk))
    invited(client, role="facility", facility="01002", facility_id=str(theirs.pk), province="79")
    assert Invitation.objects.get().facility_id == ours.pk


def test_an_officer_without_the_word_opens_no_page_of_accounts() -> None:
    client = department("01", Role.DEPARTMENT)
    for path in ("/accounts", "/accounts/invite", "/accounts/invitations"):
        assert client.get(path).status_code == 403
    assert invited(client).status_code == 403


def with_email(facility: Facility, email: str) -> Facility:
    with attributed(by=SYSTEM, reason="test", at=now()):
        Facility.objects.filter(pk=facility.pk).update(email=email)
    return facility


def test_the_first_account_of_a_facility_goes_to_the_address_the_registry_has() -> None:
    with_email(make_facility("01001"), "bv@hanoi.vn")
    assert invited(department("01"), role="facility", facility="01001", email="thief@x.vn").status_code == 302
    assert Invitation.objects.get().email == "bv@hanoi.vn"


def test_a_facility_without_a_registered_address_is_not_invited() -> None:
    make_facility("01001")
    answer = invited(department("01"), role="facility", facility="01001", email="thief@x.vn")
    assert answer.status_code == 422
    assert "Sổ bộ chưa có thư điện tử" in answer.content.decode()


def test_the_form_of_an_invitation_tells_everything_that_is_wrong_each_at_its_field() -> None:
    answer = invited(department("01"), role="practitioner", licence="000/X", email="không phải thư", full_name="Thu")
    page = answer.content.decode()
    assert answer.status_code == 422
    assert all(f'href="#f-{name}"' in page and f'id="f-{name}-e"' in page for name in ("licence", "email"))
    assert 'value="Thu"' in page


def test_who_accepts_is_told_of_the_name_and_of_the_password_at_once() -> None:
    invited(department("01"))
    answer = Client().post(link(), {"full_name": " ", "password": "123"})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert 'id="f-full_name-e"' in page
    assert 'id="f-password-e"' in page


def test_an_address_of_the_registry_that_is_none_is_told_at_its_facility() -> None:
    with_email(make_facility("01001"), "bv@")
    page = invited(department("01"), role="facility", facility="01001").content.decode()
    assert 'id="f-facility-e"' in page
    assert 'href="#f-facility"' in page


def test_a_department_does_not_invite_a_facility_of_another_province() -> None:
    with_email(make_facility("79001", province_code="79"), "bv@hcm.vn")
    assert invited(department("01"), role="facility", facility="79001").status_code == 422
    assert not Invitation.objects.exists()


def practitioner_link(number: str = "079204001234") -> str:
    facility = make_facility("01001")
    person = make_practitioner(personal_number=number)
    licence = make_licence("000777/BYT-GPHN", practitioner=person)
    make_registration(licence, facility)
    client = signed_in(account(Role.FACILITY, facility_id=facility.pk))
    assert invited(client, role="practitioner", licence="000777/BYT-GPHN").status_code == 302
    return link()


def test_a_practitioner_states_their_personal_number_and_has_an_account() -> None:
    path = practitioner_link()
    answer = Client().post(
        path, {"full_name": "Trần Thị Bích", "password": PASSWORD, "personal_number": "079204001234"}
    )
    assert answer.status_code == 302
    assert Membership.objects.get(role="practitioner").practitioner_id


def test_wrong_personal_numbers_are_journaled_without_the_number_and_end_the_invitation() -> None:
    path = practitioner_link()
    typed = {"full_name": "X", "password": PASSWORD, "personal_number": "079204009999"}
    answers = [Client().post(path, typed) for _ in range(6)]
    assert [one.status_code for one in answers] == [422] * 4 + [410] * 2
    assert [code for _, code in journal()] == ["YM-INVITATION-NUMBER"] * 4 + ["YM-INVITATION-VOID"] * 2
    assert "079204009999" not in str(list(AuditEvent.objects.values_list("detail", "subject")))
    assert "079204009999" not in answers[0].content.decode()


def test_a_link_forged_used_or_expired_says_so_and_is_journaled() -> None:
    client = department("01")
    invited(client)
    path = link()
    assert Client().get(f"{path[:-2]}xx").status_code == 404
    Client().post(path, {"full_name": "Thu", "password": PASSWORD})
    assert Client().get(path).status_code == 410
    invited(client, email="ha@syt.vn")
    with attributed(by=SYSTEM, reason="test", at=now()):
        Invitation.objects.filter(email="ha@syt.vn").update(expires_at=now())
    assert "hết hạn" in Client().get(link()).content.decode()
    assert [code for _, code in journal()] == [
        *("YM-INVITATION-UNKNOWN", "YM-INVITATION-USED"),
        "YM-INVITATION-EXPIRED",
    ]
    assert verify().holds


def test_the_role_in_the_accept_form_changes_nothing() -> None:
    invited(department("01"))
    typed = {"full_name": "Thu", "password": PASSWORD, "role": "ministry", "province": "79", "is_superuser": "1"}
    Client().post(link(), typed)
    assert Membership.objects.get(user__email="thu@syt.vn").role == "department"


def test_the_token_is_in_no_page_of_who_manages_invitations() -> None:
    client = department("01")
    invited(client)
    assert link().rpartition("/")[2] not in client.get("/accounts/invitations").content.decode()


def test_somebody_who_guesses_links_is_slowed_down() -> None:
    client = Client(REMOTE_ADDR="192.0.2.9")
    assert client.get("/invitations/guess").status_code == 404
    for _ in range(VISITS - 2):
        limits.take("invitation", "192.0.2.9", allowed=VISITS, seconds=VISITS_SECONDS, at=now())
    codes = [client.get(f"/invitations/guess{number}").status_code for number in range(3)]
    assert codes == [404, 429, 429]


def test_a_department_sees_and_suspends_its_own_and_not_the_neighbours() -> None:
    client, near, far = department("01"), account(Role.DEPARTMENT, province_code="01"), None
    far = account(Role.DEPARTMENT, province_code="79")
    page = client.get("/accounts").content.decode()
    assert str(near.pk) in page
    assert str(far.pk) not in page
    assert client.post(f"/accounts/{near.pk}/suspend", {"reason": "nghỉ việc"}).status_code == 302
    assert client.post(f"/accounts/{far.pk}/suspend", {"reason": "x"}).status_code == 404
    assert not User.objects.get(pk=near.pk).is_active
    assert User.objects.get(pk=far.pk).is_active
    assert journal() == [("account:suspend:refused", "YM-ACCOUNT-NOT-FOUND")]


def test_a_suspended_account_is_out_with_its_next_request_and_stays_out_when_restored() -> None:
    boss, one = department("01"), account(Role.DEPARTMENT, province_code="01")
    session = signed_in(one)
    assert session.get("/accounts/delegations").status_code == 200
    boss.post(f"/accounts/{one.pk}/suspend", {"reason": "nghỉ việc"})
    assert session.get("/accounts/delegations").status_code == 302
    boss.post(f"/accounts/{one.pk}/restore")
    assert session.get("/accounts/delegations").status_code == 302


def test_lost_factors_are_removed_by_the_administrator_of_the_unit_and_nobody_else() -> None:
    one, far = account(Role.DEPARTMENT, province_code="01"), account(Role.DEPARTMENT, province_code="79")
    before, client = one.get_session_auth_hash(), department("01")
    assert client.post(f"/accounts/{far.pk}/factors").status_code == 404
    assert client.post(f"/accounts/{one.pk}/factors").status_code == 302
    assert User.objects.get(pk=one.pk).get_session_auth_hash() != before
    assert ("factor:all-removed", f"account:{one.pk}") in AuditEvent.objects.values_list("action", "subject")
    assert Notice.objects.filter(user_id=one.pk).exists()


def test_nobody_removes_their_own_factors_as_an_administrator() -> None:
    boss = account(Role.DEPARTMENT_ADMIN, province_code="01")
    assert signed_in(boss).post(f"/accounts/{boss.pk}/factors").status_code == 409


def test_the_last_administrator_is_told_why_it_stays() -> None:
    last = account(Role.DEPARTMENT_ADMIN, province_code="01")
    answer = signed_in(account(Role.MINISTRY)).post(f"/accounts/{last.pk}/suspend", {"reason": "x"})
    assert answer.status_code == 409
    assert "quản trị cuối cùng" in answer.content.decode()


def lend(client: Client, own: User, receiver: User, **fields: object) -> HttpResponse:
    today = vietnam_day(now())
    typed = {
        "role": str(Membership.objects.get(user=own, delegated_from=None).pk),
        "to": str(receiver.pk),
        "start": today.strftime("%d/%m/%Y"),
        "end": (today + timedelta(days=9)).strftime("%d/%m/%Y"),
        **fields,
    }
    return client.post("/accounts/delegations", typed)


def test_a_role_is_lent_and_taken_back_on_the_page() -> None:
    own, to = account(Role.DEPARTMENT_ADMIN, province_code="01"), account(Role.DEPARTMENT, province_code="01")
    client = signed_in(own)
    assert lend(client, own, to, words=[Permission.ACCOUNT_MANAGE.value]).status_code == 302
    assert signed_in(to).get("/accounts").status_code == 200
    lent = Membership.objects.exclude(delegated_from=None).get()
    assert lent.valid_to == vietnam_day(now()) + timedelta(days=10)
    assert client.post(f"/accounts/delegations/{lent.pk}/end").status_code == 302
    assert signed_in(to).get("/accounts").status_code == 403


@pytest.mark.parametrize("forged", ["words", "to", "role"])
def test_a_forged_form_lends_nothing(forged: str) -> None:
    own, to = account(Role.DEPARTMENT, province_code="01"), account(Role.DEPARTMENT, province_code="01")
    far = account(Role.DEPARTMENT_ADMIN, province_code="79")
    values: dict[str, object] = {
        "words": ["account:manage"],
        "to": str(far.pk),
        "role": str(Membership.objects.get(user=far).pk),
    }
    answer = lend(signed_in(own), own, to, **{forged: values[forged]})
    assert answer.status_code == 403
    assert not Membership.objects.exclude(delegated_from=None).exists()
    assert journal()[0][0] == "delegation:give:refused"


def test_a_delegation_of_another_unit_cannot_be_ended() -> None:
    own, to = account(Role.DEPARTMENT, province_code="79"), account(Role.DEPARTMENT, province_code="79")
    lend(signed_in(own), own, to)
    lent = Membership.objects.exclude(delegated_from=None).get()
    assert department("01").post(f"/accounts/delegations/{lent.pk}/end").status_code == 404
    assert Membership.objects.get(pk=lent.pk).ended_at is None


def notice(**to: str | UUID) -> Notice:
    text = Text("Hồ sơ đã duyệt.", "The request is approved.")
    return tell(to=Recipient(**to), text=text, link="/accounts", by=SYSTEM, at=now())  # type: ignore[arg-type]


def test_a_notice_is_counted_in_the_masthead_until_it_is_opened() -> None:
    client, one = department("01"), notice(province_code="01")
    bell = re.compile(r'class="bell".*?<b>1', re.DOTALL)
    assert bell.search(client.get("/notices").content.decode())
    assert client.post(f"/notices/{one.pk}/read")["Location"] == "/accounts"
    assert not bell.search(client.get("/notices").content.decode())


def test_a_notice_of_another_unit_is_not_there() -> None:
    one = notice(province_code="79")
    client = department("01")
    assert "Hồ sơ đã duyệt." not in client.get("/notices").content.decode()
    assert client.post(f"/notices/{one.pk}/read").status_code == 404


def test_letters_are_shown_in_a_demonstration_to_the_ministry_only(settings: object) -> None:
    invited(department("01"))
    ministry = signed_in(account(Role.MINISTRY))
    assert ministry.get("/letters").status_code == 404
    settings.ENVIRONMENT = settings.ENVIRONMENT.model_copy(update={"demo": True})  # type: ignore[attr-defined]
    assert link() in ministry.get("/letters").content.decode()
    assert department("01").get("/letters").status_code == 403
