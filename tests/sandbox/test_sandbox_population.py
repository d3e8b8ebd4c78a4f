"""The stand-in keeps the contract of the population database, and fails in every way it is told to."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import httpx
import pytest
from click.testing import CliRunner
from tests.population.population_people import BICH, UNKNOWN, address, database
from tests.sandbox.population_contract import PopulationContract, ask

from ymach.cli.main import root
from ymach.population.contract import Person
from ymach.sandbox.population import TOKEN, PopulationDatabase

__all__ = ["address", "database"]


@pytest.fixture
def client(address: str) -> Iterator[httpx.Client]:
    headers = {"Authorization": f"Bearer {TOKEN}"}
    with httpx.Client(base_url=address, headers=headers, trust_env=False) as opened:
        yield opened


@pytest.fixture
def known() -> Person:
    return BICH


@pytest.fixture
def unknown() -> str:
    return UNKNOWN


class TestStandIn(PopulationContract):
    """The stand-in as it should be."""


def test_down_cuts_the_connection(client: httpx.Client) -> None:
    client.post("sandbox/behaviour", json={"down": True})
    with pytest.raises(httpx.TransportError):
        ask(client, BICH.number)


def test_a_status_is_answered_instead_of_the_contract(client: httpx.Client) -> None:
    client.post("sandbox/behaviour", json={"status": 503})
    assert ask(client, BICH.number).status_code == 503


def test_a_wrong_answer_is_no_json(client: httpx.Client) -> None:
    client.post("sandbox/behaviour", json={"wrong_answer": True})
    assert ask(client, BICH.number).headers["content-type"] == "text/html"


def test_an_unknown_behaviour_is_refused(client: httpx.Client) -> None:
    assert client.post("sandbox/behaviour", json={"explode": True}).status_code == 422


def test_somebody_made_up_is_who_the_number_says() -> None:
    people = [PopulationDatabase().person(f"079185{serial:06d}") for serial in range(200)]
    found = [one for one in people if one is not None]
    assert len(found) > 150
    assert {(one.sex, one.birth_date.year) for one in found} == {("2", 1985)}


def test_made_up_people_are_the_same_in_every_run() -> None:
    assert PopulationDatabase().person("079185000123") == PopulationDatabase().person("079185000123")


def test_a_few_of_the_enrolled_are_told_otherwise_and_always_the_same() -> None:
    people = [Person(f"0{one:011d}", "Đặng Thị Hòa", date(1980, 1, 2), "2") for one in range(2000)]
    told = [PopulationDatabase(people).person(one.number) for one in people]
    assert told == [PopulationDatabase(people).person(one.number) for one in people]
    differing = sum(one != other for one, other in zip(told, people, strict=True))
    assert 20 < differing < 60


def test_the_stand_in_is_started_by_a_command() -> None:
    assert CliRunner().invoke(root, ["sandbox", "population", "--help"]).exit_code == 0
