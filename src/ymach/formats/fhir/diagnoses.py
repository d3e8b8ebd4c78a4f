"""Diagnoses of a visit: Conditions, ranked by Encounter.diagnosis (AD on admission, DD main, CM beside it)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ymach.clinical.visit import Visit
from ymach.formats.fhir import findings
from ymach.formats.fhir.forms import code_in
from ymach.formats.fhir.names import system
from ymach.formats.fhir.paths import Json
from ymach.formats.fhir.schema import Part, resource_types

if TYPE_CHECKING:
    from ymach.formats.fhir.read import BundleReading
    from ymach.formats.fhir.write import BundleWriting

Resource = dict[str, Json]
ADMISSION, MAIN, BESIDE = "AD", "DD", "CM"


def write_diagnoses(writing: BundleWriting, visit: Visit, encounter: Resource) -> None:
    """Add a Condition for every diagnosis, in order, and list them in the encounter."""
    found: list[tuple[str, str | None, str | None, str | None]] = []
    if visit.main_diagnosis is not None or visit.discharge_diagnosis_text is not None:
        found.append((MAIN, "icd10", visit.main_diagnosis, visit.discharge_diagnosis_text))
    found += [(BESIDE, "icd10", code, None) for code in visit.other_diagnoses]
    found += [(BESIDE, "traditional", code, None) for code in visit.traditional_diagnoses]
    if visit.admission_diagnosis_text is not None:
        found.append((ADMISSION, None, None, visit.admission_diagnosis_text))
    for rank, (role, name, code, text) in enumerate(found, 1):
        concept: Resource = {}
        if name is not None and code is not None:
            concept["coding"] = [{"system": system(name), "code": code}]
        if text is not None:
            concept["text"] = text
        _add(writing, encounter, rank, role, concept)


def _add(writing: BundleWriting, encounter: Resource, rank: int, role: str, concept: Resource) -> None:
    condition = {**writing.new(resource_types()["Condition"]), "code": concept}
    url = writing.add(condition, f"diagnosis/{rank}")
    encounter.setdefault("diagnosis", []).append(
        {
            "condition": {"reference": url},
            "use": {"coding": [{"system": system("diagnosis-role"), "code": role}]},
            "rank": rank,
        }
    )


def read_diagnoses(reading: BundleReading, values: list[Any], part: Part, encounter: Resource) -> None:
    """Main, other and traditional diagnoses and both texts, from the Conditions the encounter lists, by rank."""
    specs = {spec.attribute: spec for spec in part.specs}

    def put(attribute: str, raw: Json) -> None:
        spec = specs[attribute]
        if raw is None:
            return
        if spec.many:
            reading.add(spec, raw, "code")
        elif values[spec.place] is None:
            values[spec.place] = reading.take(spec, raw, "code")

    for role, concept in _listed(reading, encounter):
        codes = {one.get("system"): one.get("code") for one in concept.get("coding") or ()}
        code, traditional = codes.get(system("icd10")), codes.get(system("traditional"))
        if role == ADMISSION:
            put("admission_diagnosis_text", concept.get("text") or code)
        elif role == MAIN:
            put("main_diagnosis", code)
            put("discharge_diagnosis_text", concept.get("text"))
        else:
            put("other_diagnoses", code)
        if role != ADMISSION:
            put("traditional_diagnoses", traditional)


def _listed(reading: BundleReading, encounter: Resource) -> list[tuple[str, Resource]]:
    """Role and CodeableConcept of every diagnosis that counts, in order of rank. Without roles, the first is the main."""
    found: list[tuple[int, int, str | None, Resource]] = []
    listed = encounter.get("diagnosis")
    for place, one in enumerate(listed if isinstance(listed, list) else ()):
        where = f"diagnosis[{place}].condition"
        reading.resource = encounter
        try:
            condition = reading.opened.resolve(one["condition"])
            if condition is None:
                reading.note(findings.BROKEN_REFERENCE, where, value=str(one["condition"].get("reference")))
                continue
            reading.used.add(id(condition))
            reading.resource = condition
            if condition["resourceType"] != "Condition" or _is_void(reading, condition):
                continue
            rank = one.get("rank")
            role = code_in(one.get("use") or {}, system("diagnosis-role"))
            found.append((rank if type(rank) is int else place + 1, place, role, condition.get("code") or {}))
        except (TypeError, AttributeError, KeyError, IndexError):
            reading.note(findings.TYPE, where, wanted="Condition")
    found.sort(key=lambda one: one[:2])
    has_main = any(role == MAIN for _, _, role, _ in found)
    first = next((place for _, place, role, _ in found if role != ADMISSION), None)
    return [
        (MAIN if not has_main and place == first and role is None else role or BESIDE, concept)
        for _, place, role, concept in found
    ]


def _is_void(reading: BundleReading, condition: Resource) -> bool:
    codings = (condition.get("verificationStatus") or {}).get("coding") or ()
    words = [one["code"] for one in codings if one.get("code") in {"entered-in-error", "refuted"}]
    if words:
        reading.note(findings.STATUS, "", value=words[0])
    subject = condition.get("subject")
    if isinstance(subject, dict) and "reference" in subject:
        owner = reading.opened.resolve(subject)
        if owner is not reading.patient:
            reading.note(findings.OTHER_PATIENT, "subject")
            return True
    return bool(words)
