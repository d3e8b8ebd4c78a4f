"""Starting stand-ins of the partners."""

from __future__ import annotations

import asyncio
import contextlib
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from ymach.population.contract import Person
from ymach.sandbox import health_book
from ymach.sandbox import prescriptions as prescriptions_
from ymach.sandbox.http import serve
from ymach.sandbox.insurance_portal import PASSWORD, USERNAME, InsurancePortal
from ymach.sandbox.population import TOKEN, PopulationDatabase
from ymach.sandbox.receivers import ReferralReceiver, Subscriber
from ymach.sandbox.stand_in import StandIn
from ymach.sandbox.vneid import CLIENT_ID, CLIENT_SECRET, Vneid, VneidPerson
from ymach.synth.registry import make_country

_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
_LEDGER = click.Path(dir_okay=False, path_type=Path)
VNEID_PERSONS = [
    VneidPerson("999168000017", "Nguyễn Thị Mẫu", "1968-05-01"),
    VneidPerson("999000000000", "Trần Chưa Có Tài Khoản", "1990-01-01"),
]


_PARTNERS: dict[str, Callable[[Path | None], StandIn]] = {
    "insurance": lambda file: InsurancePortal(file=file),
    "health-book": lambda file: health_book.HealthBook(file=file),
    "prescriptions": lambda file: prescriptions_.PrescriptionSystem(file=file),
    "referrals": lambda file: ReferralReceiver(file=file),
    "subscriber": lambda file: Subscriber(file=file),
}


@click.group()
def sandbox() -> None:
    """Stand-ins of the partners: real servers with the partners' contracts, which fail on demand."""


@sandbox.command()
@click.option("--port", default=8130, show_default=True, type=click.IntRange(0, 65535), help="0: a free one.")
@click.option("--username", default=USERNAME, show_default=True)
@click.option("--password", default=PASSWORD, show_default=True)
@click.option("--file", type=_LEDGER, help="Keep what it holds in this SQLite file.")
def insurance(port: int, username: str, password: str, file: Path | None) -> None:
    """The social insurance portal. POST /sandbox/behaviour makes it fail, GET /sandbox/ledger shows what it holds."""
    _run(InsurancePortal(username=username, password=password, file=file), port, "insurance portal")


@sandbox.command("health-book")
@click.option("--port", default=8131, show_default=True, type=click.IntRange(0, 65535), help="0: a free one.")
@click.option("--username", default=health_book.USERNAME, show_default=True)
@click.option("--password", default=health_book.PASSWORD, show_default=True)
@click.option("--public-key", type=_FILE, help="PEM of the key that signs messages; without it any signature is taken.")
@click.option("--file", type=_LEDGER, help="Keep what it holds in this SQLite file.")
def health_book_(port: int, username: str, password: str, public_key: Path | None, file: Path | None) -> None:
    """The electronic health book. POST /sandbox/behaviour makes it fail, GET /sandbox/ledger shows what it holds."""
    key = None if public_key is None else serialization.load_pem_public_key(public_key.read_bytes())
    if not isinstance(key, rsa.RSAPublicKey | None):
        raise click.UsageError("--public-key: RSA")
    _run(health_book.HealthBook(username=username, password=password, public=key, file=file), port, "health book")


@sandbox.command()
@click.option("--port", default=8132, show_default=True, type=click.IntRange(0, 65535), help="0: a free one.")
@click.option("--password", default=prescriptions_.PASSWORD, show_default=True, help="Of every facility and doctor.")
@click.option("--file", type=_LEDGER, help="Keep what it holds in this SQLite file.")
def prescriptions(port: int, password: str, file: Path | None) -> None:
    """The national prescription system. It fails and shows what it holds as the others do."""
    _run(prescriptions_.PrescriptionSystem(password=password, file=file), port, "prescription system")


@sandbox.command()
@click.option("--port", default=8133, show_default=True, type=click.IntRange(0, 65535), help="0: a free one.")
@click.option("--keys", type=_FILE, help="JWKS of the exchange; without it any signature is taken.")
@click.option("--file", type=_LEDGER, help="Keep what it holds in this SQLite file.")
def referrals(port: int, keys: Path | None, file: Path | None) -> None:
    """A facility that takes referrals. It fails and shows what it holds as the others do."""
    _run(ReferralReceiver(keys=_keys(keys), file=file), port, "referral receiver")


@sandbox.command()
@click.option("--port", default=8134, show_default=True, type=click.IntRange(0, 65535), help="0: a free one.")
@click.option("--keys", type=_FILE, help="JWKS of the exchange; without it any signature is taken.")
@click.option("--file", type=_LEDGER, help="Keep what it holds in this SQLite file.")
def subscriber(port: int, keys: Path | None, file: Path | None) -> None:
    """A system that hears what happens. It fails and shows what it holds as the others do."""
    _run(Subscriber(keys=_keys(keys), file=file), port, "subscriber")


@sandbox.command()
@click.option("--port", default=8130, show_default=True, type=click.IntRange(1, 65500), help="The first of five.")
@click.option("--folder", type=click.Path(file_okay=False, path_type=Path), help="Keep what they hold in files here.")
def partners(port: int, folder: Path | None) -> None:
    """All five in one program, on ports that follow each other: insurance, health book, prescriptions, referrals,
    subscriber."""
    files = {name: None if folder is None else folder / f"{name}.sqlite3" for name in _PARTNERS}
    servers = [
        serve(make(files[name]), port=port + place, started=_teller(name))
        for place, (name, make) in enumerate(_PARTNERS.items())
    ]

    async def all_of_them() -> None:
        await asyncio.gather(*servers)

    with contextlib.suppress(KeyboardInterrupt):
        asyncio.run(all_of_them())


@sandbox.command()
@click.option("--port", default=8140, show_default=True, type=click.IntRange(0, 65535), help="0: a free one.")
@click.option("--client-id", default=CLIENT_ID, show_default=True)
@click.option("--client-secret", default=CLIENT_SECRET, show_default=True)
@click.option(
    "--persons",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="JSON list of who can sign in: personal_number, name, birthdate.",
)
def vneid(port: int, client_id: str, client_secret: str, persons: Path | None) -> None:
    """VNeID, for signing in. POST /sandbox/behaviour makes it fail, GET /sandbox/persons shows who can sign in."""
    known = VNEID_PERSONS
    if persons:
        known = [VneidPerson(**one) for one in json.loads(persons.read_text(encoding="utf-8"))]
    provider = Vneid(known, client_id=client_id, client_secret=client_secret)
    with contextlib.suppress(KeyboardInterrupt):
        asyncio.run(serve(provider, port=port, started=lambda given: click.echo(f"VNeID: http://127.0.0.1:{given}")))


@sandbox.command()
@click.option("--port", default=8150, show_default=True, type=click.IntRange(0, 65535), help="0: a free one.")
@click.option("--token", default=TOKEN, show_default=True)
@click.option("--practitioners", default=4000, show_default=True, type=click.IntRange(0, 990_000))
@click.option("--facilities", default=340, show_default=True, type=click.IntRange(1, 400_000))
@click.option("--seed", default=1, show_default=True, help="Sizes and seed as given to `ymach synth registry`.")
def population(port: int, token: str, practitioners: int, facilities: int, seed: int) -> None:
    """The national population database: it knows the people of a synthetic country, and makes up everybody else."""
    country = make_country(seed, facilities=facilities, practitioners=practitioners)
    people = (Person(one.personal_number, one.full_name, one.birth_date, one.sex) for one in country.practitioners())
    database = PopulationDatabase(people, token=token)
    told = "population database: http://127.0.0.1:{}"
    with contextlib.suppress(KeyboardInterrupt):
        asyncio.run(serve(database, port=port, started=lambda given: click.echo(told.format(given))))


def _teller(name: str) -> Callable[[int], None]:
    return lambda given: click.echo(f"{name}: http://127.0.0.1:{given}")


def _run(stand_in: StandIn, port: int, name: str) -> None:
    with contextlib.suppress(KeyboardInterrupt):
        asyncio.run(serve(stand_in, port=port, started=lambda given: click.echo(f"{name}: http://127.0.0.1:{given}")))


def _keys(path: Path | None) -> dict[str, Any] | None:
    return None if path is None else json.loads(path.read_text(encoding="utf-8"))
