from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from click.testing import CliRunner
from django.db import IntegrityError

from ymach.base.actors import command
from ymach.base.clock import now, vietnam_day
from ymach.base.history.models import HistoryEntry
from ymach.catalogues import actions, queries
from ymach.catalogues.models import Entry, Release
from ymach.catalogues.reading import read_entries
from ymach.cli.reference import load_reference
from ymach.places import actions as places
from ymach.places.models import Commune, PlacesRelease, Province
from ymach.places.queries import province, provinces

pytestmark = pytest.mark.django_db

BY = command("test")
HEADER = "code,name_vi,name_en,source\n"


def describe(folder: Path, *releases: str) -> None:
    head = '[[catalogue]]\ncode = "grade"\nname_vi = "Bậc"\nname_en = "Grade"\n'
    text = head + "".join(f'[[catalogue.release]]\ndecision = "x"\n{release}\n' for release in releases)
    (folder / "catalogues.toml").write_text(text, encoding="utf-8")


def test_loading_again_changes_nothing() -> None:
    before = (HistoryEntry.objects.count(), Entry.objects.count(), queries.content_version())
    assert not actions.load(by=BY, at=now())
    assert not places.load(by=BY, at=now())
    assert (HistoryEntry.objects.count(), Entry.objects.count(), queries.content_version()) == before


def test_command_says_what_it_did_and_counts_on_standard_error() -> None:
    done = CliRunner().invoke(load_reference)
    assert done.exit_code == 0
    assert done.stdout == "reference data already up to date\n"
    assert "12137  unchanged  icd10 4469-2020" in done.stderr
    assert "   34  unchanged  provinces" in done.stderr


def test_release_is_recorded_with_who_loaded_it() -> None:
    release = Release.objects.get(catalogue_id="icd10")
    entry = HistoryEntry.objects.get(table="catalogues_release", row_id=str(release.pk))
    assert (entry.operation, entry.actor) == ("I", "command:load-reference")


def test_changed_file_replaces_the_entries_of_its_release(tmp_path: Path) -> None:
    describe(tmp_path, 'version = "1"\nfile = "g.csv"')
    for codes in (("1", "2"), ("2", "3")):
        (tmp_path / "g.csv").write_text(HEADER + "".join(f"{c},a,b,s\n" for c in codes), encoding="utf-8")
        assert actions.load(by=BY, at=now(), folder=tmp_path)
    assert sorted(Entry.objects.filter(release__catalogue_id="grade").values_list("code", flat=True)) == ["2", "3"]
    assert Release.objects.filter(catalogue_id="grade").count() == 1


def test_new_list_closes_the_outdated_one(tmp_path: Path) -> None:
    (tmp_path / "g.csv").write_text(HEADER + "1,a,b,s\n", encoding="utf-8")
    describe(tmp_path, 'version = "1"\nfile = "g.csv"\nsuccessor_missing_from = 2026-07-01')
    actions.load(by=BY, at=now(), folder=tmp_path)
    assert queries.codes("grade", date(2026, 7, 1)).is_outdated
    closed = 'version = "1"\nfile = "g.csv"\nvalid_until = 2026-06-30'
    describe(tmp_path, closed, 'version = "2"\nfile = "g.csv"\nvalid_from = 2026-07-01')
    actions.load(by=BY, at=now(), folder=tmp_path)
    found = queries.codes("grade", date(2026, 7, 1))
    assert (found.version, found.is_outdated) == ("2", False)


def test_releases_described_with_a_common_day_are_refused_and_nothing_is_written(tmp_path: Path) -> None:
    (tmp_path / "g.csv").write_text(HEADER + "1,a,b,s\n", encoding="utf-8")
    first = 'version = "1"\nfile = "g.csv"\nvalid_until = 2026-07-01'
    describe(tmp_path, first, 'version = "2"\nfile = "g.csv"\nvalid_from = 2026-07-01')
    with pytest.raises(IntegrityError, match="release_one_a_day"):
        actions.load(by=BY, at=now(), folder=tmp_path)
    assert not Release.objects.filter(catalogue_id="grade").exists()


def test_sign_for_as_above_repeats_the_source(tmp_path: Path) -> None:
    (tmp_path / "g.csv").write_text(HEADER + '1,a,b,Decision 1\n2,c,d,""""\n', encoding="utf-8")
    assert [row.source for row in read_entries(tmp_path / "g.csv")] == ["Decision 1", "Decision 1"]


def test_sources_that_differ_stay_with_their_rows(tmp_path: Path) -> None:
    (tmp_path / "g.csv").write_text(HEADER + "1,a,b,Decision 1\n2,c,d,to verify\n", encoding="utf-8")
    assert [row.extra for row in read_entries(tmp_path / "g.csv")] == [
        {"source": "Decision 1"},
        {"source": "to verify"},
    ]


def test_changed_places_replace_communes_keep_provinces_and_are_read_at_once(tmp_path: Path) -> None:
    for file in places.DATA.glob("*.csv"):
        (tmp_path / file.name).write_bytes(file.read_bytes())
    units = (tmp_path / "units.csv").read_text(encoding="utf-8").replace("Phường Ba Đình", "Phường Ba Đình Mới")
    (tmp_path / "units.csv").write_text(units.replace("Thành phố Hà Nội", "Thủ đô Hà Nội"), encoding="utf-8")
    day = vietnam_day(now())
    before = province("01", day)
    assert before is not None
    assert before in provinces(day)
    assert places.load(by=BY, at=now(), folder=tmp_path)
    assert Commune.objects.get(code="00004").full_name_vi == "Phường Ba Đình Mới"
    after = province("01", day)
    assert after is not None
    assert (before.full_name_vi, after.full_name_vi) == ("Thành phố Hà Nội", "Thủ đô Hà Nội")
    assert after in provinces(day)
    assert (Province.objects.count(), Commune.objects.count()) == (34, 3331)
    assert PlacesRelease.objects.count() == 2
