"""Asking for places on a day. Answers are plain values, not rows of the database."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal

from ymach.base.kept import Kept
from ymach.base.periods import Period
from ymach.places.models import Commune, Named, Province, ProvinceFormer

Level = Literal["province", "commune"]


@dataclass(frozen=True, slots=True)
class Unit:
    """A province or commune as it was named on the day asked for. `province_code` of a province is its own code."""

    level: Level
    code: str
    province_code: str
    name_vi: str
    full_name_vi: str
    name_en: str
    type_vi: str
    valid: Period
    legal_basis: str

    def name(self, language: str) -> str:
        """The full name in Vietnamese, or the bare name in English spelling."""
        return self.name_en if language.startswith("en") else self.full_name_vi


def province(code: str, on: date) -> Unit | None:
    """The province with this code on this day; None if there is none, and for every day before 2025-07-01."""
    return _province((code, on))


def provinces(on: date) -> tuple[Unit, ...]:
    """All provinces of the day, in Vietnamese order (An Giang, Bắc Ninh, Cà Mau, Cao Bằng … Đà Nẵng … Vĩnh Long)."""
    return _provinces(on)


def forget_provinces() -> None:
    """Provinces were loaded anew: this process reads them at once, others within a minute."""
    _province.forget()
    _provinces.forget()


def _read_province(asked: tuple[str, date]) -> Unit | None:
    code, on = asked
    present = Province.objects.filter(code=code, valid__contains=on).first()
    if present is not None:
        return _province_unit(present.code, present)
    former = ProvinceFormer.objects.filter(province_id=code, valid__contains=on).first()
    return _province_unit(former.province_id, former) if former else None


def _read_provinces(on: date) -> tuple[Unit, ...]:
    present = [(row.sort_key, _province_unit(row.code, row)) for row in Province.objects.filter(valid__contains=on)]
    former = [
        (row.sort_key, _province_unit(row.province_id, row))
        for row in ProvinceFormer.objects.filter(valid__contains=on)
    ]
    return tuple(unit for _, unit in sorted(present + former, key=lambda pair: pair[0]))


# Every page of a department names its province, every list of the country all of them; a release comes once in years.
_province: Kept[tuple[str, date], Unit | None] = Kept(_read_province, seconds=60, size=1000)
_provinces: Kept[date, tuple[Unit, ...]] = Kept(_read_provinces, seconds=60, size=20)


def commune(code: str, on: date) -> Unit | None:
    """The commune with this code on this day, or None."""
    row = Commune.objects.filter(code=code, valid__contains=on).first()
    return _commune_unit(row) if row else None


def communes_of(province_code: str, on: date) -> tuple[Unit, ...]:
    """The communes of a province on this day, in Vietnamese order; empty for an unknown province."""
    rows = Commune.objects.filter(province_id=province_code, valid__contains=on).order_by("sort_key", "code")
    return tuple(_commune_unit(row) for row in rows)


def _province_unit(code: str, row: Named) -> Unit:
    return _unit("province", code, code, row)


def _commune_unit(row: Commune) -> Unit:
    return _unit("commune", row.code, row.province_id, row)


def _unit(level: Level, code: str, province_code: str, row: Named) -> Unit:
    return Unit(
        level=level,
        code=code,
        province_code=province_code,
        name_vi=row.name_vi,
        full_name_vi=row.full_name_vi,
        name_en=row.name_en,
        type_vi=row.type_vi,
        valid=Period(row.valid.lower, row.valid.upper),
        legal_basis=row.legal_basis,
    )
