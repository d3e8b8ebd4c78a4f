"""Long lists: read in parts, each along its own index, and the same as if they had been read as one."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db.models import Q
from tests.changes.test_changes_deadlines_page import ending_in
from tests.support.changing import AT, department_of, joining, ready, staff_of
from tests.support.factories import make_facility, make_licence, make_practitioner

from ymach.base.actors import Actor
from ymach.base.clock import now, vietnam_day
from ymach.changes import access, deadlines, queries
from ymach.changes.models import OPEN, ChangeRequest

pytestmark = pytest.mark.django_db


@pytest.fixture
def department() -> Actor:
    """Sees the requests of its province; one it made itself is seen on two grounds, and told once."""
    facility, elsewhere = make_facility("01001"), make_facility("79001", province_code="79")
    for number in range(7):
        person = make_licence(
            f"00{number:04}/HNO-GPHN", practitioner=make_practitioner(f"Trần Thị {number}")
        ).practitioner
        (ready if number % 2 else joining)(person, elsewhere if number == 6 else facility)
    rows = list(ChangeRequest.objects.order_by("id"))
    for number, row in enumerate(rows):
        moved = {
            "changed_at": AT + timedelta(minutes=number // 2),
            "made_by": str(department_of()) if number == 3 else row.made_by,
        }
        ChangeRequest.objects.filter(pk=row.pk).update(**moved)
    return department_of()


def _as_one(by: Actor, *conditions: Q) -> list[ChangeRequest]:
    return list(ChangeRequest.objects.filter(access.visible(by), *conditions).order_by("-changed_at", "-id"))


def test_what_a_unit_asked_for_is_read_in_parts_and_told_once(department: Actor) -> None:
    assert len(_as_one(department)) == 6
    assert queries.mine(department, limit=50) == _as_one(department)
    assert queries.mine(department, limit=4, is_open=True) == _as_one(department, Q(state__in=OPEN))[:4]
    assert queries.mine(department, limit=4, is_open=False) == []


def test_pages_of_a_program_go_on_without_gap_or_repetition(department: Actor) -> None:
    seen: list[ChangeRequest] = []
    before = ""
    while page := queries.page_of(department, state="", before=before, limit=2):
        seen += page
        before = queries.mark_of(page[-1])
    assert seen == _as_one(department, Q(state="submitted"))


def test_a_mark_that_nobody_gave_out_begins_at_the_first_page(department: Actor) -> None:
    first = queries.page_of(department, state="", before="", limit=2)
    assert queries.page_of(department, state="", before="yesterday_42", limit=2) == first


@pytest.mark.parametrize(
    "reader", [lambda facility: staff_of(facility), lambda facility: department_of()], ids=["facility", "department"]
)
def test_numbers_of_what_is_due_are_those_of_the_list(reader: Callable[..., Actor]) -> None:
    facility, today = make_facility("01001"), vietnam_day(now())
    for days in (-400, -20, -1, 0, 1, 20, 400):
        ending_in(days, facility)
    by = reader(facility)
    numbers = deadlines.counts(by, today, most=100)
    lists = {key: len(deadlines.due(by, today, asked=deadlines.Asked(*key))) for key in numbers}
    assert numbers == lists
    assert numbers["renewal", "overdue"] == 2
    assert deadlines.counts(by, today, most=1)["renewal", "overdue"] == 1
