"""The platform's own key: it signs receipts and access tokens (ES256), and its public half is published as JWKS."""

from __future__ import annotations

import os
from pathlib import Path

from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from joserfc.jwk import ECKey

from ymach.base.errors import Misconfigured

ALGORITHM = "ES256"
_ES256 = ec.ECDSA(hashes.SHA256())


class PlatformKey:
    """A P-256 key. `kid` is its RFC 7638 thumbprint, so a receipt names its key without a registry of names."""

    def __init__(self, key: ec.EllipticCurvePrivateKey) -> None:
        if not isinstance(key.curve, ec.SECP256R1):
            raise Misconfigured(why=f"EC {key.curve.name} ≠ P-256")
        self._key = key
        self.private = ECKey.import_key(key)
        self.public = ECKey.import_key(key.public_key())
        self.kid = self.public.thumbprint()

    @classmethod
    def create(cls) -> PlatformKey:
        return cls(ec.generate_private_key(ec.SECP256R1()))

    @classmethod
    def load_or_create(cls, path: Path) -> PlatformKey:
        """Read the key from a PEM file (PKCS#8), or make one there, readable by the owner only (mode 0600).

        Raises Misconfigured when the file holds no P-256 key or others may read it.
        """
        try:
            content = path.read_bytes()
        except FileNotFoundError:
            return cls._write(path)
        if os.name == "posix" and path.stat().st_mode & 0o077:
            raise Misconfigured(why=f"{path.name}: mode ≠ 0600")
        return cls._read(content, path.name)

    @classmethod
    def _read(cls, content: bytes, name: str) -> PlatformKey:
        try:
            key = serialization.load_pem_private_key(content, password=None)
        except (ValueError, TypeError) as wrong:
            raise Misconfigured(why=f"{name}: PEM") from wrong
        if not isinstance(key, ec.EllipticCurvePrivateKey):
            raise Misconfigured(why=f"{name}: ≠ EC P-256")
        return cls(key)

    @classmethod
    def _write(cls, path: Path) -> PlatformKey:
        key = ec.generate_private_key(ec.SECP256R1())
        content = key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
        path.parent.mkdir(parents=True, exist_ok=True)
        try:
            with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
                file.write(content)
        except FileExistsError:
            return cls._read(path.read_bytes(), path.name)  # another process made it at the same moment
        return cls(key)

    def sign(self, content: bytes) -> bytes:
        """The ES256 signature over `content`: R and S, 32 bytes each (RFC 7518 §3.4)."""
        r, s = decode_dss_signature(self._key.sign(content, _ES256))
        return r.to_bytes(32, "big") + s.to_bytes(32, "big")

    def jwk(self) -> dict[str, object]:
        """The public key as a JWK, with `kid`, `use` and `alg`."""
        plain = self.public.as_dict(private=False)
        named = {name: plain[name] for name in ("kty", "crv", "x", "y")}
        return {**named, "kid": self.kid, "use": "sig", "alg": ALGORITHM}


def jwks(*keys: PlatformKey) -> dict[str, list[dict[str, object]]]:
    """The JSON Web Key Set to publish: the key in use first, then the ones that signed older receipts."""
    return {"keys": [key.jwk() for key in keys]}
