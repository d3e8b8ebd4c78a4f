"""People and a running stand-in for the tests of the population database."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

import pytest

from ymach.population.channel import PopulationChannel
from ymach.population.contract import Person
from ymach.sandbox.http import serving
from ymach.sandbox.population import TOKEN, PopulationDatabase

BICH = Person("001185000001", "Trần Thị Bích", date(1985, 5, 17), "2")
UNKNOWN = "999999999999"


@pytest.fixture
def database() -> PopulationDatabase:
    """A database that knows Bích as she is."""
    return PopulationDatabase([BICH], odd=False)


@pytest.fixture
def address(database: PopulationDatabase) -> Iterator[str]:
    with serving(database) as running:
        yield running


@pytest.fixture
def channel(address: str) -> Iterator[PopulationChannel]:
    opened = PopulationChannel(address, token=TOKEN, patience=timedelta(seconds=1))
    yield opened
    opened.close()
