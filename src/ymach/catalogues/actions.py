"""Loading the code lists of the package: release by release, in one transaction, only what differs."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import orjson
from django.db import connection
from django.db.backends.postgresql.psycopg_any import DateRange

from ymach.base.actors import Actor
from ymach.base.history.attribution import attributed
from ymach.base.ids import new_id
from ymach.catalogues.models import Catalogue, ContentVersion, Entry, Release
from ymach.catalogues.reading import (
    DATA,
    CatalogueDescription,
    EntryRow,
    ReleaseDescription,
    describe,
    read_entries,
    source_of,
)

Tell = Callable[[str, int, bool], None]

_COPY = "COPY catalogues_entry (release_id, code, name_vi, name_en, name_folded, position, extra) FROM STDIN"


def load(*, by: Actor, at: datetime, tell: Tell = lambda name, rows, written: None, folder: Path = DATA) -> bool:
    """Bring the catalogues to what the files of `folder` say. Returns whether anything was written.

    at: aware UTC. tell: called once per release with “catalogue version”, its number of entries and whether they
    were written. A release whose file and description are the same is left alone; releases that the folder does not
    name stay. Raises IntegrityError when two releases of one catalogue share a day.
    """
    loader = _Loader(at=at, tell=tell, known=_known_releases())
    with attributed(by=by, reason="catalogues loaded", at=at):
        for description in describe(folder):
            loader.load(description)
        if loader.written:
            _announce()
    return loader.written


def _known_releases() -> dict[tuple[str, str], Release]:
    return {(release.catalogue_id, release.version): release for release in Release.objects.select_related("catalogue")}


def _announce() -> None:
    ContentVersion.objects.update_or_create(id=1, defaults={"token": new_id()})


@dataclass(slots=True)
class _Loader:
    """One run of `load`: what is known, and whether anything was written so far."""

    at: datetime
    tell: Tell
    known: dict[tuple[str, str], Release]
    written: bool = False

    def load(self, description: CatalogueDescription) -> None:
        for release in description.releases:
            known = self.known.get((description.code, release.version))
            changed = known is None or not _is_same(known, description, release)
            count = self._write(description, release, known) if changed else known.entries_count  # type: ignore[union-attr]
            self.written = self.written or changed
            self.tell(f"{description.code} {release.version}", count, changed)

    def _write(self, catalogue: CatalogueDescription, release: ReleaseDescription, known: Release | None) -> int:
        rows = read_entries(release.path)
        newest = catalogue.releases[-1]
        _put_catalogue(catalogue, source_of(rows if release is newest else read_entries(newest.path)))
        row = known or Release(catalogue_id=catalogue.code, version=release.version)
        old_digest = row.digest
        row.decision = release.decision
        row.valid = DateRange(release.valid.start, release.valid.end)
        row.successor_missing_from = release.successor_missing_from
        row.flags = list(release.flags)
        row.digest, row.entries_count, row.loaded_at = release.digest(), len(rows), self.at
        row.save()
        if row.digest != old_digest:
            if known is not None:
                Entry.objects.filter(release=known).delete()
            _put_entries(row, rows)
        return len(rows)


def _is_same(known: Release, catalogue: CatalogueDescription, release: ReleaseDescription) -> bool:
    stored = known.catalogue
    return (
        (stored.name_vi, stored.name_en, stored.is_partial)
        == (catalogue.name.vi, catalogue.name.en, catalogue.is_partial)
        and (known.valid.lower, known.valid.upper) == (release.valid.start, release.valid.end)
        and (known.decision, known.successor_missing_from) == (release.decision, release.successor_missing_from)
        and tuple(known.flags) == release.flags
        and known.digest == release.digest()
    )


def _put_catalogue(catalogue: CatalogueDescription, source: str) -> None:
    row = Catalogue(
        code=catalogue.code,
        name_vi=catalogue.name.vi,
        name_en=catalogue.name.en,
        source=source,
        is_partial=catalogue.is_partial,
    )
    columns = ["name_vi", "name_en", "source", "is_partial"]
    Catalogue.objects.bulk_create([row], update_conflicts=True, unique_fields=["code"], update_fields=columns)


def _put_entries(release: Release, rows: Sequence[EntryRow]) -> None:
    with connection.cursor() as cursor, cursor.copy(_COPY) as copy:
        for position, row in enumerate(rows, start=1):
            extra = orjson.dumps(row.extra).decode()
            copy.write_row([release.id, row.code, row.name_vi, row.name_en, row.name_folded, position, extra])
