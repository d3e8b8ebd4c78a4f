"""The first load of an empty registry: the same rows, history and figures as the ordinary way, every constraint back."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from typing import Any

import pytest
from django.db import IntegrityError, connection
from tests.support.committed import own_database
from tests.synth.conftest import BY

from ymach.base.clock import now, vietnam_day
from ymach.base.history.settling import waiting
from ymach.figures import keeping
from ymach.synth.bare import as_owner, can_be_bare
from ymach.synth.first_load import FOLLOWING, HISTORY, TABLES, load_first
from ymach.synth.load import load_country
from ymach.synth.model import Practitioner
from ymach.synth.registry import Country, make_country

AT = now()
Told = dict[str, Counter[tuple[Any, ...]]]
COUNTRY = make_country(3, facilities=40, practitioners=300)
_EVERY = (*TABLES, HISTORY, *(table for tables in FOLLOWING.values() for table in tables))
# Keys of rows are made anew in each load; what the rows say is the same.
_MADE = ("id", "licence_id", "converted_from_id", "item")
_CATALOGUE = """
SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid), convalidated, condeferrable, condeferred
FROM pg_constraint WHERE conrelid = ANY (%(tables)s::regclass[])
UNION ALL
SELECT indrelid::regclass::text, indexrelid::regclass::text, pg_get_indexdef(indexrelid), indisvalid, indisready, indisunique
FROM pg_index WHERE indrelid = ANY (%(tables)s::regclass[]) ORDER BY 1, 2, 3
"""


@pytest.fixture(scope="module")
def ordinary(django_db_blocker: Any, django_db_setup: None) -> Told:
    """What is told after the same country was loaded the ordinary way."""
    with own_database("ordinary_load", django_db_blocker):
        load_country(COUNTRY, by=BY, at=AT, tell=_quiet)
        return _told()


@pytest.fixture(scope="module", autouse=True)
def _own_database(ordinary: Told, django_db_blocker: Any) -> Iterator[None]:
    with own_database("first_load", django_db_blocker):
        yield


def _asked(statement: str, parameters: Any = None) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        return cursor.fetchall()


def _catalogue() -> list[tuple[Any, ...]]:
    return _asked(_CATALOGUE, {"tables": list(_EVERY)})


def _told() -> Told:
    """What the registry holds, without the keys that are made anew."""
    said = '"table", operation, beside, actor, reason, at, before::text, (after - %s::text[])::text'
    tallies = "SELECT subject, figure, province_code, key, day, amount FROM figures_tally"
    people = "SELECT to_jsonb(f)::text FROM figures_practitioner f UNION ALL SELECT to_jsonb(f)::text FROM figures_facility f"
    entries = "SELECT (to_jsonb(e) - 'licence_id')::text FROM publication_entry e"
    deadlines = "SELECT to_jsonb(d)::text FROM changes_deadline d"
    asked = {"tallies": tallies, "people": people, "entries": entries, "deadlines": deadlines}
    return {
        "history": Counter(_asked(f"SELECT {said} FROM history_entry", [list(_MADE)])),
        **{name: Counter(_asked(one)) for name, one in asked.items()},
    }


def _quiet(what: str, count: int) -> None:
    pass


def _first(country: Country, at: datetime = AT) -> bool:
    return load_first(country, by=BY, at=at, tell=_quiet)


def test_a_row_that_breaks_a_constraint_leaves_nothing_and_every_constraint_in_place() -> None:
    before = _catalogue()
    assert not can_be_bare(TABLES), "the running role owns nothing"

    class Twice(Country):
        def practitioners(self) -> Iterator[Practitioner]:
            people = list(super().practitioners())
            yield from people
            yield replace(people[-1], id=people[-1].licences[0].registrations[0].facility_id)

    broken = Twice(COUNTRY.facilities, COUNTRY.seed, COUNTRY.practitioner_count, COUNTRY.on, COUNTRY.shares)
    with pytest.raises(IntegrityError, match=r"practitioner_personal_number_once|licence_number_once"):
        _first(broken)
    assert _catalogue() == before
    assert _asked("SELECT count(*) FROM facilities_facility") == [(0,)]
    assert _asked("SELECT count(*) FROM settling_pending") == [(0,)]


def test_the_first_load_leaves_the_catalogue_as_it_was_and_everything_settled() -> None:
    before = _catalogue()
    assert _first(COUNTRY)
    assert _catalogue() == before
    assert all(row[3] for row in before), "validated"
    assert waiting() == []
    assert _asked("SELECT count(*) FROM practitioners_practitioner") == [(300,)]
    assert keeping.verify(vietnam_day(AT)).holds


def test_the_first_load_writes_the_same_history_entries_and_figures(ordinary: Told) -> None:
    told = _told()
    assert {name: len(rows) for name, rows in told.items()} == {name: len(rows) for name, rows in ordinary.items()}
    assert told == ordinary


def test_a_registry_that_holds_something_takes_the_ordinary_way() -> None:
    held = _asked("SELECT count(*) FROM history_entry")
    assert not _first(make_country(4, facilities=20, practitioners=30))
    assert _asked("SELECT count(*) FROM history_entry") == held


def test_only_the_thread_that_asks_is_the_owner_and_only_for_as_long() -> None:
    with as_owner():
        assert _asked("SELECT current_user") == [("ymach_owner",)]
    assert _asked("SELECT current_user") == [("ymach_app",)]
