from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connection
from pytest_django import DjangoDbBlocker

from ymach.accounts.signin import limits
from ymach.accounts.signin.models import Taken
from ymach.base.clock import now

AT = now()


def _take(who: str = "a", *, allowed: int = 3, after: float = 0) -> int:
    return limits.take("test", who, allowed=allowed, seconds=60, at=AT + timedelta(seconds=after))


@pytest.mark.django_db
def test_exactly_the_allowed_number_goes_ahead() -> None:
    assert [_take() for _ in range(5)] == [3, 2, 1, 0, -1]


@pytest.mark.django_db
def test_each_has_an_allowance_of_its_own_for_each_thing() -> None:
    assert (_take("a"), _take("b")) == (3, 3)
    assert limits.take("other", "a", allowed=3, seconds=60, at=AT) == 3


@pytest.mark.django_db
def test_a_window_ends_when_it_was_said_to_whatever_was_refused_in_it() -> None:
    for second in range(10):
        _take(after=second)
    assert limits.seconds_until_free("test", "a", at=AT + timedelta(seconds=10)) == 50
    assert _take(after=60) == 3


@pytest.mark.django_db
def test_what_is_left_can_be_asked_without_taking() -> None:
    _take()
    asked = [limits.left("test", "a", allowed=3, at=AT) for _ in range(2)]
    assert asked == [2, 2]
    assert limits.seconds_until_free("test", "nobody", at=AT) == 0


@pytest.mark.django_db
def test_forgetting_gives_the_whole_allowance_back() -> None:
    _take()
    limits.forget("test", "a")
    assert _take() == 3


@pytest.mark.django_db
def test_ended_windows_are_removed_and_open_ones_stay() -> None:
    _take("old")
    _take("new", after=50)
    assert limits.forget_ended(at=AT + timedelta(seconds=61)) == 1
    assert Taken.objects.count() == 1


@pytest.mark.django_db
def test_who_asked_cannot_be_read_from_the_table() -> None:
    _take("203.0.113.7")
    with connection.cursor() as cursor:
        cursor.execute("SELECT t::text FROM signin_taken t")
        assert "203.0.113.7" not in str(cursor.fetchall())


@pytest.mark.usefixtures("django_db_setup")
def test_many_at_once_share_one_allowance(django_db_blocker: DjangoDbBlocker) -> None:
    def crowd(action: Callable[[], int | None]) -> int | None:
        try:
            return action()
        finally:
            connection.close()

    with django_db_blocker.unblock(), ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(crowd, [lambda: _take("crowd", allowed=5)] * 12))
        pool.submit(crowd, lambda: limits.forget("test", "crowd")).result()
    assert sorted(answers, reverse=True) == list(range(5, -7, -1))
