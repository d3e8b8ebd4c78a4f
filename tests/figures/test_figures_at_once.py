"""Many connections at once, with real commits: the figures of all are there, bulk loads are settled at the commit."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.db import connections
from tests.support.committed import own_database
from tests.support.factories import AT, BY, START, make_facility, make_licence, make_registration

from ymach.base.clock import vietnam_day
from ymach.base.ids import new_id
from ymach.base.periods import Period
from ymach.figures import keeping, lists
from ymach.figures.models import PractitionerFigure
from ymach.figures.queries import Scope
from ymach.practitioners.actions import end_practice
from ymach.practitioners.bulk import NewLicence, NewPractitioner, copy_practitioners

TODAY = vietnam_day(AT)
COUNTRY = Scope(("01", ""), is_country=True)


@pytest.fixture(scope="module", autouse=True)
def _own_database(django_db_blocker: Any, django_db_setup: None) -> Iterator[None]:
    with own_database("figures", django_db_blocker):
        yield


def _count(state: str) -> int | None:
    return lists.count(COUNTRY, lists.Wanted("practitioners", state), TODAY)


def test_what_many_do_at_once_is_counted_once_each_while_rows_are_joined() -> None:
    facility = make_facility()
    working, idle = _count("working"), _count("idle")

    def one(number: int) -> None:
        try:
            registration = make_registration(make_licence(), facility)
            if number % 2:
                end_practice(registration=registration, ends_on=TODAY, reason="left", by=BY, at=AT)
            keeping.compact(TODAY)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(one, range(12)))
    assert _count("working") == (working or 0) + 6
    assert _count("idle") == (idle or 0) + 6
    assert keeping.verify(TODAY).holds


def test_a_bulk_load_is_counted_when_it_commits() -> None:
    before = _count("active") or 0
    people = [
        NewPractitioner(
            id=new_id(),
            personal_number=f"{900_000_000_000 + number}",
            full_name="Lê Thị Thử",
            birth_date=START.replace(year=1980),
            sex="2",
            licences=(
                NewLicence(
                    number=f"{800_000 + number}/BYT-GPHN",
                    title="c",
                    scopes=("XII",),
                    issuer="Sở Y tế",
                    issued_on=START,
                    valid=Period(START, START.replace(year=2029)),
                    issuer_province_code="01",
                ),
            ),
        )
        for number in range(1500)
    ]
    copy_practitioners(people, reason="test", by=BY, at=AT)
    assert _count("active") == before + 1500
    assert PractitionerFigure.objects.filter(title="c", province_code="01").count() == 1500
    assert keeping.verify(TODAY).holds
