"""The verdict: what holds on a day, and in which words."""

from dataclasses import replace
from datetime import date
from uuid import UUID

import pytest

from ymach.base.clock import now
from ymach.base.errors import TooMany
from ymach.base.periods import Period
from ymach.publication.asking import address_of, check_pace
from ymach.publication.rules import Entry, Place, State, Stop, judge, places_on, sentence_of, word_of

ON = date(2026, 6, 1)
YEAR = Period(date(2026, 1, 1), date(2027, 1, 1))
BASE = Entry(
    UUID(int=1), "Trần Minh Đức", "a", "licence", "000123/HCM-GPHN", "000123/HCM-GPHN", "Sở Y tế", date(2024, 1, 1),
    Period(date(2024, 1, 1), date(2029, 1, 1)), places=(Place("01001", "Bệnh viện", "01", "", "", Period(date(2024, 1, 1))),),
)  # fmt: skip


@pytest.mark.parametrize(
    ("change", "state", "may"),
    [
        ({}, State.ACTIVE, True),
        ({"suspensions": (Stop(YEAR, "1/QĐ"),)}, State.SUSPENDED, False),
        ({"suspensions": (Stop(YEAR, "1/QĐ", False, ("V",)),)}, State.SUSPENDED, True),
        ({"bans": (Stop(Period(date(2026, 1, 1)), "2/QĐ"),), "revoked_on": ON}, State.BANNED, False),
        ({"revoked_on": ON, "suspensions": (Stop(YEAR),)}, State.REVOKED, False),
        ({"valid": Period(date(2020, 1, 1), ON)}, State.EXPIRED, False),
        ({"valid": Period(date(2020, 1, 1), ON), "replaced_by": "9"}, State.CONVERTED, False),
        ({"valid": Period(date(2026, 6, 2))}, State.INACTIVE, False),
        ({"revoked_on": date(2026, 6, 2)}, State.ACTIVE, True),
    ],
)
def test_the_gravest_fact_decides(change: dict[str, object], state: State, may: bool) -> None:
    entry = replace(BASE, **change)  # type: ignore[arg-type]
    verdict = judge(entry, ON)
    assert (verdict.state, verdict.may_practise) == (state, may)
    assert bool(places_on(entry, ON)) == may
    assert bool(sentence_of(verdict, entry).vi) == (state is not State.ACTIVE)
    assert word_of(verdict).en


def test_a_suspension_says_its_last_day_and_its_decision() -> None:
    entry = replace(BASE, suspensions=(Stop(YEAR, "12/QĐ-SYT"),))
    told = sentence_of(judge(entry, ON), entry)
    assert "01/01/2026 đến hết 31/12/2026" in told.vi
    assert "12/QĐ-SYT" in told.en


@pytest.mark.parametrize(
    ("forwarded", "proxies", "address"),
    [
        ("6.6.6.6", 0, "10.0.0.1"),
        ("", 1, "10.0.0.1"),
        ("6.6.6.6, 8.8.8.8", 1, "8.8.8.8"),
        ("6.6.6.6, 8.8.8.8, 10.0.0.2", 2, "8.8.8.8"),
        ("8.8.8.8", 2, "10.0.0.1"),
    ],
)
def test_only_what_our_own_proxies_wrote_is_believed(forwarded: str, proxies: int, address: str) -> None:
    assert address_of("10.0.0.1", forwarded, proxies=proxies) == address


@pytest.mark.django_db
def test_an_address_has_its_questions_a_minute_and_a_network_of_ipv6_counts_once() -> None:
    at = now()
    for last in range(3):
        check_pace(f"2001:db8::{last}", allowed=3, at=at)
    with pytest.raises(TooMany) as refused:
        check_pace("2001:db8::9", allowed=3, at=at)
    assert 0 < int(str(refused.value.values["retry_after"])) <= 60
    check_pace("2001:db8:1::9", allowed=3, at=at)
