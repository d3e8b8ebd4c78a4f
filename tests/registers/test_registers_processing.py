"""The register of processing: read from the program, kept in versions, its changes weighed."""

from __future__ import annotations

import copy
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.registers.test_registers_incidents import AUDITOR, STRANGER

from ymach.base.errors import NotAllowed
from ymach.base.text import Text
from ymach.registers import activities, processing
from ymach.registers.assessment import Assessment, chapters
from ymach.registers.errors import TextMissing
from ymach.registers.rules import BIG_FIELDS, Change, Weight, send_by

AT = datetime(2026, 11, 21, 3, tzinfo=UTC)
TODAY = date(2026, 11, 21)


def changed(**fields: Any) -> dict[str, Any]:
    """The register with fields of its first activity changed."""
    content = copy.deepcopy(activities.content())
    content["activities"][0].update(fields)
    return content


def test_every_permission_and_every_destination_stands_in_the_register() -> None:
    assert activities.unplaced() == set()


def test_who_may_is_read_from_the_permissions() -> None:
    sharing = next(one for one in activities.activities() if one.code == "sharing")
    assert "Nhân viên cơ sở" in {one.vi for one in sharing.values["roles"]}
    assert "Khám bệnh, chữa bệnh" in {one.vi for one in sharing.values["purpose"]}


@pytest.mark.parametrize("field", list(activities.FIELDS))
def test_a_change_of_a_field_is_told_and_weighed(field: str) -> None:
    (change,) = activities.changes_between(activities.content(), changed(**{field: [["mới", "new"]]}))
    assert (change.field, change.after) == (field, ("mới",))
    assert (change.weight is Weight.BIG) is (field in BIG_FIELDS)


def test_a_new_activity_and_one_that_is_gone_are_big_changes() -> None:
    fewer = changed()
    gone = fewer["activities"].pop()
    (come,) = activities.changes_between(fewer, activities.content())
    (left,) = activities.changes_between(activities.content(), fewer)
    assert (come.activity, come.before, come.weight) == (gone["code"], (), Weight.BIG)
    assert (left.activity, left.after, left.weight) == (gone["code"], (), Weight.BIG)


def test_the_same_register_has_no_changes_and_one_digest() -> None:
    assert list(activities.changes_between(activities.content(), activities.content())) == []
    assert activities.digest_of(activities.content()) != activities.digest_of(changed(roles=[]))


@given(st.dates(date(2026, 1, 1), date(2027, 1, 1)), st.lists(st.sampled_from(["purpose", "roles", "retention"])))
def test_a_big_change_has_ten_days_any_other_six_months(kept_on: date, fields: list[str]) -> None:
    changes = tuple(Change("x", Text("x", "x"), field, (), ("y",)) for field in fields)
    due = send_by(kept_on, changes, TODAY)
    if not changes:
        assert due is None
    elif "purpose" in fields:
        assert due == TODAY + timedelta(days=10)
    else:
        assert due == max(kept_on + timedelta(days=183), TODAY)


@pytest.mark.django_db
def test_a_version_is_kept_once_with_its_reason() -> None:
    first = processing.keep_version(why="Lần đầu", by=AUDITOR, at=AT)
    again = processing.keep_version(why="Lần nữa", by=AUDITOR, at=AT)
    assert (first.number, again.number) == (1, 1)
    state = processing.state(AUDITOR, on=TODAY)
    assert (state.changes, state.due_on) == ((), None)
    with pytest.raises(TextMissing):
        processing.keep_version(why=" ", by=AUDITOR, at=AT)


@pytest.mark.django_db
def test_before_the_first_version_the_file_is_due_sixty_days_after_processing_began() -> None:
    assert processing.state(AUDITOR, on=TODAY).due_on == TODAY + timedelta(days=60)
    with pytest.raises(NotAllowed):
        processing.state(STRANGER, on=TODAY)


def test_the_assessment_has_a_chapter_for_each_activity_and_says_what_is_missing() -> None:
    file = Assessment("Bộ Y tế", "", TODAY, 1, AT, activities.activities())
    told = list(chapters(file))
    assert len(told) == 1 + len(activities.activities())
    assert "Chưa khai báo" in str(told[0])
