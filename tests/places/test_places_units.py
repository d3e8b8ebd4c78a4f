from __future__ import annotations

from datetime import date

import pytest
from django.db import IntegrityError, connection, transaction

from ymach.places import queries
from ymach.places.models import Commune, CommuneSuccession, Province, ProvinceSuccession
from ymach.places.reading import read_places

pytestmark = pytest.mark.django_db

TODAY = date(2026, 11, 20)
BEFORE_THE_CITY = date(2026, 4, 29)
BEFORE_TWO_LEVELS = date(2025, 6, 30)


def test_totals_are_those_of_the_law() -> None:
    assert Province.objects.count() == 34
    assert Commune.objects.filter(valid__contains=TODAY).count() == 3321
    assert Commune.objects.filter(valid__contains=BEFORE_THE_CITY).count() == 3321
    assert CommuneSuccession.objects.exclude(old_code="").values("old_code").distinct().count() == 10_035
    assert ProvinceSuccession.objects.count() == 63


def test_kinds_of_communes_are_counted_as_the_law_counts_them() -> None:
    def count(kind: str, day: date) -> int:
        return Commune.objects.filter(type_vi=kind, valid__contains=day).count()

    assert [count(kind, TODAY) for kind in ("Xã", "Phường", "Đặc khu")] == [2611, 697, 13]
    assert [count(kind, BEFORE_THE_CITY) for kind in ("Xã", "Phường", "Đặc khu")] == [2621, 687, 13]


def test_every_parent_exists() -> None:
    places = read_places()
    provinces = {row["code"] for row in places.provinces}
    assert len(places.communes) == 3331
    assert {row["province_id"] for row in places.communes} == provinces
    assert {row["new_id"] for row in places.province_successions} == provinces


def test_every_successor_is_a_present_commune() -> None:
    present = Commune.objects.filter(valid__contains=TODAY).values("code")
    assert not CommuneSuccession.objects.exclude(new_code__in=present).exists()


def test_every_present_commune_has_a_predecessor() -> None:
    assert not Commune.objects.exclude(code__in=CommuneSuccession.objects.values("new_code")).exists()


def test_dong_nai_is_a_city_since_2026_04_30() -> None:
    names = [queries.province("75", day).full_name_vi for day in (BEFORE_THE_CITY, date(2026, 4, 30))]
    assert names == ["Tỉnh Đồng Nai", "Thành phố Đồng Nai"]


def test_province_before_the_two_level_system_is_not_there() -> None:
    assert queries.province("01", BEFORE_TWO_LEVELS) is None
    assert queries.provinces(BEFORE_TWO_LEVELS) == ()


def test_commune_that_became_a_ward_keeps_its_code() -> None:
    units = [queries.commune("26368", day) for day in (BEFORE_THE_CITY, TODAY)]
    assert [unit.full_name_vi for unit in units] == ["Xã Long Thành", "Phường Long Thành"]


def test_unknown_commune_is_none() -> None:
    assert queries.commune("99999", TODAY) is None


def test_provinces_come_in_vietnamese_order() -> None:
    names = [unit.name_vi for unit in queries.provinces(TODAY)]
    assert len(names) == 34
    assert names[:5] == ["An Giang", "Bắc Ninh", "Cà Mau", "Cao Bằng", "Cần Thơ"]
    assert names.index("Gia Lai") > names.index("Đồng Tháp") > names.index("Điện Biên")
    assert names[-1] == "Vĩnh Long"


def test_provinces_of_an_earlier_day_are_34_too() -> None:
    found = queries.provinces(BEFORE_THE_CITY)
    assert len(found) == 34
    assert "Tỉnh Đồng Nai" in [unit.full_name_vi for unit in found]


@pytest.mark.parametrize(("code", "count"), [("01", 126), ("79", 168), ("38", 166)])
def test_communes_of_a_province_are_complete(code: str, count: int) -> None:
    assert len(queries.communes_of(code, TODAY)) == count


def test_unit_is_named_in_both_languages() -> None:
    unit = queries.province("01", TODAY)
    assert (unit.name("vi"), unit.name("en")) == ("Thành phố Hà Nội", "Hanoi")


def test_two_forms_of_one_commune_on_one_day_are_refused_by_the_database() -> None:
    twin = Commune.objects.filter(code="00004").get()
    twin.pk = None
    with pytest.raises(IntegrityError, match="commune_one_form_a_day"), transaction.atomic():
        twin.save()


def test_commune_by_code_is_found_by_index() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute("EXPLAIN SELECT 1 FROM places_commune WHERE code = '00004' AND valid @> date '2026-11-20'")
        assert "commune_one_form_a_day" in str(cursor.fetchall())
