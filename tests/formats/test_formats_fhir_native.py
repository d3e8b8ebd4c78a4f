"""Bundles as a hospital's own FHIR software writes them: other order, other identities, logical references, less said."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest

from ymach.clinical.health_book import Allergy, Guardian, Measure, Vaccination
from ymach.clinical.person import InsuranceCard, PartialDate
from ymach.formats.fhir.bundle import open_bundle
from ymach.formats.fhir.names import EXTENSION, system
from ymach.formats.fhir.read import read_bundle
from ymach.formats.xml130.read import Reading
from ymach.formats.xml130.write import write_dossier

Resource = dict[str, Any]


def coded(name: str, code: str, **more: Any) -> Resource:
    return {"coding": [{"system": system(name), "code": code}], **more}


def by_number(name: str, value: str) -> Resource:
    """A logical reference: the number, no resource."""
    return {"identifier": {"system": system(name), "value": value}}


def about(resource_type: str, identity: str, **elements: Any) -> Resource:
    whose = {"subject": {"reference": "Patient/p"}, "encounter": {"reference": "Encounter/e"}}
    return {"resourceType": resource_type, "id": identity, **whose, **elements}


def patient(**changes: Any) -> Resource:
    return {
        "resourceType": "Patient",
        "id": "p",
        "identifier": [
            {"system": system("citizen"), "value": "999168000017"},
            {"system": system("patient"), "value": "BN1"},
        ],
        "name": [{"text": "NGUYỄN THỊ MẪU"}],
        "gender": "female",
        "birthDate": "1968",
        **changes,
    }


def encounter(**changes: Any) -> Resource:
    return {
        "resourceType": "Encounter",
        "id": "e",
        "status": "finished",
        "class": {"code": "AMB"},
        "subject": {"reference": "Patient/p"},
        "identifier": [{"system": system("visit"), "value": "99001.26.1"}],
        "type": [coded("visit-kind", "01")],
        "serviceProvider": by_number("facility", "99001"),
        "period": {"start": "2026-11-10T01:00:00Z", "end": "2026-11-10T09:20"},
        **changes,
    }


def transaction(*resources: Resource) -> bytes:
    entries = [
        {"resource": one, "request": {"method": "POST", "url": one.get("resourceType", "")}} for one in resources
    ]
    return json.dumps({"resourceType": "Bundle", "type": "transaction", "entry": entries}).encode()


def read(*resources: Resource) -> Reading:
    return read_bundle(open_bundle(transaction(*resources)))


def visit_of(reading: Reading) -> Any:
    assert reading.dossier is not None
    assert reading.dossier.visit is not None
    return reading.dossier.visit


def test_a_transaction_with_relative_references_is_one_dossier() -> None:
    visit = visit_of(read(encounter(), patient()))
    assert (visit.code, visit.facility_code, visit.kind) == ("99001.26.1", "99001", "01")
    assert (visit.full_name, visit.personal_number, visit.sex) == ("NGUYỄN THỊ MẪU", "999168000017", "2")
    assert visit.birth_date == PartialDate(1968)


def test_a_time_without_zone_is_viet_nams() -> None:
    visit = visit_of(read(encounter(), patient()))
    assert visit.started_at == datetime(2026, 11, 10, 1, 0, tzinfo=UTC)
    assert visit.ended_at == datetime(2026, 11, 10, 2, 20, tzinfo=UTC)


def test_what_a_row_does_not_say_is_taken_from_the_visit() -> None:
    slip = {"resourceType": "Appointment", "status": "booked", "start": "2026-11-20T08:30:00+07:00"}
    order = about(
        "MedicationRequest",
        "m",
        status="active",
        medicationCodeableConcept=coded("medicine", "40.183", text="Thuốc"),
        requester=by_number("practitioner", "0001/BYT-CCHN"),
    )
    dossier = read(order, slip, patient(), encounter()).dossier
    assert dossier is not None
    assert dossier.appointment is not None
    assert dossier.appointment.full_name == "NGUYỄN THỊ MẪU"
    assert dossier.appointment.appointed_on == date(2026, 11, 20)
    assert dossier.medicines[0].visit_code == "99001.26.1"
    assert dossier.medicines[0].sequence == 1
    assert dossier.medicines[0].prescribers == ("0001/BYT-CCHN",)
    assert {name for name, _ in write_dossier(dossier)} == {"XML1", "XML2", "XML14"}


def test_diagnoses_follow_their_rank_and_not_their_order() -> None:
    conditions = [
        about("Condition", name, code=coded("icd10", code, text=text))
        for name, code, text in (("a", "I10", "Tăng huyết áp"), ("b", "E11.9", None), ("c", "J06", "Sốt, ho"))
    ]
    listed = [
        {"condition": {"reference": "Condition/b"}, "rank": 2, "use": coded("diagnosis-role", "CM")},
        {"condition": {"reference": "Condition/c"}, "rank": 3, "use": coded("diagnosis-role", "AD")},
        {"condition": {"reference": "Condition/a"}, "rank": 1, "use": coded("diagnosis-role", "DD")},
    ]
    visit = visit_of(read(patient(), *conditions, encounter(diagnosis=listed)))
    assert visit.main_diagnosis == "I10"
    assert visit.discharge_diagnosis_text == "Tăng huyết áp"
    assert visit.other_diagnoses == ("E11.9",)
    assert visit.admission_diagnosis_text == "Sốt, ho"


def test_without_roles_the_first_diagnosis_is_the_main_one() -> None:
    conditions = [about("Condition", name, code=coded("icd10", name.upper())) for name in ("i10", "e11")]
    listed = [{"condition": {"reference": f"Condition/{name}"}} for name in ("i10", "e11")]
    visit = visit_of(read(patient(), *conditions, encounter(diagnosis=listed)))
    assert (visit.main_diagnosis, visit.other_diagnoses) == ("I10", ("E11",))


def test_a_refuted_diagnosis_is_not_counted() -> None:
    wrong = about("Condition", "x", code=coded("icd10", "A00"), verificationStatus={"coding": [{"code": "refuted"}]})
    reading = read(patient(), wrong, encounter(diagnosis=[{"condition": {"reference": "Condition/x"}}]))
    assert visit_of(reading).main_diagnosis is None
    assert "YM-FHIR-STATUS" in {one.code for one in reading.findings}


def test_cards_are_read_in_their_stated_order() -> None:
    def card(order: int, number: str) -> Resource:
        return {
            "resourceType": "Coverage",
            "status": "active",
            "beneficiary": {"reference": "Patient/p"},
            "order": order,
            "subscriberId": number,
            "period": {"start": "2026-01-01", "end": "2026-12-31"},
        }

    visit = visit_of(read(patient(), encounter(), card(2, "TE1990000000002"), card(1, "HC4990000000001")))
    period = (date(2026, 1, 1), date(2026, 12, 31))
    assert visit.coverages == (
        InsuranceCard("HC4990000000001", None, *period),
        InsuranceCard("TE1990000000002", None, *period),
    )


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ({"valueQuantity": {"value": 5.10, "unit": "mmol/L"}}, "5.1"),
        ({"valueQuantity": {"value": 0.5, "comparator": "<"}}, "<0.5"),
        ({"valueString": "Âm tính"}, "Âm tính"),
        ({"valueCodeableConcept": {"text": "Dương tính"}}, "Dương tính"),
        ({"valueInteger": 7}, "7"),
        ({}, None),
    ],
)
def test_a_result_of_any_kind_is_text(value: Resource, text: str | None) -> None:
    observation = about("Observation", "o", status="final", code=coded("indicator", "X", text="Chỉ số"), **value)
    dossier = read(patient(), encounter(), observation).dossier
    assert dossier is not None
    assert [one.value for one in dossier.results] == [text]


def test_the_report_gives_its_results_their_service() -> None:
    observation = about("Observation", "o", status="final", code=coded("indicator", "X"), valueString="1")
    report = about(
        "DiagnosticReport", "r", status="final", code=coded("service", "22.1"), result=[{"reference": "Observation/o"}]
    )
    dossier = read(report, observation, patient(), encounter()).dossier
    assert dossier is not None
    assert dossier.results[0].service_code == "22.1"


@pytest.mark.parametrize(
    ("resource", "attribute"),
    [
        (about("MedicationRequest", "m", status="cancelled"), "medicines"),
        (about("MedicationRequest", "m", status="active", doNotPerform=True), "medicines"),
        (about("Observation", "o", status="entered-in-error", valueString="1"), "results"),
        (about("ClinicalImpression", "c", status="entered-in-error"), "notes"),
        ({"resourceType": "ChargeItem", "id": "c", "status": "aborted", "code": {}}, "services"),
    ],
)
def test_what_its_status_takes_back_is_not_counted(resource: Resource, attribute: str) -> None:
    reading = read(patient(), encounter(), resource)
    assert getattr(reading.dossier, attribute) == ()
    assert "YM-FHIR-STATUS" in {one.code for one in reading.findings}


def test_an_arrived_encounter_is_a_check_in_notice() -> None:
    dossier = read(patient(), encounter(status="arrived")).dossier
    assert dossier is not None
    assert dossier.visit is None
    assert dossier.check_in is not None
    assert dossier.check_in.full_name == "NGUYỄN THỊ MẪU"


def test_the_health_book_comes_from_its_own_resources() -> None:
    whose = {"patient": {"reference": "Patient/p"}}
    allergy = {
        "resourceType": "AllergyIntolerance",
        **whose,
        "code": {"text": "Penicillin"},
        "category": ["medication"],
        "criticality": "high",
        "clinicalStatus": coded("allergy-status", "active"),
        "reaction": [{"manifestation": [{"text": "Phù mạch"}]}],
        "onsetDateTime": "2019",
    }
    dose = {
        "resourceType": "Immunization",
        **whose,
        "status": "completed",
        "vaccineCode": coded("vaccine", "V1", text="Sởi"),
        "occurrenceDateTime": "2020-05-06",
        "lotNumber": "A1",
        "protocolApplied": [{"doseNumberPositiveInt": 2}],
    }
    mother = {
        "resourceType": "RelatedPerson",
        **whose,
        "name": [{"text": "TRẦN THỊ VÍ DỤ"}],
        "relationship": [{"text": "mẹ"}],
        "telecom": [{"system": "phone", "value": "0900000001"}],
    }
    book = getattr(read(patient(), encounter(), allergy, dose, mother).dossier, "health_book", None)
    assert book.allergies == (
        Allergy(
            substance="Penicillin",
            category="medication",
            criticality="high",
            status="active",
            reaction="Phù mạch",
            since=PartialDate(2019),
        ),
    )
    assert book.vaccinations == (
        Vaccination(vaccine_code="V1", vaccine="Sởi", lot_number="A1", dose_number=2, given_on=PartialDate(2020, 5, 6)),
    )
    assert book.guardian == Guardian(full_name="TRẦN THỊ VÍ DỤ", relation="mẹ", phone="0900000001")


def vital(code: str, value: float, unit: str, at: str) -> Resource:
    return about(
        "Observation",
        f"{code}-{at[:13]}",
        status="final",
        category=[coded("category", "vital-signs")],
        code=coded("loinc", code),
        valueQuantity={"value": value, "unit": unit},
        effectiveDateTime=at,
    )


def test_the_latest_weight_among_the_measurements_is_the_visits() -> None:
    dossier = read(
        patient(),
        encounter(),
        vital("8302-2", 160, "cm", "2026-11-10T08:00:00+07:00"),
        vital("29463-7", 52.5, "kg", "2026-11-10T08:10:00+07:00"),
        vital("29463-7", 50, "kg", "2026-11-09T08:10:00+07:00"),
    ).dossier
    assert dossier is not None
    assert dossier.visit is not None
    assert dossier.visit.weight_kg == Decimal("52.5")
    assert dossier.results == ()
    assert dossier.health_book is not None
    measured = datetime(2026, 11, 10, 1, 0, tzinfo=UTC)
    assert dossier.health_book.measures[0] == Measure(
        code="8302-2", value=Decimal(160), unit="cm", measured_at=measured
    )


def test_a_national_field_without_a_place_in_fhir_is_read_from_its_extension() -> None:
    more = [
        {"url": f"{EXTENSION}xml1-T-TONGCHI-BV", "valueDecimal": 45000},
        {"url": f"{EXTENSION}xml1-NGAY-TAI-KHAM", "valueDate": "2026-11-20"},
        {"url": f"{EXTENSION}xml1-NGAY-TAI-KHAM", "valueDate": "2026-12-20"},
        {"url": "https://vendor.example/own", "valueString": "x"},
    ]
    reading = read(patient(), encounter(extension=more))
    visit = visit_of(reading)
    assert visit.total_hospital == Decimal(45000)
    assert visit.next_appointments == (date(2026, 11, 20), date(2026, 12, 20))
    assert "YM-FHIR-UNKNOWN-EXTENSION" not in {one.code for one in reading.findings}


def test_missing_fields_are_told_as_for_xml() -> None:
    reading = read(patient(name=[]), encounter())
    missing = {(one.code, one.table, one.field) for one in reading.findings if "MISSING" in one.code}
    assert ("YM-FMT-KEY-MISSING", "XML1", "HO_TEN") in missing
    assert ("YM-FMT-REQUIRED-MISSING", "XML1", "DIA_CHI") in missing


def test_an_observation_of_several_components_is_as_many_lines() -> None:
    pressure = about(
        "Observation",
        "bp",
        status="final",
        category=[coded("category", "vital-signs")],
        code=coded("loinc", "85354-9"),
        effectiveDateTime="2026-11-10T08:00:00+07:00",
        component=[
            {"code": coded("loinc", code), "valueQuantity": {"value": value, "unit": "mmHg"}}
            for code, value in (("8480-6", 120), ("8462-4", 80))
        ],
    )
    count = about(
        "Observation",
        "cbc",
        status="final",
        code=coded("service", "22.0121"),
        issued="2026-11-10T08:30:00+07:00",
        component=[{"code": coded("indicator", "WBC"), "valueQuantity": {"value": 7.2, "unit": "G/L"}}, "x"],
    )
    report = about(
        "DiagnosticReport",
        "r",
        status="final",
        code=coded("service", "22.1"),
        result=[{"reference": "Observation/cbc"}],
    )
    reading = read(patient(), encounter(), pressure, count, report)
    assert reading.dossier is not None
    assert reading.dossier.health_book is not None
    assert [(one.code, one.value) for one in reading.dossier.health_book.measures] == [("8480-6", 120), ("8462-4", 80)]
    assert [(one.service_code, one.indicator_code, one.value) for one in reading.dossier.results] == [
        ("22.1", "WBC", "7.2")
    ]
    assert "YM-FHIR-UNUSED" not in {one.code for one in reading.findings}
