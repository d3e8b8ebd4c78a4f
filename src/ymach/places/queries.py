"""Asking for places on a day. Answers are plain values, not rows of the database."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

from django.db import connection, transaction

from ymach.base.periods import Period
from ymach.base.vietnamese import fold
from ymach.places.models import Commune, CommuneSuccession, Extent, Named, Province, ProvinceFormer, ProvinceSuccession

Level = Literal["province", "commune"]

# How alike a word must be to be offered: one or two wrong letters in a usual name pass, other names do not.
_ALIKE = "0.45"


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


@dataclass(frozen=True, slots=True)
class Successor:
    """A new commune that took an old one or a part of it; `unit` is its newest form."""

    new_code: str
    extent: Extent
    note: str
    unit: Unit


@dataclass(frozen=True, slots=True)
class FormerCommune:
    """A commune as it was before 2025-07-01. `code` is empty for the six areas that had none."""

    code: str
    name: str
    district_code: str
    district_name: str
    province_code: str
    province_name: str


def province(code: str, on: date) -> Unit | None:
    """The province with this code on this day; None if there is none, and for every day before 2025-07-01."""
    present = Province.objects.filter(code=code, valid__contains=on).first()
    if present is not None:
        return _province_unit(present.code, present)
    former = ProvinceFormer.objects.filter(province_id=code, valid__contains=on).first()
    return _province_unit(former.province_id, former) if former else None


def provinces(on: date) -> tuple[Unit, ...]:
    """All provinces of the day, in Vietnamese order (An Giang, Bắc Ninh, Cà Mau, Cao Bằng … Đà Nẵng … Vĩnh Long)."""
    present = [(row.sort_key, _province_unit(row.code, row)) for row in Province.objects.filter(valid__contains=on)]
    former = [
        (row.sort_key, _province_unit(row.province_id, row))
        for row in ProvinceFormer.objects.filter(valid__contains=on)
    ]
    return tuple(unit for _, unit in sorted(present + former, key=lambda pair: pair[0]))


def commune(code: str, on: date) -> Unit | None:
    """The commune with this code on this day, or None."""
    row = Commune.objects.filter(code=code, valid__contains=on).first()
    return _commune_unit(row) if row else None


def communes_of(province_code: str, on: date) -> tuple[Unit, ...]:
    """The communes of a province on this day, in Vietnamese order; empty for an unknown province."""
    rows = Commune.objects.filter(province_id=province_code, valid__contains=on).order_by("sort_key", "code")
    return tuple(_commune_unit(row) for row in rows)


def successors(old_code: str) -> tuple[Successor, ...]:
    """What became of a commune of before 2025-07-01: each new commune with its extent, none for an unknown code.

    Source: the conversion table of the National Statistics Office to Decision 19/2025/QĐ-TTg.
    """
    if not old_code:
        return ()
    rows = list(CommuneSuccession.objects.filter(old_code=old_code).order_by("new_code"))
    # In order of time, so that the newest form of a code stays in the mapping.
    units = Commune.objects.filter(code__in=[row.new_code for row in rows]).order_by("valid")
    newest = {unit.code: _commune_unit(unit) for unit in units}
    return tuple(Successor(row.new_code, Extent(row.extent), row.note, newest[row.new_code]) for row in rows)


def needs_asking(old_code: str) -> bool:
    """Whether an old commune was split over several new ones, so that an address in it cannot be converted by code.

    440 of the 10,035 old communes. False for an unknown code.
    """
    return CommuneSuccession.objects.filter(old_code=old_code).exclude(old_code="").count() > 1


def province_successor(old_code: str) -> Unit | None:
    """The present province, in its newest form, of one of the 63 provinces before 2025-07-01; each went as a whole."""
    row = ProvinceSuccession.objects.select_related("new").filter(old_code=old_code).first()
    return _province_unit(row.new_id, row.new) if row else None


def search(text: str, on: date, limit: int = 20) -> tuple[Unit, ...]:
    """Provinces and communes whose name is like `text`, best first: tone marks, case and small typos do not matter.

    Type and province may be part of the text (“xã tân phú đồng nai”). Empty text finds nothing.
    """
    folded = fold(text)
    if not folded:
        return ()
    rows = _alike(_SEARCH, {"text": folded, "on": on, "limit": limit})
    return tuple(_found(row) for row in rows)


def search_former(text: str, limit: int = 20) -> tuple[FormerCommune, ...]:
    """Communes of before 2025-07-01 whose name (with district and province, if given) is like `text`, best first."""
    folded = fold(text)
    if not folded:
        return ()
    return tuple(FormerCommune(*row) for row in _alike(_SEARCH_FORMER, {"text": folded, "limit": limit}))


_NAMES = "name_vi, full_name_vi, name_en, type_vi"
_TAKEN = f"{_NAMES}, valid, legal_basis, name_folded, search_text, sort_key"
_SEARCH = f"""
SELECT level, code, province_code, {_NAMES}, lower(valid), upper(valid), legal_basis FROM (
    SELECT 'commune' AS level, code, province_id AS province_code, {_TAKEN}
    FROM places_commune WHERE %(text)s <%% search_text
    UNION ALL
    SELECT 'province', code, code, {_TAKEN} FROM places_province WHERE %(text)s <%% search_text
    UNION ALL
    SELECT 'province', province_id, province_id, {_TAKEN} FROM places_province_former WHERE %(text)s <%% search_text
) AS unit
WHERE valid @> %(on)s::date
ORDER BY name_folded = %(text)s DESC, starts_with(search_text, %(text)s) DESC, starts_with(name_folded, %(text)s) DESC,
    word_similarity(%(text)s, search_text) DESC, level DESC, sort_key, code
LIMIT %(limit)s
"""  # noqa: S608 - put together from our own constants
_SEARCH_FORMER = """
SELECT old_code, old_name, old_district_code, old_district_name, old_province_code, old_province_name
FROM places_commune_succession WHERE %(text)s <%% search_text
GROUP BY 1, 2, 3, 4, 5, 6, search_text
ORDER BY starts_with(search_text, %(text)s) DESC, word_similarity(%(text)s, search_text) DESC, search_text, old_code
LIMIT %(limit)s
"""


def _alike(statement: str, parameters: dict[str, Any]) -> list[tuple[Any, ...]]:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT set_config('pg_trgm.word_similarity_threshold', %s, true)", [_ALIKE])
        cursor.execute(statement, parameters)
        return list(cursor.fetchall())


def _found(row: tuple[Any, ...]) -> Unit:
    level, code, province_code, name_vi, full_name_vi, name_en, type_vi, start, end, legal_basis = row
    period = Period(start, end)
    return Unit(level, code, province_code, name_vi, full_name_vi, name_en, type_vi, period, legal_basis)


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
