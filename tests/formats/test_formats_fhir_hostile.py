"""Hostile and broken bundles: each refused or told with its own code, none slow, none a crash."""

from __future__ import annotations

import contextlib
import json
import time
from collections.abc import Callable
from functools import cache
from pathlib import Path
from random import Random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.formats.test_formats_fhir_native import about, coded, encounter, patient, read, transaction, visit_of

from ymach.formats.errors import Refused
from ymach.formats.fhir import safejson
from ymach.formats.fhir.bundle import open_bundle
from ymach.formats.fhir.names import EXTENSION
from ymach.formats.fhir.read import read_bundle
from ymach.formats.fhir.safejson import Limits
from ymach.formats.fhir.write import write_bundle
from ymach.formats.safexml import parse
from ymach.formats.xml130.envelope import open_envelope
from ymach.formats.xml130.read import read_dossier

EXAMPLE = Path(__file__).parent.parent / "data" / "examples" / "02-inpatient-referral.xml"


@cache
def whole() -> bytes:
    dossier = read_dossier(open_envelope(parse(EXAMPLE.read_bytes())).dossiers[0]).dossier
    assert dossier is not None
    return write_bundle(dossier)


def refusal(raw: bytes, **limits: Any) -> str:
    with pytest.raises(Refused) as refused:
        open_bundle(raw, Limits(**limits))
    return refused.value.finding.code


def codes(*resources: Any) -> set[str]:
    return {one.code for one in read(*resources).findings}


def places(code: str, *resources: Any) -> list[str | None]:
    return [one.field for one in read(*resources).findings if one.code == code]


@pytest.mark.parametrize(
    ("raw", "code"),
    [
        (b"", "YM-FHIR-NOT-JSON"),
        (b"{", "YM-FHIR-NOT-JSON"),
        (b"<Bundle/>", "YM-FHIR-NOT-JSON"),
        (b'{"a": NaN}', "YM-FHIR-NOT-JSON"),
        (b'{"a": -Infinity}', "YM-FHIR-NOT-JSON"),
        (b'{"a": "\xff"}', "YM-FHIR-NOT-JSON"),
        ('{"resourceType": "Bundle"}'.encode("utf-16"), "YM-FHIR-NOT-JSON"),
        (b'{"a": %s}' % (b"9" * 5000), "YM-FHIR-NOT-JSON"),
        (b"[" * 100 + b"]" * 100, "YM-FHIR-TOO-DEEP"),
        (b"[" * 100_000, "YM-FHIR-TOO-DEEP"),
        (b'{"a":' * 40 + b"1" + b"}" * 40, "YM-FHIR-TOO-DEEP"),
        (b'["]", "[", ' + b"[" * 40 + b'"]]]]"' + b"]" * 41, "YM-FHIR-TOO-DEEP"),
        (b'{"type": "document", "type": "transaction"}', "YM-FHIR-DUPLICATE-KEY"),
        (b'{"a": {"id": 1, "\\u0069d": 2}}', "YM-FHIR-DUPLICATE-KEY"),
        (b"[]", "YM-FHIR-NOT-BUNDLE"),
        (b"7", "YM-FHIR-NOT-BUNDLE"),
        (b'{"resourceType": "Patient"}', "YM-FHIR-NOT-BUNDLE"),
        (b'{"resourceType": "Bundle", "type": "searchset"}', "YM-FHIR-NOT-BUNDLE"),
        (b'{"resourceType": "Bundle", "type": ["document"]}', "YM-FHIR-NOT-BUNDLE"),
        (b'{"resourceType": "Bundle", "type": "document"}', "YM-FHIR-EMPTY"),
        (b'{"resourceType": "Bundle", "type": "document", "entry": {}}', "YM-FHIR-EMPTY"),
    ],
)
def test_what_is_no_readable_bundle_is_refused(raw: bytes, code: str) -> None:
    assert refusal(raw) == code


def test_size_and_count_are_bounded() -> None:
    raw = transaction(encounter(), patient())
    assert refusal(raw, max_bytes=100) == "YM-FHIR-TOO-BIG"
    assert refusal(raw, max_values=10) == "YM-FHIR-TOO-MANY"
    assert refusal(transaction(*[patient(id=str(n)) for n in range(10_001)])) == "YM-FHIR-TOO-MANY"


def test_brackets_inside_texts_do_not_count_as_depth() -> None:
    assert safejson.parse(json.dumps({"a": "[" * 100 + '\\"{' * 50 + "\\"}).encode()) is not None


@pytest.mark.parametrize(
    ("change", "place"),
    [
        ({"modifierExtension": [{"url": "x"}]}, "Bundle.entry[0].resource"),
        ({"implicitRules": "https://rules.example"}, "Bundle.entry[0].resource"),
        ({"period": {"modifierExtension": []}}, "Bundle.entry[0].resource.period"),
        ({"contained": [{"type": {"modifierExtension": [{}]}}]}, "Bundle.entry[0].resource.contained[0].type"),
    ],
)
def test_what_changes_the_meaning_of_all_around_it_refuses_the_whole(change: dict[str, Any], place: str) -> None:
    with pytest.raises(Refused) as refused:
        open_bundle(transaction(encounter(**change), patient()))
    assert refused.value.finding.code == "YM-FHIR-MODIFIER"
    assert refused.value.finding.field == place


@pytest.mark.parametrize("request_", [None, {}, {"method": "DELETE"}, {"method": "PATCH"}, "POST"])
def test_a_transaction_may_only_put_and_post(request_: Any) -> None:
    bundle = json.loads(transaction(encounter(), patient()))
    bundle["entry"][1]["request"] = request_
    assert refusal(json.dumps(bundle).encode()) == "YM-FHIR-METHOD"


def test_two_resources_of_one_identity_are_refused() -> None:
    assert refusal(transaction(encounter(), patient(), patient(gender="male"))) == "YM-FHIR-DUPLICATE-ID"
    bundle = json.loads(transaction(encounter(), patient(), patient(id="q")))
    for entry in bundle["entry"][1:]:
        entry["fullUrl"] = "urn:uuid:2f1e7f6e-0000-4000-8000-000000000001"
    assert refusal(json.dumps(bundle).encode()) == "YM-FHIR-DUPLICATE-ID"


def test_resources_outside_the_profile_are_left_out_and_counted() -> None:
    reading = read(encounter(), patient(), {"resourceType": "Basic"}, {"resourceType": "Basic"})
    [found] = [one for one in reading.findings if one.code == "YM-FHIR-OUTSIDE-PROFILE"]
    assert (found.value, found.values["count"]) == ("Basic", 2)
    assert visit_of(reading).full_name == "NGUYỄN THỊ MẪU"


def test_contained_resources_are_left_out_and_told() -> None:
    inner = about("MedicationRequest", "m", status="active", contained=[{"resourceType": "Medication", "id": "x"}])
    assert "YM-FHIR-CONTAINED" in codes(encounter(), patient(), inner)


def test_a_reference_that_leads_nowhere_is_told_with_its_place() -> None:
    lost = encounter(
        subject={"reference": "Patient/other"}, serviceProvider={"reference": "http://127.0.0.1/Organization/1"}
    )
    assert places("YM-FHIR-BROKEN-REFERENCE", lost, patient()) == [
        "Bundle.entry[0].resource.subject",
        "Bundle.entry[0].resource.serviceProvider",
    ]


def test_a_reference_to_the_wrong_type_is_told() -> None:
    order = about("MedicationRequest", "m", status="active", requester={"reference": "Patient/p"})
    assert "YM-FHIR-WRONG-REFERENCE" in codes(encounter(), patient(), order)
    assert "YM-FHIR-WRONG-REFERENCE" in codes(encounter(subject={"reference": "Encounter/e"}), patient())


def test_circles_are_found_once_each() -> None:
    ring = [
        about("ServiceRequest", str(n), status="active", basedOn=[{"reference": f"ServiceRequest/{(n + 1) % 3}"}])
        for n in range(3)
    ]
    own = about("Procedure", "x", status="completed", partOf={"reference": "Procedure/x"})
    assert len(places("YM-FHIR-CIRCULAR", encounter(), patient(), *ring, own)) == 2
    assert places("YM-FHIR-CIRCULAR", encounter(), patient(), *ring[:2]) == []


@pytest.mark.parametrize("name", ["subject", "encounter"])
def test_a_resource_about_somebody_else_is_never_read_as_this_patients(name: str) -> None:
    stranger = patient(id="q", identifier=[], name=[{"text": "NGƯỜI KHÁC"}])
    other = encounter(id="f", status="cancelled", identifier=[])
    note = about("ClinicalImpression", "n", status="completed", summary="của người khác")
    note[name] = {"reference": "Patient/q" if name == "subject" else "Encounter/f"}
    reading = read(encounter(), patient(), stranger, other, note)
    assert reading.dossier is not None
    assert reading.dossier.notes == ()
    assert "YM-FHIR-OTHER-PATIENT" in {one.code for one in reading.findings}


def test_another_patients_insurance_card_is_not_taken() -> None:
    card = {
        "resourceType": "Coverage",
        "status": "active",
        "subscriberId": "HC4",
        "beneficiary": {"reference": "Patient/q"},
    }
    reading = read(encounter(), patient(), patient(id="q", identifier=[]), card)
    assert visit_of(reading).insurance_cards == ()
    assert "YM-FHIR-UNUSED" in {one.code for one in reading.findings}


def test_another_patients_diagnosis_is_not_taken() -> None:
    wrong = {
        "resourceType": "Condition",
        "id": "c",
        "subject": {"reference": "Patient/q"},
        "code": coded("icd10", "B20"),
    }
    listed = [{"condition": {"reference": "Condition/c"}}]
    reading = read(encounter(diagnosis=listed), patient(), patient(id="q", identifier=[]), wrong)
    assert visit_of(reading).main_diagnosis is None


def test_two_encounters_are_told_and_the_first_counts() -> None:
    second = encounter(id="f", type=[coded("visit-kind", "03")])
    reading = read(encounter(), second, patient())
    assert visit_of(reading).kind == "01"
    assert "YM-FHIR-ENCOUNTER-TWICE" in {one.code for one in reading.findings}


def test_without_an_encounter_there_is_no_dossier() -> None:
    reading = read(patient())
    assert reading.dossier is None
    assert "YM-FHIR-NO-ENCOUNTER" in {one.code for one in reading.findings}


def test_a_document_that_begins_with_something_else_is_told() -> None:
    bundle = {
        "resourceType": "Bundle",
        "type": "document",
        "entry": [{"resource": encounter()}, {"resource": patient()}],
    }
    reading = read_bundle(open_bundle(json.dumps(bundle).encode()))
    assert "YM-FHIR-NO-COMPOSITION" in {one.code for one in reading.findings}


@pytest.mark.parametrize(
    ("change", "code", "place"),
    [
        ({"period": []}, "YM-FHIR-TYPE", "period.start"),
        ({"period": "hôm qua"}, "YM-FHIR-TYPE", "period.start"),
        ({"period": {"start": 20261110}}, "YM-FHIR-TYPE", "period.start"),
        ({"period": {"start": "10/11/2026"}}, "YM-FHIR-VALUE", "period.start"),
        ({"period": {"start": "2026-11-10"}}, "YM-FHIR-VALUE", "period.start"),
        ({"period": {"start": "2026-13-10T00:00:00Z"}}, "YM-FHIR-VALUE", "period.start"),
        ({"period": {"start": "9999-12-31T23:59:59-12:00"}}, "YM-FHIR-VALUE", "period.start"),
        ({"length": {"value": True}}, "YM-FHIR-TYPE", "length.value"),
        ({"length": {"value": 1e300}}, "YM-FHIR-TYPE", "length.value"),
        ({"length": {"value": 10**30}}, "YM-FHIR-VALUE", "length.value"),
        ({"type": "01"}, "YM-FHIR-TYPE", "type"),
        ({"extension": {}}, "YM-FHIR-TYPE", "extension"),
        ({"extension": [{"url": f"{EXTENSION}xml1-T-THUOC", "valueDecimal": "5"}]}, "YM-FHIR-TYPE", None),
        ({"extension": [{"url": f"{EXTENSION}xml1-T-THUOC", "valueDecimal": 10**40}]}, "YM-FHIR-VALUE", None),
        ({"extension": [{"url": f"{EXTENSION}xml1-KHONG-CO"}]}, "YM-FHIR-UNKNOWN-EXTENSION", "extension"),
        ({"extension": [{"url": f"{EXTENSION}xml1-T-THUOC", "valueDecimal": 5}] * 2}, "YM-FHIR-TWICE", None),
        ({"reasonCode": [{"text": "a\u0000b"}]}, "YM-FMT-CONTROL", "reasonCode[].text"),
        ({"reasonCode": [{"text": "a\ud800b"}]}, "YM-FMT-CONTROL", "reasonCode[].text"),
        ({"reasonCode": [{"text": "x" * 300_000}]}, "YM-FMT-OVERSIZED", "reasonCode[].text"),
        ({"diagnosis": [{"condition": 7}]}, "YM-FHIR-TYPE", "diagnosis[0].condition"),
        ({"diagnosis": [7]}, "YM-FHIR-TYPE", "diagnosis[0].condition"),
    ],
)
def test_a_wrong_value_is_left_out_and_told_with_its_place(
    change: dict[str, Any], code: str, place: str | None
) -> None:
    reading = read(encounter(**change), patient())
    found = [one for one in reading.findings if one.code == code]
    assert found, [one.code for one in reading.findings]
    if place is not None:
        assert f"Bundle.entry[0].resource.{place}" in {one.field for one in found}
    assert visit_of(reading).code == "99001.26.1"


def test_a_huge_exponent_is_a_wrong_value_and_costs_nothing() -> None:
    raw = transaction(encounter(extension=[{"url": f"{EXTENSION}xml1-T-THUOC", "valueDecimal": 77777}]), patient())
    for number in (b"1e999999999", b"1e-999999999", b"0e999999", b"1." + b"0" * 100_000):
        reading = read_bundle(open_bundle(raw.replace(b"77777", number)))
        assert visit_of(reading).total_medicines is None
        assert "YM-FHIR-VALUE" in {one.code for one in reading.findings}
    assert refusal(raw.replace(b"77777", b"1e99999999999999999999")) == "YM-FHIR-NOT-JSON"


def test_markup_in_a_narrative_is_only_text() -> None:
    letter = about(
        "Composition",
        "d",
        status="final",
        type=coded("part", "dossier"),
        section=[
            {
                "code": coded("section", "treatment"),
                "text": {
                    "div": '<div xmlns="http://www.w3.org/1999/xhtml"><p>Kháng sinh</p><b>7 &lt; 8</b> ngày</div>'
                },
            },
            {"code": coded("section", "advice"), "text": {"div": '<!DOCTYPE x [<!ENTITY a "b">]><div>&a;</div>'}},
        ],
    )
    reading = read(encounter(), patient(), letter)
    assert visit_of(reading).treatment == "Kháng sinh\n7 < 8 ngày"
    assert visit_of(reading).advice is None
    assert "YM-FHIR-VALUE" in {one.code for one in reading.findings}


def test_what_is_linked_to_nothing_is_told() -> None:
    alone = about("MedicationDispense", "d", status="completed", whenHandedOver="2026-11-10T09:00:00+07:00")
    assert "YM-FHIR-UNUSED" in codes(encounter(), patient(), alone)


def test_findings_are_bounded() -> None:
    many = [about("Observation", str(n), status="final", code={"text": "x"}, issued="không") for n in range(2_000)]
    found = read(encounter(), patient(), *many).findings
    assert len(found) == 501
    assert found[-1].code == "YM-FMT-TOO-MANY-FINDINGS"


def chain() -> list[dict[str, Any]]:
    return [
        about("ServiceRequest", str(n), status="active", basedOn=[{"reference": f"ServiceRequest/{n + 1}"}])
        for n in range(9_000)
    ]


def flood_of_codings() -> bytes:
    codings = [{"system": f"urn:{n}", "code": str(n)} for n in range(60_000)]
    return transaction(encounter(type=[{"coding": codings}]), patient())


def flood_of_diagnoses() -> bytes:
    listed = [{"condition": {"reference": "Condition/c"}}] * 60_000
    return transaction(encounter(diagnosis=listed), patient(), about("Condition", "c", code=coded("icd10", "A00")))


def flood_of_results() -> bytes:
    report = about("DiagnosticReport", "r", status="final", result=[{"reference": "Observation/o"}] * 90_000)
    return transaction(encounter(), patient(), report)


DAY = {"url": f"{EXTENSION}xml1-NGAY-TAI-KHAM", "valueDate": "2026-11-20"}
FLOODS: dict[str, Callable[[], bytes]] = {
    "chain": lambda: transaction(encounter(), patient(), *chain()),
    "list": lambda: transaction(encounter(extension=[DAY] * 90_000), patient()),
    "codings": flood_of_codings,
    "diagnoses": flood_of_diagnoses,
    "results": flood_of_results,
    "text": lambda: transaction(encounter(reasonCode=[{"text": '\\"[{' * 200_000}]), patient()),
}


@pytest.mark.parametrize("name", FLOODS)
def test_a_flood_costs_in_proportion_to_its_size(name: str) -> None:
    raw = FLOODS[name]()
    started = time.process_time()
    with contextlib.suppress(Refused):
        read_bundle(open_bundle(raw))
    assert time.process_time() - started < 2 + 2 * len(raw) / 1_000_000


NAMES = [
    "reference", "coding", "system", "code", "value", "text", "start", "url", "extension", "valueString", "div",
    "identifier", "actor", "diagnosis", "condition", "rank", "use", "status", "subject", "period", "section", "type",
    "quantity", "valueQuantity", "category", "performer", "name", "birthDate", "_birthDate", "order", "meta",
]  # fmt: skip
JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-5, 10**19) | st.text(max_size=5) | st.sampled_from(["Patient/p", "final"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(NAMES), inner, max_size=4),
    max_leaves=12,
)
TYPES = [
    "Encounter", "Patient", "Coverage", "Condition", "Observation", "MedicationRequest", "MedicationDispense", "ChargeItem",
    "Composition", "ServiceRequest", "Task", "Appointment", "EpisodeOfCare", "DiagnosticReport", "Practitioner", "Immunization",
]  # fmt: skip


@settings(deadline=None)
@given(
    st.lists(st.tuples(st.sampled_from(TYPES), st.dictionaries(st.sampled_from(NAMES), JSON, max_size=8)), max_size=4)
)
def test_nothing_that_a_sender_writes_crashes_the_reader(drawn: list[tuple[str, dict[str, Any]]]) -> None:
    strange = [{"resourceType": name, **elements} for name, elements in drawn]
    try:
        reading = read(encounter(diagnosis=[{"condition": {"reference": "Condition/c"}}]), patient(), *strange)
    except Refused:
        return
    for finding in reading.findings:
        assert finding.as_json()["vi"]


@settings(deadline=None)
@given(st.sampled_from(["Encounter", "Patient"]), st.dictionaries(st.sampled_from(NAMES), JSON, max_size=8))
def test_nothing_written_into_visit_or_patient_crashes_the_reader(name: str, elements: dict[str, Any]) -> None:
    resources = [encounter(), patient()]
    resources[0 if name == "Encounter" else 1].update(elements)
    try:
        found = read(*resources).findings
    except Refused as refused:
        found = [refused.finding]
    assert all(one.as_json()["vi"] and one.as_json()["en"] for one in found)


STRANGE = [
    None,
    [],
    {},
    "",
    7,
    -1,
    True,
    [[]],
    [None],
    "x",
    "2026",
    "\ud800",
    {"coding": [None]},
    {"reference": []},
    10**30,
]


def nodes(node: Any) -> list[tuple[Any, Any]]:
    inside = list(node.items()) if isinstance(node, dict) else list(enumerate(node)) if isinstance(node, list) else []
    return [(node, name) for name, _ in inside] + [found for _, inner in inside for found in nodes(inner)]


@settings(deadline=None)
@given(st.integers(0, 2**32 - 1), st.sampled_from([1, 2, 5, 40]))
def test_a_whole_dossier_with_strange_things_in_any_place_crashes_nothing(seed: int, changes: int) -> None:
    rng, bundle = Random(seed), json.loads(whole())
    everywhere = nodes(bundle)
    for _ in range(changes):
        holder, name = rng.choice(everywhere)
        holder[name] = rng.choice(STRANGE)
    try:
        reading = read_bundle(open_bundle(json.dumps(bundle).encode()))
    except Refused:
        return
    for finding in reading.findings:
        assert finding.as_json()["en"]
