"""Signing a dossier as vendors do: enveloped in `CHUKYDONVI`, Reference URI="", SHA-256, C14N 1.0, with certificate."""

from __future__ import annotations

import base64
from collections.abc import Sequence
from datetime import datetime
from typing import Any

import xmlsec
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from lxml import etree

from ymach.base.clock import VIETNAM
from ymach.base.errors import Invalid
from ymach.base.text import Text
from ymach.trust.algorithms import C14N_10, DS, ECDSA_SHA256, ENVELOPED, RSA_SHA256, SHA256
from ymach.trust.certificates import Certificate

Element = Any  # lxml has no types
SigningKey = rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey

_XADES = "http://uri.etsi.org/01903/v1.3.2#"
_PROPERTIES_ID = "SignedProperties-1"
_REFERENCE = (
    '<Reference URI="{uri}"{type}><Transforms>{transforms}</Transforms>'
    f'<DigestMethod Algorithm="{SHA256}"/><DigestValue/></Reference>'
)
_SIGNATURE = (
    f'<Signature xmlns="{DS}"{{id}}><SignedInfo><CanonicalizationMethod Algorithm="{C14N_10}"/>'
    '<SignatureMethod Algorithm="{method}"/>{references}</SignedInfo><SignatureValue/>'
    "<KeyInfo><X509Data>{certificates}</X509Data></KeyInfo>{time}</Signature>"
)
_TIME = (
    f'<Object><xades:QualifyingProperties xmlns:xades="{_XADES}" Target="#Signature-1">'
    f'<xades:SignedProperties Id="{_PROPERTIES_ID}"><xades:SignedSignatureProperties>'
    "<xades:SigningTime>{moment}</xades:SigningTime></xades:SignedSignatureProperties>"
    "</xades:SignedProperties></xades:QualifyingProperties></Object>"
)


class SignedAlready(Invalid):
    code = "YM-SIG-SIGNED-ALREADY"
    sentence = Text("Tệp này đã có chữ ký số.", "This file is signed already.")


class NotADossier(Invalid):
    code = "YM-SIG-NOT-XML"
    sentence = Text("Tệp này không phải là XML đọc được.", "This file is not readable XML.")


class Signer:
    """A key and its certificate, ready to sign many dossiers. Safe to share between threads.

    chain: intermediate certificates to enclose after the signer's own.
    """

    def __init__(self, key: SigningKey, certificate: Certificate, chain: Sequence[Certificate] = ()) -> None:
        self.certificate = certificate
        pem = key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
        self._key = xmlsec.Key.from_memory(pem, xmlsec.constants.KeyDataFormatPem)
        self._method = RSA_SHA256 if isinstance(key, rsa.RSAPrivateKey) else ECDSA_SHA256
        self._certificates = "".join(_certificate(one) for one in (certificate, *chain))

    def sign(self, document: bytes | Element, *, at: datetime | None = None, reference_id: str | None = None) -> bytes:
        """The signed document as UTF-8 bytes with an XML declaration; blanks are kept as they are.

        at: the moment to state as XAdES SigningTime (aware), or None to state none. reference_id: sign only the element
        with this Id instead of the whole document. An element given as `document` is signed in place.
        Raises SignedAlready when CHUKYDONVI holds a signature, NotADossier when the bytes are not XML.
        """
        root = _parse(document) if isinstance(document, bytes) else document
        place = _place(root)
        node = etree.fromstring(self._template(at, reference_id))
        place.append(node)
        context = xmlsec.SignatureContext()
        context.key = self._key
        _register(context, root, node, reference_id)
        context.sign(node)
        return bytes(etree.tostring(root.getroottree(), encoding="utf-8", xml_declaration=True))

    def _template(self, at: datetime | None, reference_id: str | None) -> str:
        envelope = (
            f'<Transform Algorithm="{ENVELOPED}"/>' if reference_id is None else f'<Transform Algorithm="{C14N_10}"/>'
        )
        references = _REFERENCE.format(
            uri="" if reference_id is None else f"#{reference_id}", type="", transforms=envelope
        )
        if at is not None:
            references += _REFERENCE.format(
                uri=f"#{_PROPERTIES_ID}",
                type=' Type="http://uri.etsi.org/01903#SignedProperties"',
                transforms=f'<Transform Algorithm="{C14N_10}"/>',
            )
        return _SIGNATURE.format(
            id="" if at is None else ' Id="Signature-1"',
            method=self._method,
            references=references,
            certificates=self._certificates,
            time="" if at is None else _TIME.format(moment=at.astimezone(VIETNAM).isoformat(timespec="seconds")),
        )


def sign(
    document: bytes | Element,
    key: SigningKey,
    certificate: Certificate,
    *,
    chain: Sequence[Certificate] = (),
    at: datetime | None = None,
) -> bytes:
    """Sign one document; see `Signer.sign`. For many documents keep a `Signer`."""
    return Signer(key, certificate, chain).sign(document, at=at)


def is_signed(document: bytes) -> bool:
    """Whether the document's CHUKYDONVI holds a signature (not whether that is valid). Raises NotADossier."""
    root = _parse(document)
    return any(True for holder in root.iter("CHUKYDONVI") for _ in holder.iterchildren(f"{{{DS}}}Signature"))


def _parse(document: bytes) -> Element:
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, remove_blank_text=False)
    try:
        return etree.fromstring(document, parser)
    except etree.XMLSyntaxError as wrong:
        raise NotADossier from wrong


def _place(root: Element) -> Element:
    """The CHUKYDONVI to sign in; made at the end of the root when there is none."""
    place = next(root.iterchildren("CHUKYDONVI"), None)
    if place is None:
        place = next(
            (found for unit in root.iterchildren("THONGTINDONVI") for found in unit.iterchildren("CHUKYDONVI")), None
        )
    if place is None:
        place = etree.SubElement(root, "CHUKYDONVI")
    if len(place):
        raise SignedAlready
    return place


def _register(context: Any, root: Element, node: Element, reference_id: str | None) -> None:
    for properties in node.iter(f"{{{_XADES}}}SignedProperties"):
        context.register_id(properties, "Id", None)
    if reference_id is not None:
        for target in root.xpath("//*[@Id=$value]", value=reference_id):
            context.register_id(target, "Id", None)


def _certificate(certificate: Certificate) -> str:
    return f"<X509Certificate>{base64.b64encode(certificate.der).decode()}</X509Certificate>"
