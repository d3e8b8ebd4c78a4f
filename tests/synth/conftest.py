"""A small synthetic country in memory, and a hospital of the database to send from."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from random import Random

import pytest
from django.conf import settings
from tests.support.staffing import staff_by_facility

from ymach.base.actors import command
from ymach.base.clock import now
from ymach.exchange.intake.answer import Answer
from ymach.exchange.intake.pipeline import submit
from ymach.exchange.intake.receive import receive
from ymach.exchange.platform import issuer
from ymach.exchange.senders import machine_sender
from ymach.synth.care.staff import Staff
from ymach.synth.certificates import Certificates
from ymach.synth.dossiers import SynthDossier
from ymach.synth.load import load_country
from ymach.synth.model import Facility
from ymach.synth.registry import Country, make_country
from ymach.synth.world import Sender, bind_certificates, establish_trust, writing_senders
from ymach.trust import queries as trust

TODAY = date(2026, 11, 23)
BY = command("test")


@pytest.fixture(scope="session")
def country() -> Country:
    return make_country(7, facilities=120, practitioners=1500)


@pytest.fixture(scope="session")
def writers(country: Country) -> list[tuple[Facility, Staff]]:
    """Facilities that can write dossiers, with their staff."""
    staff = staff_by_facility(country.practitioners(), on=TODAY)
    return [(one, staff[one.code]) for one in country.facilities if one.code in staff and staff[one.code].can_write]


@pytest.fixture
def rng() -> Random:
    return Random(20261123)


@pytest.fixture(scope="session")
def certificates(tmp_path_factory: pytest.TempPathFactory) -> Certificates:
    return Certificates(tmp_path_factory.mktemp("demo-ca"), at=now())


@dataclass
class World:
    """A loaded country, and sending from it without HTTP."""

    certificates: Certificates
    writers: list[tuple[Sender, Staff]]

    def send(self, content: bytes, sender: Sender) -> Answer:
        at = now()
        return submit([receive(content, at=at)], sender=machine_sender(sender.code), at=at, issuer=issuer())[0]


def load_world(
    country: Country, certificates: Certificates, monkeypatch: pytest.MonkeyPatch, *, at: datetime | None = None
) -> World:
    """at: since when its people and facilities are known; now by default."""
    monkeypatch.setattr(settings.ENVIRONMENT, "demo", True)
    trust._kept.clear()
    load_country(country, by=BY, at=at or now(), tell=lambda what, count: None)
    at = now()
    establish_trust(certificates, by=BY, at=at)
    writers = writing_senders(at=at)
    bind_certificates(certificates, [sender for sender, _ in writers], by=BY, at=at)
    return World(certificates, writers)


@pytest.fixture(scope="module")
def _loaded_world(_kept_rows: None, certificates: Certificates) -> World:
    with pytest.MonkeyPatch.context() as patched:
        return load_world(make_country(1, facilities=4, practitioners=14), certificates, patched)


@pytest.fixture
def fixed_world(db: None, _loaded_world: World, monkeypatch: pytest.MonkeyPatch) -> World:
    """Only the fixed facilities and people, loaded once for a module."""
    monkeypatch.setattr(settings.ENVIRONMENT, "demo", True)
    return _loaded_world


def found(answer: Answer) -> set[str]:
    """The codes of all findings of an answer."""
    records = [finding for record in answer.body["records"] for finding in record["findings"]]
    return {finding["code"] for finding in (*answer.body["findings"], *records)}


def outcomes(answer: Answer) -> dict[str, str]:
    return {record["kind"]: record["outcome"] for record in answer.body["records"]}


def check(answer: Answer, dossier: SynthDossier) -> None:
    assert found(answer) == set(dossier.codes), dossier.fault
    if dossier.refused:
        assert answer.body["outcome"] == "rejected"
    else:
        assert outcomes(answer) == dict(dossier.outcomes)
