"""Keys that never leave their token (PKCS#11): USB tokens of Vietnamese certificate providers, HSMs, SoftHSM.

The usual code makes signatures and assertions with a passing key; the token then signs the same bytes and its value
takes the place of the passing one (`token_signatures`).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Any

from ymach.agent.documents import DocumentSigner
from ymach.agent.errors import (
    PinBlocked,
    PinRefused,
    TokenAway,
    TokenDriver,
    TokenKey,
    TokenSupportMissing,
)
from ymach.agent.keys import Identity
from ymach.agent.token_signatures import TokenSigner, passing_key, token_assertion, token_jws
from ymach.trust.certificates import Certificate, load
from ymach.trust.errors import CertificateRefused

if TYPE_CHECKING:
    import pkcs11

_LONGEST_CHAIN = 4


@dataclass(frozen=True, slots=True)
class TokenPlace:
    """Which key: the driver's library, the token's label, and the key's label when the token holds several."""

    module: Path
    token: str
    key_label: str = ""


@dataclass(slots=True)
class Hardware:
    """One key of an open token. One signature at a time: a session is not shared between threads."""

    place: TokenPlace
    session: pkcs11.Session
    private: Any  # a private key of the token; what it can do depends on the token
    kind: str
    mechanisms: frozenset[Any]
    pin: str | None = field(default=None, repr=False)
    _lock: Lock = field(default_factory=Lock)

    def sign(self, data: bytes) -> bytes:
        """The signature value over `data` with SHA-256, as XML signatures and JWS write it: PKCS#1 v1.5, or r and s
        side by side. Raises TokenAway."""
        from pkcs11 import Mechanism

        if self.kind == "EC":
            return self._sign(sha256(data).digest(), Mechanism.ECDSA)
        if Mechanism.SHA256_RSA_PKCS in self.mechanisms:
            return self._sign(data, Mechanism.SHA256_RSA_PKCS)
        return self._sign(_digest_info(data), Mechanism.RSA_PKCS)

    def close(self) -> None:
        from pkcs11 import PKCS11Error

        try:
            self.session.close()
        except PKCS11Error:  # the token was pulled out: there is nothing left to close
            return

    def _sign(self, data: bytes, mechanism: Any) -> bytes:
        from pkcs11 import PKCS11Error

        with self._lock:
            try:
                return bytes(self.private.sign(data, mechanism=mechanism, pin=self.pin))
            except PKCS11Error as wrong:
                raise TokenAway(token=self.place.token, why=type(wrong).__name__) from wrong


def open_token(place: TokenPlace, pin: str) -> Identity:
    """Sign in to a token and find its key and certificate.

    The PIN is tried once: a token locks itself after a few wrong ones. Raises TokenSupportMissing, TokenDriver,
    TokenAway, PinRefused, PinBlocked, TokenKey.
    """
    session = _session(place, pin)
    try:
        return _identity(place, session, pin)
    except BaseException:
        session.close()
        raise


def _session(place: TokenPlace, pin: str) -> pkcs11.Session:
    found = _token(place)
    import pkcs11

    try:
        return found.open(user_pin=pin)
    except pkcs11.UserAlreadyLoggedIn:
        return found.open()
    except (pkcs11.PinIncorrect, pkcs11.PinInvalid, pkcs11.PinLenRange) as wrong:
        raise PinRefused from wrong
    except (pkcs11.PinLocked, pkcs11.PinExpired) as blocked:
        raise PinBlocked from blocked
    except pkcs11.PKCS11Error as away:
        raise TokenAway(token=place.token, why=type(away).__name__) from away


def _token(place: TokenPlace) -> pkcs11.Token:
    try:
        import pkcs11
    except ImportError as missing:
        raise TokenSupportMissing from missing
    try:
        library = pkcs11.lib(str(place.module))
    except (RuntimeError, OSError) as wrong:
        raise TokenDriver(module=str(place.module)) from wrong
    try:
        return library.get_token(token_label=place.token)
    except pkcs11.PKCS11Error as away:
        raise TokenAway(token=place.token, why=type(away).__name__) from away


def _identity(place: TokenPlace, session: pkcs11.Session, pin: str) -> Identity:
    from pkcs11 import Attribute

    certificates = dict(_certificates(session))
    pairs = [(key, certificates.get(bytes(key[Attribute.ID]))) for key in _private_keys(session)]
    chosen = [(key, one) for key, one in pairs if one is not None and place.key_label in {"", key[Attribute.LABEL]}]
    if len(chosen) != 1:
        labels = ", ".join(str(key[Attribute.LABEL]) for key, _ in pairs)
        raise TokenKey(why=labels or "0")
    private, certificate = chosen[0]
    if certificate.key_kind not in {"RSA", "EC"}:
        raise TokenKey(why=certificate.key_kind)
    asked = pin if _asks_each_time(private) else None
    mechanisms = frozenset(session.token.slot.get_mechanisms())
    hardware = Hardware(place, session, private, certificate.key_kind, mechanisms, asked)
    chain = tuple(_chain(certificate, certificates.values()))
    passing = passing_key(certificate)
    return Identity(
        certificate,
        chain,
        lambda: DocumentSigner(
            TokenSigner(hardware.sign, passing, certificate, chain),
            lambda content, at: token_jws(hardware.sign, passing, certificate, chain, content, at),
        ),
        lambda client, audience, at: token_assertion(hardware.sign, passing, certificate, client, audience, at),
        hardware.close,
    )


def _digest_info(data: bytes) -> bytes:
    """What an old token, which only knows the bare RSA operation, must be given (RFC 8017, section 9.2)."""
    from asn1crypto.algos import DigestInfo  # type: ignore[import-untyped]

    named = DigestInfo({"digest_algorithm": {"algorithm": "sha256"}, "digest": sha256(data).digest()})
    return bytes(named.dump())


def _private_keys(session: pkcs11.Session) -> list[Any]:
    from pkcs11 import Attribute, ObjectClass

    return list(session.get_objects({Attribute.CLASS: ObjectClass.PRIVATE_KEY}))


def _certificates(session: pkcs11.Session) -> Iterable[tuple[bytes, Certificate]]:
    """The certificates of a token by their CKA_ID; those that cannot be read are somebody else's business."""
    from pkcs11 import Attribute, ObjectClass

    for found in session.get_objects({Attribute.CLASS: ObjectClass.CERTIFICATE}):
        try:
            one = load(bytes(found[Attribute.VALUE]))
        except CertificateRefused:
            continue
        yield bytes(found[Attribute.ID]) or bytes.fromhex(one.fingerprint), one


def _chain(leaf: Certificate, others: Iterable[Certificate]) -> Iterable[Certificate]:
    """The issuers of `leaf` that are on the token too, nearest first, without the root."""
    by_subject = {one.x509.subject: one for one in others if one != leaf}
    current = leaf
    for _ in range(_LONGEST_CHAIN):
        above = by_subject.get(current.x509.issuer)
        if above is None or above.self_issued:
            return
        yield above
        current = above


def _asks_each_time(private: Any) -> bool:
    """Whether the token wants its PIN for every signature (CKA_ALWAYS_AUTHENTICATE); many do not know the question."""
    from pkcs11 import Attribute, PKCS11Error

    try:
        return bool(private[Attribute.ALWAYS_AUTHENTICATE])
    except (PKCS11Error, KeyError):
        return False
