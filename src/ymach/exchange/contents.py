"""What a facility sends, by its format: how it is opened, whose signature it carries, how it is read.

The intake, and everything that reads kept bytes again, asks here; nothing else knows how many formats there are.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Protocol

from ymach.base.errors import NotFound
from ymach.base.findings import Finding
from ymach.base.refusal import Refused
from ymach.clinical.dossier import Dossier
from ymach.exchange.deliveries.names import INSURANCE
from ymach.formats import safexml
from ymach.formats.fhir import findings as fhir_findings
from ymach.formats.fhir.bundle import Opened, open_bundle
from ymach.formats.fhir.read import read_bundle
from ymach.formats.fhir.sender import sender_code
from ymach.formats.fhir.write import write_bundle
from ymach.formats.safexml import Element
from ymach.formats.xml130.envelope import Envelope, open_envelope
from ymach.formats.xml130.read import Reading, read_dossier
from ymach.formats.xml130.write import write_check_in, write_envelope
from ymach.trust import detached, xmldsig
from ymach.trust.evidence import Evidence


class Content(Protocol):
    """Something opened, not yet verified, not yet read.

    facility_code: who it says it comes from, "" when it does not say. findings: what is wrong with the whole.
    """

    @property
    def facility_code(self) -> str: ...
    @property
    def findings(self) -> Sequence[Finding]: ...

    def verify(self) -> Evidence:
        """The signature over the bytes as they came. Raises Refused: YM-SIG-…, YM-CRT-…."""

    @property
    def count(self) -> int:
        """How many dossiers it holds."""

    def reading(self, number: int) -> Reading:
        """One dossier, counted from 0, with what is wrong with it. Raises IndexError."""


class Format(Protocol):
    """One format.

    name: as it is stored and counted. sender_field, signature_field: where findings about the sender and the signature
    point to. closed_to: destinations that do not take it.
    """

    @property
    def name(self) -> str: ...
    @property
    def sender_field(self) -> str: ...
    @property
    def signature_field(self) -> str: ...
    @property
    def closed_to(self) -> frozenset[str]: ...

    def open(self, content: bytes) -> Content:
        """Take the bytes apart. Raises Refused: YM-XML-…, YM-ENV-…, YM-FHIR-…."""


def format_of(content: bytes) -> Format:
    """The format of what was sent, by its first characters: JSON or a JWS is FHIR, all else is XML."""
    return FHIR if content[:64].lstrip()[:1] == b"{" or detached.is_compact(content) else XML130


def dossiers_of(content: bytes) -> list[Dossier]:
    """The dossiers of kept bytes, whose signature was verified when they came. Raises Refused."""
    found = readings(format_of(content).open(content))
    return [one.dossier for one in found if one.dossier is not None]


def dossier_at(content: bytes, number: int) -> Dossier:
    """One dossier of kept bytes, counted from 0. Raises NotFound, Refused."""
    opened = format_of(content).open(content)
    found = opened.reading(number).dossier if 0 <= number < opened.count else None
    if found is None:
        raise NotFound
    return found


def readings(content: Content) -> Iterator[Reading]:
    """All dossiers, one after the other."""
    return map(content.reading, range(content.count))


def as_xml(content: bytes, *, facility_code: str, created_on: date) -> bytes:
    """Kept bytes as XML 130: untouched when they are, else written from the dossiers they hold, without a signature.

    A facility's signature over FHIR cannot be carried over to XML. created_on: the day in Viet Nam to state.
    """
    if format_of(content) is XML130:
        return content
    dossiers = dossiers_of(content)
    notices = [one.check_in for one in dossiers if one.check_in is not None and one.visit is None]
    if notices:
        return write_check_in(*notices)
    return write_envelope(dossiers, facility_code=facility_code, created_on=created_on)


def as_fhir(dossier: Dossier) -> bytes:
    """A dossier as a FHIR document, whatever it came as; not signed by its facility."""
    return write_bundle(dossier)


@dataclass(frozen=True, slots=True)
class _Xml130Content:
    root: Element
    envelope: Envelope

    @property
    def facility_code(self) -> str:
        return self.envelope.facility_code

    @property
    def findings(self) -> Sequence[Finding]:
        return self.envelope.findings

    def verify(self) -> Evidence:
        return xmldsig.verify(self.root)

    @property
    def count(self) -> int:
        return len(self.envelope.dossiers)

    def reading(self, number: int) -> Reading:
        return read_dossier(self.envelope.dossiers[number])


@dataclass(frozen=True, slots=True)
class _Xml130:
    """XML of Decision 130 and its amendments: the tree that is verified is the tree that is read."""

    name: str = "xml130"
    sender_field: str = "MACSKCB"
    signature_field: str = "CHUKYDONVI"
    closed_to: frozenset[str] = frozenset()

    def open(self, content: bytes) -> Content:
        root = safexml.parse(content)
        return _Xml130Content(root, open_envelope(root))


@dataclass(frozen=True, slots=True)
class _FhirContent:
    text: bytes
    bundle: Opened

    @property
    def facility_code(self) -> str:
        return sender_code(self.bundle)

    @property
    def findings(self) -> Sequence[Finding]:
        return (fhir_findings.NOT_FOR_INSURANCE.at(),)

    def verify(self) -> Evidence:
        return detached.verify(self.text)

    @property
    def count(self) -> int:
        return 1

    def reading(self, number: int) -> Reading:
        return read_bundle((self.bundle,)[number])


@dataclass(frozen=True, slots=True)
class _Fhir:
    """A FHIR R4 bundle under a JWS; the content between the dots is what is verified and what is read.

    The insurance portal goes by the facility's signature over XML, which nobody but the facility can make.
    """

    name: str = "fhir"
    sender_field: str = "Encounter.serviceProvider"
    signature_field: str = "JWS"
    closed_to: frozenset[str] = frozenset({INSURANCE})

    def open(self, content: bytes) -> Content:
        if not detached.is_compact(content):
            raise Refused(fhir_findings.UNSIGNED.at(field=self.signature_field))
        return _FhirContent(content, open_bundle(detached.content_of(content)))


XML130 = _Xml130()
FHIR = _Fhir()
