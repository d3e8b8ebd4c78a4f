"""The figures equal a recount after every action, in whatever order they come."""

from __future__ import annotations

from copy import deepcopy
from datetime import date, timedelta

import pytest
from django.db import DatabaseError, connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.support.factories import AT, BY, START, make_facility, make_licence, make_registration

from ymach.base.clock import vietnam_day
from ymach.base.errors import YmachError
from ymach.base.history.attribution import attributed
from ymach.base.history.settling import later, waiting
from ymach.base.periods import Period
from ymach.figures import keeping, lists, queries
from ymach.figures.queries import Scope
from ymach.figures.states import SUBJECTS
from ymach.practitioners import actions as practitioners
from ymach.practitioners.models import PracticeRegistration
from ymach.publication.verification import verify_entries

pytestmark = pytest.mark.django_db
TODAY = vietnam_day(AT)
COUNTRY = Scope(("01", "79", ""), is_country=True)


def figure(subject: str, state: str, *, province: str = "", key: str = "", on: date = TODAY) -> int:
    found = lists.count(COUNTRY, lists.Wanted(subject, state, province, key), on)
    assert found is not None
    return found


def make_head(registration: PracticeRegistration) -> PracticeRegistration:
    """As if the years in scope were there: they are no matter of these tests."""
    with attributed(by=BY, reason="test", at=AT):
        PracticeRegistration.objects.filter(pk=registration.pk).update(is_technical_head=True)
    return registration


def test_a_person_counts_where_registered_and_before_that_where_licensed() -> None:
    licence = make_licence(issuer_province_code="79")
    assert figure("practitioners", "active", province="79", key="a") == 1
    make_registration(licence, make_facility())
    assert figure("practitioners", "active", province="79") == 0
    assert figure("practitioners", "working", province="01", key="a") == 1


def test_what_a_load_leaves_waiting_is_settled_by_the_worker() -> None:
    with later():
        make_registration(make_licence(), make_facility())
    assert figure("practitioners", "active") == 0
    keeping.tend(at=AT)
    assert figure("practitioners", "active") == 1
    assert (waiting(), keeping.verify(TODAY).holds, verify_entries().holds) == ([], True, True)


def test_a_suspended_person_is_counted_as_suspended_only_while_it_lasts() -> None:
    make_licence(suspended=Period(TODAY, TODAY + timedelta(days=40)))
    assert [figure("practitioners", "suspended", on=TODAY + timedelta(days=n)) for n in (-1, 0, 39, 40)] == [0, 1, 1, 0]
    assert [figure("practitioners", "active", on=TODAY + timedelta(days=n)) for n in (-1, 0, 39, 40)] == [1, 0, 0, 1]


def test_a_facility_without_technical_head_is_told_until_it_has_one() -> None:
    facility = make_facility()
    assert figure("facilities", "headless", province="01", key="HOSP_GEN") == 1
    make_head(make_registration(make_licence(), facility))
    assert figure("facilities", "headless") == 0


def test_the_last_day_of_a_licence_is_the_day_before_it_expires() -> None:
    make_licence(valid=Period(START, TODAY + timedelta(days=1)))
    assert figure("practitioners", "active") == 1
    assert figure("practitioners", "expiring") == 1
    assert figure("practitioners", "expired") == 0
    tomorrow = TODAY + timedelta(days=1)
    assert [figure("practitioners", state, on=tomorrow) for state in ("active", "expiring", "expired")] == [0, 0, 1]


def test_the_running_role_cannot_write_figures() -> None:
    for table in ("figures_practitioner", "figures_facility", "figures_tally"):
        with (
            pytest.raises(DatabaseError, match="permission denied"),
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            cursor.execute(f"DELETE FROM {table}")


def test_what_is_rolled_back_was_never_counted() -> None:
    with transaction.atomic():
        make_licence()
        transaction.set_rollback(True)
    assert figure("practitioners", "people") == 0


def test_the_proof_holds_for_what_actions_made() -> None:
    make_licence()
    proof = keeping.verify(TODAY)
    assert proof.holds
    assert proof.summaries == 1


STEPS = st.lists(
    st.tuples(
        st.sampled_from(["licence", "register", "end", "suspend", "revoke", "compact"]),
        st.integers(0, 3),
        st.integers(-400, 400),
        st.integers(1, 300),
    ),
    min_size=1,
    max_size=12,
)


class World:
    """A small registry that random acts change; an act that is refused changes nothing."""

    def __init__(self) -> None:
        self.facilities = [make_facility("01001"), make_facility("79001", province_code="79", form="CLIN_POLY")]
        self.licences = [make_licence(title=title, issuer_province_code="01") for title in ("a", "c")]
        self.registrations = [make_head(make_registration(self.licences[0], self.facilities[0]))]

    def licence(self, which: int, first: date, last: date) -> None:
        self.licences.append(make_licence(valid=Period(first, last), title="ac"[which % 2]))

    def register(self, which: int, first: date, last: date) -> None:
        licence, facility = self.licences[which % len(self.licences)], self.facilities[which % 2]
        self.registrations.append(make_registration(licence, facility, valid=Period(first, last)))

    def end(self, which: int, first: date, last: date) -> None:
        registration = self.registrations[which % len(self.registrations)]
        practitioners.end_practice(registration=registration, ends_on=last, reason="left", by=BY, at=AT)

    def suspend(self, which: int, first: date, last: date) -> None:
        practitioners.suspend_licence(
            licence=self.licences[which % len(self.licences)],
            period=Period(first, last),
            reason="council finding",
            decision="45/QĐ-BYT",
            by=BY,
            at=AT,
        )

    def revoke(self, which: int, first: date, last: date) -> None:
        licence = self.licences[which % len(self.licences)]
        practitioners.revoke_licence(
            licence=licence, effective_on=first, reason="own request", decision="46/QĐ-BYT", by=BY, at=AT
        )

    def compact(self, which: int, first: date, last: date) -> None:
        keeping.compact(TODAY)


@pytest.fixture
def new_world() -> World:
    return World()


@given(steps=STEPS)
@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_figures_equal_a_recount_and_their_lists_after_every_action(
    new_world: World, steps: list[tuple[str, int, int, int]]
) -> None:
    with transaction.atomic():
        world = deepcopy(new_world)
        for act, which, start, length in steps:
            first = TODAY + timedelta(days=start)
            try:
                with transaction.atomic():
                    getattr(world, act)(which, first, first + timedelta(days=length))
            except (DatabaseError, ValueError, LookupError, YmachError):
                continue
            assert_all_agree()
        transaction.set_rollback(True)


def assert_all_agree() -> None:
    proof = keeping.verify(TODAY)
    assert proof.holds, proof
    for subject, states in SUBJECTS.items():
        for code in states:
            wanted = lists.Wanted(subject, code)
            assert lists.count(COUNTRY, wanted, TODAY) == lists.rows(COUNTRY, wanted, TODAY).count(), (subject, code)


def test_the_trend_by_month_survives_compaction() -> None:
    make_licence(valid=Period(date(2024, 3, 15), date(2027, 1, 1)))
    make_licence(valid=Period(date(2025, 9, 20), date(2027, 1, 1)))
    days = queries.firsts_of_months(TODAY, 12)
    before = queries.on_days("practitioners", "active", COUNTRY, days)
    keeping.compact(TODAY)
    assert queries.on_days("practitioners", "active", COUNTRY, days) == before
    assert before == [1, 1, 1, 1, 1, 1, 2, 2, 2, 2, 2, 2, 2]


def test_what_is_long_ago_is_tallied_by_month_at_once() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT figures_kept_days()")
        assert cursor.fetchone() == (queries.KEPT_DAYS,)
        make_licence(
            since=date(2019, 5, 20), valid=Period(date(2019, 5, 20), date(2031, 5, 20)), issuer_province_code="79"
        )
        cursor.execute("SELECT day FROM figures_tally WHERE figure = 'active' AND province_code = '79' ORDER BY day")
        assert cursor.fetchall() == [(date(2019, 6, 1),), (date(2031, 5, 20),)]
    assert keeping.verify(TODAY).holds


@given(day=st.dates(date(1950, 1, 1), date(2040, 12, 31)), cut=st.dates(date(2020, 1, 1), date(2030, 12, 31)))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_days_before_the_month_of_the_cut_are_folded_to_the_first_of_the_next_month(day: date, cut: date) -> None:
    after = (day.replace(day=1) + timedelta(days=31)).replace(day=1)
    with connection.cursor() as cursor:
        cursor.execute("SELECT figures_folded(%s, %s)", [day, cut])
        assert cursor.fetchone() == (day if day >= cut.replace(day=1) or day.day == 1 else after,)
