"""A facility whose outpatient dossier is held: one of its doctors is unknown."""

from __future__ import annotations

import pytest
from tests.support.held import SOME
from tests.support.intake import Desk, open_desk


@pytest.fixture(scope="module")
def _opened_desk(_kept_rows: None) -> Desk:
    return open_desk(authors=SOME)
