from __future__ import annotations

from datetime import date

import pytest
from django.db import DatabaseError, IntegrityError, transaction
from django.db.backends.postgresql.psycopg_any import DateRange

from ymach.base.actors import command
from ymach.base.clock import now
from ymach.base.history.attribution import attributed
from ymach.base.ids import new_id
from ymach.catalogues import queries
from ymach.catalogues.models import Catalogue, Release

pytestmark = pytest.mark.django_db

TODAY = date(2026, 11, 20)


def save_release(**values: object) -> Release:
    release = Release(
        **{
            "catalogue_id": "patient_category",
            "version": "other",
            "decision": "0/QĐ-BYT",
            "valid": DateRange(date(2030, 1, 1), None),
            "digest": "0" * 64,
            "entries_count": 0,
            "loaded_at": now(),
            **values,
        }
    )
    with attributed(by=command("test"), reason="test", at=now()):
        release.save()
    return release


@pytest.mark.parametrize(
    ("day", "version"),
    [
        (date(2025, 10, 16), "824-2023"),
        (date(2025, 10, 17), "3276-2025"),
        (TODAY, "3276-2025"),
    ],
)
def test_day_of_the_visit_picks_the_release(day: date, version: str) -> None:
    assert queries.codes("patient_category", day).version == version
    assert queries.versions(day)["patient_category"] == version


def test_no_release_before_the_first_one() -> None:
    day = date(2023, 2, 14)
    assert queries.codes("patient_category", day) is None
    assert "patient_category" not in queries.versions(day)
    assert queries.lookup("patient_category", "2", day) is None


def test_code_of_the_earlier_release_is_gone_in_the_later_one() -> None:
    before, after = (queries.codes("patient_category", day) for day in (date(2025, 10, 16), date(2025, 10, 17)))
    gone = sorted(before.codes - after.codes)
    assert gone
    assert queries.lookup("patient_category", gone[0], date(2025, 10, 16)) is not None
    assert queries.lookup("patient_category", gone[0], date(2025, 10, 17)) is None


def test_visit_types_added_in_2026_are_unknown_before() -> None:
    days = (date(2026, 6, 18), date(2026, 6, 19))
    assert ["14" in queries.codes("exam_type", day) for day in days] == [False, True]


def test_icd10_is_out_of_date_from_2026_07_01_and_still_answers() -> None:
    last, first = (queries.codes("icd10", day) for day in (date(2026, 6, 30), date(2026, 7, 1)))
    assert (last.is_outdated, last.is_conclusive) == (False, True)
    assert (first.is_outdated, first.is_conclusive) == (True, False)
    assert first.version == last.version == "4469-2020"
    assert "A00.0" in first


def test_overlapping_releases_of_one_catalogue_are_refused_by_the_database() -> None:
    with pytest.raises(IntegrityError, match="release_one_a_day"), transaction.atomic():
        save_release()


def test_releases_that_follow_each_other_are_accepted() -> None:
    with attributed(by=command("test"), reason="test", at=now()):
        Catalogue.objects.create(code="x", name_vi="x", name_en="x", source="x", is_partial=False)
    save_release(catalogue_id="x", version="1", valid=DateRange(None, date(2026, 1, 1)))
    save_release(catalogue_id="x", version="2", valid=DateRange(date(2026, 1, 1), None))
    assert Release.objects.get(catalogue_id="x", valid__contains=date(2026, 1, 1)).version == "2"


def test_one_version_label_once_per_catalogue() -> None:
    with pytest.raises(IntegrityError, match="release_version_once"), transaction.atomic():
        save_release(version="824-2023", valid=DateRange(date(2000, 1, 1), date(2001, 1, 1)))


def test_release_cannot_be_outdated_outside_its_days() -> None:
    with pytest.raises(IntegrityError, match="release_outdated_within_its_days"), transaction.atomic():
        save_release(valid=DateRange(date(2000, 1, 1), date(2001, 1, 1)), successor_missing_from=date(2002, 1, 1))


def test_release_without_actor_is_refused() -> None:
    release = Release.objects.get(version="824-2023")
    release.id, release.version = new_id(), "copy"
    release.valid = DateRange(date(2000, 1, 1), date(2001, 1, 1))
    with pytest.raises(DatabaseError, match="nobody said who"), transaction.atomic():
        release.save(force_insert=True)
