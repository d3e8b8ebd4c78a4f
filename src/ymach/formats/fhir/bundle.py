"""The bundle as a whole: its kind, its resources by identity and by type, before any of them is read."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from ymach.base.findings import Finding
from ymach.formats.fhir import findings
from ymach.formats.fhir.paths import Json
from ymach.formats.fhir.safejson import DEFAULT_LIMITS, Limits, parse, refused
from ymach.formats.fhir.schema import resource_types

Resource = dict[str, Json]
MOST_ENTRIES = 10_000
_DOCUMENT, _TRANSACTION = "document", "transaction"
_METHODS = frozenset({"POST", "PUT"})
_MOST_CIRCLES = 20
_UPWARDS = ("partOf", "basedOn", "replaces", "hasMember", "derivedFrom", "previous", "parent")


@dataclass(frozen=True, slots=True)
class Opened:
    """An opened bundle.

    resources: those of the profile, in order. by_identity: fullUrl and `Type/id`. numbers: the place of each resource
    among the entries, by Python identity. findings: what was already found wrong.
    """

    is_document: bool
    code: str | None
    resources: tuple[Resource, ...]
    by_identity: dict[str, Resource]
    numbers: dict[int, int]
    findings: tuple[Finding, ...]

    def of_type(self, name: str) -> list[Resource]:
        """The resources of one type, in order."""
        return [one for one in self.resources if one["resourceType"] == name]

    def resolve(self, reference: Json) -> Resource | None:
        """What a Reference points at inside the bundle; None for anything else. Nothing is ever fetched."""
        address = reference.get("reference") if isinstance(reference, dict) else None
        if not isinstance(address, str):
            return None
        found = self.by_identity.get(address)
        if found is None and "/_history/" in address:
            found = self.by_identity.get(address.partition("/_history/")[0])
        return found

    def where(self, resource: Resource, path: str = "") -> str:
        """A place as FHIRPath: `Bundle.entry[3].resource.period.start`."""
        place = f"Bundle.entry[{self.numbers.get(id(resource), 0)}].resource"
        return f"{place}.{path}" if path else place


def open_bundle(raw: bytes, limits: Limits = DEFAULT_LIMITS) -> Opened:
    """Parse `raw` (UTF-8 JSON) and take the bundle apart.

    Raises JsonRefused with a YM-FHIR-* finding: not JSON, too large, a modifier, not a bundle, two of one identity.
    """
    bundle = parse(raw, limits)
    if not isinstance(bundle, dict) or bundle.get("resourceType") != "Bundle":
        raise refused(findings.NOT_BUNDLE, value=_said(bundle))
    kind, entries = bundle.get("type"), bundle.get("entry")
    if kind not in (_DOCUMENT, _TRANSACTION):
        raise refused(findings.NOT_BUNDLE, value=str(kind))
    if not isinstance(entries, list) or not entries:
        raise refused(findings.EMPTY)
    if len(entries) > MOST_ENTRIES:
        raise refused(findings.TOO_MANY, limit=MOST_ENTRIES)
    return _Opening(kind == _DOCUMENT).run(bundle, entries)


class _Opening:
    def __init__(self, is_document: bool) -> None:
        self.is_document = is_document
        self.found: list[Finding] = []
        self.outside: Counter[str] = Counter()
        self.resources: list[Resource] = []
        self.by_identity: dict[str, Resource] = {}
        self.numbers: dict[int, int] = {}

    def run(self, bundle: Resource, entries: list[Json]) -> Opened:
        for number, entry in enumerate(entries):
            self._entry(number, entry)
        if self.is_document and (not self.resources or self.resources[0]["resourceType"] != "Composition"):
            self.found.append(findings.NO_COMPOSITION.at(field="Bundle.entry[0].resource"))
        for name, count in self.outside.items():
            self.found.append(findings.OUTSIDE_PROFILE.at(value=name, count=count))
        identifier = bundle.get("identifier")
        code = identifier.get("value") if isinstance(identifier, dict) else None
        opened = Opened(
            self.is_document,
            code if isinstance(code, str) else None,
            tuple(self.resources),
            self.by_identity,
            self.numbers,
            tuple(self.found),
        )
        circles = [findings.CIRCULAR.at(field=opened.where(one)) for one in _circles(opened)]
        return replace(opened, findings=(*opened.findings, *circles)) if circles else opened

    def _entry(self, number: int, entry: Json) -> None:
        place = f"Bundle.entry[{number}]"
        resource = entry.get("resource") if isinstance(entry, dict) else None
        if not isinstance(resource, dict) or not isinstance(resource.get("resourceType"), str):
            self.found.append(findings.TYPE.at(field=f"{place}.resource", wanted="Resource"))
            return
        if not self.is_document:
            _check_method(entry, place)
        self._index(entry, resource)
        if resource["resourceType"] not in resource_types():
            self.outside[resource["resourceType"][:60]] += 1
            return
        self.numbers[id(resource)] = number
        self.resources.append(resource)
        if "contained" in resource:
            self.found.append(findings.CONTAINED.at(field=f"{place}.resource"))

    def _index(self, entry: Resource, resource: Resource) -> None:
        names = [entry.get("fullUrl")]
        if isinstance(resource.get("id"), str):
            names.append(f"{resource['resourceType']}/{resource['id']}")
        for name in names:
            if isinstance(name, str) and self.by_identity.setdefault(name, resource) is not resource:
                raise refused(findings.DUPLICATE_ID, value=name)


def _check_method(entry: Resource, place: str) -> None:
    request = entry.get("request")
    method = request.get("method") if isinstance(request, dict) else None
    if str(method) not in _METHODS:
        raise refused(findings.METHOD, field=place, value=str(method))


def _circles(opened: Opened) -> list[Resource]:
    """Resources at which a way upwards comes back to where it has been. Each way is gone once."""
    found: list[Resource] = []
    done: set[int] = set()
    for start in opened.resources:
        on_way: dict[int, Iterator[Resource]] = {}
        way = [start] if id(start) not in done else []
        while way and len(found) < _MOST_CIRCLES:
            one = way[-1]
            further = next(on_way.setdefault(id(one), iter(_upwards(opened, one))), None)
            if further is None:
                del on_way[id(one)]
                done.add(id(way.pop()))
            elif id(further) in on_way:
                found.append(further)
            elif id(further) not in done:
                way.append(further)
    return found


def _upwards(opened: Opened, resource: Resource) -> list[Resource]:
    pointed: list[Resource] = []
    for name in _UPWARDS:
        held = resource.get(name)
        if held is None:
            continue
        for reference in held if isinstance(held, list) else [held]:
            target = opened.resolve(reference)
            if target is not None:
                pointed.append(target)
    return pointed


def _said(value: Any) -> str:
    if isinstance(value, dict):
        return str(value.get("resourceType"))[:60]
    return type(value).__name__
