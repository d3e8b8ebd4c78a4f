"""Asking the catalogues on a day. Code lists are kept in the process as long as the content version stays the same."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from types import MappingProxyType
from uuid import UUID

from django.db.models import Case, IntegerField, Q, QuerySet, Value, When
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Length

from ymach.base.periods import Period
from ymach.base.text import Text
from ymach.base.vietnamese import fold
from ymach.catalogues.codelists import CodeList, Flags
from ymach.catalogues.models import ContentVersion, Entry, Release


@dataclass(frozen=True, slots=True)
class _Known:
    """What is remembered of one release: enough to pick it by day without asking the database."""

    release: Release
    valid: Period
    is_complete: bool


@dataclass(slots=True)
class _Memory:
    """Releases and code lists at one content version. Replaced as a whole, so that threads never see a mixture."""

    version: UUID | None
    releases: Mapping[str, tuple[_Known, ...]]
    lists: dict[object, CodeList] = field(default_factory=dict)

    def on(self, catalogue: str, day: date) -> _Known | None:
        return next((known for known in self.releases.get(catalogue, ()) if day in known.valid), None)


_memory: _Memory | None = None


def content_version() -> UUID | None:
    """What changes whenever a release changes: one row, one statement. None before the first load.

    Read it once for many look-ups and pass it to `codes`.
    """
    return ContentVersion.objects.filter(id=1).values_list("token", flat=True).first()


def codes(catalogue: str, on: date, *, version: UUID | None = None) -> CodeList | None:
    """The code list in force on the day `on` (in Viet Nam); None when no release of that name covers the day.

    version: a `content_version()` read a moment ago, which saves asking for it again. At an unchanged version nothing
    else is read after the first call for a release.
    """
    memory = _current(version)
    known = memory.on(catalogue, on)
    if known is None:
        return None
    release = known.release
    if release.id not in memory.lists:
        memory.lists[release.id] = _read_list(known)
    missing_from = release.successor_missing_from
    if missing_from is None or on < missing_from:
        return memory.lists[release.id]
    outdated = (release.id, "outdated")
    if outdated not in memory.lists:
        memory.lists[outdated] = replace(memory.lists[release.id], is_outdated=True)
    return memory.lists[outdated]


def versions(on: date, *, version: UUID | None = None) -> dict[str, str]:
    """Label of the release in force on the day, by catalogue, for receipts. Catalogues without one are left out."""
    memory = _current(version)
    found = {code: memory.on(code, on) for code in sorted(memory.releases)}
    return {code: known.release.version for code, known in found.items() if known is not None}


def lookup(catalogue: str, code: str, on: date) -> Entry | None:
    """The entry of a code in the release in force on the day, or None."""
    return _entries(catalogue, on).filter(code=code).first()


def search(catalogue: str, text: str, on: date, limit: int = 20) -> list[Entry]:
    """Entries whose code begins with `text` or whose Vietnamese name holds it, tone marks and case aside.

    Codes come first, then names that begin with the text, then shorter names before longer ones. Empty text gives
    the list's beginning.
    """
    folded = fold(text)
    if not folded:
        return list(_entries(catalogue, on).order_by("position")[:limit])
    begins = Q(code__istartswith=text.strip())
    # Codes (0) in the order of the list, then names that begin so (1), then names by how little else they say.
    rank = Case(
        When(begins, then=Value(0)),
        When(name_folded__startswith=folded, then=Value(1)),
        default=Length("name_folded") + 1,
        output_field=IntegerField(),
    )
    found = _entries(catalogue, on).filter(begins | Q(name_folded__contains=folded))
    return list(found.annotate(rank=rank).order_by("rank", "position")[:limit])


def _entries(catalogue: str, on: date) -> QuerySet[Entry]:
    return Entry.objects.filter(release__catalogue_id=catalogue, release__valid__contains=on)


def _current(version: UUID | None) -> _Memory:
    global _memory
    wanted = content_version() if version is None else version
    memory = _memory
    if memory is None or memory.version != wanted:
        memory = _memory = _Memory(version=wanted, releases=_read_releases())
    return memory


def _read_releases() -> dict[str, tuple[_Known, ...]]:
    releases: dict[str, tuple[_Known, ...]] = {}
    for release in Release.objects.select_related("catalogue").order_by("catalogue_id", "valid"):
        period = Period(release.valid.lower, release.valid.upper)
        known = _Known(release, period, is_complete=not release.catalogue.is_partial)
        releases[release.catalogue_id] = (*releases.get(release.catalogue_id, ()), known)
    return releases


def _read_list(known: _Known) -> CodeList:
    release, catalogue = known.release, known.release.catalogue
    columns = [KeyTextTransform(name, "extra") for name in release.flags]
    rows = Entry.objects.filter(release=release).values_list("code", *columns)
    content = {code: _flags(release.flags, values) for code, *values in rows}
    return CodeList(
        catalogue=release.catalogue_id,
        name=Text(catalogue.name_vi, catalogue.name_en),
        version=release.version,
        decision=release.decision,
        codes=frozenset(content),
        flags=MappingProxyType({code: flags for code, flags in content.items() if flags}),
        is_complete=known.is_complete,
    )


def _flags(names: list[str], values: list[str | None]) -> Flags:
    return {name: value for name, value in zip(names, values, strict=True) if value not in {None, "no"}}
