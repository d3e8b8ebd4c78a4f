"""What a change would have done: receipts judged by two policies, and the sums."""

from __future__ import annotations

from datetime import date
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from ymach.exchange.policies.reckoning import Move, Reckoning, is_outright, moves_of, shifted
from ymach.exchange.policies.rules import GRAVITY, PolicySet

NOW = PolicySet({("YM-A", "*"): "accepted_with_findings", ("YM-B", "*"): "held"})
COUNTS = st.dictionaries(st.sampled_from(GRAVITY), st.integers(0, 9), min_size=4)


def receipt(*records: tuple[str, list[str]], whole: list[str] | None = None) -> dict[str, Any]:
    """Claims with these records, each its kind and the codes found."""
    entries = [{"kind": kind, "findings": [found(code) for code in codes]} for kind, codes in records]
    return {"outcome": "accepted", "findings": [found(code) for code in whole or []], "records": entries}


def found(code: str) -> dict[str, str]:
    return {"code": code, "severity": "error"}


def test_only_records_that_hold_the_finding_move_and_the_gravest_still_counts() -> None:
    claims = receipt(("visit", ["YM-A"]), ("referral", []), ("summary", ["YM-A", "YM-B"]))
    after = NOW.changed("YM-A", "*", "held")
    assert list(moves_of(claims, NOW, after)) == [Move("visit", "accepted_with_findings", "held")]


def test_row_for_a_kind_touches_that_kind_alone_also_by_findings_of_the_whole() -> None:
    claims = receipt(("visit", []), ("prescription", []), whole=["YM-A"])
    moves = list(moves_of(claims, NOW, NOW.changed("YM-A", "prescription", "rejected")))
    assert moves == [Move("prescription", "accepted_with_findings", "rejected")]
    assert moves[0].is_stop


def test_refusal_before_anything_was_read_is_no_matter_of_policy() -> None:
    assert is_outright({"outcome": "rejected", "findings": [found("YM-SIG-BROKEN")], "records": []})
    assert not is_outright(receipt(("visit", [])))


def test_sums_go_by_province_and_the_most_touched_facilities_and_survive_being_kept() -> None:
    reckoning = Reckoning(date(2026, 11, 15), date(2026, 11, 21))
    for n in range(12):
        reckoning.add(f"010{n:02}", "01", [Move("visit", "accepted", "held")] * (n + 1))
    reckoning.add("79001", "79", [Move("visit", "held", "accepted")], factor=2.5)
    assert (reckoning.stops, reckoning.moved) == (78, 80)
    assert [*reckoning.facilities][:2] == ["01011", "01010"]
    assert len(reckoning.facilities) == 10
    assert Reckoning.of(reckoning.as_json()) == reckoning


@given(counts=COUNTS, moves=st.lists(st.tuples(st.sampled_from(GRAVITY), st.sampled_from(GRAVITY)), max_size=5))
def test_moving_records_neither_makes_nor_loses_any(counts: dict[str, int], moves: list[tuple[str, str]]) -> None:
    possible = {f"{one}>{other}": 1 for one, other in dict.fromkeys(moves) if one != other}
    left = {outcome: sum(move.startswith(f"{outcome}>") for move in possible) for outcome in GRAVITY}
    enough = {outcome: max(counts[outcome], left[outcome]) for outcome in GRAVITY}
    assert sum(shifted(enough, possible).values()) == sum(enough.values())
