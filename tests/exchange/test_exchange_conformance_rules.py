"""What a conformance run amounts to."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ymach.exchange.conformance.cases import Case
from ymach.exchange.conformance.rules import (
    LIFETIME,
    REST,
    Seen,
    Verdict,
    has_passed,
    is_open,
    seconds_until_next,
    verdict_of,
    verdict_of_group,
)

AT = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
GOOD = Case("GOOD-OUTPATIENT", "good", "accepted")
BAD = Case("YM-COD-UNKNOWN", "content", "accepted_with_findings")
PASSED, FAILED, NOT_TRIED = Verdict


def seen(outcome: str, *codes: str) -> Seen:
    return Seen(AT, "00", 200, outcome, codes)


@pytest.mark.parametrize(
    ("case", "what", "verdict"),
    [
        (GOOD, seen("accepted"), PASSED),
        (GOOD, seen("accepted", "YM-SND-CERTIFICATE-UNREGISTERED"), PASSED),
        (GOOD, seen("accepted", "YM-COD-UNKNOWN"), FAILED),
        (GOOD, seen("rejected"), FAILED),
        (BAD, seen("accepted_with_findings", "YM-COD-UNKNOWN", "YM-SUM-LINE"), PASSED),
        (BAD, seen("accepted_with_findings", "YM-SUM-LINE"), FAILED),
        (BAD, seen("rejected", "YM-COD-UNKNOWN"), FAILED),
        (BAD, None, NOT_TRIED),
    ],
)
def test_a_case_passes_by_its_outcome_and_its_finding(case: Case, what: Seen | None, verdict: Verdict) -> None:
    assert verdict_of(case, what, grave={"YM-COD-UNKNOWN", "YM-SUM-LINE"}) is verdict


@given(st.lists(st.sampled_from(Verdict), max_size=6))
def test_a_group_passes_only_when_each_of_its_cases_does(verdicts: list[Verdict]) -> None:
    found = verdict_of_group(verdicts)
    assert (found is PASSED) == (bool(verdicts) and all(one is PASSED for one in verdicts))
    assert (found is NOT_TRIED) == all(one is NOT_TRIED for one in verdicts)


def test_only_what_is_optional_may_be_left_out_and_only_as_a_whole() -> None:
    assert has_passed({"good": PASSED, "fhir": NOT_TRIED})
    assert not has_passed({"good": PASSED, "fhir": FAILED})
    assert not has_passed({"good": NOT_TRIED, "fhir": PASSED})
    assert not has_passed({})


def test_a_run_is_open_for_a_day_unless_it_is_finished() -> None:
    assert is_open(expires_at=AT + LIFETIME, finished_at=None, at=AT)
    assert not is_open(expires_at=AT, finished_at=None, at=AT)
    assert not is_open(expires_at=AT + LIFETIME, finished_at=AT, at=AT)


@pytest.mark.parametrize(("since", "wait"), [(timedelta(), 15), (timedelta(seconds=14.2), 1), (REST, None)])
def test_another_run_may_be_opened_after_a_rest(since: timedelta, wait: int | None) -> None:
    assert seconds_until_next(AT - since, at=AT) == wait
    assert seconds_until_next(None, at=AT) is None
