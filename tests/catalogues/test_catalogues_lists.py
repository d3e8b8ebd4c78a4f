from __future__ import annotations

from datetime import date

import pytest

from ymach.catalogues import queries
from ymach.catalogues.models import Catalogue, Entry, Release
from ymach.catalogues.reading import describe

pytestmark = pytest.mark.django_db

TODAY = date(2026, 11, 20)


def codes_found(catalogue: str, text: str, limit: int = 20) -> list[str]:
    return [entry.code for entry in queries.search(catalogue, text, TODAY, limit)]


def test_every_described_release_is_loaded_with_all_its_entries() -> None:
    described = {(item.code, release.version) for item in describe() for release in item.releases}
    assert described == set(Release.objects.values_list("catalogue_id", "version"))
    for release in Release.objects.all():
        assert release.entries.count() == release.entries_count > 0


@pytest.mark.parametrize(
    ("catalogue", "count"),
    [
        ("icd10", 12_137),
        ("technique", 8_033),
        ("ethnicity", 57),
        ("exam_type", 16),
        ("patient_category", 27),
        ("sex", 3),
    ],
)
def test_lists_have_their_number_of_codes(catalogue: str, count: int) -> None:
    assert len(queries.codes(catalogue, TODAY)) == count


def test_every_entry_has_a_vietnamese_name() -> None:
    assert not Entry.objects.filter(name_vi="").exists()


def test_every_catalogue_names_its_source() -> None:
    assert not Catalogue.objects.filter(source__in=["", '"']).exists()


def test_codes_keep_leading_zeros_and_trailing_ones() -> None:
    assert "01" in queries.codes("ethnicity", TODAY)
    assert "1" not in queries.codes("ethnicity", TODAY)
    assert {"1.1", "1.11"} <= queries.codes("patient_category", TODAY).codes


def test_icd10_carries_sex_mark_and_never_main() -> None:
    icd10 = queries.codes("icd10", TODAY)
    assert icd10.flag("A34", "sex") == "female"
    assert icd10.flag("A06.5", "mark") == "†"
    assert sum(flags.get("never_main") == "yes" for flags in icd10.flags.values()) == 853
    assert icd10.flags_of("A00.0") == {}


def test_technique_carries_its_class() -> None:
    techniques = queries.codes("technique", TODAY)
    assert techniques.flag("01.0115.0297", "class") == "TD"


def test_technique_with_two_procedures_is_one_entry() -> None:
    entry = queries.lookup("technique", "10.0225.0403", TODAY)
    assert entry.extra["icd9cm"] == "35.28; 35.14"


def test_partial_lists_prove_nothing() -> None:
    assert not queries.codes("department", TODAY).is_conclusive
    assert not queries.codes("cost_group", TODAY).is_complete
    assert queries.codes("sex", TODAY).is_conclusive


def test_lookup_gives_names_and_further_columns() -> None:
    entry = queries.lookup("icd10", "A00.0", TODAY)
    assert entry.name_en.startswith("Cholera due to Vibrio cholerae")
    assert entry.extra["chapter_range"] == "A00-B99"


def test_unknown_code_and_unknown_catalogue_are_none() -> None:
    assert queries.lookup("icd10", "A00.99", TODAY) is None
    assert queries.lookup("nothing", "1", TODAY) is None
    assert queries.codes("nothing", TODAY) is None


def test_search_ignores_tone_marks() -> None:
    assert codes_found("ethnicity", "tay") == codes_found("ethnicity", "Tày")
    assert codes_found("icd10", "benh ta")[0] == "A00"


def test_search_by_beginning_of_a_code_comes_first() -> None:
    assert codes_found("icd10", "a00", limit=4) == ["A00", "A00.0", "A00.1", "A00.9"]


def test_search_without_text_gives_the_beginning_of_the_list() -> None:
    assert codes_found("exam_type", "", limit=3) == ["01", "02", "03"]


def test_search_treats_wildcards_as_text() -> None:
    found = queries.search("icd10", "%", TODAY, limit=500)
    assert 0 < len(found) < 100
    assert all("%" in entry.name_vi for entry in found)


def test_no_field_belongs_to_two_catalogues() -> None:
    fields = [tag for item in describe() for tag in item.fields]
    assert len(fields) == len(set(fields))
