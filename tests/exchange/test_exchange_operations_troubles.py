"""What an operator must look at follows from the picture, and each kind has a section of the runbook."""

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from ymach.exchange.operations.rules import Database, Destination, Standing, Worker
from ymach.exchange.operations.runbook import sections
from ymach.exchange.operations.troubles import Disk, Picture, troubles

AT = datetime(2026, 11, 23, 3, 0, tzinfo=UTC)
WORKER = Worker("host", 7, ("insurance",), {}, AT - timedelta(hours=1), AT)
FINE = Destination("insurance", Standing.ANSWERING, None, None, 0, 0, 0, None, 1.5)
STORE = Database(10**9, 20, 100, None, None, 0)
CALM = Picture(AT, [FINE], [WORKER], STORE, Disk(100, 50), is_watched=True, mentions_until=AT)
HOURS = timedelta(hours=2)

SEEN = {
    "nobody-works": replace(CALM, workers=[replace(WORKER, alive_at=AT - HOURS)]),
    "worker-lost": replace(CALM, workers=[WORKER, replace(WORKER, alive_at=AT - HOURS)]),
    "nobody-watches": replace(CALM, is_watched=False),
    "destination-away": replace(CALM, destinations=[replace(FINE, standing=Standing.AWAY, away_since=AT - HOURS)]),
    "destination-unserved": replace(CALM, destinations=[replace(FINE, standing=Standing.UNSERVED, oldest=HOURS)]),
    "queue-old": replace(CALM, destinations=[replace(FINE, oldest=HOURS)]),
    "deliveries-stuck": replace(CALM, destinations=[replace(FINE, by_hand=3)]),
    "database-connections": replace(CALM, database=replace(STORE, connections=80)),
    "database-transaction": replace(CALM, database=replace(STORE, oldest=HOURS)),
    "database-lag": replace(CALM, database=replace(STORE, lag=60.0, standbys=1)),
    "disk-full": replace(CALM, disk=Disk(100, 9)),
    "platform-certificate": replace(CALM, ending=1),
    "facility-certificates": replace(CALM, expiring=4),
    "mentions-behind": replace(CALM, mentions_until=AT - HOURS),
}


def test_a_calm_system_has_nothing_to_look_at() -> None:
    assert troubles(CALM) == []


@pytest.mark.parametrize("code", SEEN)
def test_each_trouble_is_seen_and_has_a_section(code: str) -> None:
    assert [one.code for one in troubles(SEEN[code])] == [code]
    assert sections()[code].steps


def test_what_waits_for_a_hand_comes_first() -> None:
    seen = replace(CALM, mentions_until=AT - HOURS, disk=Disk(100, 1))
    assert [one.code for one in troubles(seen)] == ["disk-full", "mentions-behind"]


def test_a_short_pause_of_a_partner_waits_for_nobody() -> None:
    away = replace(FINE, standing=Standing.AWAY, away_since=AT - timedelta(minutes=3))
    (found,) = troubles(replace(CALM, destinations=[away]))
    assert not found.is_grave


def test_the_guide_for_operators_has_the_same_sections() -> None:
    guide = (Path(__file__).parents[2] / "docs" / "operators.md").read_text(encoding="utf-8")
    runbook = guide.split("## Runbook", 1)[1].split("\n## ", 1)[0]
    assert set(re.findall(r"^### ([a-z-]+)$", runbook, re.MULTILINE)) == sections().keys() == SEEN.keys()
