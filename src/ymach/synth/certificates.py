"""Keys and certificates of the synthetic country, kept in a folder so that server and generator agree. No database.

The folder holds `root.pem` and `issuing.pem` (key and certificate), a small pool of RSA keys that facilities share,
`facilities/<code>.pem` with key, certificate and chain, and `faulty/<name>.pem` for signatures that must be refused.
"""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from lxml import etree

from ymach.base.errors import Misconfigured
from ymach.synth.care.staff import Place
from ymach.synth.dossiers import SynthDossier
from ymach.synth.numbers import tax_code
from ymach.trust.algorithms import RSA_SHA256
from ymach.trust.certificates import Certificate, load
from ymach.trust.demo_ca import YEAR, DemoAuthority, Issued, KeyPool, foreign_authority
from ymach.trust.signing import Signer, SigningKey

POOL = 4
_REVOKED_BEFORE = timedelta(days=10)
_STRANGER = tax_code(4_980_000), "Bệnh viện Không Ai Biết (mô phỏng)"
_PRIVATE, _LONGEST_NAME = 0o600, 64
_SHA1 = b"http://www.w3.org/2000/09/xmldsig#rsa-sha1"
_PART = "ho-so"


class KeptAuthority(DemoAuthority):
    """The demonstration authority of a folder: founded on first use, the same ever after."""

    @classmethod
    def open(cls, folder: Path, keys: KeyPool, *, at: datetime) -> KeptAuthority:
        """The authority kept in `folder`; founded at `at` (aware) when there is none yet."""
        if not (folder / "root.pem").exists():
            fresh = cls(at=at, keys=keys)
            _write(folder / "issuing.pem", fresh._issuing_key, fresh.issuing)
            _write(folder / "root.pem", fresh._root_key, fresh.root)
            return fresh
        kept = cls.__new__(cls)
        kept._keys, kept._revoked = keys, {}
        kept._root_key, kept.root = _authority(folder / "root.pem")
        kept._issuing_key, kept.issuing = _authority(folder / "issuing.pem")
        kept.at = kept.root.not_before + YEAR
        return kept


class KeptKeys(KeyPool):
    """A few keys kept in a folder."""

    @classmethod
    def open(cls, folder: Path) -> KeptKeys:
        """The keys of the folder; made when there are none yet."""
        paths = [folder / f"{number}.pem" for number in range(POOL)]
        if not all(path.exists() for path in paths):
            fresh = cls(POOL)
            for path, key in zip(paths, fresh._keys, strict=True):
                _write(path, key)
            return fresh
        kept = cls.__new__(cls)
        kept._keys, kept._next = [_key(path.read_bytes()) for path in paths], 0
        return kept


class Certificates:
    """Signers for every facility and for every fault.

    folder: e.g. var/demo-ca; made when missing. at: now (aware), the founding when there is nothing yet.
    """

    def __init__(self, folder: Path, *, at: datetime) -> None:
        self.folder = folder
        for name in ("keys", "facilities", "faulty"):
            (folder / name).mkdir(parents=True, exist_ok=True, mode=0o700)
        with _locked(folder):
            self.keys = KeptKeys.open(folder / "keys")
            self.authority = KeptAuthority.open(folder, self.keys, at=at)
            self._faulty = {
                name: self._kept_faulty(name) for name in ("unknown", "expired", "revoked", "foreign", "other")
            }
        self.authority.revoke(self._faulty["revoked"].certificate, self.authority.at - _REVOKED_BEFORE)
        self._issued: dict[str, Issued] = {}
        self._signers: dict[str, Signer] = {}

    def issued(self, facility: Place) -> Issued:
        """The certificate of a facility, issued on first use and kept."""
        if facility.code not in self._issued:
            path = self.folder / "facilities" / f"{facility.code}.pem"
            if not path.exists():
                _write_issued(path, self.authority.issue_facility(facility.tax_code, _cut(facility.name)))
            self._issued[facility.code] = self._read(path)
        return self._issued[facility.code]

    def signer(self, facility: Place) -> Signer:
        """Signs as the facility does."""
        if facility.code not in self._signers:
            self._signers[facility.code] = self.issued(facility).signer()
        return self._signers[facility.code]

    def sign(self, dossier: SynthDossier, facility: Place) -> bytes:
        """The file as it is sent: signed in the way the dossier asks for."""
        how = dossier.signing
        if how == "none":
            return dossier.xml
        if how in self._faulty:
            return self._faulty_signer(how).sign(dossier.xml)
        signer = self.signer(facility)
        if how == "partial":
            return sign_in_part(signer, dossier.xml)
        return _AFTERWARDS.get(how, _as_it_is)(signer.sign(dossier.xml))

    def _faulty_signer(self, how: str) -> Signer:
        if how not in self._signers:
            self._signers[how] = self._faulty[how].signer()
        return self._signers[how]

    def _kept_faulty(self, name: str) -> Issued:
        path = self.folder / "faulty" / f"{name}.pem"
        if not path.exists():
            _write_issued(path, self._made_faulty(name))
        return self._read(path)

    def _made_faulty(self, name: str) -> Issued:
        authority, founded = self.authority, self.authority.at
        if name == "expired":
            return authority.issue_expired(*_STRANGER)
        if name in {"other", "revoked"}:
            return authority.issue_facility(*_STRANGER)
        stranger = foreign_authority(at=founded, keys=self.keys)
        issued = stranger.issue_facility(*_STRANGER)
        # With its root it is foreign; without, nobody can tell whose it is.
        chain = (stranger.issuing, stranger.root) if name == "foreign" else (stranger.issuing,)
        return Issued(issued.key, issued.certificate, chain)

    def _read(self, path: Path) -> Issued:
        key_pem, certificates = _parts(path)
        own, *chain = certificates
        public = own.public_der()
        for key in self.keys._keys:
            if _public_der(key) == public:
                return Issued(key, own, tuple(chain))
        return Issued(_key(key_pem), own, tuple(chain))


def sign_in_part(signer: Signer, document: bytes) -> bytes:
    """A signature over the list of dossiers alone."""
    marked = document.replace(b"<THONGTINHOSO>", f'<THONGTINHOSO Id="{_PART}">'.encode(), 1)
    return signer.sign(marked, reference_id=_PART)


def break_signature(signed: bytes) -> bytes:
    """A day changed after signing."""
    start = signed.index(b"<NGAYLAP>") + len(b"<NGAYLAP>")
    day = signed[start + 6 : start + 8]
    other = b"11" if day != b"11" else b"12"
    return signed[: start + 6] + other + signed[start + 8 :]


def wrap_signed(signed: bytes) -> bytes:
    """A second dossier beside the signed one."""
    root = etree.fromstring(signed)
    root.insert(0, etree.Element("THONGTINHOSO"))
    return bytes(etree.tostring(root, encoding="utf-8", xml_declaration=True))


def weaken(signed: bytes) -> bytes:
    """Another algorithm named than the one that signed, and a weak one."""
    return signed.replace(RSA_SHA256.encode(), _SHA1, 1)


def _as_it_is(signed: bytes) -> bytes:
    return signed


_AFTERWARDS = {"broken": break_signature, "wrapped": wrap_signed, "weak": weaken}


@contextmanager
def _locked(folder: Path) -> Iterator[None]:
    """Two programs that start at once must found one authority."""
    with (folder / "lock").open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def _write(path: Path, key: SigningKey, *certificates: Certificate) -> None:
    content = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    ) + b"".join(one.pem() for one in certificates)
    fresh = path.with_suffix(f".{os.getpid()}")
    fresh.touch(_PRIVATE)
    fresh.write_bytes(content)
    fresh.rename(path)


def _write_issued(path: Path, issued: Issued) -> None:
    _write(path, issued.key, issued.certificate, *issued.chain)


def _parts(path: Path) -> tuple[bytes, list[Certificate]]:
    mark = b"-----BEGIN CERTIFICATE-----"
    key, *certificates = path.read_bytes().split(mark)
    return key, [load(mark + one) for one in certificates]


def _authority(path: Path) -> tuple[ec.EllipticCurvePrivateKey, Certificate]:
    key_pem, certificates = _parts(path)
    key = _key(key_pem)
    if not isinstance(key, ec.EllipticCurvePrivateKey):
        raise Misconfigured(why=f"{path.name}: ≠ EC")
    return key, certificates[0]


def _cut(name: str) -> str:
    """A name that fits into a certificate: 64 bytes (X.520)."""
    return name.encode()[:_LONGEST_NAME].decode(errors="ignore").strip()


def _key(pem: bytes) -> SigningKey:
    key = serialization.load_pem_private_key(pem, password=None)
    if not isinstance(key, rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey):
        raise Misconfigured(why="PEM: ≠ RSA, EC")
    return key


def _public_der(key: SigningKey) -> bytes:
    return key.public_key().public_bytes(serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)
