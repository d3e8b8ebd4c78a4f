"""The RSA key that signs messages to the health book: given, or made once and kept for the owner only."""

from __future__ import annotations

import os
from pathlib import Path

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from ymach.base.errors import Misconfigured

BITS = 3072


def load_or_create(path: Path) -> rsa.RSAPrivateKey:
    """The key in a PEM file, or a new one written there with mode 0600, its public half beside it (`.pub.pem`).

    Raises Misconfigured when the file holds no RSA key of at least 2048 bits, or others may read it.
    """
    try:
        content = path.read_bytes()
    except FileNotFoundError:
        return _write(path)
    if os.name == "posix" and path.stat().st_mode & 0o077:
        raise Misconfigured(why=f"{path.name}: mode ≠ 0600")
    return _read(content, path.name)


def _read(content: bytes, name: str) -> rsa.RSAPrivateKey:
    try:
        key = serialization.load_pem_private_key(content, password=None)
    except (ValueError, TypeError) as wrong:
        raise Misconfigured(why=f"{name}: PEM") from wrong
    if not isinstance(key, rsa.RSAPrivateKey) or key.key_size < 2048:
        raise Misconfigured(why=f"{name}: RSA, at least 2048 bits")
    return key


def _write(path: Path) -> rsa.RSAPrivateKey:
    key = rsa.generate_private_key(public_exponent=65537, key_size=BITS)
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    public = key.public_key().public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
    try:
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(private)
    except FileExistsError:
        return _read(path.read_bytes(), path.name)  # another process made it at the same moment
    path.with_suffix(".pub.pem").write_bytes(public)
    return key
