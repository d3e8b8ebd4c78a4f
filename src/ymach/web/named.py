"""What codes, keys and actors of the history are called by people: asked once for a whole page of entries."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from ymach.accounts.models import Membership, SystemClient, User
from ymach.base.history.described import column_words
from ymach.base.history.models import HistoryEntry
from ymach.base.text import Text
from ymach.catalogues.queries import lookup
from ymach.facilities import lists
from ymach.facilities.models import Facility
from ymach.facilities.oxygen import kinds as oxygen_kinds
from ymach.facilities.oxygen.units import units
from ymach.places.queries import commune, province
from ymach.practitioners.models import Licence, Practitioner

UNKNOWN = "—"
COMMUNE = "places.commune"
SYSTEM = Text("Hệ thống", "The system")


def _oxygen_kinds() -> lists.Choices:
    return {code: kind.text for code, kind in oxygen_kinds.kinds().items()}


def _oxygen_units() -> lists.Choices:
    return {code: unit.text for code, unit in units().items()}


_LISTS: Mapping[str, Callable[[], lists.Choices]] = {
    "facilities.services": lists.services,
    "facilities.languages": lists.languages,
    "facilities.equipment_kinds": lists.equipment_kinds,
    "facilities.equipment_states": lists.equipment_states,
    "facilities.contact_roles": lists.contact_roles,
    "facilities.oxygen_kinds": _oxygen_kinds,
    "facilities.oxygen_units": _oxygen_units,
    "facilities.oxygen_reasons": oxygen_kinds.down_reasons,
}
"""The lists of the facilities' package, as `columns.csv` of the history calls them."""


@dataclass(frozen=True, slots=True)
class RowNames:
    """Names for sentences (`base.history.sentences.Names`), as they are on the day `on`."""

    on: date
    keys: Mapping[str, str] = field(default_factory=dict)

    def of_code(self, catalogue: str, code: str) -> Text:
        if catalogue == COMMUNE:
            unit = commune(code, self.on)
            return Text(unit.name("vi"), unit.name("en")) if unit else Text(code, code)
        if catalogue in _LISTS:
            return _LISTS[catalogue]().get(code, Text(code, code))
        entry = lookup(catalogue, code, self.on)
        return Text(entry.name_vi, entry.name_en or entry.name_vi) if entry else Text(code, code)

    def of_key(self, key: str) -> str:
        return self.keys.get(key, UNKNOWN)

    def of_province(self, code: str) -> Text:
        unit = province(code, self.on)
        return Text(unit.name("vi"), unit.name("en")) if unit else Text(code, code)


def names_for(entries: Iterable[HistoryEntry], on: date) -> RowNames:
    """The names that the entries need."""
    some = list(entries)
    keys = {str(one.subject) for one in some if one.subject}
    for one in some:
        for row in (one.before, one.after):
            keys |= _keys_in(one.table, row or {})
    return RowNames(on, _called(keys))


def names_in(rows: Iterable[tuple[str, Mapping[str, Any]]], on: date) -> RowNames:
    """The names that rows, each with its table, need."""
    keys: set[str] = set()
    for table, row in rows:
        keys |= _keys_in(table, row)
    return RowNames(on, _called(keys))


def actor_names(actors: Iterable[str], on: date) -> dict[str, Text]:
    """How people call those who act: a user with the unit they work for, a facility's machine, a system, a command."""
    by_kind: dict[str, set[str]] = {}
    for actor in set(actors):
        kind, _, key = actor.partition(":")
        by_kind.setdefault(kind, set()).add(key)
    called = {f"user:{key}": name for key, name in _users(by_kind.get("user", set()), on).items()}
    called |= {f"machine:{key}": name for key, name in _machines(by_kind.get("machine", set())).items()}
    called |= {
        f"command:{key}": Text(f"lệnh hệ thống “{key}”", f"system command “{key}”")
        for key in by_kind.get("command", set())
    }
    return called | {f"system:{key}": SYSTEM for key in by_kind.get("system", set())}


def _keys_in(table: str, row: Mapping[str, Any]) -> set[str]:
    return {str(value) for name, value in row.items() if value and column_words(table, name).format == "name"}


def _called(keys: set[str]) -> dict[str, str]:
    ids = [UUID(key) for key in keys]
    if not ids:
        return {}
    found = {str(key): number for key, number in Licence.objects.filter(pk__in=ids).values_list("pk", "number")}
    found |= {str(key): name for key, name in Facility.objects.filter(pk__in=ids).values_list("pk", "name")}
    people = Practitioner.objects.filter(pk__in=ids).values_list("pk", "full_name")
    return found | {str(key): name for key, name in people}


def _users(keys: set[str], on: date) -> dict[str, Text]:
    held = (
        Membership.objects.filter(user_id__in=[UUID(key) for key in keys])
        .order_by("valid_from")
        .values_list("user_id", "province_code", "facility_id")
    )
    units = {str(user): _unit(code, facility, on) for user, code, facility in held}
    names = User.objects.filter(pk__in=keys).values_list("pk", "full_name", "username")
    return {str(key): _with_unit(name or login, units.get(str(key))) for key, name, login in names}


def _unit(province_code: str | None, facility_id: UUID | None, on: date) -> Text | None:
    if facility_id is not None:
        facility = Facility.objects.filter(pk=facility_id).values_list("name", flat=True).first()
        return Text(facility, facility) if facility else None
    unit = province(province_code, on) if province_code else None
    return Text(f"Sở Y tế {unit.name('vi')}", f"Department of Health, {unit.name('en')}") if unit else None


def _with_unit(name: str, unit: Text | None) -> Text:
    return Text(f"{name} ({unit.vi})", f"{name} ({unit.en})") if unit else Text(name, name)


def _machines(keys: set[str]) -> dict[str, Text]:
    facilities = dict(Facility.objects.filter(code__in=keys).order_by("valid").values_list("code", "name"))
    systems = dict(SystemClient.objects.filter(client_id__in=keys).values_list("client_id", "name"))
    return {
        key: Text(f"phần mềm của {name}", f"software of {name}")
        if (name := facilities.get(key))
        else _same(systems.get(key, key))
        for key in keys
    }


def _same(text: str) -> Text:
    return Text(text, text)
