"""The clinical model as a document Bundle: Composition first, everything referenced by urn:uuid, equal bytes each time."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from uuid import NAMESPACE_URL, uuid5

import orjson

from ymach.clinical.dossier import Dossier
from ymach.clinical.visit import Visit
from ymach.formats.fhir.coverage import write_cards
from ymach.formats.fhir.diagnoses import write_diagnoses
from ymach.formats.fhir.inherit import inherited_value, weight_of
from ymach.formats.fhir.names import ABSENT, BASE, encounter_classes, system
from ymach.formats.fhir.paths import Json, putter
from ymach.formats.fhir.schema import FOCUS, Mark, Part, ResourceType, Satellite, Spec, parts
from ymach.formats.fhir.values import give_moment

Resource = dict[str, Json]
_NAMESPACE = uuid5(NAMESPACE_URL, BASE)
_HELD_BY = {"practitioner": "Practitioner", "organization": "Organization"}
_SYSTEM_OF = {"practitioner": "practitioner", "organization": "facility"}
_DOCUMENT = "Document"
_ABSENT = {"extension": [{"url": ABSENT, "valueCode": "unknown"}]}


def write_bundle(dossier: Dossier) -> bytes:
    """The dossier as a FHIR R4 document Bundle in UTF-8 JSON. The same dossier gives the same bytes."""
    return orjson.dumps(BundleWriting(dossier).bundle())


class BundleWriting:
    """One bundle while it is written. Identities are derived from facility, dossier, part and row."""

    def __init__(self, dossier: Dossier) -> None:
        self.dossier = dossier
        self.entries: list[tuple[str, Resource]] = []
        self.names: dict[int, str] = {}
        self.held: dict[tuple[str, str], str] = {}
        self.merged: dict[bytes, Resource] = {}
        self.patient: str | None = None
        self.encounter: str | None = None
        self.document: Resource | None = None

    def bundle(self) -> Resource:
        """The whole document."""
        for part in parts().values():
            for number, row in enumerate(_rows_of(part, self.dossier), 1):
                self._row(part, row, number)
        document = self._document()
        first = next(place for place, (_, resource) in enumerate(self.entries) if resource is document)
        ordered = [self.entries.pop(first), *self.entries]
        return {
            "resourceType": "Bundle",
            "identifier": {"system": system("visit"), "value": self.dossier.code},
            "type": "document",
            **({"timestamp": document["date"]} if "date" in document else {}),
            "entry": [{"fullUrl": url, "resource": resource} for url, resource in ordered],
        }

    def reference(self, kind: str, code: str) -> Json:
        """A reference to the practitioner or organization of this code, which is added once."""
        url = self.held.get((kind, code))
        if url is None:
            resource = {
                "resourceType": _HELD_BY[kind],
                "identifier": [{"system": system(_SYSTEM_OF[kind]), "value": code}],
            }
            url = self.held[kind, code] = self.add(resource, f"{kind}/{code}")
        return {"reference": url}

    def authors(self) -> list[Json]:
        """Who answers for a document that names no person: the facility."""
        facility = self.dossier.facility_code
        return [self.reference("organization", facility) if facility else {"display": "—"}]

    def add(self, resource: Resource, name: str) -> str:
        """Put a resource in the bundle under a derived identity; its address."""
        url = uuid5(_NAMESPACE, f"{self.dossier.facility_code}/{self.dossier.code}/{name}").urn
        self.entries.append((url, resource))
        self.names[id(resource)] = url
        return url

    def new(self, kind: ResourceType, fixed: bytes = b"{}", mark: Mark | None = None) -> Resource:
        """A resource with everything that does not depend on the row."""
        resource: Resource = {"resourceType": kind.name}
        if kind.status:
            resource["status"] = kind.status
        resource.update(orjson.loads(kind.fixed), **orjson.loads(fixed))
        if kind.subject and self.patient:
            resource[kind.subject] = {"reference": self.patient}
        if kind.encounter and self.encounter:
            resource[kind.encounter] = {"reference": self.encounter}
        if mark is not None:
            coding = {"system": mark.uri, "code": mark.code}
            name = mark.path.removesuffix("[]")
            if name == mark.path:
                resource.setdefault(name, {}).setdefault("coding", []).append(coding)
            else:
                resource.setdefault(name, []).append({"coding": [coding]})
        return resource

    def _row(self, part: Part, row: Any, number: int) -> None:
        focus = self.new(part.type, part.fixed, part.mark)
        self.add(focus, f"{part.name}/{number}")
        group = _Group(self, part, number, focus)
        self._open(part, row, group)
        for place in part.places:
            values = _given(place.spec, getattr(row, place.spec.attribute))
            if values:
                target = focus if place.alias == FOCUS else group.satellite(place.alias)
                self._extend(focus, place.spec, place.form.write(target, values, self))
        self._rest(part, row, number, group)
        if part.name in {"visit", "check_in"}:
            write_cards(self, row, f"{part.name}/card")
        if part.name == "visit":
            write_diagnoses(self, row, focus)
            self._deny_weight(part, row, focus)
        group.close()

    def _open(self, part: Part, row: Any, group: _Group) -> None:
        """The encounter and the patient come before everything that points at them."""
        if part.type.name == "Encounter":
            group.focus["class"]["code"] = encounter_classes().get(row.kind, "AMB")
            self.patient = None
            group.satellite("Patient")
            self.patient = self.names[id(group.made["Patient"])]
            self.encounter = self.names[id(group.focus)]
        elif part.name == "appointment" and self.patient:
            group.focus["participant"] = [{"actor": {"reference": self.patient}, "status": "accepted"}]

    def _rest(self, part: Part, row: Any, number: int, group: _Group) -> None:
        """What has no place of its own, and what differs from what would be taken over."""
        placed = {place.spec.attribute for place in part.places}
        special = _SPECIAL.get(part.name, frozenset())
        for spec in part.specs:
            value = getattr(row, spec.attribute)
            if spec.attribute in placed or spec.attribute in special:
                continue
            if spec.source is not None:
                if value == inherited_value(spec, self.dossier, number):
                    continue
                if value in (None, ()):
                    group.focus.setdefault("extension", []).append({"url": spec.url, **_ABSENT})
                    continue
            values = _given(spec, value)
            if values:
                home = part.homes.get(spec.attribute, FOCUS)
                self._extend(group.focus if home == FOCUS else group.satellite(home), spec, values)

    def _deny_weight(self, part: Part, visit: Visit, focus: Resource) -> None:
        """A visit without weight says so when a measurement would be taken for it."""
        if visit.weight_kg is None and weight_of(self.dossier.health_book) is not None:
            spec = next(spec for spec in part.specs if spec.attribute == "weight_kg")
            focus.setdefault("extension", []).append({"url": spec.url, **_ABSENT})

    def _extend(self, resource: Resource, spec: Spec, values: list[Json]) -> None:
        if values:
            extensions = resource.setdefault("extension", [])
            extensions += [{"url": spec.url, spec.value_name: value} for value in values]

    def _document(self) -> Resource:
        document = self.document
        if document is None:
            satellite = next(one for one in parts()["visit"].satellites if one.alias == _DOCUMENT)
            document = self.new(satellite.type, satellite.fixed, satellite.mark)
            self.add(document, "visit/1/Document")
        document["confidentiality"] = "R" if self.dossier.hiv_care else "N"
        document["author"] = self.authors()
        if self.dossier.facility_code:
            document["custodian"] = self.reference("organization", self.dossier.facility_code)
        ends = self.dossier.visit or self.dossier.check_in
        at = ends and (getattr(ends, "ended_at", None) or ends.started_at)
        if at:
            document["date"] = give_moment(at)
            document.pop("_date", None)
        elif "date" not in document:
            document.setdefault("_date", _ABSENT)
        document["title"] = "Hồ sơ đợt khám chữa bệnh"
        document.setdefault("section", []).extend(self._contents(document))
        return document

    def _contents(self, document: Resource) -> Iterable[Json]:
        """One section a resource type, so that everything in the document hangs on its Composition."""
        by_type: dict[str, list[Json]] = {}
        for url, resource in self.entries:
            if resource is not document:
                by_type.setdefault(resource["resourceType"], []).append({"reference": url})
        for name, entries in by_type.items():
            yield {"title": name, "entry": entries}


class _Group:
    """The resources of one row: the focus and the satellites made so far."""

    def __init__(self, writing: BundleWriting, part: Part, number: int, focus: Resource) -> None:
        self.writing, self.part, self.number, self.focus = writing, part, number, focus
        self.made: dict[str, Resource] = {}
        self.known: dict[str, Satellite] = {one.alias: one for one in part.satellites}

    def satellite(self, alias: str) -> Resource:
        """The satellite of this name, made when it is wanted first."""
        resource = self.made.get(alias)
        if resource is None:
            kind = self.known[alias]
            resource = self.made[alias] = self.writing.new(kind.type, kind.fixed, kind.mark)
            if not kind.shared:
                url = self.writing.add(resource, f"{self.part.name}/{self.number}/{alias}")
                self._link(kind, resource, url)
            if alias == _DOCUMENT:
                self.writing.document = resource
        return resource

    def close(self) -> None:
        """Copies and required elements, once everything is in its place; equal shared satellites become one."""
        for resource in (self.focus, *self.made.values()):
            if resource["resourceType"] == "Composition":
                resource.setdefault("author", self.writing.authors())
        require(self.focus, self.part.type)
        if self.part.name == "result" and not any(name.startswith("value") for name in self.focus):
            self.focus["status"] = "registered"
        for alias, resource in self.made.items():
            kind = self.known[alias]
            for source, target in kind.copy:
                if source in self.focus:
                    resource.setdefault(target, self.focus[source])
            require(resource, kind.type)
            if kind.shared:
                self._share(kind, resource)

    def _share(self, kind: Satellite, resource: Resource) -> None:
        key = orjson.dumps(resource)
        known = self.writing.merged.setdefault(key, resource)
        name = kind.link.removesuffix("[]")
        known.setdefault(name, []).append({"reference": self.writing.names[id(self.focus)]})
        if known is resource:
            self.writing.add(resource, f"{self.part.name}/{self.number}/{kind.alias}")

    def _link(self, kind: Satellite, resource: Resource, url: str) -> None:
        there = {"reference": url if kind.outward else self.writing.names[id(self.focus)]}
        putter_of = self.focus if kind.outward else resource
        path = kind.link
        existing = putter_of.get(path.removesuffix("[]"))
        if path.endswith("[]") and isinstance(existing, list):
            existing.append(there)
        else:
            putter(path)(putter_of, there, {})


def require(resource: Resource, kind: ResourceType) -> None:
    """Elements that FHIR wants in any case are marked as unknown when there is nothing to say."""
    if "occurrenceDateTime" in resource:
        resource.pop("occurrenceString", None)
    for name in kind.require:
        if name.removeprefix("_") not in resource:
            resource.setdefault(name, _ABSENT)


def _rows_of(part: Part, dossier: Dossier) -> Iterable[Any]:
    owner = dossier if part.owner == "dossier" else dossier.health_book
    found = getattr(owner, part.attribute) if owner is not None else None
    if found is None:
        return ()
    return found if part.many else (found,)


def _given(spec: Spec, value: Any) -> list[Json]:
    if value is None:
        return []
    return [spec.give(one) for one in value] if spec.many else [spec.give(value)]


_CARDS = frozenset({"insurance_cards", "registered_facilities", "cards_valid_from", "cards_valid_to"})
_SPECIAL = {
    "visit": _CARDS
    | {
        "main_diagnosis",
        "other_diagnoses",
        "traditional_diagnoses",
        "admission_diagnosis_text",
        "discharge_diagnosis_text",
    },
    "check_in": _CARDS,
}
