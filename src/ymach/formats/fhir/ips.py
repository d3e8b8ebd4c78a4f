"""The International Patient Summary (HL7 FHIR IPS, R4): one document Bundle that a doctor anywhere can read.

Composition first, everything referenced by urn:uuid. A required section without entries holds the code of the IPS for "no
information", any other says why by `emptyReason`: that nothing was reported is not that there is nothing. The same summary
under the same id gives the same bytes.
"""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID, uuid5

import orjson

from ymach.base.clock import print_day
from ymach.base.text import Text
from ymach.clinical.dosages import plain_dosage
from ymach.clinical.patient_summary import PatientSummary, ResultFact, Source, Subject
from ymach.formats.fhir.names import ABSENT, system
from ymach.formats.fhir.values import give_moment, give_number

Resource = dict[str, Any]
PROFILES = "http://hl7.org/fhir/uv/ips/StructureDefinition/"
EMPTY_REASONS = "http://terminology.hl7.org/CodeSystem/list-empty-reason"
UNAVAILABLE, WITHHELD = "unavailable", "withheld"
TITLE = "Tóm tắt sức khỏe (IPS) · International Patient Summary"
_XHTML = "http://www.w3.org/1999/xhtml"
_LOINC = re.compile(r"[0-9]{1,7}-[0-9]")
_ICD10 = re.compile(r"[A-Z][0-9][0-9A-Z](?:\.[0-9A-Z]{1,4})?")
_CLINICAL = "http://terminology.hl7.org/CodeSystem/"
_BIRTH_SEX = {"1": "male", "2": "female"}
_UNKNOWN = {"extension": [{"url": ABSENT, "valueCode": "unknown"}]}
_NO_INFORMATION = "http://hl7.org/fhir/uv/ips/CodeSystem/absent-unknown-uv-ips"
_UCUM = "http://unitsofmeasure.org"
_NO_DAY = "Không rõ ngày · date not known"
_UCUM_UNITS = ("kg", "cm", "%", "kg/m2", "mm[Hg]", "Cel", "/min")
_WRITTEN_UNITS = {"kg/m²": "kg/m2", "mmHg": "mm[Hg]", "°C": "Cel", "lần/phút": "/min", "nhịp/phút": "/min"}
_VITAL_UNITS = {**_WRITTEN_UNITS, **{unit: unit for unit in _UCUM_UNITS}}
"""Units of vital signs as they are written, in UCUM, which FHIR wants for these."""


@dataclass(frozen=True, slots=True)
class Section:
    """One section of the document: its LOINC code, its title, and what it says when it is empty."""

    code: str
    title: str
    nothing: str


ALLERGIES = Section(
    "48765-2", "Dị ứng · Allergies and intolerances", "Chưa hồ sơ nào ghi dị ứng · No allergy was reported"
)
MEDICINES = Section("10160-0", "Thuốc đang dùng · Medication summary", "Không có thuốc đang dùng · None reported")
PROBLEMS = Section("11450-4", "Bệnh · Problem list", "Chưa hồ sơ nào ghi bệnh · No problem was reported")
IMMUNIZATIONS = Section("11369-6", "Tiêm chủng · Immunizations", "Chưa có mũi tiêm nào · None reported")
VITALS = Section("8716-3", "Dấu hiệu sinh tồn, cân đo · Vital signs", "Chưa có · None reported")
RESULTS = Section("30954-2", "Kết quả, chỉ số · Results", "Chưa có kết quả dạng số · None reported")
PROCEDURES = Section("47519-4", "Phẫu thuật, thủ thuật · Procedures", "Chưa có · None reported")
PLAN = Section("18776-5", "Việc sắp tới · Plan of care", "Không có lịch hẹn · Nothing planned")


def write_ips(summary: PatientSummary, *, document_id: UUID) -> bytes:
    """The summary as a document Bundle in UTF-8 JSON. document_id: of this document; a new one for every making."""
    writing = _Writing(summary, document_id)
    sections = [_section(section, build(writing, summary), writing) for section, build in _CONTENTS.items()]
    composition = writing.composition(sections)
    entries = [composition, *writing.entries]
    return orjson.dumps(
        {
            "resourceType": "Bundle",
            "meta": {"profile": [f"{PROFILES}Bundle-uv-ips"]},
            "language": "vi",
            "identifier": {"system": "urn:ietf:rfc:3986", "value": document_id.urn},
            "type": "document",
            "timestamp": give_moment(summary.made_at),
            "entry": [{"fullUrl": url, "resource": resource} for url, resource in entries],
        }
    )


@dataclass(frozen=True, slots=True)
class _Line:
    """One entry of a section, and the words that stand for it in the narrative."""

    reference: str
    words: str


@dataclass
class _Writing:
    """One document while it is written."""

    summary: PatientSummary
    document_id: UUID
    entries: list[tuple[str, Resource]] = field(default_factory=list)
    organizations: dict[str, str] = field(default_factory=dict)
    patient: str = ""
    author: str = ""

    def __post_init__(self) -> None:
        self.patient = self.add("Patient", "patient", _patient(self.summary.subject))
        self.author = self.add("Organization", "author", {"name": "Ymạch · Sổ bộ và trục dữ liệu y tế quốc gia"})

    def add(self, kind: str, name: str, content: Resource) -> str:
        """Put a resource in; its address."""
        url = self.url(name)
        profile = _PROFILE_OF.get(kind)
        meta = {"meta": {"profile": [f"{PROFILES}{profile}"]}} if profile else {}
        self.entries.append((url, {"resourceType": kind, **meta, **content}))
        return url

    def url(self, name: str) -> str:
        return uuid5(self.document_id, name).urn

    def place(self, source: Source) -> str:
        """The address of the facility, which is added once."""
        if source.code not in self.organizations:
            content = {
                "identifier": [{"system": system("facility"), "value": source.code}],
                "name": source.name or source.code,
            }
            self.organizations[source.code] = self.add("Organization", f"organization/{source.code}", content)
        return self.organizations[source.code]

    def composition(self, sections: list[Resource]) -> tuple[str, Resource]:
        """The first entry, which holds everything together."""
        return self.url("composition"), {
            "resourceType": "Composition",
            "meta": {"profile": [f"{PROFILES}Composition-uv-ips"]},
            "language": "vi",
            "text": _narrative([TITLE, self.summary.subject.name]),
            "identifier": {"system": "urn:ietf:rfc:3986", "value": self.document_id.urn},
            "status": "final",
            "type": _coded(system("loinc"), "60591-5", "Patient summary Document"),
            "subject": {"reference": self.patient},
            "date": give_moment(self.summary.made_at),
            "author": [{"reference": self.author}],
            "title": TITLE,
            "confidentiality": "N",
            "custodian": {"reference": self.author},
            "section": sections,
        }


def _section(section: Section, lines: Sequence[_Line], writing: _Writing) -> Resource:
    said = {"title": section.title, "code": _coded(system("loinc"), section.code)}
    if lines:
        return {
            **said,
            "text": _narrative([line.words for line in lines]),
            "entry": [{"reference": line.reference} for line in lines],
        }
    said["text"] = _narrative([section.nothing])
    is_withheld = writing.summary.is_withheld and section is PROBLEMS
    if section in _UNKNOWNS and not is_withheld:
        kind, code, words, content = _UNKNOWNS[section]
        whose = "patient" if kind == "AllergyIntolerance" else "subject"
        concept = "medicationCodeableConcept" if kind == "MedicationStatement" else "code"
        known = {**content, concept: _coded(_NO_INFORMATION, code, words), whose: {"reference": writing.patient}}
        return {**said, "entry": [{"reference": writing.add(kind, f"nothing/{code}", known)}]}
    return {**said, "emptyReason": _coded(EMPTY_REASONS, WITHHELD if is_withheld else UNAVAILABLE)}


def _allergies(writing: _Writing, summary: PatientSummary) -> list[_Line]:
    lines = []
    for number, one in enumerate(summary.allergies, 1):
        content = {
            "clinicalStatus": _coded(f"{_CLINICAL}allergyintolerance-clinical", "active"),
            "criticality": "high" if one.is_grave else "low",
            "code": {"text": one.substance},
            "patient": {"reference": writing.patient},
            **({"recordedDate": give_moment(one.said_at)} if one.said_at else {}),
            **({"reaction": [{"manifestation": [{"text": one.reaction}]}]} if one.reaction else {}),
        }
        grave = "nặng · severe" if one.is_grave else ""
        url = writing.add("AllergyIntolerance", f"allergy/{number}", content)
        lines.append(_Line(url, _joined(one.substance, one.reaction, grave)))
    return lines


def _medicines(writing: _Writing, summary: PatientSummary) -> list[_Line]:
    lines = []
    for number, one in enumerate(summary.medicines, 1):
        name, taken = " ".join(filter(None, (one.name, one.strength))), _joined(_dosage(one.dosage), one.instructions)
        period = {
            **({"start": give_moment(one.since)} if one.since else {}),
            **({"end": one.until.isoformat()} if one.until else {}),
        }
        content = {
            "status": "active",
            "medicationCodeableConcept": {"text": name},
            "subject": {"reference": writing.patient},
            **({"effectivePeriod": period} if period else {"_effectiveDateTime": _UNKNOWN}),
            **({"dosage": [{"text": taken}]} if taken else {}),
        }
        url = writing.add("MedicationStatement", f"medicine/{number}", content)
        lines.append(_Line(url, _joined(name, taken)))
    return lines


def _problems(writing: _Writing, summary: PatientSummary) -> list[_Line]:
    lines = []
    for number, one in enumerate(summary.problems, 1):
        words = one.text or one.name or one.code
        coding = [{"system": system("icd10"), "code": one.code, "display": one.name or words}]
        content = {
            "clinicalStatus": _coded(f"{_CLINICAL}condition-clinical", "active"),
            "category": [_coded(system("loinc"), "75326-9", "Problem")],
            "code": {**({"coding": coding} if _ICD10.fullmatch(one.code) else {}), "text": words},
            "subject": {"reference": writing.patient},
            **({"onsetDateTime": give_moment(one.first_at)} if one.first_at else {}),
            **({"recordedDate": give_moment(one.last_at)} if one.last_at else {}),
        }
        url = writing.add("Condition", f"problem/{number}", content)
        lines.append(_Line(url, _joined(words, one.code)))
    return lines


def _immunizations(writing: _Writing, summary: PatientSummary) -> list[_Line]:
    lines = []
    for number, one in enumerate(summary.vaccinations, 1):
        content = {
            "status": "completed",
            "vaccineCode": {"text": one.vaccine},
            "patient": {"reference": writing.patient},
            **({"occurrenceDateTime": one.on} if one.on else {"occurrenceString": _NO_DAY}),
            **({} if one.dose is None else {"protocolApplied": [_dose(one.dose)]}),
        }
        dose = "" if one.dose is None else f"mũi · dose {one.dose}"
        url = writing.add("Immunization", f"vaccination/{number}", content)
        lines.append(_Line(url, _joined(one.vaccine, dose, one.on)))
    return lines


def _vitals(writing: _Writing, summary: PatientSummary) -> list[_Line]:
    return _observations(writing, filter(_is_vital, summary.results), "vital-signs")


def _results(writing: _Writing, summary: PatientSummary) -> list[_Line]:
    return _observations(writing, (one for one in summary.results if not _is_vital(one)), "laboratory")


def _observations(writing: _Writing, found: Iterable[ResultFact], category: str) -> list[_Line]:
    lines = []
    for number, one in enumerate(found, 1):
        unit = {"unit": one.unit} if one.unit else {}
        if category == "vital-signs":
            unit |= {"system": _UCUM, "code": _VITAL_UNITS[one.unit]}
        content = {
            "status": "final",
            "category": [_coded(system("category"), category)],
            "code": _indicator(one),
            "subject": {"reference": writing.patient},
            "effectiveDateTime": give_moment(one.at),
            "performer": [{"reference": writing.place(one.source)}],
            "valueQuantity": {"value": give_number(one.value), **unit},
        }
        url = writing.add("Observation", f"{category}/{number}", content)
        lines.append(_Line(url, _joined(one.name, f"{one.value:f} {one.unit}".strip(), print_day(one.at))))
    return lines


def _procedures(writing: _Writing, summary: PatientSummary) -> list[_Line]:
    lines = []
    for number, one in enumerate(summary.procedures, 1):
        coding = [{"system": system("icd9"), "code": code} for code in one.codes]
        content = {
            "status": "completed",
            "code": {**({"coding": coding} if coding else {}), "text": one.name},
            "subject": {"reference": writing.patient},
            **({"performedDateTime": give_moment(one.at)} if one.at else {"_performedDateTime": _UNKNOWN}),
            **({"performer": [{"actor": {"reference": writing.place(one.source)}}]} if one.source else {}),
        }
        url = writing.add("Procedure", f"procedure/{number}", content)
        lines.append(_Line(url, _joined(one.name, print_day(one.at, ""))))
    return lines


def _plans(writing: _Writing, summary: PatientSummary) -> list[_Line]:
    lines = []
    for number, one in enumerate(summary.plans, 1):
        content = {
            "status": "active",
            "intent": "plan",
            "title": one.title,
            "subject": {"reference": writing.patient},
            **({"description": one.words} if one.words else {}),
            **({"period": {"start": one.on.isoformat()}} if one.on else {}),
        }
        url = writing.add("CarePlan", f"plan/{number}", content)
        lines.append(_Line(url, _joined(one.title, print_day(one.on, ""), one.words)))
    return lines


def _coded(uri: str, code: str, display: str = "") -> Resource:
    return {"coding": [{"system": uri, "code": code, **({"display": display} if display else {})}]}


_CONTENTS: dict[Section, Callable[[_Writing, PatientSummary], list[_Line]]] = {
    ALLERGIES: _allergies,
    MEDICINES: _medicines,
    PROBLEMS: _problems,
    IMMUNIZATIONS: _immunizations,
    VITALS: _vitals,
    RESULTS: _results,
    PROCEDURES: _procedures,
    PLAN: _plans,
}
_UNKNOWNS: dict[Section, tuple[str, str, str, Resource]] = {
    ALLERGIES: (
        "AllergyIntolerance",
        "no-allergy-info",
        "No information about allergies",
        {"clinicalStatus": _coded(f"{_CLINICAL}allergyintolerance-clinical", "active")},
    ),
    MEDICINES: (
        "MedicationStatement",
        "no-medication-info",
        "No information about medications",
        {"status": "unknown", "_effectiveDateTime": _UNKNOWN},
    ),
    PROBLEMS: (
        "Condition",
        "no-problem-info",
        "No information about problems",
        {"clinicalStatus": _coded(f"{_CLINICAL}condition-clinical", "active")},
    ),
}
"""What a required section holds when nothing was reported: kind, code and words of the IPS, and what the kind must have."""
_PROFILE_OF = {
    "Patient": "Patient-uv-ips",
    "Organization": "Organization-uv-ips",
    "AllergyIntolerance": "AllergyIntolerance-uv-ips",
    "MedicationStatement": "MedicationStatement-uv-ips",
    "Condition": "Condition-uv-ips",
    "Immunization": "Immunization-uv-ips",
    "Procedure": "Procedure-uv-ips",
}


def _patient(subject: Subject) -> Resource:
    numbers = (("citizen", subject.personal_number), ("card", subject.insurance_number))
    birth = subject.birth
    parts = [f"{birth.year:04d}", *(f"{one:02d}" for one in (birth.month, birth.day) if one)] if birth else []
    identifiers = [{"system": system(name), "value": value} for name, value in numbers if value]
    return {
        **({"identifier": identifiers} if identifiers else {}),
        "name": [{"use": "official", "text": subject.name, **_name(subject.name)}],
        "gender": _BIRTH_SEX.get(subject.sex, "unknown"),
        **({"birthDate": "-".join(parts)} if parts else {"_birthDate": _UNKNOWN}),
        **({"telecom": [{"system": "phone", "value": subject.phone}]} if subject.phone else {}),
        **({"address": [{"text": subject.address, "country": "VN"}]} if subject.address else {}),
    }


def _name(name: str) -> Resource:
    """Family name first, as Vietnamese names are written; the IPS wants one of the two parts at least."""
    family, _, given = name.partition(" ")
    return {"family": family, **({"given": [given]} if given else {})}


def _indicator(one: ResultFact) -> Resource:
    if not one.code:
        return {"text": one.name}
    uri = system("loinc") if _LOINC.fullmatch(one.code) else system("indicator")
    return {"coding": [{"system": uri, "code": one.code}], "text": one.name}


def _is_vital(one: ResultFact) -> bool:
    """A vital sign with a unit that UCUM has; any other measurement is a result like all."""
    is_sign = one.code in {"8302-2", "29463-7", "8480-6", "8462-4", "8867-4", "8310-5", "2708-6", "9279-1", "39156-5"}
    return is_sign and one.unit in _VITAL_UNITS


def _dosage(text: str) -> str:
    """As people say it, in both languages; what cannot be read so, as it was written."""
    said = plain_dosage(text)
    return _joined(said.vi, said.en) if isinstance(said, Text) else said


def _dose(number: int) -> Resource:
    """A vaccine given at birth is dose 0, which no positiveInt holds."""
    return {"doseNumberPositiveInt": number} if number > 0 else {"doseNumberString": str(number)}


def _narrative(lines: Iterable[str]) -> Resource:
    items = "".join(f"<li>{html.escape(line)}</li>" for line in _kept(lines))
    return {"status": "generated", "div": f'<div xmlns="{_XHTML}" xml:lang="vi" lang="vi"><ul>{items}</ul></div>'}


def _kept(lines: Iterable[str]) -> Iterator[str]:
    """Without the characters that XML cannot carry."""
    for line in lines:
        yield re.sub(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]", "", line)


def _joined(*parts: str) -> str:
    return " · ".join(part for part in parts if part)
