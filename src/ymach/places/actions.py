"""Loading the places: all tables are replaced as one, inside one transaction, or nothing is written at all."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime
from pathlib import Path

from django.db import connection

from ymach.base.actors import Actor
from ymach.base.history.attribution import attributed
from ymach.places.models import Commune, CommuneSuccession, PlacesRelease, Province, ProvinceFormer, ProvinceSuccession
from ymach.places.queries import forget_provinces
from ymach.places.reading import DATA, Places, Row, digest, read_places

Tell = Callable[[str, int, bool], None]


def load(*, by: Actor, at: datetime, tell: Tell = lambda name, rows, written: None, folder: Path = DATA) -> bool:
    """Bring the tables to what the files of `folder` say. Returns whether anything was written.

    at: aware UTC. tell: called once per table with its name, number of rows and whether they were written.
    The same files as in the newest release write nothing. Provinces keep their rows (others point at them).
    """
    fresh = digest(folder)
    newest = PlacesRelease.objects.order_by("-loaded_at", "-id").first()
    if newest is not None and newest.digest == fresh:
        _tell_counts(tell)
        return False
    places = read_places(folder)
    with attributed(by=by, reason=f"places loaded, digest {fresh[:12]}", at=at):
        _clear()
        _write(places, tell)
        PlacesRelease.objects.create(digest=fresh, loaded_at=at)
    forget_provinces()
    return True


def _clear() -> None:
    for model in (CommuneSuccession, ProvinceSuccession, Commune, ProvinceFormer):
        model.objects.all().delete()


def _write(places: Places, tell: Tell) -> None:
    _merge_provinces(places.provinces)
    tell("provinces", len(places.provinces), True)
    for name, table, rows in (
        ("provinces, former forms", "places_province_former", places.former_provinces),
        ("communes", "places_commune", places.communes),
        ("communes before 2025-07-01", "places_commune_succession", places.commune_successions),
        ("provinces before 2025-07-01", "places_province_succession", places.province_successions),
    ):
        _copy(table, rows)
        tell(name, len(rows), True)


def _merge_provinces(rows: Iterable[Row]) -> None:
    provinces = [Province(**row) for row in rows]
    columns = [field.name for field in Province._meta.concrete_fields if not field.primary_key]
    Province.objects.bulk_create(provinces, update_conflicts=True, unique_fields=["code"], update_fields=columns)


def _copy(table: str, rows: tuple[Row, ...]) -> None:
    columns = tuple(rows[0])
    statement = f"COPY {table} ({', '.join(columns)}) FROM STDIN"
    with connection.cursor() as cursor, cursor.copy(statement) as copy:
        for row in rows:
            copy.write_row([row[column] for column in columns])


def _tell_counts(tell: Tell) -> None:
    tell("provinces", Province.objects.count(), False)
    tell("communes", Commune.objects.count(), False)
    tell("communes before 2025-07-01", CommuneSuccession.objects.count(), False)
    tell("provinces before 2025-07-01", ProvinceSuccession.objects.count(), False)
