"""Keys that never leave their token (PKCS#11): USB tokens of Vietnamese certificate providers, HSMs, SoftHSM.

The token looks like a private key of `cryptography` whose `sign` asks the token, so whatever takes a key takes a token.
XML signing needs the key's bytes; `TokenSigner` therefore prepares the signature with a passing key and lets the
token sign the SignedInfo in its place.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Any, NoReturn

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature

from ymach.agent.errors import (
    KeyStaysInToken,
    PinBlocked,
    PinRefused,
    TokenAway,
    TokenDriver,
    TokenKey,
    TokenSupportMissing,
)
from ymach.agent.keys import Identity
from ymach.agent.token_signatures import TokenSigner
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
    mechanisms: frozenset[Any]
    pin: str | None = field(default=None, repr=False)
    _lock: Lock = field(default_factory=Lock)

    def rsa(self, data: bytes) -> bytes:
        """RSASSA-PKCS1-v1_5 with SHA-256. Old tokens know only the bare operation and are given the DigestInfo."""
        from asn1crypto.algos import DigestInfo  # type: ignore[import-untyped]
        from pkcs11 import Mechanism

        if Mechanism.SHA256_RSA_PKCS in self.mechanisms:
            return self._sign(data, Mechanism.SHA256_RSA_PKCS)
        named = DigestInfo({"digest_algorithm": {"algorithm": "sha256"}, "digest": sha256(data).digest()})
        return self._sign(named.dump(), Mechanism.RSA_PKCS)

    def ecdsa(self, data: bytes) -> bytes:
        """ECDSA with SHA-256, in DER."""
        from pkcs11 import Mechanism

        raw = self._sign(sha256(data).digest(), Mechanism.ECDSA)
        half = len(raw) // 2
        return encode_dss_signature(int.from_bytes(raw[:half]), int.from_bytes(raw[half:]))

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


class TokenRsaKey(rsa.RSAPrivateKey):
    """An RSA key on a token. Signs PKCS#1 v1.5 with SHA-256, which is what dossiers and assertions use."""

    def __init__(self, hardware: Hardware, public: rsa.RSAPublicKey) -> None:
        self._hardware, self._public = hardware, public

    @property
    def key_size(self) -> int:
        return self._public.key_size

    def public_key(self) -> rsa.RSAPublicKey:
        return self._public

    def sign(self, data: bytes, padding_: Any, algorithm: Any) -> bytes:
        if not isinstance(padding_, padding.PKCS1v15) or not isinstance(algorithm, hashes.SHA256):
            raise UnsupportedAlgorithm("RS256")
        return self._hardware.rsa(data)

    def decrypt(self, ciphertext: bytes, padding: Any) -> NoReturn:
        raise KeyStaysInToken

    def private_numbers(self) -> NoReturn:
        raise KeyStaysInToken

    def private_bytes(self, encoding: Any, format: Any, encryption_algorithm: Any) -> NoReturn:  # noqa: A002
        raise KeyStaysInToken

    def __copy__(self) -> TokenRsaKey:
        return self

    def __deepcopy__(self, memo: object) -> TokenRsaKey:
        return self


class TokenEcKey(ec.EllipticCurvePrivateKey):
    """A key on an elliptic curve, on a token. Signs ECDSA with SHA-256."""

    def __init__(self, hardware: Hardware, public: ec.EllipticCurvePublicKey) -> None:
        self._hardware, self._public = hardware, public

    @property
    def curve(self) -> ec.EllipticCurve:
        return self._public.curve

    @property
    def key_size(self) -> int:
        return self._public.key_size

    def public_key(self) -> ec.EllipticCurvePublicKey:
        return self._public

    def sign(self, data: Any, signature_algorithm: ec.EllipticCurveSignatureAlgorithm) -> bytes:
        if not isinstance(signature_algorithm.algorithm, hashes.SHA256):
            raise UnsupportedAlgorithm("ES256")
        return self._hardware.ecdsa(bytes(data))

    def exchange(self, algorithm: Any, peer_public_key: Any) -> NoReturn:
        raise KeyStaysInToken

    def private_numbers(self) -> NoReturn:
        raise KeyStaysInToken

    def private_bytes(self, encoding: Any, format: Any, encryption_algorithm: Any) -> NoReturn:  # noqa: A002
        raise KeyStaysInToken

    def __copy__(self) -> TokenEcKey:
        return self

    def __deepcopy__(self, memo: object) -> TokenEcKey:
        return self


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
    mechanisms = frozenset(session.token.slot.get_mechanisms())
    hardware = Hardware(place, session, private, mechanisms, pin if _asks_each_time(private) else None)
    chain = tuple(_chain(certificate, certificates.values()))
    return Identity(_key(hardware, certificate), certificate, chain, TokenSigner, hardware.close)


def _key(hardware: Hardware, certificate: Certificate) -> TokenRsaKey | TokenEcKey:
    public = certificate.public_key
    if isinstance(public, rsa.RSAPublicKey):
        return TokenRsaKey(hardware, public)
    if isinstance(public, ec.EllipticCurvePublicKey):
        return TokenEcKey(hardware, public)
    raise TokenKey(why=certificate.key_kind)


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


Opening = Callable[[], Identity]
