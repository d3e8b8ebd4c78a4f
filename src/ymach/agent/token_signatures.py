"""XML signatures by a key whose bytes nobody has: the usual signature, with the token's value in its place."""

from __future__ import annotations

import base64
from copy import deepcopy
from datetime import datetime
from typing import Any

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from lxml import etree

from ymach.trust.algorithms import DS
from ymach.trust.certificates import Certificate
from ymach.trust.signing import Signer, SigningKey
from ymach.trust.xmldsig import verify

Element = Any  # lxml has no types
_XML = "{http://www.w3.org/XML/1998/namespace}"


class TokenSigner(Signer):
    """Signs as `Signer` does, with a key on a token.

    A passing key of the same kind makes the whole signature (digests, certificates, time); then the token signs the
    canonical SignedInfo and its value replaces the passing one. What comes out is verified with the certificate before
    it is given away, so a token that holds another key than its certificate says is found at once.
    """

    def __init__(self, key: SigningKey, certificate: Certificate, chain: tuple[Certificate, ...] = ()) -> None:
        super().__init__(_passing(key), certificate, chain)
        self._token_key = key

    def sign(self, document: bytes | Element, *, at: datetime | None = None, reference_id: str | None = None) -> bytes:
        root = etree.fromstring(super().sign(document, at=at, reference_id=reference_id), _parser())
        holders = root.iter("CHUKYDONVI")
        place = next(node for holder in holders for node in holder.iterchildren(f"{{{DS}}}Signature"))
        value = _value(self._token_key, canonical(place.find(f"{{{DS}}}SignedInfo")))
        place.find(f"{{{DS}}}SignatureValue").text = base64.b64encode(value).decode()
        signed = bytes(etree.tostring(root.getroottree(), encoding="utf-8", xml_declaration=True))
        verify(etree.fromstring(signed, _parser()))
        return signed


def canonical(node: Element) -> bytes:
    """Canonical XML 1.0 (inclusive, without comments) of one element as it stands in its document.

    The namespaces in scope and the `xml:` attributes of the elements above belong to it (section 2.4 of the
    recommendation), so the element is copied together with them before it is written.
    """
    apex = etree.Element(node.tag, nsmap=node.nsmap)
    for above in node.iterancestors():
        for name, value in above.attrib.items():
            if name.startswith(_XML) and name not in apex.attrib:
                apex.set(name, value)
    for name, value in node.attrib.items():
        apex.set(name, value)
    apex.text = node.text
    apex.extend([deepcopy(child) for child in node])
    return bytes(etree.tostring(apex, method="c14n", with_comments=False))


def _passing(key: SigningKey) -> SigningKey:
    if isinstance(key, ec.EllipticCurvePrivateKey):
        return ec.generate_private_key(ec.SECP256R1())
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


def _value(key: SigningKey, content: bytes) -> bytes:
    """The signature value: PKCS#1 v1.5, or r and s side by side (XML Signature 1.1, section 6.4.3)."""
    if isinstance(key, rsa.RSAPrivateKey):
        return key.sign(content, padding.PKCS1v15(), hashes.SHA256())
    size = (key.key_size + 7) // 8
    return b"".join(part.to_bytes(size) for part in decode_dss_signature(key.sign(content, ec.ECDSA(hashes.SHA256()))))


def _parser() -> etree.XMLParser:
    return etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=True)
