"""The list of bad inputs, over HTTP: each has its status and code, tells both readers, and leaves its refusal alone."""

from __future__ import annotations

import logging
import re

import pytest
from tests.support.bad_inputs import REFUSALS, Refusal
from tests.support.hostile import KEPT, TOLD, codes, footprint, post, with_values
from tests.support.intake import Desk, example

from ymach.exchange.models import Record
from ymach.exchange.platform import platform_key
from ymach.exchange.verification import verify_counters
from ymach.trust.jws import verify_receipt
from ymach.trust.platform import jwks

pytestmark = pytest.mark.django_db
PERSONAL = ("999168000017", "GD4999900000017", "NGUYỄN THỊ MẪU", "0900000001")
"""Numbers and name of the person in the examples."""
INSIDES = re.compile(r"Traceback|Error\b|Exception|psycopg|lxml|xmlsec|File \"|/src/|0x[0-9a-f]{6}")


@pytest.mark.parametrize("case", REFUSALS, ids=lambda case: case.name)
def test_refusal_says_what_and_leaves_only_itself(case: Refusal, desk: Desk, caplog: pytest.LogCaptureFixture) -> None:
    desk, content = case.make(desk)
    before = footprint()
    with caplog.at_level(logging.DEBUG):
        answer = post(desk, content, **case.headers)
    after, body = footprint(), answer.json()
    assert (answer.status_code, body["code"], body["outcome"]) == (case.status, case.code, "rejected")
    assert body["detail"].strip()
    assert body["detail_en"].strip()
    assert body["detail"] != body["detail_en"]
    assert {model.__name__: after[model.__name__] - before[model.__name__] for model in KEPT} == dict.fromkeys(
        (model.__name__ for model in KEPT), 0
    )
    assert [after[model.__name__] - before[model.__name__] for model in TOLD] == [1, 1, 1]
    assert verify_receipt(body["receipt"], jwks(platform_key()))["outcome"] == "rejected"
    assert verify_counters().holds
    text = answer.content.decode()
    assert not INSIDES.search(text)
    assert not [one for one in PERSONAL if one in text or one in caplog.text]


def test_same_content_again_changes_nothing(desk: Desk) -> None:
    content = desk.sign(example("01-outpatient.xml"))
    first, before = post(desk, content), footprint()
    again = post(desk, content)
    assert (first.status_code, again.status_code) == (201, 200)
    assert again.json()["receipt"] == first.json()["receipt"]
    assert codes(again.json()) == {"YM-VER-SAME-CONTENT"}
    assert footprint() == before


def test_other_content_under_the_same_code_is_the_next_version(desk: Desk) -> None:
    post(desk, desk.sign(example("01-outpatient.xml")))
    before = footprint()
    answer = post(desk, desk.sign(with_values({"LY_DO_VV": "Lý do khác"})))
    assert answer.status_code == 201
    assert codes(answer.json()) == {"YM-VER-NEW-VERSION"}
    after = footprint()
    assert (after["DossierHead"], after["Citizen"], after["Identifier"]) == tuple(
        before[name] for name in ("DossierHead", "Citizen", "Identifier")
    )
    assert sorted(Record.objects.filter(kind="visit").values_list("version", "is_current")) == [(1, False), (2, True)]
    assert verify_counters().holds
