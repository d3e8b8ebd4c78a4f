"""An opened bundle into the clinical model: by the tables of the profile, a finding per value that is wrong.

A value stands at its place in the focus or a satellite, else in the extension of its tag, else it is taken over from the
visit. What is wrong is left out and told; nothing that a sender writes raises.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Any

from ymach.base.findings import Finding, FindingKind
from ymach.clinical.dossier import Dossier
from ymach.clinical.health_book import HealthBook
from ymach.formats.fhir import findings
from ymach.formats.fhir.bundle import Opened, Resource
from ymach.formats.fhir.coverage import read_cards
from ymach.formats.fhir.diagnoses import read_diagnoses
from ymach.formats.fhir.inherit import taken_over, weight_of
from ymach.formats.fhir.names import EXTENSION, system
from ymach.formats.fhir.paths import Json, every
from ymach.formats.fhir.schema import FOCUS, ROW_NUMBER, Mark, Part, Place, Satellite, Spec, parts
from ymach.formats.fhir.values import WANTED, element_kind
from ymach.formats.xml130 import findings as shared
from ymach.formats.xml130.read import MOST_CHARACTERS, MOST_FINDINGS, Reading

_SHAPE_FAULTS = (TypeError, AttributeError, KeyError, IndexError)
_CONTROL = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u200b\u202a-\u202e\u2066-\u2069\ufeff\ufffe\uffff\ud800-\udfff]"
)
_LONGEST_CODE = 200
_NOT_YET = frozenset({"planned", "arrived", "triaged"})
_VOID = frozenset({"entered-in-error", "refuted"})
_HOLDERS = {"practitioner": ("Practitioner", "practitioner"), "organization": ("Organization", "facility")}


def read_bundle(opened: Opened) -> Reading:
    """The clinical dossier of a bundle with everything found wrong on the way.

    dossier is None when no encounter says which episode it is. Never raises for what a sender wrote.
    """
    return BundleReading(opened).run()


class BundleReading:
    """One bundle while it is read."""

    def __init__(self, opened: Opened) -> None:
        self.opened = opened
        self.findings: list[Finding] = list(opened.findings)
        self.used: set[int] = set()
        self.part: Part | None = None
        self.number: int | None = None
        self.resource: Resource | None = None
        self.faulty: set[str] = set()
        self.lists: dict[int, list[Any]] = {}
        self.main: Any = None
        self.said_of_visit: set[str] = set()
        self.patient: Resource | None = None
        self.encounter: Resource | None = None
        self.marked: dict[str, list[Mark]] = {}
        self.wholes: dict[int, tuple[Resource, Resource]] = {}
        self.codes: dict[tuple[str, int], str | None] = {}
        self.backward: dict[tuple[str, str], dict[int, Resource]] = {}

    def run(self) -> Reading:
        known = parts()
        found: dict[str, Any] = {"visit": None, "check_in": None}
        self._collect_marks(known)
        for name, encounter in self._encounters():
            self.patient = self._patient(encounter)
            self.encounter = encounter
            found[name] = self._row(known[name], encounter, 1)
        self.main = found["visit"] or found["check_in"]
        if self.main is None:
            self._note_whole(findings.NO_ENCOUNTER)
        for part in known.values():
            if part.name not in found:
                found[part.name] = self._rows(part)
        self._note_unused()
        return Reading(self._assemble(found), self.findings)

    # What the forms ask

    def code_of(self, reference: Json, kind: str, where: str) -> str | None:
        """The code of the practitioner or facility that a reference names, by a resource of the bundle or logically."""
        type_name, system_name = _HOLDERS[kind]
        if "reference" not in reference:
            identifier = reference.get("identifier") or {}
            return identifier.get("value") if identifier.get("system") in (None, system(system_name)) else None
        target = self.opened.resolve(reference)
        if target is None:
            self.note(findings.BROKEN_REFERENCE, where, value=str(reference["reference"]))
            return None
        if target["resourceType"] != type_name:
            if target["resourceType"] == "Organization":
                return None  # a facility signs for a document that names no person
            self.note(findings.WRONG_REFERENCE, where, value=target["resourceType"])
            return None
        self.used.add(id(target))
        known = self.codes.get((kind, id(target)))
        if known is None:
            known = self.codes[kind, id(target)] = _identifier(target, system(system_name))
        return known

    def note(self, kind: FindingKind, where: str, **values: Any) -> None:
        """A finding at a place of the resource that is being read."""
        place = self.opened.where(self.resource, where) if self.resource is not None else where
        table = self.part.table.name if self.part and self.part.table else None
        self._add(kind.at(table=table, row=self.number, field=place, **values))

    def _note_whole(self, kind: FindingKind, **values: Any) -> None:
        self._add(kind.at(**values))

    def _add(self, finding: Finding) -> None:
        if len(self.findings) < MOST_FINDINGS:
            self.findings.append(finding)
        elif len(self.findings) == MOST_FINDINGS:
            self.findings.append(shared.TOO_MANY_FINDINGS.at(limit=MOST_FINDINGS))

    # Which resources

    def _collect_marks(self, known: dict[str, Part]) -> None:
        for part in known.values():
            if part.mark:
                self.marked.setdefault(part.type.name, []).append(part.mark)
            for satellite in part.satellites:
                if satellite.mark:
                    self.marked.setdefault(satellite.type.name, []).append(satellite.mark)

    def _encounters(self) -> Iterator[tuple[str, Resource]]:
        """The check-in and the visit, each at most once: the check-in first, so that the rest belongs to the visit."""
        chosen: dict[str, Resource] = {}
        for one in self.opened.of_type("Encounter"):
            status = str(one.get("status"))
            if "partOf" in one:
                continue
            if status not in _NOT_YET and status not in parts()["visit"].type.taken:
                self._add(findings.STATUS.at(field=self.opened.where(one), value=status))
                self.used.add(id(one))
                continue
            name = "check_in" if status in _NOT_YET else "visit"
            self.used.add(id(one))
            if name in chosen:
                self._add(findings.ENCOUNTER_TWICE.at(field=self.opened.where(one)))
                continue
            chosen[name] = one
        yield from sorted(chosen.items())

    def _patient(self, encounter: Resource) -> Resource | None:
        reference = encounter.get("subject")
        self.resource = encounter
        if not isinstance(reference, dict):
            return None
        found = self.opened.resolve(reference)
        if found is None:
            self.note(findings.BROKEN_REFERENCE, "subject", value=str(reference.get("reference")))
        elif found["resourceType"] != "Patient":
            self.note(findings.WRONG_REFERENCE, "subject", value=found["resourceType"])
            return None
        return found

    def _rows(self, part: Part) -> Any:
        found: list[Any] = []
        for resource in self._pieces(part):
            self.resource, self.part, self.number = resource, part, len(found) + 1
            self.used.add(id(resource))
            if not self._counts(resource) or not self._is_theirs(resource):
                continue
            if found and not part.many:
                self.note(findings.TWICE, "", value=part.type.name)
                continue
            found.append(self._row(part, resource, len(found) + 1))
        if part.many:
            return tuple(found)
        return found[0] if found else None

    def _pieces(self, part: Part) -> Iterator[Resource]:
        """The candidates of a part; an observation of several components is as many observations."""
        for resource in self._candidates(part):
            components = resource.get("component") if part.type.name == "Observation" else None
            if not isinstance(components, list) or not components:
                yield resource
                continue
            self.used.add(id(resource))
            common = {name: value for name, value in resource.items() if name not in {"component", "code"}}
            for component in components:
                if isinstance(component, dict):
                    piece = {**common, **component}
                    self.wholes[id(piece)] = resource, piece
                    self.opened.numbers[id(piece)] = self.opened.numbers[id(resource)]
                    yield piece

    def _candidates(self, part: Part) -> Iterable[Resource]:
        resources = self.opened.of_type(part.type.name)
        if part.mark is not None:
            return [one for one in resources if part.mark.fits(one)]
        marks = self.marked.get(part.type.name, [])
        return [one for one in resources if not any(mark.fits(one) for mark in marks)]

    def _counts(self, resource: Resource) -> bool:
        """Whether the resource's own status lets it count (FHIR: status is a modifier element)."""
        part, status = self.part, str(resource.get("status"))
        verified = resource.get("verificationStatus")
        words = [status] if part and part.type.status and status not in part.type.taken else []
        if isinstance(verified, dict) and isinstance(verified.get("coding"), list):
            said = [str(one.get("code")) for one in verified["coding"] if isinstance(one, dict)]
            words += [word for word in said if word in _VOID]
        if resource.get("doNotPerform") is True:
            words.append("doNotPerform")
        if words:
            self.note(findings.STATUS, "", value=words[0])
        return not words

    def _is_theirs(self, resource: Resource) -> bool:
        """Whether it is about the patient and the encounter of this dossier; a resource that names neither is."""
        if self.part is None:
            return True
        kind = self.part.type
        for name, own in ((kind.subject, self.patient), (kind.encounter, self.encounter)):
            reference = resource.get(name) if name else None
            if not isinstance(reference, dict) or "reference" not in reference or own is None:
                continue
            target = self.opened.resolve(reference)
            if target is None:
                self.note(findings.BROKEN_REFERENCE, name, value=str(reference["reference"]))
            elif target is not own:
                self.note(findings.OTHER_PATIENT, name)
                return False
        return True

    def _satellites(self, part: Part, focus: Resource) -> dict[str, Resource]:
        group = {FOCUS: focus}
        for satellite in part.satellites:
            found = self._outward(satellite, focus) if satellite.outward else self._inward(part, satellite, focus)
            if found is not None:
                group[satellite.alias] = found
                self.used.add(id(found))
        return group

    def _outward(self, satellite: Satellite, focus: Resource) -> Resource | None:
        try:
            for reference in every(focus, satellite.link):
                target = self.opened.resolve(reference)
                if target is not None and target["resourceType"] == satellite.type.name:
                    return target
        except _SHAPE_FAULTS:
            self.note(findings.TYPE, satellite.link, wanted="Reference")
        return None

    def _inward(self, part: Part, satellite: Satellite, focus: Resource) -> Resource | None:
        index = self.backward.get((part.name, satellite.alias))
        if index is None:
            index = self.backward[part.name, satellite.alias] = self._index(satellite)
        whole = self.wholes.get(id(focus))
        return index.get(id(whole[0] if whole else focus))

    def _index(self, satellite: Satellite) -> dict[int, Resource]:
        """Satellites by what they point at; the first of several counts."""
        index: dict[int, Resource] = {}
        for resource in self.opened.of_type(satellite.type.name):
            if satellite.mark is not None and not satellite.mark.fits(resource):
                continue
            try:
                targets = [self.opened.resolve(one) for one in every(resource, satellite.link)]
            except _SHAPE_FAULTS:
                place = self.opened.where(resource, satellite.link)
                self._add(findings.TYPE.at(field=place, wanted="Reference"))
                continue
            for target in targets:
                if target is not None:
                    index.setdefault(id(target), resource)
        return index

    # One row

    def _row(self, part: Part, focus: Resource, number: int) -> Any:
        self.part, self.number, self.resource = part, number, focus
        self.faulty, self.lists = set(), {}
        values = part.blank.copy()
        if part.name == "referral":
            values[part.by_tag["layout"].place] = None
        group = self._satellites(part, focus)
        for place in part.places:
            resource = group.get(place.alias)
            if resource is not None or place.also is not None:
                self._place(place, resource, group, values)
        said = self._extensions(part, group, values)
        if part.name == "visit":
            self.said_of_visit = said
        self.resource = focus
        if part.type.name == "Encounter":
            read_cards(self, part)
        if part.name == "visit":
            read_diagnoses(self, values, part, focus)
        for where, members in self.lists.items():
            values[where] = tuple(members)
        self._take_over(part, values, said, number)
        self._check_present(part, values)
        row = part.build(values)
        self.part = self.number = None
        return row

    def _place(self, place: Place, resource: Resource | None, group: dict[str, Resource], values: list[Any]) -> None:
        spec, raw = place.spec, None
        try:
            if resource is not None:
                self.resource = resource
                raw = place.form.read(resource, self)
            if raw is None and place.also is not None and place.also[0] in group:
                self.resource = group[place.also[0]]
                raw = place.also[1](self.resource)
        except _SHAPE_FAULTS:
            self.fault(findings.TYPE, spec, place.path)
            return
        except ValueError:
            self.fault(findings.VALUE, spec, place.path)
            return
        if raw is None:
            return
        if spec.many:
            for one in raw if type(raw) is list else [raw]:
                self.add(spec, one, place.path)
        else:
            values[spec.place] = self.take(spec, raw, place.path)

    def _extensions(self, part: Part, group: dict[str, Resource], values: list[Any]) -> set[str]:
        """Values that travel as extensions; the attributes that were said, even to be unknown."""
        said: set[str] = set()
        for resource in group.values():
            extensions = resource.get("extension")
            if extensions is None:
                continue
            self.resource = resource
            if type(extensions) is not list:
                self.note(findings.TYPE, "extension", wanted="Extension")
                continue
            for one in extensions:
                self._extension(part, one, values, said)
        return said

    def _extension(self, part: Part, one: Json, values: list[Any], said: set[str]) -> None:
        url = one.get("url") if type(one) is dict else None
        spec = part.by_url.get(url) if type(url) is str else None
        if spec is None:
            if type(url) is str and url.startswith(EXTENSION):
                self.note(findings.UNKNOWN_EXTENSION, "extension", value=url.removeprefix(EXTENSION))
            return
        raw = one.get(spec.value_name)
        if raw is None:
            raw = next((value for name, value in one.items() if name.startswith("value")), None)
        first = spec.attribute not in said
        said.add(spec.attribute)
        if raw is None:
            return
        where = f"extension('{spec.url.removeprefix(EXTENSION)}')"
        if spec.many:
            self.add(spec, raw, where)
        elif first:
            values[spec.place] = self.take(spec, raw, where)
        else:
            self.fault(findings.TWICE, spec, where)

    def _take_over(self, part: Part, values: list[Any], said: set[str], number: int) -> None:
        for spec in part.inherited:
            if spec.attribute not in said and values[spec.place] in (None, ()):
                value = number if spec.source == ROW_NUMBER else taken_over(spec, self.main)
                values[spec.place] = value

    def _check_present(self, part: Part, values: list[Any]) -> None:
        if part.table is None:
            return
        self.resource = None
        for spec, field in part.needed:
            if values[spec.place] in (None, ()) and spec.attribute not in self.faulty:
                kind = shared.KEY_MISSING if field.key else shared.REQUIRED_MISSING
                self.note(kind, field.tag)
        texts = _Texts(part, values)
        for spec, field in part.conditional:
            is_open = values[spec.place] in (None, ()) and spec.attribute not in self.faulty
            if is_open and field.condition and field.condition(texts):  # type: ignore[arg-type]
                self.note(shared.CONDITION_MISSING, field.tag, condition=field.condition_text)

    # One value

    def take(self, spec: Spec, raw: Json, where: str) -> Any:
        """A primitive as a value of `spec`; None with a finding when it is none."""
        try:
            return spec.take(raw)
        except TypeError:
            return self.fault(findings.TYPE, spec, where)
        except (ValueError, OverflowError):
            if element_kind(spec.kind) in {"text", "code"}:
                return self._careful(spec, raw, where)
            return self.fault(findings.VALUE, spec, where, value=str(raw)[:200])

    def add(self, spec: Spec, raw: Json, where: str) -> None:
        """A primitive as further members of a list."""
        taken = self.take(spec, raw, where)
        if taken:
            self.lists.setdefault(spec.place, []).extend(taken)

    def _careful(self, spec: Spec, raw: str, where: str) -> Any:
        """A text that is not clean: tidied, taken if it can be, with a finding for what is wrong with it."""
        tidy = raw.strip().removeprefix("'").strip()
        if len(tidy) > (_LONGEST_CODE if spec.tag == "MA_LK" else MOST_CHARACTERS):
            return self.fault(shared.OVERSIZED, spec, where, length=len(tidy))
        if _CONTROL.search(tidy):
            self.note(shared.CONTROL, where)
            tidy = _CONTROL.sub(" ", tidy).strip()
        if not tidy:
            return None
        if spec.limit and len(tidy) > spec.limit:
            self.note(shared.TOO_LONG, where, value=tidy, length=len(tidy), limit=spec.limit)
        try:
            return spec.kind.convert(tidy)
        except ValueError:
            return self.fault(findings.VALUE, spec, where, value=tidy)

    def fault(self, kind: FindingKind, spec: Spec, where: str, **values: Any) -> None:
        """A value that is left out; that it is then missing is not told again."""
        self.faulty.add(spec.attribute)
        self.note(kind, where, **{"wanted": WANTED[element_kind(spec.kind)], **values})

    # The whole

    def _note_unused(self) -> None:
        self.part = self.number = None
        for resource in self.opened.resources:
            name = resource["resourceType"]
            if id(resource) not in self.used and name not in {"Practitioner", "Organization", "Composition"}:
                self._add(findings.UNUSED.at(field=self.opened.where(resource), value=name))

    def _assemble(self, found: dict[str, Any]) -> Dossier | None:
        known = parts()
        book = {known[name].attribute: rows for name, rows in found.items() if known[name].owner == "health_book"}
        own = {known[name].attribute: rows for name, rows in found.items() if known[name].owner == "dossier"}
        code = (self.main and self.main.code) or None
        if code is None:
            return None
        health_book = HealthBook(**book) if any(book.values()) else None
        visit, weight = own["visit"], weight_of(health_book)
        if visit is not None and visit.weight_kg is None and weight and "weight_kg" not in self.said_of_visit:
            own["visit"] = replace(visit, weight_kg=weight)
        return Dossier(code=code, facility_code=self.main.facility_code, health_book=health_book, **own)


class _Texts:
    """A row as tags and texts, made only for those that a condition asks for."""

    def __init__(self, part: Part, values: list[Any]) -> None:
        self.part, self.values = part, values

    def get(self, tag: str) -> str | None:
        spec = self.part.by_tag.get(tag)
        value = self.values[spec.place] if spec else None
        return None if spec is None or value in (None, ()) else spec.kind.render(value)

    __getitem__ = get


def _identifier(resource: Resource, uri: str) -> str | None:
    identifiers = resource.get("identifier")
    if not isinstance(identifiers, list):
        return None
    values = [one for one in identifiers if isinstance(one, dict)]
    for one in values:
        if one.get("system") == uri:
            return one.get("value")
    return values[0].get("value") if len(values) == 1 and "system" not in values[0] else None
