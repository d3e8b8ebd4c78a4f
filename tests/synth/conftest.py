"""A small synthetic country: in memory for all tests, in the database for those that send to the intake."""

from __future__ import annotations

from datetime import date
from random import Random

import pytest

from ymach.base.clock import now
from ymach.synth.care.staff import Staff
from ymach.synth.certificates import Certificates
from ymach.synth.model import Facility
from ymach.synth.registry import Country, make_country
from ymach.synth.staffing import staff_by_facility

TODAY = date(2026, 11, 23)


@pytest.fixture(scope="session")
def country() -> Country:
    return make_country(7, facilities=120, practitioners=1500)


@pytest.fixture(scope="session")
def staff(country: Country) -> dict[str, Staff]:
    return staff_by_facility(country.practitioners(), on=TODAY)


@pytest.fixture(scope="session")
def writers(country: Country, staff: dict[str, Staff]) -> list[tuple[Facility, Staff]]:
    """Facilities that can write dossiers, with their staff."""
    return [(one, staff[one.code]) for one in country.facilities if one.code in staff and staff[one.code].can_write]


@pytest.fixture
def rng() -> Random:
    return Random(20261123)


@pytest.fixture(scope="session")
def certificates(tmp_path_factory: pytest.TempPathFactory) -> Certificates:
    return Certificates(tmp_path_factory.mktemp("demo-ca"), at=now())
