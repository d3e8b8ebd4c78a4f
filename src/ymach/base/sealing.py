"""Data sealed at rest: AES-256-GCM under the installation's keys, and blind look-up by a number (ADR 0040).

What is sealed is bound to its place by `context` (e.g. "submission:<id>"), which is not kept with it: moved to another
row, or changed by a bit, it does not open. The head tells which key sealed it, so that keys can follow each other.

    head (4) | id of the key (4) | nonce (12) | ciphertext and tag (16 longer than the plain)
"""

from __future__ import annotations

import base64
import hmac
import os
import time
from datetime import date
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from ymach.base import data_keys
from ymach.base.data_keys import ID_BYTES, Keyring
from ymach.base.errors import Misconfigured, YmachError
from ymach.base.text import Text

HEAD = b"\xf5YM\x01"
"""No text and no zstd frame begins so."""
NONCE_BYTES = 12
OVERHEAD = len(HEAD) + ID_BYTES + NONCE_BYTES + 16
"""Bytes by which what is sealed is longer."""

_LOOK_AGAIN = 60.0


class SealBroken(YmachError):
    """What was sealed does not open: changed, cut short, or brought from another place."""

    code = "YM-SEAL-BROKEN"
    status = 500
    sentence = Text(
        "Dữ liệu lưu trữ đã bị thay đổi hoặc hỏng nên không mở được. Báo cho người vận hành hệ thống.",
        "Stored data was changed or damaged and does not open. Tell the operator of the system.",
    )


class KeyMissing(YmachError):
    """What was sealed names a key that the file does not hold."""

    code = "YM-SEAL-KEY-MISSING"
    status = 500
    sentence = Text(
        "Tệp khóa dữ liệu (YMACH_DATA_KEYS) thiếu khóa {key}. Người vận hành cần đưa bản sao của tệp trở lại.",
        "The file of data keys (YMACH_DATA_KEYS) lacks the key {key}. The operator must put the copy of the file back.",
    )


class Sealer:
    """Seals and opens under one ring."""

    def __init__(self, ring: Keyring) -> None:
        self.ring = ring
        self._ciphers = {one.id: AESGCM(one.secret) for one in ring.keys}
        self._newest = self._ciphers[ring.newest.id]
        self._head = HEAD + ring.newest.id

    def knows(self, key_id: bytes) -> bool:
        """Whether the ring holds that key."""
        return key_id in self._ciphers

    def seal(self, plain: bytes, *, context: str) -> bytes:
        """`plain` under the newest key, bound to `context`."""
        nonce = os.urandom(NONCE_BYTES)
        return b"".join((self._head, nonce, self._newest.encrypt(nonce, plain, context.encode())))

    def unseal(self, sealed: bytes, *, context: str) -> bytes:
        """What was sealed for `context`. Raises SealBroken, KeyMissing."""
        if not is_sealed(sealed):
            raise SealBroken
        key_id, rest = key_of(sealed), memoryview(sealed)[len(HEAD) + ID_BYTES :]
        cipher = self._ciphers.get(key_id)
        if cipher is None:
            raise KeyMissing(key=key_id.hex())
        try:
            return cipher.decrypt(rest[:NONCE_BYTES], rest[NONCE_BYTES:], context.encode())
        except InvalidTag:
            raise SealBroken from None

    def blind(self, value: str, *, context: str) -> str:
        """The HMAC-SHA-256 of `value` under the index key, base64url without padding (43 characters)."""
        length = len(context.encode()).to_bytes(2, "big")
        mac = hmac.digest(self.ring.index, length + context.encode() + value.encode(), "sha256")
        return base64.urlsafe_b64encode(mac).rstrip(b"=").decode("ascii")


class _File:
    """The file of keys, read again when it changed: a key made while the program runs is used within a minute."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._read()

    def sealer(self) -> Sealer:
        if time.monotonic() - self._looked > _LOOK_AGAIN:
            self.look_again()
        return self._sealer

    def look_again(self) -> Sealer:
        """Read the file if it is another one; one that is away or wrong now leaves the keys as they were."""
        self._looked = time.monotonic()
        try:
            if self._mark() != self._marked:
                self._read()
        except (OSError, Misconfigured):
            return self._sealer
        return self._sealer

    def _read(self) -> None:
        self._looked = time.monotonic()
        self._sealer = Sealer(data_keys.load(self.path))
        self._marked = self._mark()

    def _mark(self) -> tuple[int, int]:
        seen = self.path.stat()
        return seen.st_mtime_ns, seen.st_ino


_file: _File | None = None


def configure(path: Path, *, made_on: date | None = None) -> None:
    """Use the keys in this file; with `made_on` (the day in Viet Nam) it is made if there is none.

    Raises Misconfigured with a sentence that says what is wrong with the file.
    """
    global _file
    if made_on is not None:
        data_keys.create(path, made_on)
    _file = _File(path)


def keyring() -> Keyring:
    """The keys in use. Raises Misconfigured before `configure`."""
    return _in_use().sealer().ring


def path() -> Path:
    """The file of keys in use."""
    return _in_use().path


def seal(plain: bytes, *, context: str) -> bytes:
    """`plain` sealed under the newest key and bound to `context`, which must be stated again to open it."""
    return _in_use().sealer().seal(plain, context=context)


def unseal(sealed: bytes, *, context: str) -> bytes:
    """What `seal` was given.

    Raises SealBroken (changed, or sealed for another context), KeyMissing (by a key that the file does not hold).
    """
    file = _in_use()
    sealer = file.sealer()
    if is_sealed(sealed) and not sealer.knows(key_of(sealed)):
        sealer = file.look_again()
    return sealer.unseal(sealed, context=context)


def opened(kept: bytes, *, context: str) -> bytes:
    """As `unseal`, where some of what is kept may be older than sealing: that is given back as it is.

    `ymach keys reseal` seals it. Raises SealBroken, KeyMissing.
    """
    return unseal(kept, context=context) if is_sealed(kept) else kept


def seal_text(plain: str, *, context: str) -> bytes:
    """A short text, e.g. a number, sealed as its UTF-8."""
    return seal(plain.encode(), context=context)


def unseal_text(sealed: bytes, *, context: str) -> str:
    """What `seal_text` was given. Raises as `unseal` does."""
    return unseal(sealed, context=context).decode()


def blind(value: str, *, context: str) -> str:
    """What a number is looked up by without being kept: equal for equal numbers of one `context`, and not to be undone.

    43 characters; the same for ever, whatever keys follow each other.
    """
    return _in_use().sealer().blind(value, context=context)


def check_known(sealed: bytes) -> None:
    """Whether the file holds the key of something sealed, by its beginning. Raises KeyMissing."""
    if is_sealed(sealed) and not _in_use().sealer().knows(key_of(sealed)):
        raise KeyMissing(key=key_of(sealed).hex())


def is_sealed(content: bytes) -> bool:
    """Whether bytes are in the form of `seal`."""
    return len(content) >= OVERHEAD and bytes(content[: len(HEAD)]) == HEAD


def key_of(sealed: bytes) -> bytes:
    """The id of the key that sealed."""
    return bytes(sealed[len(HEAD) : len(HEAD) + ID_BYTES])


def _in_use() -> _File:
    if _file is None:
        raise Misconfigured(why="YMACH_DATA_KEYS: no keys were read.")
    return _file
