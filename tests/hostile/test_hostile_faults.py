"""Inputs that are taken with a finding: each is told, and has its outcome for each record."""

from __future__ import annotations

import pytest
from tests.support.bad_inputs import FAULTS, OTHER_AUTHORS, Fault
from tests.support.hostile import codes, post
from tests.support.intake import Desk, open_desk

from ymach.exchange.models import Record
from ymach.exchange.verification import verify_counters

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def _opened_desk(_kept_rows: None) -> Desk:
    """Without the prescriber, whom each case makes as it wants."""
    return open_desk(authors=OTHER_AUTHORS)


@pytest.mark.parametrize("case", FAULTS, ids=lambda case: case.name)
def test_fault_is_told_and_has_its_outcome(case: Fault, desk: Desk) -> None:
    _, content = case.make(desk)
    answer = post(desk, content)
    body = answer.json()
    assert answer.status_code == 201
    assert case.code in codes(body)
    told = {record["kind"]: record["outcome"] for record in body["records"]}
    assert (told["visit"], told["prescription"]) == (case.visit, case.prescription)
    kept = set(Record.objects.values_list("kind", flat=True))
    assert ("prescription" in kept) == (case.prescription != "rejected")
    assert verify_counters().holds
