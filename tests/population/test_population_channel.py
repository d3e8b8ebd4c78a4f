"""The channel to the population database under every failure: bounded, tried twice, never guessing."""

from __future__ import annotations

import time
from contextlib import closing

import pytest
from tests.population.population_people import BICH, UNKNOWN, address, channel, database

from ymach.config import Environment
from ymach.population.channel import PopulationChannel, configured
from ymach.population.contract import PopulationAway, PopulationRefusesUs, read_answer
from ymach.sandbox.behaviour import Behaviour
from ymach.sandbox.population import PopulationDatabase

__all__ = ["address", "channel", "database"]


def test_a_known_number_names_its_person(channel: PopulationChannel) -> None:
    assert channel.person(BICH.number, purpose="test") == BICH


def test_an_unknown_number_is_nobody(channel: PopulationChannel) -> None:
    assert channel.person(UNKNOWN, purpose="test") is None


@pytest.mark.parametrize("behaviour", [{"down": True}, {"status": 503}, {"wrong_answer": True}, {"forget": True}])
def test_a_failure_that_passes_is_not_noticed(
    database: PopulationDatabase, channel: PopulationChannel, behaviour: dict[str, object]
) -> None:
    database.behaviour = Behaviour(**behaviour, times=1)  # type: ignore[arg-type]
    assert channel.person(BICH.number, purpose="test") == BICH
    assert database.asked == 2


@pytest.mark.parametrize("behaviour", [{"down": True}, {"status": 500}, {"wrong_answer": True}, {"slow": 5.0}])
def test_a_failure_that_stays_is_told_in_time(
    database: PopulationDatabase, channel: PopulationChannel, behaviour: dict[str, object]
) -> None:
    database.behaviour = Behaviour(**behaviour)  # type: ignore[arg-type]
    begun = time.monotonic()
    with pytest.raises(PopulationAway):
        channel.person(BICH.number, purpose="test")
    assert time.monotonic() - begun < 2
    assert database.asked <= 2


def test_a_refused_token_is_for_the_operator_and_not_tried_again(database: PopulationDatabase, address: str) -> None:
    refused = PopulationChannel(address, token="wrong")
    with closing(refused), pytest.raises(PopulationRefusesUs):
        refused.person(BICH.number, purpose="test")
    assert database.asked == 1


@pytest.mark.parametrize(
    "body",
    [
        b"{}",
        b"[]",
        b"null",
        b'{"number":"001185000001","full_name":"","birth_date":"1985-05-17","sex":"2"}',
        b'{"number":"001185000002","full_name":"A","birth_date":"1985-05-17","sex":"2"}',
        b'{"number":"001185000001","full_name":"A","birth_date":"17/05/1985","sex":"2"}',
        b'{"number":"001185000001","full_name":"A","birth_date":"1985-05-17","sex":2}',
        b'{"number":"001185000001","full_name":["A"],"birth_date":"1985-05-17","sex":"2"}',
    ],
)
def test_an_answer_outside_the_contract_is_no_answer(body: bytes) -> None:
    with pytest.raises(PopulationAway):
        read_answer(200, body, BICH.number)


def test_without_an_address_there_is_no_channel() -> None:
    assert configured(Environment(population_url="")) is None
