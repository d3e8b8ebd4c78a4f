"""Policy: four outcomes from findings, by data with effective dates."""

from __future__ import annotations

import csv
from datetime import date
from importlib.resources import files

import pytest

from ymach.base.findings import FindingKind, Severity
from ymach.base.text import Text
from ymach.exchange.findings import catalogue
from ymach.exchange.policies.queries import policy_on
from ymach.exchange.policies.rules import PolicySet, gravest, outcome_of_submission
from ymach.exchange.records import RECORD_KINDS

NOT_ABOUT_RECORDS = ("YM-RCP-", "YM-AUT-", "YM-CRL-")


def kind(code: str, severity: Severity) -> FindingKind:
    return FindingKind(code, severity, Text("a", "a"), Text("b", "b"), "test")


def test_every_finding_has_a_shipped_policy() -> None:
    shipped = files("ymach.exchange.policies").joinpath("data/policy.csv").read_text(encoding="utf-8")
    rows = {(row["finding_code"], row["record_kind"]) for row in csv.DictReader(shipped.splitlines())}
    wanted = {one.code for one in catalogue() if not one.code.startswith(NOT_ABOUT_RECORDS)}
    assert wanted == {code for code, record_kind in rows if record_kind == "*"}
    assert {record_kind for _, record_kind in rows} <= {"*", *RECORD_KINDS}


def test_findings_have_both_sentences_and_something_to_do() -> None:
    for one in catalogue():
        said = (one.text.vi, one.text.en, one.action.vi, one.action.en, one.source)
        assert all(sentence.strip() for sentence in said), one.code
        assert one.text.vi != one.text.en, one.code


def test_row_for_the_kind_counts_before_the_row_for_any_kind() -> None:
    policy = PolicySet({("YM-X", "*"): "held", ("YM-X", "prescription"): "rejected"})
    finding = kind("YM-X", Severity.ERROR).at()
    assert policy.outcome_of(finding, "prescription") == "rejected"
    assert policy.outcome_of(finding, "visit") == "held"


@pytest.mark.parametrize(
    ("severity", "outcome"),
    [
        (Severity.NOTE, "accepted"),
        (Severity.WARNING, "accepted_with_findings"),
        (Severity.ERROR, "accepted_with_findings"),
    ],
)
def test_finding_nobody_has_ruled_on_never_stops_a_record(severity: Severity, outcome: str) -> None:
    assert PolicySet({}).outcome_of(kind("YM-NEW", severity).at(), "visit") == outcome


@pytest.mark.parametrize(
    ("outcomes", "whole"),
    [
        ([], "rejected"),
        (["accepted"], "accepted"),
        (["accepted", "held"], "held"),
        (["rejected", "rejected"], "rejected"),
        (["accepted", "rejected"], "accepted_with_findings"),
        (["held", "rejected"], "held"),
    ],
)
def test_submission_is_rejected_only_when_every_record_is(outcomes: list[str], whole: str) -> None:
    assert outcome_of_submission(outcomes) == whole


def test_gravest_of_nothing_is_accepted() -> None:
    assert gravest([]) == "accepted"


@pytest.mark.django_db
def test_policy_of_a_day_is_the_one_in_force_on_it() -> None:
    finding = next(one for one in catalogue() if one.code == "YM-SIG-BROKEN").at()
    assert policy_on(date(2026, 11, 22)).outcome_of(finding, "visit") == "rejected"
    assert not policy_on(date(2019, 12, 31)).outcomes
