"""Suspending, restoring, ending and lending: what counts, from when, and who may."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import DatabaseError, IntegrityError, transaction

from ymach.accounts import errors
from ymach.accounts.actions import create_user, delegate, end_membership, grant_role, restore, suspend
from ymach.accounts.models import Membership, User
from ymach.accounts.permissions import Permission, Role
from ymach.accounts.queries import actor_of, addresses, colleagues
from ymach.accounts.rules import Home
from ymach.base.actors import Actor, command
from ymach.base.clock import vietnam_day
from ymach.base.history.attribution import attributed
from ymach.base.history.models import HistoryEntry
from ymach.base.ids import new_id
from ymach.notices.recipients import Recipient

pytestmark = pytest.mark.django_db
AT = datetime(2026, 3, 2, 2, 0, tzinfo=UTC)
TODAY = vietnam_day(AT)
BY = command("test")
HOSPITAL = new_id()
HOMES = {HOSPITAL: Home("40", frozenset({HOSPITAL}))}


def account(role: Role, *, name: str = "Ai Đó", email: str = "", **limits: object) -> User:
    user = create_user(username=str(new_id()), full_name=name, password="mot-hai-ba-bon", by=BY, at=AT, email=email)
    grant_role(user=user, role=role, by=BY, at=AT, **limits)  # type: ignore[arg-type]
    return user


def actor(user: User, on: date = TODAY) -> Actor:
    return actor_of(User.objects.get(pk=user.pk), on=on)


def admin(province: str = "40") -> User:
    return account(Role.DEPARTMENT_ADMIN, province_code=province)


def officer(province: str = "40") -> User:
    return account(Role.DEPARTMENT, province_code=province)


def role_of(user: User) -> Membership:
    return Membership.objects.get(user=user, delegated_from=None)


def lend(giver: User, to: User, words: set[str] | None = None, *, days: int = 30) -> Membership:
    end = TODAY + timedelta(days=days)
    return delegate(membership=role_of(giver), to=to, words=words, start=TODAY, end=end, by=actor(giver), at=AT)


def test_a_suspended_account_has_no_grant_and_its_sessions_end() -> None:
    boss, one = admin(), officer()
    before = one.get_session_auth_hash()
    suspend(user=one, reason="nghỉ việc", by=actor(boss), at=AT, homes={})
    one.refresh_from_db()
    assert actor(one).grants == ()
    assert one.get_session_auth_hash() != before
    assert (one.suspended_why, one.suspended_by) == ("nghỉ việc", str(actor(boss)))


def test_sessions_from_before_a_suspension_stay_over_when_the_account_is_restored() -> None:
    boss, one = admin(), officer()
    before = one.get_session_auth_hash()
    suspend(user=one, reason="nhầm", by=actor(boss), at=AT, homes={})
    restore(user=one, by=actor(boss), at=AT, homes={})
    one.refresh_from_db()
    assert one.is_active
    assert one.get_session_auth_hash() != before
    assert actor(one).grants


def test_a_suspension_says_why() -> None:
    with pytest.raises(errors.ReasonMissing):
        suspend(user=officer(), reason="  ", by=actor(admin()), at=AT, homes={})


def test_a_suspension_is_in_the_history_with_its_reason_and_without_the_password() -> None:
    boss, one = admin(), officer()
    suspend(user=one, reason="nghỉ việc", by=actor(boss), at=AT, homes={})
    entry = HistoryEntry.objects.filter(table="accounts_user", row_id=str(one.pk)).latest("id")
    assert "nghỉ việc" in entry.reason
    assert entry.after is not None
    assert "password" not in entry.after


@pytest.mark.parametrize("other", ["01", "79"])
def test_a_department_suspends_nobody_of_another_province(other: str) -> None:
    with pytest.raises(errors.OutsideReach):
        suspend(user=officer(other), reason="x", by=actor(admin()), at=AT, homes={})


def test_a_department_suspends_the_accounts_of_the_facilities_of_its_province_only() -> None:
    staff = account(Role.FACILITY, facility_id=HOSPITAL)
    with pytest.raises(errors.OutsideReach):
        suspend(user=staff, reason="x", by=actor(admin("01")), at=AT, homes=HOMES)
    suspend(user=staff, reason="x", by=actor(admin("40")), at=AT, homes=HOMES)
    assert not actor(staff).grants


def test_a_facility_manages_its_own_accounts_only() -> None:
    boss = account(Role.FACILITY, facility_id=HOSPITAL)
    other = account(Role.FACILITY, facility_id=new_id())
    with pytest.raises(errors.OutsideReach):
        suspend(user=other, reason="x", by=actor(boss), at=AT, homes=HOMES)
    colleague = account(Role.FACILITY, facility_id=HOSPITAL)
    suspend(user=colleague, reason="x", by=actor(boss), at=AT, homes=HOMES)


def test_an_officer_suspends_nobody() -> None:
    with pytest.raises(errors.OutsideReach):
        suspend(user=officer(), reason="x", by=actor(officer()), at=AT, homes={})


def test_an_account_that_also_works_elsewhere_is_not_suspended_but_its_role_here_can_end() -> None:
    boss, one = admin(), officer()
    grant_role(user=one, role=Role.FACILITY, facility_id=HOSPITAL, by=BY, at=AT)
    with pytest.raises(errors.HasOtherRoles):
        suspend(user=one, reason="x", by=actor(boss), at=AT, homes={})
    here = Membership.objects.get(user=one, role="department")
    end_membership(membership=here, reason="x", by=actor(boss), at=AT, homes={})
    assert [grant.role for grant in actor(one).grants] == ["facility"]


def test_nobody_suspends_themselves() -> None:
    boss = admin()
    admin()
    with pytest.raises(errors.NotYourself):
        suspend(user=boss, reason="x", by=actor(boss), at=AT, homes={})


def test_the_last_active_administrator_of_a_province_stays() -> None:
    ministry, last = account(Role.MINISTRY), admin()
    admin("01")
    with pytest.raises(errors.LastAdministrator):
        suspend(user=last, reason="x", by=actor(ministry), at=AT, homes={})
    with pytest.raises(errors.LastAdministrator):
        end_membership(membership=role_of(last), reason="x", by=actor(ministry), at=AT, homes={})
    admin()
    suspend(user=last, reason="x", by=actor(ministry), at=AT, homes={})


def test_a_suspended_or_borrowed_administrator_does_not_count_as_one() -> None:
    ministry, last, gone = account(Role.MINISTRY), admin(), admin()
    suspend(user=gone, reason="x", by=actor(ministry), at=AT, homes={})
    lend(last, officer())
    with pytest.raises(errors.LastAdministrator):
        suspend(user=last, reason="x", by=actor(ministry), at=AT, homes={})


def test_the_last_ministry_account_stays() -> None:
    last = account(Role.MINISTRY)
    with pytest.raises(errors.LastAdministrator):
        suspend(user=last, reason="x", by=BY, at=AT, homes={})


def test_a_role_ended_ends_at_once_and_says_by_whom() -> None:
    boss, one = admin(), officer()
    end_membership(membership=role_of(one), reason="chuyển phòng", by=actor(boss), at=AT, homes={})
    ended = role_of(one)
    assert actor(one).grants == ()
    assert (ended.ended_at, ended.ended_by, ended.ended_why) == (AT, str(actor(boss)), "chuyển phòng")


def test_a_role_lent_counts_within_its_days_only() -> None:
    giver, to = admin(), officer()
    lend(giver, to, days=10)
    held = {day: Permission.ACCOUNT_MANAGE in _words(to, TODAY + timedelta(days=day)) for day in (-1, 0, 9, 10)}
    assert held == {-1: False, 0: True, 9: True, 10: False}


def test_a_part_of_a_role_lent_is_that_part_alone() -> None:
    giver, to = account(Role.FACILITY, facility_id=HOSPITAL), account(Role.FACILITY, facility_id=HOSPITAL)
    end_later = lend(giver, to, {Permission.SUBMISSION_SEE.value})
    assert end_later.words == ["submission:see"]


def test_nobody_lends_more_than_they_hold() -> None:
    with pytest.raises(errors.DelegationTooMuch):
        lend(officer(), officer(), {Permission.ACCOUNT_MANAGE.value})


def test_nobody_lends_what_is_anothers() -> None:
    with pytest.raises(errors.DelegationTooMuch):
        delegate(
            membership=role_of(admin()),
            to=officer(),
            words=None,
            start=TODAY,
            end=TODAY + timedelta(days=5),
            by=actor(officer()),
            at=AT,
        )


def test_what_was_lent_is_not_lent_on() -> None:
    giver, to, third = admin(), officer(), officer()
    lent = lend(giver, to)
    with pytest.raises(errors.DelegationAgain):
        delegate(membership=lent, to=third, words=None, start=TODAY, end=lent.valid_to or TODAY, by=actor(to), at=AT)


@pytest.mark.parametrize("days", [0, -1, 367, 4000])
def test_a_role_is_lent_for_a_day_at_least_and_twelve_months_at_most(days: int) -> None:
    with pytest.raises(errors.DelegationTerm):
        lend(admin(), officer(), days=days)


def test_the_database_itself_refuses_a_delegation_without_an_end_or_for_longer_than_a_year() -> None:
    lent = lend(admin(), officer())
    for end in (None, TODAY + timedelta(days=400)):
        with pytest.raises(IntegrityError), transaction.atomic(), attributed(by=BY, reason="x", at=AT):
            Membership.objects.filter(pk=lent.pk).update(valid_to=end)


@pytest.mark.parametrize("province", ["01", None])
def test_a_role_is_lent_to_colleagues_only(province: str | None) -> None:
    to = officer(province) if province else account(Role.FACILITY, facility_id=HOSPITAL)
    with pytest.raises(errors.NotColleagues):
        lend(admin(), to)


@pytest.mark.parametrize("role", [Role.PRACTITIONER, Role.CITIZEN])
def test_a_practitioners_and_a_citizens_role_is_nobody_elses(role: Role) -> None:
    key = "practitioner_id" if role is Role.PRACTITIONER else "citizen_id"
    with pytest.raises(errors.DelegationTooMuch):
        lend(account(role, **{key: new_id()}), officer())


def test_what_was_lent_ends_when_its_lender_is_suspended_or_loses_the_role() -> None:
    boss, giver, to = admin(), admin(), officer()
    lend(giver, to)
    suspend(user=giver, reason="x", by=actor(boss), at=AT, homes={})
    assert Permission.ACCOUNT_MANAGE not in _words(to)
    restore(user=giver, by=actor(boss), at=AT, homes={})
    assert Permission.ACCOUNT_MANAGE in _words(to)
    end_membership(membership=role_of(giver), reason="x", by=actor(boss), at=AT, homes={})
    assert Permission.ACCOUNT_MANAGE not in _words(to)


def test_a_delegation_is_taken_back_at_once_by_its_lender_or_by_the_administrator() -> None:
    boss, giver, to = admin(), officer(), officer()
    for who in (giver, boss):
        lent = lend(giver, to)
        end_membership(membership=lent, reason="x", by=actor(who), at=AT, homes={})
        assert len(actor(to).grants) == 1


def test_a_colleague_does_not_end_what_another_lent() -> None:
    lent = lend(officer(), officer())
    with pytest.raises(errors.OutsideReach):
        end_membership(membership=lent, reason="x", by=actor(officer()), at=AT, homes={})


def test_a_borrowed_administration_reaches_as_far_as_the_lenders_and_no_farther() -> None:
    giver, to = admin(), officer()
    lend(giver, to)
    with pytest.raises(errors.OutsideReach):
        suspend(user=officer("01"), reason="x", by=actor(to), at=AT, homes={})
    suspend(user=officer(), reason="x", by=actor(to), at=AT, homes={})


def test_colleagues_are_the_active_accounts_of_ones_own_unit() -> None:
    me, near, gone = officer(), admin(), officer()
    officer("01")
    account(Role.FACILITY, facility_id=HOSPITAL)
    suspend(user=gone, reason="x", by=actor(near), at=AT, homes={})
    assert list(colleagues(actor(me), on=TODAY)) == [near]


def test_letters_of_a_unit_go_to_its_active_accounts_with_an_address() -> None:
    account(Role.DEPARTMENT, province_code="40", email="a@syt.vn")
    gone = account(Role.DEPARTMENT, province_code="40", email="b@syt.vn")
    officer()
    suspend(user=gone, reason="x", by=actor(admin()), at=AT, homes={})
    assert addresses(Recipient(province_code="40"), TODAY) == ["a@syt.vn"]


def test_a_membership_changed_without_saying_who_is_refused() -> None:
    one = role_of(officer())
    with pytest.raises(DatabaseError), transaction.atomic():
        Membership.objects.filter(pk=one.pk).update(valid_to=TODAY)


def _words(user: User, on: date = TODAY) -> frozenset[str]:
    return frozenset[str]().union(*(grant.permissions for grant in actor(user, on).grants))
