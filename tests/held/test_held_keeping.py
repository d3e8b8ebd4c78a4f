"""The queue follows what is stored: what is held comes in, what is replaced goes out, the tally follows both."""

from __future__ import annotations

from datetime import date

import pytest
from tests.support.held import outpatient, tally
from tests.support.intake import AT, Desk

from ymach.base import pg
from ymach.exchange.held.models import HeldItem

pytestmark = pytest.mark.django_db


def test_held_dossier_comes_into_the_queue_with_why_and_by_when(desk: Desk) -> None:
    answer = desk.send_one(outpatient(desk))
    item = HeldItem.objects.get()
    assert (item.submission_id.hex, item.state) == (answer.body["id"].replace("-", ""), "waiting")
    assert (item.record_kinds, item.causes) == (["visit"], ["YM-STA-AUTHOR-UNKNOWN"])
    assert item.due_on == date(2026, 11, 26), "three working days after a Sunday, the 24th is Culture Day"
    assert {one["author"] for one in item.authors} == {"0099901/BYT-CCHN"}
    assert tally() == {("waiting", item.due_on): 1}


def test_later_version_takes_the_earlier_one_out_of_the_queue(desk: Desk) -> None:
    desk.send_one(outpatient(desk))
    desk.send_one(outpatient(desk, doctor="0099900/BYT-CCHN"))
    assert HeldItem.objects.get().state == "replaced"
    assert tally() == {}


def test_held_version_after_a_held_one_leaves_one_item_waiting(desk: Desk) -> None:
    desk.send_one(outpatient(desk))
    desk.send_one(outpatient(desk, doctor="0099909/BYT-CCHN"))
    assert sorted(HeldItem.objects.values_list("version", "state")) == [(1, "replaced"), (2, "waiting")]
    assert list(tally().values()) == [1]


def test_many_held_dossiers_are_one_statement_and_good_ones_none(monkeypatch: pytest.MonkeyPatch, desk: Desk) -> None:
    good = outpatient(desk, "G-1", doctor="0099900/BYT-CCHN")
    sent: list[str] = []
    ask = pg.ask
    monkeypatch.setattr(pg, "ask", lambda *args: sent.append(args[0]) or ask(*args))
    desk.send_one(good, at=AT)
    alone, sent[:] = sum("exchange_held" in one for one in sent), []
    desk.send(*(outpatient(desk, f"H-{n}") for n in range(5)))
    assert (alone, sum("exchange_held" in one for one in sent)) == (0, 1)
    assert (HeldItem.objects.count(), list(tally().values())) == (5, [5])
