"""The ways to sign a golden file, right and wrong, with the facility's own key or one that nobody trusts."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import cache
from typing import Any, Protocol

from lxml import etree

from ymach.synth.certificates import break_signature, sign_in_part, weaken, wrap_signed
from ymach.trust.demo_ca import Issued, KeyPool, foreign_authority, new_key
from ymach.trust.signing import Signer

DS = "{http://www.w3.org/2000/09/xmldsig#}"
_STRANGER = "4980000", "Cơ sở thử nghiệm"
_FAR_OFF = timedelta(days=400)
_XSLT = "http://www.w3.org/TR/1999/REC-xslt-19991116"


class SignsDocuments(Protocol):
    """A facility's key. sign_fhir: given the bundle's bytes, whatever they are, and the moment to state."""

    @property
    def xml(self) -> Signer: ...
    @property
    def sign_fhir(self) -> Callable[[bytes, datetime], bytes]: ...


def sign_golden(content: bytes, how: str, own: SignsDocuments, *, at: datetime) -> bytes:
    """The file as it is sent. how: one of `SIGNINGS`. at: now (aware). Raises KeyError."""
    return SIGNINGS[how](content, own, at)


def _usual(content: bytes, own: SignsDocuments, at: datetime) -> bytes:
    return own.sign_fhir(content, at) if content.startswith(b"{") else own.xml.sign(content, at=at)


def _none(content: bytes, own: SignsDocuments, at: datetime) -> bytes:
    return content


def _clock(content: bytes, own: SignsDocuments, at: datetime) -> bytes:
    return own.xml.sign(content, at=at - _FAR_OFF)


def _partial(content: bytes, own: SignsDocuments, at: datetime) -> bytes:
    return sign_in_part(own.xml, content)


def _afterwards(change: Callable[[bytes], bytes]) -> _Sign:
    """Signed as it should be, then changed."""
    return lambda content, own, at: change(own.xml.sign(content))


def _by_stranger(issue: Callable[[], Issued], *, with_root: bool = False) -> _Sign:
    """Signed with a key and a certificate made here."""

    def sign(content: bytes, own: SignsDocuments, at: datetime) -> bytes:
        issued = issue()
        chain = (*issued.chain, _authority().root) if with_root else issued.chain
        return Signer(issued.key, issued.certificate, chain).sign(content)

    return sign


def _edited(edit: Callable[[Any], None]) -> _Sign:
    """Signed as it should be, then the Signature element changed."""

    def change(signed: bytes) -> bytes:
        root = etree.fromstring(signed)
        edit(root.find(f".//{DS}Signature"))
        return bytes(etree.tostring(root, encoding="utf-8", xml_declaration=True))

    return _afterwards(change)


def _without_value(signature: Any) -> None:
    signature.remove(signature.find(f"{DS}SignatureValue"))


def _without_certificate(signature: Any) -> None:
    signature.remove(signature.find(f"{DS}KeyInfo"))


def _foreign_transform(signature: Any) -> None:
    signature.find(f".//{DS}Transform").set("Algorithm", _XSLT)


def _many_references(signature: Any) -> None:
    info, reference = signature.find(f"{DS}SignedInfo"), signature.find(f".//{DS}Reference")
    info.extend([etree.fromstring(etree.tostring(reference)) for _ in range(40)])


def _unreadable(signature: Any) -> None:
    signature.find(f".//{DS}X509Certificate").text = "a2hvbmcgcGhhaSBjaHVuZyB0aHU="


@cache
def _authority() -> Any:
    from ymach.base.clock import now

    return foreign_authority(at=now(), keys=KeyPool(1))


@cache
def _stranger() -> Issued:
    issued: Issued = _authority().issue_facility(*_STRANGER)
    return issued


@cache
def _weak() -> Issued:
    issued: Issued = _authority().issue_facility(*_STRANGER, key=new_key(bits=1024))
    return issued


@cache
def _for_servers() -> Issued:
    from cryptography import x509
    from cryptography.x509.oid import ExtendedKeyUsageOID

    server = [(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), True)]
    issued: Issued = _authority().issue(_stranger().certificate.x509.subject, extensions=server)
    return issued


_Sign = Callable[[bytes, SignsDocuments, datetime], bytes]
SIGNINGS: dict[str, _Sign] = {
    "facility": _usual,
    "none": _none,
    "clock": _clock,
    "partial": _partial,
    "broken": _afterwards(break_signature),
    "wrapped": _afterwards(wrap_signed),
    "weak": _afterwards(weaken),
    "malformed": _edited(_without_value),
    "no-certificate": _edited(_without_certificate),
    "not-allowed": _edited(_foreign_transform),
    "too-complex": _edited(_many_references),
    "unreadable-certificate": _edited(_unreadable),
    "unknown": _by_stranger(_stranger),
    "foreign": _by_stranger(_stranger, with_root=True),
    "weak-key": _by_stranger(_weak),
    "wrong-usage": _by_stranger(_for_servers),
}
"""By name."""
