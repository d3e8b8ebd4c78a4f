"""Diagnoses of a visit: Conditions, ranked by Encounter.diagnosis (AD on admission, DD main, CM beside it)."""

from __future__ import annotations

from dataclasses import dataclass
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

    for role, found in _listed(reading, encounter):
        if role == ADMISSION:
            put("admission_diagnosis_text", found.text or found.code)
            continue
        if role == MAIN:
            put("main_diagnosis", found.code)
            put("discharge_diagnosis_text", found.text)
        else:
            put("other_diagnoses", found.code)
        put("traditional_diagnoses", found.traditional)


@dataclass(frozen=True, slots=True)
class _Diagnosis:
    """What one Condition says, not yet converted; rank as the encounter states it."""

    rank: int
    role: Json
    code: Json
    traditional: Json
    text: Json


def _listed(reading: BundleReading, encounter: Resource) -> list[tuple[Json, _Diagnosis]]:
    """Role and content of every diagnosis that counts, in order of rank. Without roles, the first is the main one."""
    found: list[_Diagnosis] = []
    listed = encounter.get("diagnosis")
    for place, one in enumerate(listed if isinstance(listed, list) else ()):
        where = f"diagnosis[{place}].condition"
        reading.resource = encounter
        try:
            diagnosis = _diagnosis(reading, one, place, where)
        except (TypeError, AttributeError, KeyError, IndexError):
            reading.note(findings.TYPE, where, wanted="Condition")
        else:
            found += [diagnosis] if diagnosis else []
    found.sort(key=lambda one: one.rank)
    has_main = any(one.role == MAIN for one in found)
    first = next((one for one in found if one.role != ADMISSION), None)
    return [(MAIN if one is first and one.role is None and not has_main else one.role or BESIDE, one) for one in found]


def _diagnosis(reading: BundleReading, listed: Resource, place: int, where: str) -> _Diagnosis | None:
    condition = reading.opened.resolve(listed["condition"])
    if condition is None:
        reading.note(findings.BROKEN_REFERENCE, where, value=str(listed["condition"].get("reference")))
        return None
    reading.used.add(id(condition))
    reading.resource = condition
    if condition["resourceType"] != "Condition" or _is_void(reading, condition):
        return None
    concept, rank = condition.get("code") or {}, listed.get("rank")
    return _Diagnosis(
        rank=rank if type(rank) is int else place + 1,
        role=code_in(listed.get("use") or {}, system("diagnosis-role")),
        code=code_in(concept, system("icd10")),
        traditional=_stated(concept, system("traditional")),
        text=concept.get("text"),
    )


def _stated(concept: Json, uri: str) -> Json:
    return next((one.get("code") for one in concept.get("coding") or () if one.get("system") == uri), None)


def _is_void(reading: BundleReading, condition: Resource) -> bool:
    codings = (condition.get("verificationStatus") or {}).get("coding") or ()
    words = [word for word in (str(one.get("code")) for one in codings) if word in {"entered-in-error", "refuted"}]
    if words:
        reading.note(findings.STATUS, "", value=words[0])
    subject = condition.get("subject")
    if isinstance(subject, dict) and "reference" in subject:
        owner = reading.opened.resolve(subject)
        if owner is not reading.patient:
            reading.note(findings.OTHER_PATIENT, "subject")
            return True
    return bool(words)
