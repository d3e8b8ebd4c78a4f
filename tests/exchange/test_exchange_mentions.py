"""Finding the dossiers somebody signed: nothing missed, nothing twice, and no cost in the intake."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from tests.support.changing import department_of, staff_of
from tests.support.intake import AT, Desk, example, open_desk

from ymach.audit.actions import record
from ymach.audit.chain import Event
from ymach.base.ids import new_id
from ymach.base.periods import Period
from ymach.exchange import mentions
from ymach.exchange.models import AuthorMention, MentionCursor, Submission, SubmissionContent
from ymach.exchange.queries import records_by_author
from ymach.facilities.models import Facility

pytestmark = pytest.mark.django_db
EVER = Period(None, None)
LATER = AT + timedelta(minutes=1)


def send(desk: Desk, name: str = "01-outpatient.xml", *, minutes: int = 0) -> None:
    answer = desk.send_one(desk.sign(example(name)), at=AT + timedelta(minutes=minutes))
    assert answer.status == 201, answer.body


def author() -> str:
    """Somebody who signed something in what was sent."""
    return AuthorMention.objects.order_by("number_key").values_list("number_key", flat=True)[0]


def test_a_submission_is_found_by_its_authors_after_a_pass(desk: Desk) -> None:
    send(desk)
    assert AuthorMention.objects.count() == 0
    assert mentions.catch_up(at=LATER) == mentions.Pass(1, is_complete=True)
    found = records_by_author([author()], EVER, visible_to=department_of("01")).first()
    assert found is not None
    assert (found.facility_code, found.dossier_code) == ("99001", "99001.26.0001234")
    assert found.submission_id == Submission.objects.get().id
    assert found.acts


def test_a_second_pass_adds_nothing(desk: Desk) -> None:
    send(desk)
    mentions.catch_up(at=LATER)
    before = AuthorMention.objects.count()
    MentionCursor.objects.update(number=0)
    assert mentions.catch_up(at=LATER).submissions == 1
    assert AuthorMention.objects.count() == before
    assert mentions.catch_up(at=LATER).submissions == 0


def test_reading_goes_on_where_it_stopped(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mentions, "BATCH", 1)
    send(desk)
    mentions.catch_up(at=LATER)
    send(desk, "00-checkin-XML0.xml", minutes=2)
    assert mentions.catch_up(at=AT + timedelta(minutes=3)) == mentions.Pass(1, is_complete=True)


def test_the_index_says_up_to_when_it_is_complete(desk: Desk) -> None:
    assert mentions.complete_until() is None
    send(desk)
    mentions.catch_up(at=LATER)
    mentions.catch_up(at=AT)
    assert mentions.complete_until() == LATER


def damaged(facility: Facility) -> None:
    """A submission whose kept bytes nobody can read any more."""
    key = new_id()
    Submission.objects.create(
        facility_id=facility.pk,
        id=key,
        facility_code=facility.code,
        province_code=facility.province_code,
        format="xml130",
        digest=b"?",
        size=1,
        received_at=AT,
        outcome="accepted",
        finding_codes=[],
        dossier_codes=[],
        sent_by="test",
    )
    SubmissionContent.objects.create(facility_id=facility.pk, submission_id=key, content=b"damaged")
    event = Event(at=AT, actor="test", action=mentions.STORED, subject=f"submission:{key}", basis="test")
    record(event, facility_id=facility.pk)


def test_what_cannot_be_read_leaves_the_index_incomplete_and_others_read(desk: Desk) -> None:
    send(desk)
    damaged(open_desk("99002").facility)
    assert mentions.catch_up(at=LATER) == mentions.Pass(1, is_complete=False)
    assert mentions.complete_until() is None
    assert AuthorMention.objects.exists()


def test_a_later_version_takes_the_place_of_the_earlier(desk: Desk) -> None:
    send(desk)
    desk.send_one(desk.sign(example("01-outpatient.xml"), at=AT), at=AT + timedelta(minutes=5))
    mentions.catch_up(at=AT + timedelta(minutes=6))
    assert Submission.objects.count() == 2
    found = records_by_author([author()], EVER, visible_to=None)
    newest = Submission.objects.order_by("-received_at")[0]
    assert {one.submission_id for one in found} == {newest.id}


def test_only_days_of_the_period_count(desk: Desk) -> None:
    send(desk)
    mentions.catch_up(at=LATER)
    day = records_by_author([author()], EVER, visible_to=None)[0].happened_on
    assert records_by_author([author()], Period(day, day + timedelta(days=1)), visible_to=None).exists()
    assert not records_by_author([author()], Period(date(2030, 1, 1)), visible_to=None).exists()


def test_each_sees_the_records_of_its_own_reach(desk: Desk) -> None:
    other = open_desk("99002")
    send(desk)
    mentions.catch_up(at=LATER)
    keys = [author()]
    assert records_by_author(keys, EVER, visible_to=staff_of(desk.facility)).exists()
    assert not records_by_author(keys, EVER, visible_to=staff_of(other.facility)).exists()
    assert not records_by_author(keys, EVER, visible_to=department_of("79")).exists()
    assert not records_by_author(["NOBODY"], EVER, visible_to=None).exists()
