"""XML signatures by a key whose bytes nobody has: the usual signature, with the token's value in its place."""

from __future__ import annotations

import base64
from collections.abc import Callable
from copy import deepcopy
from datetime import datetime
from typing import Any

from cryptography.hazmat.primitives.asymmetric import ec, rsa
from lxml import etree

from ymach.trust import detached
from ymach.trust.algorithms import DS
from ymach.trust.certificates import Certificate
from ymach.trust.client_assertions import make_assertion
from ymach.trust.signing import Signer, SigningKey
from ymach.trust.xmldsig import verify

Element = Any  # lxml has no types
SignValue = Callable[[bytes], bytes]
_XML = "{http://www.w3.org/XML/1998/namespace}"


class TokenSigner(Signer):
    """Signs as `Signer` does, with a key on a token. sign_value: asks the token.

    A passing key of the same kind makes the whole signature (digests, certificates, time); then the token signs the
    canonical SignedInfo and its value replaces the passing one. What comes out is verified with the certificate before
    it is given away, so a token that holds another key than its certificate says is found at once.
    """

    def __init__(
        self, sign_value: SignValue, passing: SigningKey, certificate: Certificate, chain: tuple[Certificate, ...] = ()
    ) -> None:
        super().__init__(passing, certificate, chain)
        self._sign_value = sign_value

    def sign(self, document: bytes | Element, *, at: datetime | None = None, reference_id: str | None = None) -> bytes:
        root = etree.fromstring(super().sign(document, at=at, reference_id=reference_id), _parser())
        holders = root.iter("CHUKYDONVI")
        place = next(node for holder in holders for node in holder.iterchildren(f"{{{DS}}}Signature"))
        value = self._sign_value(canonical(place.find(f"{{{DS}}}SignedInfo")))
        place.find(f"{{{DS}}}SignatureValue").text = base64.b64encode(value).decode()
        signed = bytes(etree.tostring(root.getroottree(), encoding="utf-8", xml_declaration=True))
        verify(etree.fromstring(signed, _parser()))
        return signed


def token_assertion(
    sign_value: SignValue, passing: SigningKey, certificate: Certificate, client: str, audience: str, at: datetime
) -> str:
    """A sign-in assertion (see `make_assertion`) whose signature is the token's."""
    signed, _, _ = make_assertion(passing, certificate, client, audience, at).rpartition(".")
    return f"{signed}.{base64.urlsafe_b64encode(sign_value(signed.encode())).rstrip(b'=').decode()}"


def token_jws(
    sign_value: SignValue,
    passing: SigningKey,
    certificate: Certificate,
    chain: tuple[Certificate, ...],
    content: bytes,
    at: datetime,
) -> bytes:
    """Content as a compact JWS (see `detached.sign`) whose signature is the token's; verified before it is given away."""
    signed, _, _ = detached.sign(content, passing, certificate, chain=chain, at=at).rpartition(b".")
    made = signed + b"." + base64.urlsafe_b64encode(sign_value(signed)).rstrip(b"=")
    detached.verify(made)
    return made


def passing_key(certificate: Certificate) -> SigningKey:
    """A key of the certificate's kind that signs nothing that leaves this process."""
    public = certificate.public_key
    if isinstance(public, ec.EllipticCurvePublicKey):
        return ec.generate_private_key(public.curve)
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


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


def _parser() -> etree.XMLParser:
    return etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=True)
