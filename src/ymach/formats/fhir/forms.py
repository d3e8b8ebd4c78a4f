"""How an attribute stands at its place: a primitive, a code among codings, an identifier, a reference, a section.

A form reads FHIR primitives (one, a list, or None) and writes them; what it cannot carry it returns, and that travels as
an extension.
"""

from __future__ import annotations

import html
import re
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Protocol

from ymach.formats import safexml
from ymach.formats.errors import Refused
from ymach.formats.fhir import findings
from ymach.formats.fhir.names import BIRTH_TIME, section_titles, system, systems
from ymach.formats.fhir.paths import Json, getter, putter
from ymach.formats.fhir.values import give_number, plain_number

Resource = dict[str, Json]
Beside = dict[str, Json]


class Reader(Protocol):
    """What a form may ask while reading."""

    def code_of(self, reference: Json, kind: str, where: str) -> str | None:
        """The code of the practitioner or facility that a reference names."""

    def note(self, kind: Any, where: str, **values: Any) -> None:
        """Say what is wrong at a place of the resource that is being read."""


class Writer(Protocol):
    """What a form may ask while writing."""

    def reference(self, kind: str, code: str) -> Json:
        """A reference to the practitioner or facility of this code."""


Read = Callable[[Resource, Reader], Json]
Write = Callable[[Resource, list[Json], Writer], list[Json]]


@dataclass(frozen=True, slots=True)
class Form:
    """A reader and a writer for one place. `write` takes all primitives and returns those it could not carry."""

    read: Read
    write: Write


def form(written: str, path: str, attribute: str, beside: Beside) -> Form:
    """The form of a row of `places.csv`. Raises KeyError when there is no such form or system."""
    name, _, argument = written.partition(" ")
    return _FORMS[name](path, argument, attribute, beside)


def _value(path: str, _: str, __: str, beside: Beside) -> Form:
    get, put = getter(path), putter(path)
    in_list = path.endswith("[]")

    def write(resource: Resource, values: list[Json], _: Writer) -> list[Json]:
        if in_list:
            putter(path.removesuffix("[]"))(resource, values[:1], beside)
        else:
            put(resource, values[0], beside)
        return values[1:]

    return Form(lambda resource, _: get(resource), write)


def _dose(path: str, *_: Any) -> Form:
    """The number of a dose. A vaccine given at birth is dose 0, which no positiveInt holds: it stands as a string."""
    get, put = getter(path), putter(path)
    words = path.replace("PositiveInt", "String")
    get_words, put_words = getter(words), putter(words)

    def read(resource: Resource, _: Reader) -> Json:
        said = get_words(resource)
        return int(said) if isinstance(said, str) and said.isdecimal() else get(resource) or said

    def write(resource: Resource, values: list[Json], _: Writer) -> list[Json]:
        if values[0] > 0:
            put(resource, values[0], {})
        else:
            put_words(resource, str(values[0]), {})
        return values[1:]

    return Form(read, write)


def _sex(path: str, *_: Any) -> Form:
    there = {"male": "1", "female": "2", "unknown": "3", "other": "3"}
    back = {"1": "male", "2": "female", "3": "unknown"}

    def read(resource: Resource, _: Reader) -> Json:
        found = resource.get(path)
        return None if found is None else there.get(found, found)

    def write(resource: Resource, values: list[Json], _: Writer) -> list[Json]:
        known = back.get(values[0])
        if known is None:
            return values
        resource[path] = known
        return []

    return Form(read, write)


def _birth(*_: Any) -> Form:
    def read(resource: Resource, _: Reader) -> Json:
        for one in (resource.get("_birthDate") or {}).get("extension", ()):
            if one.get("url") == BIRTH_TIME:
                return one.get("valueDateTime")
        return resource.get("birthDate")

    def write(resource: Resource, values: list[Json], _: Writer) -> list[Json]:
        resource["birthDate"] = values[0][:10]
        if len(values[0]) > 10:
            resource["_birthDate"] = {"extension": [{"url": BIRTH_TIME, "valueDateTime": values[0]}]}
        return []

    return Form(read, write)


def code_in(concept: Json, uri: str) -> Json:
    """The code of system `uri` in a CodeableConcept; one of no stated system when it is alone."""
    codings = concept.get("coding")
    if not codings:
        return None
    for coding in codings:
        if coding.get("system") == uri:
            return coding.get("code")
    if len(codings) == 1 and "system" not in codings[0]:
        return codings[0].get("code")
    return None


def _code(path: str, name: str, *_: Any) -> Form:
    get, put, uri = getter(path), putter(path), system(name)

    def read(resource: Resource, reader: Reader) -> Json:
        concept = get(resource)
        if concept is None:
            return None
        code = code_in(concept, uri)
        if code is None and concept.get("coding") and not _is_known(concept):
            reader.note(findings.CODE_SYSTEM, path, wanted=uri)
        return code

    def write(resource: Resource, values: list[Json], _: Writer) -> list[Json]:
        concept = get(resource) or {}
        codings = [*concept.get("coding", ()), {"system": uri, "code": values[0]}]
        put(resource, {**concept, "coding": codings}, {})
        return values[1:]

    return Form(read, write)


def _is_known(concept: Json) -> bool:
    known = _known_systems()
    return any(coding.get("system") in known for coding in concept["coding"])


def _known_systems() -> frozenset[str]:
    return frozenset(systems().values())


def _codes(path: str, name: str, *_: Any) -> Form:
    get, put, uri = getter(path), putter(path), system(name)

    def read(resource: Resource, _: Reader) -> Json:
        concept = get(resource)
        if concept is None:
            return None
        return [coding.get("code") for coding in concept.get("coding", ()) if coding.get("system") == uri]

    def write(resource: Resource, values: list[Json], _: Writer) -> list[Json]:
        put(resource, {"coding": [{"system": uri, "code": value} for value in values]}, {})
        return []

    return Form(read, write)


def _each(path: str, name: str, *_: Any) -> Form:
    uri = system(name)

    def read(resource: Resource, _: Reader) -> Json:
        concepts = resource.get(path)
        if concepts is None:
            return None
        return [
            coding.get("code")
            for concept in concepts
            for coding in concept.get("coding", ())
            if coding.get("system") == uri
        ]

    def write(resource: Resource, values: list[Json], _: Writer) -> list[Json]:
        concepts = resource.setdefault(path, [])
        concepts += [{"coding": [{"system": uri, "code": value}]} for value in values]
        return []

    return Form(read, write)


def _among(path: str, name: str, *_: Any) -> Form:
    many = _each(path, name)

    def read(resource: Resource, reader: Reader) -> Json:
        found = many.read(resource, reader)
        return found[0] if found else None

    def write(resource: Resource, values: list[Json], writer: Writer) -> list[Json]:
        many.write(resource, values[:1], writer)
        return values[1:]

    return Form(read, write)


def _id(path: str, name: str, *_: Any) -> Form:
    uri = system(name)

    def read(resource: Resource, _: Reader) -> Json:
        for one in resource.get(path) or ():
            if one.get("system") == uri:
                return one.get("value")
        return None

    def write(resource: Resource, values: list[Json], _: Writer) -> list[Json]:
        resource.setdefault(path, []).append({"system": uri, "value": values[0]})
        return values[1:]

    return Form(read, write)


def _reference(kind: str) -> Callable[..., Form]:
    def make(path: str, _: str, __: str, beside: Beside) -> Form:
        get, put = getter(path), putter(path)

        def read(resource: Resource, reader: Reader) -> Json:
            found = get(resource)
            return None if found is None else reader.code_of(found, kind, path)

        def write(resource: Resource, values: list[Json], writer: Writer) -> list[Json]:
            put(resource, writer.reference(kind, values[0]), beside)
            return values[1:]

        return Form(read, write)

    return make


def _actors(path: str, *_: Any) -> Form:
    def read(resource: Resource, reader: Reader) -> Json:
        found = resource.get(path)
        if found is None:
            return None
        codes = [reader.code_of(one.get("actor") or {}, "practitioner", f"{path}.actor") for one in found]
        return [code for code in codes if code is not None]

    def write(resource: Resource, values: list[Json], writer: Writer) -> list[Json]:
        resource[path] = [{"actor": writer.reference("practitioner", value)} for value in values]
        return []

    return Form(read, write)


_PLAIN = re.compile(r"-?(?:0|[1-9][0-9]{0,14})(?:\.[0-9]{1,8})?")


def _result(*_: Any) -> Form:
    """A result is text in the model: a plain number travels as Quantity, digit for digit, anything else as string."""

    def read(resource: Resource, _: Reader) -> Json:
        quantity = resource.get("valueQuantity")
        if quantity is not None:
            value = quantity.get("value")
            return None if value is None else f"{quantity.get('comparator') or ''}{plain_number(value)}"
        concept = resource.get("valueCodeableConcept")
        if concept is not None:
            return concept.get("text") or next(
                (one.get("display") or one.get("code") for one in concept.get("coding", ())), None
            )
        number = resource.get("valueInteger")
        return resource.get("valueString") if number is None else plain_number(number)

    def write(resource: Resource, values: list[Json], _: Writer) -> list[Json]:
        if _PLAIN.fullmatch(values[0]) and values[0] != "-0":
            resource["valueQuantity"] = {"value": give_number(Decimal(values[0]))}
        else:
            resource["valueString"] = values[0]
        return []

    return Form(read, write)


def _unit(path: str, *_: Any) -> Form:
    get = getter(path)

    def write(resource: Resource, values: list[Json], _: Writer) -> list[Json]:
        if "valueQuantity" not in resource:
            return values
        resource["valueQuantity"]["unit"] = values[0]
        return values[1:]

    return Form(lambda resource, _: get(resource), write)


_DIV = re.compile(r"\s*<div(?:\s[^<>]*)?>([^<]*)</div>\s*")
_XHTML = "http://www.w3.org/1999/xhtml"


def _section(_: str, __: str, attribute: str, ___: Beside) -> Form:
    """A section of a document, found by the attribute's name; its narrative is the text."""
    uri, title = system("section"), section_titles()[attribute]

    def read(resource: Resource, _: Reader) -> Json:
        for section in resource.get("section") or ():
            if code_in(section.get("code") or {}, uri) == attribute:
                div = (section.get("text") or {}).get("div")
                return None if div is None else narrative_text(div)
        return None

    def write(resource: Resource, values: list[Json], _: Writer) -> list[Json]:
        div = f'<div xmlns="{_XHTML}">{html.escape(values[0], quote=False)}</div>'
        resource.setdefault("section", []).append(
            {
                "title": title,
                "code": {"coding": [{"system": uri, "code": attribute}]},
                "text": {"status": "additional", "div": div},
            }
        )
        return values[1:]

    return Form(read, write)


def narrative_text(div: str) -> str | None:
    """The plain text of a narrative. Raises ValueError when it is not the XHTML that FHIR allows."""
    if len(div) > 1_000_000:
        raise ValueError("xhtml")
    plain = _DIV.fullmatch(div)
    if plain:
        return html.unescape(plain[1]) or None
    try:
        root = safexml.parse_content(div.encode("utf-8", "replace"))
    except Refused:
        raise ValueError("xhtml") from None
    for line in root.iter("{*}br", "{*}p", "{*}li"):
        line.tail = "\n" + (line.tail or "")
    return "".join(root.itertext()).strip() or None


_FORMS: dict[str, Callable[..., Form]] = {
    "value": _value,
    "dose": _dose,
    "sex": _sex,
    "birth": _birth,
    "code": _code,
    "codes": _codes,
    "each": _each,
    "among": _among,
    "id": _id,
    "practitioner": _reference("practitioner"),
    "organization": _reference("organization"),
    "actors": _actors,
    "result": _result,
    "unit": _unit,
    "section": _section,
}
