"""Provinces and communes since the two-level system of 2025-07-01, and what became of the units before it.

Sources: Resolution 202/2025/QH15, Decision 19/2025/QĐ-TTg and the resolutions named on each row. The rows come from
the package's own data and are replaced as a whole by `places.actions.load`; each load is a `PlacesRelease`.
"""

from __future__ import annotations

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.db import models

from ymach.base.ids import new_id


class Extent(models.TextChoices):
    """How much of an old commune goes to a new one, as the conversion table of the statistics office says."""

    ALL = "all", "Nhập toàn bộ"
    PART = "part", "Nhập một phần"
    PART_AREA = "part_area", "Nhập một phần diện tích"
    PART_AREA_ALL_POPULATION = "part_area_all_population", "Nhập một phần diện tích, toàn bộ dân số"
    ALL_AREA_PART_POPULATION = "all_area_part_population", "Một phần dân số (hoặc toàn bộ diện tích)"
    UNCHANGED = "unchanged", "Giữ nguyên"
    RENAMED_OR_RETYPED = "renamed_or_retyped", "Đổi tên, đổi loại hình"
    DISTRICT_TO_SPECIAL_ZONE = "district_to_special_zone", "Sắp xếp toàn bộ huyện thành đặc khu"


class Named(models.Model):
    """What every unit has. `valid` are the days on which the row's name and type hold."""

    name_vi = models.TextField()
    full_name_vi = models.TextField()
    name_en = models.TextField()
    type_vi = models.TextField()
    sort_key = models.TextField()
    valid = DateRangeField()
    legal_basis = models.TextField()

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.full_name_vi


class Province(Named):
    """One of the 34 provinces and cities, in its newest form. Earlier forms are `ProvinceFormer`."""

    code = models.CharField(max_length=2, primary_key=True)

    class Meta:
        db_table = "places_province"


class ProvinceFormer(Named):
    """A form that a province had before the present one: same code, other type (Đồng Nai until 2026-04-29)."""

    province = models.ForeignKey(Province, on_delete=models.PROTECT, related_name="former")

    class Meta:
        db_table = "places_province_former"
        constraints = [
            ExclusionConstraint(
                name="province_one_former_form_a_day",
                expressions=[("province", RangeOperators.EQUAL), ("valid", RangeOperators.OVERLAPS)],
            )
        ]


class Commune(Named):
    """A commune, ward or special zone over a period; the same code has a row per name or type it carried."""

    code = models.CharField(max_length=5)
    province = models.ForeignKey(Province, on_delete=models.PROTECT, related_name="communes")
    note = models.TextField()

    class Meta:
        db_table = "places_commune"
        constraints = [
            ExclusionConstraint(
                name="commune_one_form_a_day",
                expressions=[("code", RangeOperators.EQUAL), ("valid", RangeOperators.OVERLAPS)],
            )
        ]


class CommuneSuccession(models.Model):
    """An old commune and one new commune that took the whole or a part of it on 2025-07-01.

    `old_code` is empty for the six old areas that had no commune code (island districts, an alluvial zone).
    `new_code` is joined by code: names of the new unit may have changed since.
    """

    old_code = models.CharField(max_length=5, db_index=True)
    old_name = models.TextField()
    old_district_code = models.CharField(max_length=3)
    old_district_name = models.TextField()
    old_province_code = models.CharField(max_length=2)
    old_province_name = models.TextField()
    new_code = models.CharField(max_length=5, db_index=True)
    extent = models.CharField(max_length=30, choices=Extent)
    note = models.TextField()

    class Meta:
        db_table = "places_commune_succession"

    def __str__(self) -> str:
        return f"{self.old_name} ({self.old_code}) → {self.new_code}"


class ProvinceSuccession(models.Model):
    """One of the 63 provinces before 2025-07-01 and the present one it went into, always as a whole."""

    old_code = models.CharField(max_length=2, primary_key=True)
    old_name = models.TextField()
    new = models.ForeignKey(Province, on_delete=models.PROTECT, related_name="predecessors")

    class Meta:
        db_table = "places_province_succession"

    def __str__(self) -> str:
        return f"{self.old_name} ({self.old_code}) → {self.new_id}"


class PlacesRelease(models.Model):
    """One load of the places: the digest of the files it was made from. The newest is the one in the tables."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    digest = models.CharField(max_length=64)
    loaded_at = models.DateTimeField()

    class Meta:
        db_table = "places_release"
        get_latest_by = "loaded_at"

    def __str__(self) -> str:
        return self.digest[:12]
