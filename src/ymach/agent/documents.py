"""What a facility sends: XML 130 dossiers with an XML signature, FHIR Bundles as a signed JWS. Told apart by content."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

import orjson

from ymach.agent.errors import Unreadable
from ymach.base.clock import now
from ymach.trust import signing
from ymach.trust.certificates import Certificate
from ymach.trust.detached import is_compact
from ymach.trust.signing import Signer

ENDINGS = frozenset({".xml", ".json", ".jws"})


class Kind(StrEnum):
    """The media type a document is sent as."""

    XML = "application/xml"
    FHIR = "application/fhir+json"
    SIGNED_FHIR = "application/jose"


def kind_of(content: bytes) -> Kind:
    """What the content looks like; anything that is no JSON is left to the reader of XML."""
    if is_compact(content):
        return Kind.SIGNED_FHIR
    return Kind.FHIR if content[:256].lstrip()[:1] == b"{" else Kind.XML


def is_signed(content: bytes) -> bool:
    """Whether the document carries a signature (not whether that is valid). Raises NotADossier, Unreadable."""
    kind = kind_of(content)
    if kind is Kind.FHIR:
        _check_bundle(content)
    return kind is Kind.SIGNED_FHIR or (kind is Kind.XML and signing.is_signed(content))


@dataclass(frozen=True, slots=True)
class DocumentSigner:
    """A facility's key, ready to sign either kind. sign_fhir: the Bundle's bytes and the moment to state."""

    xml: Signer
    sign_fhir: Callable[[bytes, datetime], bytes]

    @property
    def certificate(self) -> Certificate:
        return self.xml.certificate

    def sign(self, content: bytes, *, at: datetime | None = None) -> bytes:
        """The signed document. at: the moment to state; XML may state none, a JWS always states one.

        Raises NotADossier, SignedAlready, Unreadable.
        """
        if kind_of(content) is Kind.FHIR:
            _check_bundle(content)
            return self.sign_fhir(content, at or now())
        return self.xml.sign(content, at=at)


def _check_bundle(content: bytes) -> None:
    """Refuse JSON that is nothing a facility sends: settings and lists lie in the same folders."""
    try:
        found = orjson.loads(content)
    except orjson.JSONDecodeError as wrong:
        raise Unreadable(why="JSON") from wrong
    if not isinstance(found, dict) or found.get("resourceType") != "Bundle":
        raise Unreadable(why="FHIR Bundle")
