"""A certificate authority for demonstrations and tests. Its certificates say in their names that they bind nobody.

The server refuses to trust it outside demonstration mode: anchors carry `is_demo`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import pkcs12
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from ymach.trust.certificates import Certificate, wrap
from ymach.trust.chains import Anchor, TrustStore
from ymach.trust.revocation import RevocationList, Revocations, read
from ymach.trust.signing import Signer, SigningKey
from ymach.trust.subject import UID_OID

ROOT_NAME = "Ymạch DEMO Root – không có giá trị pháp lý"
ISSUING_NAME = "Ymạch DEMO CA – không có giá trị pháp lý"
FOREIGN_ROOT_NAME = "Foreign DEMO Root – không có giá trị pháp lý"
FOREIGN_ISSUING_NAME = "Foreign DEMO CA – không có giá trị pháp lý"
ORGANISATION = "Ymạch DEMO"
NOTICE = "Chung thu thu nghiem, khong co gia tri phap ly. Demonstration only, no legal value."
# Arc for examples and documentation (2.999, ITU-T X.660): this policy binds nobody.
POLICY = x509.ObjectIdentifier("2.999.1.1")
YEAR = timedelta(days=365)


class KeyPool:
    """A few RSA-2048 keys that many demo certificates share, because making a key takes a good part of a second."""

    def __init__(self, size: int = 4, kind: str = "RSA") -> None:
        self._keys: list[SigningKey] = [new_key(kind) for _ in range(size)]
        self._next = 0

    def take(self) -> SigningKey:
        self._next += 1
        return self._keys[self._next % len(self._keys)]


def new_key(kind: str = "RSA", bits: int = 2048) -> SigningKey:
    """A fresh key: "RSA" of `bits`, or "EC" on P-256."""
    if kind == "EC":
        return ec.generate_private_key(ec.SECP256R1())
    return rsa.generate_private_key(public_exponent=65537, key_size=bits)


@dataclass(frozen=True, slots=True)
class Issued:
    """A key with its certificate and the authorities above it (nearest first, without the root)."""

    key: SigningKey = field(repr=False)
    certificate: Certificate
    chain: tuple[Certificate, ...]

    def signer(self, *, with_chain: bool = True) -> Signer:
        return Signer(self.key, self.certificate, self.chain if with_chain else ())

    def pkcs12(self, password: str) -> bytes:
        """Key, certificate and chain in one PKCS#12 file, encrypted with `password`."""
        return pkcs12.serialize_key_and_certificates(
            self.certificate.identity.common_name.encode(),
            self.key,
            self.certificate.x509,
            [one.x509 for one in self.chain],
            serialization.BestAvailableEncryption(password.encode()),
        )


class DemoAuthority:
    """A root, an issuing authority under it, and the certificates they give out.

    at: the moment the authority is founded (its certificates start a year earlier, so that past visits can be signed).
    """

    def __init__(
        self,
        *,
        at: datetime,
        keys: KeyPool | None = None,
        root_name: str = ROOT_NAME,
        issuing_name: str = ISSUING_NAME,
    ) -> None:
        self.at = at
        self._keys = keys
        self._root_key = new_key("EC")
        self._issuing_key = new_key("EC")
        start, end = at - YEAR, at + 10 * YEAR
        self.root = _authority(_name(root_name), self._root_key, None, self._root_key, (start, end), path_length=1)
        self.issuing = _authority(
            _name(issuing_name), self._issuing_key, self.root, self._root_key, (start, end), path_length=0
        )
        self._revoked: dict[int, tuple[datetime, x509.ReasonFlags]] = {}

    def issue_facility(
        self, tax_code: str, name: str, *, days: tuple[int, int] = (-360, 720), key: SigningKey | None = None
    ) -> Issued:
        """A facility's certificate: UID `MST:`, O and CN. days: validity from and to, counted from the founding."""
        subject = _name(name, (UID_OID, f"MST:{tax_code}"), (NameOID.ORGANIZATION_NAME, name))
        return self.issue(subject, days=days, key=key)

    def issue_expired(self, tax_code: str, name: str) -> Issued:
        """A facility's certificate that ended 30 days before the founding."""
        return self.issue_facility(tax_code, name, days=(-360, -30))

    def issue_not_yet(self, tax_code: str, name: str) -> Issued:
        """A facility's certificate that starts 30 days after the founding."""
        return self.issue_facility(tax_code, name, days=(30, 720))

    def issue_revoked(self, tax_code: str, name: str, *, since: datetime | None = None) -> Issued:
        """A facility's certificate revoked since `since` (default: 10 days before the founding)."""
        issued = self.issue_facility(tax_code, name)
        self.revoke(issued.certificate, since or self.at - timedelta(days=10))
        return issued

    def issue(
        self,
        subject: x509.Name,
        *,
        days: tuple[int, int] = (-360, 720),
        key: SigningKey | None = None,
        extensions: Sequence[tuple[x509.ExtensionType, bool]] | None = None,
    ) -> Issued:
        """Any certificate for signing. extensions: instead of the usual ones, each with its critical flag."""
        own = key or (self._keys.take() if self._keys else new_key())
        period = (self.at + timedelta(days=days[0]), self.at + timedelta(days=days[1]))
        usual = extensions if extensions is not None else _signing_extensions()
        certificate = _build(subject, own, self.issuing, self._issuing_key, period, usual)
        return Issued(own, certificate, (self.issuing,))

    def revoke(
        self, certificate: Certificate, at: datetime, reason: x509.ReasonFlags = x509.ReasonFlags.key_compromise
    ) -> None:
        """Put a certificate on the next list."""
        self._revoked[certificate.serial] = (at, reason)

    def crl(self, *, at: datetime | None = None, valid: timedelta = timedelta(days=7)) -> bytes:
        """The issuing authority's revocation list in DER, made at `at`."""
        made = at or self.at
        builder = x509.CertificateRevocationListBuilder().issuer_name(self.issuing.x509.subject)
        builder = builder.last_update(_plain(made)).next_update(_plain(made + valid))
        for serial, (since, reason) in self._revoked.items():
            entry = x509.RevokedCertificateBuilder().serial_number(serial).revocation_date(_plain(since))
            builder = builder.add_revoked_certificate(entry.add_extension(x509.CRLReason(reason), False).build())
        return builder.sign(self._issuing_key, hashes.SHA256()).public_bytes(serialization.Encoding.DER)

    def revocation_list(self, *, at: datetime | None = None) -> RevocationList:
        return read(self.crl(at=at), self.issuing)

    def trust_store(self, *, version: int = 1) -> TrustStore:
        """A store that trusts this authority's root, knows its issuing authority, and has its present list."""
        return TrustStore(
            (Anchor(self.root, is_demo=True),), Revocations.of([self.revocation_list()]), version, (self.issuing,)
        )


def foreign_authority(*, at: datetime, keys: KeyPool | None = None) -> DemoAuthority:
    """An authority nobody trusts: its certificates are refused as foreign."""
    return DemoAuthority(at=at, keys=keys, root_name=FOREIGN_ROOT_NAME, issuing_name=FOREIGN_ISSUING_NAME)


def _authority(
    subject: x509.Name,
    key: SigningKey,
    issuer: Certificate | None,
    issuer_key: SigningKey,
    period: tuple[datetime, datetime],
    *,
    path_length: int,
) -> Certificate:
    extensions: list[tuple[x509.ExtensionType, bool]] = [
        (x509.BasicConstraints(ca=True, path_length=path_length), True),
        (_usage(key_cert_sign=True, crl_sign=True), True),
        (_policy(), False),
    ]
    return _build(subject, key, issuer, issuer_key, period, extensions)


def _build(
    subject: x509.Name,
    key: SigningKey,
    issuer: Certificate | None,
    issuer_key: SigningKey,
    period: tuple[datetime, datetime],
    extensions: Iterable[tuple[x509.ExtensionType, bool]],
) -> Certificate:
    builder = x509.CertificateBuilder().subject_name(subject).public_key(key.public_key())
    builder = builder.issuer_name(issuer.x509.subject if issuer else subject)
    builder = builder.serial_number(x509.random_serial_number())
    builder = builder.not_valid_before(_plain(period[0])).not_valid_after(_plain(period[1]))
    for extension, critical in (*extensions, *_key_identifiers(key, issuer_key)):
        builder = builder.add_extension(extension, critical)
    return wrap(builder.sign(issuer_key, hashes.SHA256()))


def _key_identifiers(key: SigningKey, issuer_key: SigningKey) -> Iterator[tuple[x509.ExtensionType, bool]]:
    yield x509.SubjectKeyIdentifier.from_public_key(key.public_key()), False
    yield x509.AuthorityKeyIdentifier.from_issuer_public_key(issuer_key.public_key()), False


def _signing_extensions() -> list[tuple[x509.ExtensionType, bool]]:
    purposes = [ExtendedKeyUsageOID.CLIENT_AUTH, ExtendedKeyUsageOID.EMAIL_PROTECTION]
    return [
        (x509.BasicConstraints(ca=False, path_length=None), True),
        (_usage(digital_signature=True, content_commitment=True), True),
        (x509.ExtendedKeyUsage(purposes), False),
        (_policy(), False),
    ]


def _usage(**granted: bool) -> x509.KeyUsage:
    names = (
        "digital_signature",
        "content_commitment",
        "key_encipherment",
        "data_encipherment",
        "key_agreement",
        "key_cert_sign",
        "crl_sign",
        "encipher_only",
        "decipher_only",
    )
    return x509.KeyUsage(**{name: granted.get(name, False) for name in names})


def _policy() -> x509.CertificatePolicies:
    notice = x509.UserNotice(notice_reference=None, explicit_text=NOTICE)
    return x509.CertificatePolicies([x509.PolicyInformation(POLICY, [notice])])


def _name(common_name: str, *more: tuple[x509.ObjectIdentifier, str]) -> x509.Name:
    parts = [(NameOID.COUNTRY_NAME, "VN"), (NameOID.COMMON_NAME, common_name[:64]), *more]
    if not any(oid == NameOID.ORGANIZATION_NAME for oid, _ in more):
        parts.append((NameOID.ORGANIZATION_NAME, ORGANISATION))
    return x509.Name([x509.NameAttribute(oid, value[:64]) for oid, value in parts])


def _plain(moment: datetime) -> datetime:
    """UTC to the second: X.509 keeps no fractions."""
    return moment.astimezone(UTC).replace(microsecond=0)
