"""The facility's key and certificates, from a PKCS#12 file or from a token, for the length of one command."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import pkcs12

from ymach.agent.documents import DocumentSigner
from ymach.agent.errors import CertificateEnded, CertificateNotYet, NoKey
from ymach.base.clock import print_moment
from ymach.trust import detached
from ymach.trust.certificates import Certificate, wrap
from ymach.trust.client_assertions import make_assertion
from ymach.trust.signing import Signer, SigningKey

TELL_BEFORE_END = timedelta(days=30)


def _nothing() -> None:
    return None


@dataclass(frozen=True, slots=True)
class Identity:
    """A key that signs, and the certificates that go with it. close: let go of what holds the key (a token's session).

    make_signer: how this key signs documents. make_assertion: how it signs in; given client, audience and moment.
    """

    certificate: Certificate
    chain: tuple[Certificate, ...]
    make_signer: Callable[[], DocumentSigner]
    make_assertion: Callable[[str, str, datetime], str]
    close: Callable[[], None] = _nothing

    def signer(self) -> DocumentSigner:
        return self.make_signer()


def of_key(key: SigningKey, certificate: Certificate, chain: tuple[Certificate, ...] = ()) -> Identity:
    """An identity whose key is in this machine's memory."""
    return Identity(
        certificate,
        chain,
        lambda: DocumentSigner(
            Signer(key, certificate, chain),
            lambda content, at: detached.sign(content, key, certificate, chain=chain, at=at),
        ),
        lambda client, audience, at: make_assertion(key, certificate, client, audience, at),
    )


def open_p12(path: Path, secret: str) -> Identity:
    """The key and certificates of a PKCS#12 file. Raises NoKey (missing file, wrong password, no key in it)."""
    try:
        key, certificate, more = pkcs12.load_key_and_certificates(path.read_bytes(), secret.encode())
    except (OSError, ValueError) as wrong:
        raise NoKey(file=str(path)) from wrong
    if certificate is None or not isinstance(key, rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey):
        raise NoKey(file=str(path))
    return of_key(key, wrap(certificate), tuple(wrap(one) for one in more))


def check_valid(certificate: Certificate, *, at: datetime) -> None:
    """Refuse a certificate outside its time. at: now, aware. Raises CertificateEnded, CertificateNotYet."""
    name = certificate.identity.common_name
    if at > certificate.not_after:
        raise CertificateEnded(name=name, ends=moment(certificate.not_after))
    if at < certificate.not_before:
        raise CertificateNotYet(name=name, starts=moment(certificate.not_before))


def days_left(certificate: Certificate, *, at: datetime) -> int | None:
    """Whole days until the certificate ends when that is soon (30 days), else None; below zero when it has ended."""
    left = certificate.not_after - at
    return left.days if left < TELL_BEFORE_END else None


def moment(value: datetime) -> str:
    """A moment as people in Viet Nam write it, Vietnam time."""
    return print_moment(value, seconds=True)
