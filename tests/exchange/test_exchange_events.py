"""The stream of events: what it tells of the journal, in which order, and to whom. Real database."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.exchange.test_exchange_intake import outpatient
from tests.support.factories import make_facility
from tests.support.intake import AT, example, open_desk

from ymach.accounts.permissions import Permission
from ymach.audit import actions as journal
from ymach.audit.chain import Event
from ymach.base.actors import Actor, ActorKind, Grant, command
from ymach.base.clock import now
from ymach.base.errors import NotAllowed
from ymach.base.ids import new_id
from ymach.exchange.events.errors import CursorWrong, KindUnknown
from ymach.exchange.events.models import StreamEvent
from ymach.exchange.events.queries import Reach, as_json, events_after, head, reach_of, read_cursor
from ymach.exchange.events.rules import Entry, Wanted, detail_told, in_order, is_told, kinds, read_wanted
from ymach.exchange.events.sequencing import catch_up

ALL = Reach(is_all=True)
BY = command("test")
FACILITY = UUID(int=7)


def entry(number: int = 1, **changes: object) -> Entry:
    given = {"action": "submission:stored", "subject": f"submission:{new_id()}", "detail": {}, **changes}
    at = given.pop("at", AT)
    return Entry(FACILITY, date(2026, 11, 22), number, at, **given)  # type: ignore[arg-type]


def note(facility: UUID, action: str, *, at: datetime = AT, subject: str = "", **detail: object) -> None:
    event = Event(at, str(BY), action, subject or f"submission:{new_id()}", "test", detail=detail)
    journal.record(event, facility_id=facility)


def told(reach: Reach = ALL, wanted: Wanted = Wanted(), after: int = 0) -> list[StreamEvent]:  # noqa: B008 - frozen
    return list(events_after(after, reach=reach, wanted=wanted, limit=100).events)


def kinds_of(events: Iterable[StreamEvent]) -> list[str]:
    return [one.kind for one in events]


def test_what_is_not_in_the_list_is_told_to_nobody() -> None:
    assert is_told(entry())
    assert not is_told(entry(action="dossier:read"))
    assert not is_told(entry(is_repeated=True))
    assert not is_told(entry(action="delivery:delivered", detail={"destination": "webhook:1"}))


def test_a_sentence_that_somebody_typed_is_not_told() -> None:
    assert detail_told({"outcome": "held", "replayed": "vì ông A gọi", "digest": "ab"}) == {
        "outcome": "held",
        "digest": "ab",
    }


def test_the_id_of_an_event_is_its_place_in_the_journal() -> None:
    assert entry(1).id == entry(1).id
    assert entry(1).id != entry(2).id


@given(st.lists(st.integers(0, 5), max_size=8))
def test_a_clock_that_goes_back_turns_no_journal_round(hours: list[int]) -> None:
    entries = [entry(number, at=AT + timedelta(hours=hour)) for number, hour in enumerate(hours, 1)]
    assert [one.number for one in in_order(reversed(entries))] != [] or not hours
    assert [one.number for one in in_order(entries)] == list(range(1, len(hours) + 1))


def test_kinds_of_events_and_of_records_stand_in_one_list() -> None:
    assert read_wanted(["visit", " delivery:stuck", ""]) == Wanted(frozenset({"delivery:stuck"}), frozenset({"visit"}))
    with pytest.raises(KindUnknown):
        read_wanted(["visits"])
    assert all(words.vi and words.en for words in kinds().values())


@pytest.mark.django_db
def test_a_submission_is_told_once_with_its_kinds_and_nothing_of_the_person() -> None:
    desk = open_desk()
    answer = desk.send_one(outpatient(desk))
    assert catch_up(at=AT) == 1
    (event,) = told()
    said = as_json(event, issuer="https://ymach.test")
    assert said["submission"] == str(answer.body["id"])
    assert (said["kind"], said["facility"], said["version"]) == ("submission:stored", "99001", 1)
    assert {"visit", "prescription"} <= set(said["record_kinds"])
    assert set(said["detail"]) == {"outcome", "digest"}
    assert (catch_up(at=AT), head()) == (0, 1)


@pytest.mark.django_db
def test_positions_have_no_gap_and_keep_each_journals_order() -> None:
    first, second = make_facility("01001"), make_facility("01002")
    for number in range(3):
        for facility in (first, second):
            note(facility.id, "delivery:stuck", at=AT - timedelta(minutes=number), subject=f"other:{number}")
    catch_up(at=AT)
    note(first.id, "delivery:delivered", at=AT - timedelta(days=1))
    catch_up(at=AT)
    both = Reach(frozenset({first.id, second.id}))
    assert [one.position for one in told(both)] == list(range(1, 8))
    assert [one.subject for one in told(Reach(frozenset({second.id})))] == ["other:0", "other:1", "other:2"]
    assert kinds_of(told(both))[-1] == "delivery:delivered"


@pytest.mark.django_db
def test_everybody_hears_of_their_own() -> None:
    here, there = make_facility("01001", province_code="01"), make_facility("38001", province_code="38")
    note(here.id, "submission:refused", outcome="rejected")
    note(there.id, "submission:refused", outcome="rejected")
    catch_up(at=AT)
    assert len(told()) == 2
    assert [one.facility_code for one in told(Reach(provinces=frozenset({"38"})))] == ["38001"]
    assert [one.facility_code for one in told(Reach(facilities=frozenset({here.id})))] == ["01001"]
    assert told(Reach()) == []


@pytest.mark.django_db
def test_where_no_kind_may_be_named_the_facility_alone_is_told() -> None:
    facility = make_facility("01001", province_code="01")
    note(facility.id, "submission:stored", outcome="accepted")
    catch_up(at=AT)
    assert told(Reach(provinces=frozenset({"01"}))) == told() == []
    assert len(told(Reach(facilities=frozenset({facility.id})))) == 1


@pytest.mark.django_db
def test_a_later_version_is_told_whatever_its_records() -> None:
    desk = open_desk()
    content = example("01-outpatient.xml")
    desk.send_one(desk.sign(content))
    desk.send_one(desk.sign(content, at=AT - timedelta(minutes=1)))
    catch_up(at=AT)
    assert [one.version for one in told(wanted=read_wanted(["referral"]))] == [2]
    assert [one.version for one in told(wanted=read_wanted(["prescription"]))] == [1, 2]


@pytest.mark.django_db
def test_a_cursor_is_read_or_refused() -> None:
    note(make_facility("01001").id, "submission:refused")
    catch_up(at=AT)
    assert (read_cursor(""), read_cursor("now"), read_cursor("1")) == (0, 1, 1)
    for wrong in ("2", "-1", "x", "1" * 19):
        with pytest.raises(CursorWrong):
            read_cursor(wrong)


@pytest.mark.django_db
def test_a_page_that_was_narrowed_passes_over_what_is_not_wanted() -> None:
    facility = make_facility("01001")
    for _ in range(3):
        note(facility.id, "submission:refused")
    catch_up(at=AT)
    page = events_after(0, reach=Reach(frozenset({facility.id})), wanted=Wanted(), limit=2)
    assert (len(page.events), page.position, page.more) == (2, 2, True)
    none = events_after(0, reach=Reach(frozenset({new_id()})), wanted=Wanted(), limit=2)
    assert (none.events, none.position, none.more) == ([], 3, False)


@pytest.mark.django_db
def test_a_worker_whose_clock_runs_ahead_passes_nothing_over() -> None:
    facility = make_facility("01001")
    note(facility.id, "submission:refused", at=now())
    assert catch_up(at=now() + timedelta(days=9)) == 1
    note(facility.id, "submission:refused", at=now())
    assert catch_up(at=now()) == 1


def test_who_lacks_the_word_follows_nothing() -> None:
    with pytest.raises(NotAllowed):
        reach_of(BY)
    word = frozenset({Permission.EVENT_FOLLOW.value})
    ministry = Actor(ActorKind.MACHINE, "x", "x", (Grant("ministry", word),))
    department = Actor(ActorKind.MACHINE, "x", "x", (Grant("department", word, province_code="38"),))
    assert reach_of(ministry).is_all
    assert reach_of(department) == Reach(provinces=frozenset({"38"}))
