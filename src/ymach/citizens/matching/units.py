"""Places as they are called today: a dossier may still name a province or commune of before July 2025."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from ymach.base.kept import Kept
from ymach.places.models import Commune, CommuneSuccession, Extent, Province, ProvinceSuccession


@dataclass(frozen=True, slots=True)
class Units:
    """Today's codes by former ones. A code that is one of today's stands for itself."""

    provinces: Mapping[str, str]
    communes: Mapping[str, str]

    def province(self, code: str) -> str:
        return self.provinces.get(code, code)

    def commune(self, code: str) -> str:
        return self.communes.get(code, code)


def todays_units() -> Units:
    """Kept for some minutes."""
    return _kept("")


def _read(_: str) -> Units:
    provinces = dict(ProvinceSuccession.objects.values_list("old_code", "new_id"))
    for code in Province.objects.values_list("code", flat=True):
        provinces[code] = code
    communes: dict[str, str] = {}
    # The part that took the whole of a commune goes before those that took some of it.
    rows = sorted(
        CommuneSuccession.objects.exclude(old_code="").values_list("old_code", "new_code", "extent"),
        key=lambda row: row[2] != Extent.ALL,
    )
    for old, new, _extent in rows:
        communes.setdefault(old, new)
    for code in Commune.objects.values_list("code", flat=True):
        communes[code] = code
    return Units(provinces, communes)


_kept: Kept[str, Units] = Kept(_read, seconds=600.0, size=1)
