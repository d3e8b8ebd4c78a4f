"""What workers say of themselves, the outages that follow, samples of the queues, delays."""

from collections import Counter
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from tests.support.deliveries import make_delivery

from ymach.base.ids import new_id
from ymach.exchange.operations import actions, queries
from ymach.exchange.operations.models import Outage, Sample, WorkerSeen
from ymach.exchange.operations.rules import Standing, Way

pytestmark = pytest.mark.django_db
AT = datetime(2026, 11, 23, 3, 0, 30, tzinfo=UTC)
FIRST, SECOND = new_id(), new_id()


def beat(worker: UUID = FIRST, *, after: int = 0, is_open: bool = False, answered: bool = False) -> datetime:
    at = AT + timedelta(seconds=after)
    actions.beat(
        worker,
        host="host",
        pid=7,
        parts=["insurance"],
        ways={"insurance": Way(5, at + timedelta(seconds=5))} if is_open else {},
        tallies={"insurance": Counter(delivered=3)},
        answered=["insurance"] if answered else [],
        started_at=AT,
        at=at,
    )
    return at


def test_an_outage_begins_with_a_pause_and_ends_with_an_answer() -> None:
    beat(is_open=True)
    beat(is_open=True, after=4)
    assert queries.away_now() == {"insurance": AT}
    beat(after=8)
    assert queries.away_now(), "a breaker that is new has proven nothing"
    beat(after=12, answered=True)
    assert queries.away_now() == {}
    assert Outage.objects.get().ended_at == AT + timedelta(seconds=12)


def test_an_answer_to_one_worker_does_not_end_it_while_another_pauses() -> None:
    beat(FIRST, is_open=True)
    at = beat(SECOND, after=4, answered=True)
    assert queries.away_now() == {"insurance": AT}
    beat(SECOND, after=60, answered=True)
    assert queries.away_now() == {}, "the first has been silent too long to count"
    assert queries.workers(at=at + timedelta(seconds=60))[0].pid == 7


def test_a_destination_tells_since_when_it_is_away_and_when_it_is_tried() -> None:
    at = beat(is_open=True)
    found = queries.destinations(["insurance", "health_book"], at=at, used=["insurance"])
    assert [one.standing for one in found] == [Standing.AWAY, Standing.UNUSED]
    assert (found[0].away_since, found[0].next_try, found[0].failures) == (AT, at + timedelta(seconds=5), 5)


def test_a_worker_that_stops_in_order_is_not_lost() -> None:
    beat()
    actions.say_stopped(FIRST, at=AT)
    (one,) = queries.workers(at=AT + timedelta(hours=1))
    assert not one.is_alive(AT)
    assert not one.is_lost(AT + timedelta(hours=1))


def test_a_minute_is_sampled_once_with_what_waits_and_what_needs_a_hand() -> None:
    old = AT - timedelta(hours=2)
    make_delivery("insurance", at=old)
    make_delivery("insurance", at=AT, state="sending")
    make_delivery("insurance", at=old, state="delivered")
    make_delivery("webhook:1", at=old, state="stuck")
    make_delivery("webhook:2", at=AT)
    assert actions.sample(at=AT)
    assert not actions.sample(at=AT + timedelta(seconds=20))
    rows = {row.destination: (row.waiting, row.by_hand, row.oldest_at) for row in Sample.objects.all()}
    assert rows["insurance"] == (2, 0, old)
    assert rows["webhook"] == (1, 1, AT)
    assert rows["prescriptions"] == (0, 0, None)
    assert queries.oldest_waiting(["insurance", "health_book"]) == {"insurance": old}


def test_delays_are_added_up_by_family_and_hour() -> None:
    actions.add_delays(Counter({("webhook:1", 2): 3, ("webhook:2", 2): 1, ("insurance", 4): 5}), at=AT)
    actions.add_delays(Counter({("insurance", 4): 5}), at=AT)
    assert queries.median_delays(since=AT - timedelta(days=1)) == {"webhook": 1.5, "insurance": 7.5}
    assert queries.median_delays(since=AT + timedelta(hours=2)) == {}


def test_what_is_old_is_forgotten_and_an_outage_that_goes_on_is_not() -> None:
    beat(is_open=True)
    actions.sample(at=AT)
    actions.add_delays(Counter({("insurance", 4): 5}), at=AT)
    assert actions.forget(at=AT + timedelta(days=7)) == 1
    actions.forget(at=AT + timedelta(days=200))
    assert (Sample.objects.count(), WorkerSeen.objects.count(), Outage.objects.count()) == (0, 0, 1)


def test_the_database_tells_its_size_and_its_connections() -> None:
    found = queries.database(at=AT)
    assert found.size > 0
    assert 0 < found.connections <= found.most_connections
    assert (found.lag, found.standbys) == (None, 0)
