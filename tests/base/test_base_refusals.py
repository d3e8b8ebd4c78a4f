from __future__ import annotations

import pytest
from django.db import IntegrityError, connection
from tests.support.factories import make_facility

from ymach.base.errors import Conflict
from ymach.base.refusals import refused_as

pytestmark = pytest.mark.django_db

BROKEN = "UPDATE facilities_facility SET gln = '1'"


def test_named_constraint_becomes_the_error_given_for_it() -> None:
    make_facility()
    with pytest.raises(Conflict), refused_as({"facility_gln_check_digit": Conflict}):
        _run(BROKEN)


def test_other_constraint_passes_through() -> None:
    make_facility()
    with pytest.raises(IntegrityError), refused_as({"facility_gln_once": Conflict}):
        _run(BROKEN)


def test_transaction_goes_on_after_a_refusal() -> None:
    facility = make_facility()
    with pytest.raises(Conflict), refused_as({"facility_gln_check_digit": Conflict}):
        _run(BROKEN)
    facility.refresh_from_db()
    assert facility.gln is None


def _run(statement: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('ymach.actor', 'x', true), set_config('ymach.reason', 'x', true)")
        cursor.execute(statement)
