"""The International Patient Summary: required sections, LOINC codes, references that resolve, narrative that is XHTML."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from ymach.clinical.patient_summary import (
    AllergyFact,
    MedicineFact,
    PatientSummary,
    PlanFact,
    ProblemFact,
    ProcedureFact,
    ResultFact,
    Source,
    Subject,
    VaccinationFact,
)
from ymach.clinical.person import PartialDate
from ymach.formats.fhir import ips

DOCUMENT = UUID("01900000-0000-7000-8000-000000000001")
AT = datetime(2026, 11, 20, 2, 30, tzinfo=UTC)
HOSPITAL = Source("99001", "Bệnh viện Mẫu")
SUBJECT = Subject(
    key=DOCUMENT, name="Nguyễn Thị Mẫu", birth=PartialDate(1968, 5), sex="2", personal_number="999168000017"
)
FULL = PatientSummary(
    subject=SUBJECT,
    made_at=AT,
    allergies=(AllergyFact(substance="Penicillin", is_grave=True, reaction="sốc <phản vệ>", said_at=AT),),
    problems=(ProblemFact(code="I10", name="Tăng huyết áp", first_at=AT, last_at=AT),),
    medicines=(
        MedicineFact(name="Amlodipin", strength="5 mg", dosage="1 viên/ngày", since=AT, until=date(2026, 12, 1)),
    ),
    vaccinations=(
        VaccinationFact(vaccine="Cúm mùa", dose=1, on="2026-03"),
        VaccinationFact(vaccine="OPV", dose=0),
    ),
    results=(
        ResultFact(code="2345-7", name="Glucose", value=Decimal("5.60"), unit="mmol/L", at=AT, source=HOSPITAL),
        ResultFact(code="8310-5", name="Nhiệt độ", value=Decimal("36.8"), unit="°C", at=AT, source=HOSPITAL),
    ),
    procedures=(ProcedureFact(name="Cắt ruột thừa", codes=("47.01",), at=AT, source=HOSPITAL),),
    plans=(PlanFact(title="Khám lại", words="Bệnh viện Mẫu", on=date(2026, 12, 10)),),
)
NOTHING = PatientSummary(subject=SUBJECT, made_at=AT)


def bundle(summary: PatientSummary) -> dict[str, Any]:
    return orjson.loads(ips.write_ips(summary, document_id=DOCUMENT))


def sections(found: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {one["code"]["coding"][0]["code"]: one for one in found["entry"][0]["resource"]["section"]}


def references(node: Any) -> Iterator[str]:
    if isinstance(node, dict):
        if isinstance(node.get("reference"), str):
            yield node["reference"]
        for value in node.values():
            yield from references(value)
    elif isinstance(node, list):
        for value in node:
            yield from references(value)


def test_it_is_a_document_of_the_ips_whose_composition_comes_first() -> None:
    found = bundle(FULL)
    composition = found["entry"][0]["resource"]
    assert (found["type"], composition["resourceType"]) == ("document", "Composition")
    assert composition["type"]["coding"][0]["code"] == "60591-5"
    assert {"identifier", "timestamp"} <= found.keys()


REQUIRED = {"48765-2", "10160-0", "11450-4"}


@pytest.mark.parametrize("summary", [FULL, NOTHING])
def test_the_required_sections_have_entries_and_the_others_entries_or_a_reason(summary: PatientSummary) -> None:
    held = sections(bundle(summary))
    assert all("entry" in held[code] for code in REQUIRED)
    assert all(("entry" in one) is not ("emptyReason" in one) for one in held.values())


def test_every_kind_of_entry_stands_in_its_section() -> None:
    found = bundle(FULL)
    kinds = {one["fullUrl"]: one["resource"]["resourceType"] for one in found["entry"]}
    held = {code: {kinds[line["reference"]] for line in one["entry"]} for code, one in sections(found).items()}
    assert held == {
        "48765-2": {"AllergyIntolerance"},
        "10160-0": {"MedicationStatement"},
        "11450-4": {"Condition"},
        "11369-6": {"Immunization"},
        "8716-3": {"Observation"},
        "30954-2": {"Observation"},
        "47519-4": {"Procedure"},
        "18776-5": {"CarePlan"},
    }


def test_an_empty_section_says_that_nothing_was_reported_and_not_that_there_is_nothing() -> None:
    found = bundle(NOTHING)
    resources = [one["resource"] for one in found["entry"]]
    concepts = [one.get("code") or one.get("medicationCodeableConcept") for one in resources]
    codes = [one["coding"][0] for one in concepts if one]
    assert {one["code"] for one in codes} == {"no-allergy-info", "no-medication-info", "no-problem-info"}
    assert {one["system"].rpartition("/")[2] for one in codes} == {"absent-unknown-uv-ips"}
    reasons = {one["emptyReason"]["coding"][0]["code"] for one in sections(found).values() if "entry" not in one}
    assert reasons == {"unavailable"}


def test_what_was_left_out_is_told_by_the_section_of_problems() -> None:
    hidden = PatientSummary(subject=SUBJECT, made_at=AT, is_withheld=True)
    assert sections(bundle(hidden))["11450-4"]["emptyReason"]["coding"][0]["code"] == "withheld"


def test_the_same_summary_under_the_same_id_gives_the_same_bytes() -> None:
    assert ips.write_ips(FULL, document_id=DOCUMENT) == ips.write_ips(FULL, document_id=DOCUMENT)


def test_a_value_keeps_all_its_digits() -> None:
    assert b'"value":5.60' in ips.write_ips(FULL, document_id=DOCUMENT)


words = st.text(min_size=1, max_size=30)
summaries = st.builds(
    PatientSummary,
    subject=st.builds(Subject, key=st.just(DOCUMENT), name=words, sex=st.sampled_from(["", "1", "2", "3"])),
    made_at=st.just(AT),
    allergies=st.lists(st.builds(AllergyFact, substance=words, reaction=words), max_size=3).map(tuple),
    problems=st.lists(st.builds(ProblemFact, code=words, name=words), max_size=3).map(tuple),
    procedures=st.lists(st.builds(ProcedureFact, name=words, source=st.just(HOSPITAL)), max_size=2).map(tuple),
)


@settings(max_examples=40, deadline=None)
@given(summaries)
def test_every_reference_resolves_and_every_narrative_is_xhtml(summary: PatientSummary) -> None:
    found = bundle(summary)
    urls = [one["fullUrl"] for one in found["entry"]]
    assert len(set(urls)) == len(urls)
    assert set(references(found)) <= set(urls)
    for one in sections(found).values():
        assert etree.fromstring(one["text"]["div"]).tag == "{http://www.w3.org/1999/xhtml}div"
