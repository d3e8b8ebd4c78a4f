"""The decision of every reading, row by row of `truth.csv`."""

from __future__ import annotations

import csv
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid5

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ymach.base.clock import start_of_day
from ymach.consent.regimes import regimes
from ymach.consent.rules import (
    COMPARTMENTS,
    KINDS,
    Basis,
    Capacity,
    EmergencyFact,
    Facts,
    Given,
    LawBasis,
    Purpose,
    Question,
    ReferralFact,
    Restriction,
    decide,
)
from ymach.consent.words import BASIS_WORDS, CAPACITY_WORDS, PURPOSE_WORDS, REFUSALS
from ymach.exchange.records import RECORD_KINDS

SPACE = UUID(int=7)
CLINIC, HOSPITAL, PERSON, STRANGER = (uuid5(SPACE, name) for name in ("clinic", "hospital", "person", "stranger"))
ROWS = list(csv.DictReader((Path(__file__).parent / "truth.csv").read_text(encoding="utf-8").splitlines()))
PROBES = {
    "visit": {"kind": "visit", "facility_id": HOSPITAL},
    "pill": {"kind": "prescription", "facility_id": HOSPITAL},
    "hiv": {"kind": "hiv-care", "facility_id": HOSPITAL, "compartment": "hiv"},
    "own": {"kind": "visit", "facility_id": CLINIC},
    "own-hiv": {"kind": "hiv-care", "facility_id": CLINIC, "compartment": "hiv"},
}


def day(text: str) -> datetime:
    return start_of_day(date.fromisoformat(text))


CONSENT = Given(
    UUID(int=1), Purpose.TREATMENT, Capacity.SELF, day("2026-02-01"), day("2026-02-01"), facilities=frozenset({CLINIC})
)
PLAIN_2025 = replace(CONSENT, given_at=day("2025-02-01"), since=day("2025-02-01"), is_request=False)
HIV = replace(CONSENT, compartments=COMPARTMENTS)
CONSENTS = {
    "consent": CONSENT,
    "consent-insurance": replace(CONSENT, purpose=Purpose.INSURANCE),
    "consent-elsewhere": replace(CONSENT, facilities=frozenset({HOSPITAL})),
    "consent-elsewhere-withdrawn": replace(CONSENT, facilities=frozenset({HOSPITAL}), withdrawn_at=day("2026-04-01")),
    "consent-pills": replace(CONSENT, kinds=frozenset({"prescription"})),
    "consent-hiv": HIV,
    "consent-hiv-parent": replace(HIV, capacity=Capacity.PARENT),
    "consent-hiv-mandate": replace(HIV, capacity=Capacity.MANDATE),
    "consent-treating": replace(CONSENT, facilities=frozenset(), is_for_treating=True),
    "consent-withdrawn": replace(CONSENT, withdrawn_at=day("2026-04-01")),
    "consent-expired": replace(CONSENT, until=day("2026-04-01")),
    "consent-future": replace(CONSENT, since=day("2026-09-01")),
    "consent-waiting": replace(CONSENT, capacity=Capacity.PARENT, is_complete=False),
    "consent-2025": replace(PLAIN_2025, is_request=True),
    "consent-2025-plain": PLAIN_2025,
    "consent-2022": replace(PLAIN_2025, given_at=day("2022-02-01")),
    "consent-plain": replace(CONSENT, is_request=False),
}
RESTRICTION = Restriction(day("2026-02-01"))
RESTRICTIONS = {
    "restriction": RESTRICTION,
    "restriction-pills": replace(RESTRICTION, kinds=frozenset({"prescription"})),
    "restriction-elsewhere": replace(RESTRICTION, readers=frozenset({HOSPITAL})),
    "restriction-lifted": replace(RESTRICTION, until=day("2026-11-01")),
}
LAW = LawBasis("order 12", frozenset({Purpose.INSPECTION}), day("2026-01-01"))
LAWS = {
    "law": LAW,
    "law-hiv": replace(LAW, compartments=COMPARTMENTS),
    "law-care-hiv": replace(LAW, purposes=frozenset({Purpose.TREATMENT}), compartments=COMPARTMENTS),
}
REFERRAL = ReferralFact("referral:1", day("2026-05-20"), day("2026-07-01"), frozenset({HOSPITAL}))
EMERGENCY = EmergencyFact("emergency:1", day("2026-06-01"), day("2026-06-02"))


def facts_of(words: str) -> Facts:
    names = words.split()
    known = {*CONSENTS, *RESTRICTIONS, *LAWS, "referral", "emergency", "own", "treating", "proxy", "proxy-parent"}
    assert set(names) <= known
    return Facts(
        consents=tuple(CONSENTS[name] for name in names if name in CONSENTS),
        referrals=(REFERRAL,) if "referral" in names else (),
        emergencies=(EMERGENCY,) if "emergency" in names else (),
        law_bases=tuple(LAWS[name] for name in names if name in LAWS),
        restrictions=tuple(RESTRICTIONS[name] for name in names if name in RESTRICTIONS),
        own_facility="own" in names,
        treating="treating" in names,
        proxy="proxy" in names or "proxy-parent" in names,
        proxy_compartments=COMPARTMENTS if "proxy-parent" in names else frozenset(),
    )


def question_of(row: dict[str, str]) -> Question:
    readers: dict[str, dict[str, Any]] = {
        "clinic": {"reader_facility_id": CLINIC},
        "oneself": {"reader_citizen_id": PERSON},
        "stranger": {"reader_citizen_id": STRANGER},
    }
    return Question(day(row["day"]), Purpose(row["purpose"]), frozenset({PERSON}), **readers[row["reader"]])


@pytest.mark.parametrize("row", ROWS, ids=[row["rule"] for row in ROWS])
def test_the_decision_of_a_reading(row: dict[str, str]) -> None:
    decision = decide(question_of(row), facts_of(row["facts"]))
    assert (decision.basis or decision.code) == row["answer"]
    assert {name for name, probe in PROBES.items() if decision.opens(**probe)} == set(row["sees"].split())


def test_a_decision_names_the_consent_and_the_law_of_its_day() -> None:
    question = question_of({"day": "2026-06-01", "purpose": "treatment", "reader": "clinic"})
    old = decide(question, facts_of("consent-2025"))
    new = decide(question, facts_of("consent"))
    assert (old.reference, old.law) == (f"consent:{CONSENT.id}", "13/2023/NĐ-CP, Điều 11")
    assert new.law.startswith("91/2025/QH15")


def test_everything_a_rule_can_answer_has_words() -> None:
    assert set(PURPOSE_WORDS) == {one.value for one in Purpose}
    assert set(BASIS_WORDS) == {one.value for one in Basis}
    assert set(CAPACITY_WORDS) == {one.value for one in Capacity}
    assert {row["answer"] for row in ROWS} == {code for code, _ in REFUSALS.values()} | set(Basis)
    assert all({*Basis} == set(one.laws) for one in regimes())


def test_the_kinds_of_record_are_those_of_the_exchange() -> None:
    assert set(RECORD_KINDS) == KINDS


MOMENTS = st.datetimes(datetime(2025, 1, 1), datetime(2027, 1, 1)).map(lambda at: at.replace(tzinfo=UTC))  # noqa: DTZ001
NAMES = sorted({*CONSENTS, *LAWS, "referral", "emergency", "own", "treating"})


@given(st.lists(st.sampled_from(NAMES), unique=True), st.sampled_from(list(Purpose)), MOMENTS)
def test_a_restriction_never_opens_anything(names: list[str], purpose: Purpose, at: datetime) -> None:
    question = Question(at, purpose, frozenset({PERSON}), reader_facility_id=CLINIC)
    free, bound = (decide(question, facts_of(" ".join([*names, *more]))) for more in ((), ("restriction",)))
    assert not any(bound.opens(**probe) and not free.opens(**probe) for probe in PROBES.values())


@given(st.lists(st.sampled_from(sorted(CONSENTS)), unique=True), st.sampled_from(list(Purpose)), MOMENTS)
def test_what_is_withdrawn_opens_nothing_from_that_moment_on(names: list[str], purpose: Purpose, at: datetime) -> None:
    question = Question(at, purpose, frozenset({PERSON}), reader_facility_id=CLINIC)
    facts = facts_of(" ".join(names))
    over = replace(facts, consents=tuple(replace(one, withdrawn_at=at) for one in facts.consents))
    assert not decide(question, over).allowed
    assert not decide(replace(question, at=at + timedelta(days=1)), over).allowed
