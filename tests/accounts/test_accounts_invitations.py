"""Invitations: one use, a term, a secret of which only the digest is kept."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from ymach.accounts import errors, invitations
from ymach.accounts.actions import create_user, delegate, grant_role
from ymach.accounts.invitations import Sent, Terms, accept, invite, open_invitation, send_again, withdraw
from ymach.accounts.models import Invitation, Membership, User
from ymach.accounts.permissions import Role
from ymach.accounts.queries import actor_of
from ymach.accounts.rules import MOST_SENDS, Home, Limits
from ymach.base.actors import Actor, command
from ymach.base.clock import vietnam_day
from ymach.base.history.models import HistoryEntry
from ymach.base.ids import new_id
from ymach.base.text import Text
from ymach.notices.models import Letter

pytestmark = pytest.mark.django_db
AT = datetime(2026, 3, 2, 2, 0, tzinfo=UTC)
BY = command("test")
TERMS = Terms(Text("Quản trị Sở Y tế", "Department administrator"), Text("Nghệ An", "Nghe An"))
GOOD = "bon-tu-khong-lien-quan"
NUMBER = "079204001234"
PERSON = new_id()


def offered(email: str = "thu@syt.vn", *, limits: Limits | None = None, by: Actor = BY) -> Sent:
    limits = limits or Limits(Role.DEPARTMENT_ADMIN, province_code="40")
    return invite(email=email, limits=limits, terms=TERMS, by=by, at=AT, home=Home("40"))


def token_of(sent: Sent) -> str:
    return sent.link.rpartition("/")[2]


def accepted(sent: Sent, **changes: object) -> User:
    given: dict[str, object] = {"full_name": "Nguyễn Thị Thu", "password": GOOD, "at": AT, **changes}
    return accept(token=token_of(sent), **given)  # type: ignore[arg-type]


def department(role: Role = Role.DEPARTMENT_ADMIN, province: str = "40") -> tuple[User, Actor]:
    user = create_user(username=f"{new_id()}", full_name="Quản trị", password=None, by=BY, at=AT)
    grant_role(user=user, role=role, province_code=province, by=BY, at=AT)
    return user, actor_of(user, on=vietnam_day(AT))


def test_an_invitation_accepted_makes_an_account_with_just_the_role_offered() -> None:
    user = accepted(offered())
    held = Membership.objects.get(user=user)
    assert (held.role, held.province_code, held.given_by, user.email) == (
        *("department-admin", "40", "command:test"),
        "thu@syt.vn",
    )
    assert user.check_password(GOOD)


def delegate_of(boss: User, boss_actor: Actor, role: Role, **limits: object) -> Actor:
    colleague = create_user(username=f"{new_id()}", full_name="Người thay", password=None, by=BY, at=AT)
    grant_role(user=colleague, role=role, by=BY, at=AT, **limits)  # type: ignore[arg-type]
    own, today = Membership.objects.get(user=boss), vietnam_day(AT)
    end = today + timedelta(days=30)
    delegate(membership=own, to=colleague, words={"account:manage"}, start=today, end=end, by=boss_actor, at=AT)
    return actor_of(colleague, on=today)


def test_a_delegate_invites_officers_and_no_administrator() -> None:
    boss, by = department()
    stand_in = delegate_of(boss, by, Role.DEPARTMENT, province_code="40")
    with pytest.raises(errors.OutsideReach):
        offered(by=stand_in)
    user = accepted(offered("moi@syt.vn", limits=Limits(Role.DEPARTMENT, province_code="40"), by=stand_in))
    assert Membership.objects.get(user=user).role == "department"


def test_whom_a_delegate_of_a_facility_invites_manages_no_accounts_and_invites_nobody() -> None:
    hospital = new_id()
    boss = create_user(username=f"{new_id()}", full_name="Giám đốc", password=None, by=BY, at=AT)
    grant_role(user=boss, role=Role.FACILITY, facility_id=hospital, by=BY, at=AT)
    stand_in = delegate_of(boss, actor_of(boss, on=vietnam_day(AT)), Role.FACILITY, facility_id=hospital)
    stand_in = replace(stand_in, grants=tuple(grant for grant in stand_in.grants if grant.is_lent))
    user = accepted(offered("moi@bv.vn", limits=Limits(Role.FACILITY, facility_id=hospital), by=stand_in))
    new = actor_of(user, on=vietnam_day(AT))
    assert "account:manage" not in new.grants[0].permissions
    assert "change:propose" in new.grants[0].permissions
    with pytest.raises(errors.OutsideReach):
        offered("nua@bv.vn", limits=Limits(Role.FACILITY, facility_id=hospital), by=new)


def test_of_the_token_only_the_digest_is_kept_and_the_history_has_not_even_that() -> None:
    sent = offered()
    kept = Invitation.objects.values().get()
    assert token_of(sent) not in str(kept)
    entries = HistoryEntry.objects.filter(table="accounts_invitation").values_list("after", flat=True)
    assert all(token_of(sent) not in str(one) and kept["token_digest"] not in str(one) for one in entries)


def test_the_letter_carries_the_link_and_says_who_invites() -> None:
    sent = offered()
    letter = Letter.objects.get()
    assert (letter.address, letter.link, letter.is_link_secret) == ("thu@syt.vn", sent.link, True)
    assert "ymach test" in letter.body_vi
    assert "Nghệ An" in letter.body_vi


def test_a_link_works_once() -> None:
    sent = offered()
    accepted(sent)
    with pytest.raises(errors.InvitationUsed):
        accepted(sent)


def test_a_link_ends_with_its_term() -> None:
    sent = offered()
    open_invitation(token_of(sent), at=AT + timedelta(days=7, seconds=-1))
    with pytest.raises(errors.InvitationExpired):
        accepted(sent, at=AT + timedelta(days=7))


def test_a_withdrawn_link_works_no_more_and_its_letter_is_not_sent() -> None:
    sent = offered()
    withdraw(invitation=sent.invitation, by=BY, at=AT)
    with pytest.raises(errors.InvitationWithdrawn):
        accepted(sent)
    assert Letter.objects.values_list("state", "link").get() == ("withdrawn", "")


def test_a_tampered_token_opens_nothing() -> None:
    token = token_of(offered())
    for forged in (
        token[:-1] + ("A" if token[-1] != "A" else "B"),
        "",
        token + "=",
        "\x00",
        "💥",
        invitations.digest_of(token),
    ):
        with pytest.raises(errors.InvitationUnknown):
            open_invitation(forged, at=AT)


def test_an_invitation_sent_again_has_a_new_link_and_the_old_one_is_dead() -> None:
    first = offered()
    second = send_again(invitation=first.invitation, terms=TERMS, by=BY, at=AT + timedelta(days=8))
    with pytest.raises(errors.InvitationUnknown):
        accepted(first)
    assert accepted(second, at=AT + timedelta(days=9)).email == "thu@syt.vn"


def test_an_invitation_is_not_sent_more_than_ten_times() -> None:
    sent = offered()
    for _ in range(MOST_SENDS - 1):
        send_again(invitation=sent.invitation, terms=TERMS, by=BY, at=AT)
    with pytest.raises(errors.SentTooOften):
        send_again(invitation=sent.invitation, terms=TERMS, by=BY, at=AT)


def test_an_invitation_that_was_used_is_neither_sent_again_nor_withdrawn() -> None:
    sent = offered()
    accepted(sent)
    with pytest.raises(errors.NotSettledAnyMore):
        send_again(invitation=sent.invitation, terms=TERMS, by=BY, at=AT)
    with pytest.raises(errors.NotSettledAnyMore):
        withdraw(invitation=sent.invitation, by=BY, at=AT)


def test_the_same_address_is_not_invited_twice_to_the_same_role() -> None:
    offered()
    with pytest.raises(errors.AlreadyInvited):
        offered("THU@syt.vn")


def test_an_invitation_that_ended_by_itself_does_not_stand_in_the_way() -> None:
    offered()
    limits = Limits(Role.DEPARTMENT_ADMIN, province_code="40")
    again = invite(email="thu@syt.vn", limits=limits, terms=TERMS, by=BY, at=AT + timedelta(days=8))
    assert again.invitation.state_at(AT + timedelta(days=8)) == "open"


def test_who_holds_the_role_is_not_invited_to_it() -> None:
    accepted(offered())
    with pytest.raises(errors.AlreadyMember):
        offered()


@pytest.mark.parametrize("email", ["", "thu", "a@b", "thu@syt.vn\nBcc: x@y.vn", "thu@syt.vn, x@y.vn"])
def test_an_address_that_is_none_is_not_invited(email: str) -> None:
    with pytest.raises(errors.EmailWrong):
        offered(email)


@pytest.mark.parametrize("password", ["", "ngan", "1234567890", "password12"])
def test_a_weak_password_opens_no_account_and_the_link_still_works(password: str) -> None:
    sent = offered()
    with pytest.raises(errors.PasswordWeak):
        accepted(sent, password=password)
    assert accepted(sent)


def test_a_name_is_demanded() -> None:
    with pytest.raises(errors.NameMissing):
        accepted(offered(), full_name="   ")


@pytest.mark.parametrize(
    "limits",
    [
        Limits(Role.DEPARTMENT, province_code="01"),
        Limits(Role.DEPARTMENT_ADMIN, province_code="01"),
        Limits(Role.MINISTRY),
        Limits(Role.AUDITOR),
    ],
)
def test_a_department_invites_nobody_outside_its_province_or_above_itself(limits: Limits) -> None:
    _, by = department()
    with pytest.raises(errors.OutsideReach):
        offered(limits=limits, by=by)
    assert not Letter.objects.exists()


def test_a_department_neither_withdraws_nor_sends_again_what_is_another_provinces() -> None:
    sent, (_, by) = offered(), department(province="01")
    with pytest.raises(errors.OutsideReach):
        withdraw(invitation=sent.invitation, by=by, at=AT)
    with pytest.raises(errors.OutsideReach):
        send_again(invitation=sent.invitation, terms=TERMS, by=by, at=AT)


def test_an_officer_without_the_word_invites_nobody() -> None:
    _, by = department(Role.DEPARTMENT)
    with pytest.raises(errors.OutsideReach):
        offered(by=by)


class TestPractitioner:
    limits = Limits(Role.PRACTITIONER, practitioner_id=PERSON)

    def test_states_the_personal_number_of_the_registry(self) -> None:
        user = accepted(offered(limits=self.limits), stated_number="079 204 001 234", registered_number=NUMBER)
        assert Membership.objects.get(user=user).practitioner_id == PERSON

    def test_after_five_wrong_numbers_the_invitation_is_void_even_for_the_right_one(self) -> None:
        sent = offered(limits=self.limits)
        for left in (4, 3, 2, 1):
            with pytest.raises(errors.WrongPersonalNumber) as caught:
                accepted(sent, stated_number="000000000000", registered_number=NUMBER)
            assert caught.value.values["left"] == left
        for stated in ("000000000000", NUMBER):
            with pytest.raises(errors.InvitationVoid):
                accepted(sent, stated_number=stated, registered_number=NUMBER)
        assert not User.objects.exists()

    def test_without_a_number_in_the_registry_opens_no_account(self) -> None:
        with pytest.raises(errors.WrongPersonalNumber):
            accepted(offered(limits=self.limits), stated_number="", registered_number="")


class TestSecondRole:
    second = Limits(Role.DEPARTMENT, province_code="01")

    def test_is_added_to_the_account_of_the_address_when_it_is_signed_in(self) -> None:
        user = accepted(offered())
        same = accepted(offered(limits=self.second), signed_in=user, full_name="", password="")
        assert same.pk == user.pk
        assert {one.role for one in Membership.objects.filter(user=user)} == {"department", "department-admin"}

    def test_demands_that_the_account_signs_in(self) -> None:
        accepted(offered())
        with pytest.raises(errors.SignInFirst):
            accepted(offered(limits=self.second))

    def test_is_not_added_to_somebody_elses_account(self) -> None:
        stranger, _ = department()
        with pytest.raises(errors.OtherAccount):
            accepted(offered(), signed_in=stranger)
        assert Membership.objects.filter(user=stranger).count() == 1
