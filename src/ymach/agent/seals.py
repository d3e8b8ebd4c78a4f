"""What lies in the queue is encrypted: AES-256-GCM with a key of its own, in a file only its owner can read.

The key is not derived from the certificate's password: a token has none that may be kept, and a certificate is renewed
every few years while the queue goes on. Whoever copies the queue without the key file reads nothing.
"""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from pathlib import Path

import zstandard
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from ymach.agent import durable
from ymach.agent.errors import QueueKeyGone, QueueKeyWrong

FILE_NAME = "queue.key"
_KEY, _NONCE = 32, 12
# A nonce is random: one key serves 2**32 entries (NIST SP 800-38D, section 8.3), more than a facility ever sends.


@dataclass(frozen=True, slots=True)
class Seal:
    """Closes and opens what is kept. about: what the content belongs to; content moved elsewhere does not open."""

    key: bytes = field(repr=False)

    def close(self, content: bytes, about: str) -> bytes:
        nonce = os.urandom(_NONCE)
        return nonce + AESGCM(self.key).encrypt(nonce, zstandard.compress(content, 6), about.encode())

    def open(self, sealed: bytes, about: str) -> bytes:
        """The content. Raises QueueKeyWrong when it was closed with another key, for something else, or was changed."""
        try:
            packed = AESGCM(self.key).decrypt(sealed[:_NONCE], sealed[_NONCE:], about.encode())
        except (InvalidTag, ValueError) as wrong:
            raise QueueKeyWrong from wrong
        return zstandard.decompress(packed)


def open_or_make(file: Path, *, may_make: bool) -> Seal:
    """The seal whose key is in `file`; made when it is missing and `may_make`. Raises QueueKeyGone, QueueKeyWrong."""
    try:
        key = file.read_bytes()
    except FileNotFoundError:
        if not may_make:
            raise QueueKeyGone(file=str(file)) from None
        key = AESGCM.generate_key(_KEY * 8)
        durable.write(file, key, mode=durable.PRIVATE)
    if len(key) != _KEY:
        raise QueueKeyWrong
    return Seal(key)
