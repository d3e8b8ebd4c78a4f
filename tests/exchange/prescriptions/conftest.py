"""A prescription from a signed dossier, and a pharmacy that dispenses it."""

from __future__ import annotations

from copy import deepcopy
from datetime import UTC, datetime

import pytest
from tests.support.intake import Desk, example, open_desk
from tests.support.prescriptions import EXAMPLE, Counter, open_pharmacy, prescribe

from ymach.exchange.prescriptions.models import Prescription

ISSUED = datetime(2026, 11, 5, 2, 30, tzinfo=UTC)  # 09:30 in Viet Nam, as the example says
AT = datetime(2026, 11, 6, 3, 0, tzinfo=UTC)


@pytest.fixture(scope="module")
def _opened_desk(_kept_rows: None) -> Desk:
    return open_desk("99003")


@pytest.fixture(scope="module")
def _opened_counter(_kept_rows: None) -> Counter:
    return open_pharmacy()


@pytest.fixture
def counter(_opened_counter: Counter) -> Counter:
    return deepcopy(_opened_counter)


@pytest.fixture
def prescription(desk: Desk) -> Prescription:
    return prescribe(desk, example(EXAMPLE), AT)
