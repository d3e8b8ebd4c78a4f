"""The keys under which data is sealed: a file of them, the newest last, and one more for look-up by a number.

The file is JSON, readable by its owner only (mode 0600):

    {"index": "<32 bytes, base64>", "keys": [{"id": "9f31c07a", "since": "2026-11-23", "key": "<32 bytes, base64>"}]}

The newest key seals; every older one goes on opening what it sealed. The index key never changes: what is kept under it
could not be found again. Whoever loses the file loses what is sealed: it is kept apart from the copies of the database.
"""

from __future__ import annotations

import base64
import binascii
import json
import os
import secrets
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from ymach.base.errors import Misconfigured

KEY_BYTES = 32
ID_BYTES = 4


@dataclass(frozen=True, slots=True)
class DataKey:
    """One key of AES-256-GCM. id: 4 bytes, drawn with it. since: the day in Viet Nam on which it was made."""

    id: bytes
    since: date
    secret: bytes

    def __repr__(self) -> str:
        return f"DataKey({self.id.hex()}, since {self.since})"


@dataclass(frozen=True, slots=True)
class Keyring:
    """keys: the newest last, never empty. index: of look-up (HMAC-SHA-256)."""

    keys: tuple[DataKey, ...]
    index: bytes

    @property
    def newest(self) -> DataKey:
        return self.keys[-1]

    def rotated(self, on: date) -> Keyring:
        """With one more key, which seals from now on."""
        return Keyring((*self.keys, _fresh_key(on)), self.index)

    def __repr__(self) -> str:
        return f"Keyring({', '.join(map(repr, self.keys))})"


def fresh(on: date) -> Keyring:
    """A ring with one new key and a new index key."""
    return Keyring((_fresh_key(on),), secrets.token_bytes(KEY_BYTES))


def load(path: Path) -> Keyring:
    """Read the file. Raises Misconfigured: it is missing, others may read it, or it holds no keys of this form."""
    try:
        if os.name == "posix" and path.stat().st_mode & 0o077:
            raise Misconfigured(why=f"YMACH_DATA_KEYS, {path}: others may read it; set its mode to 0600.")
        return _parse(json.loads(path.read_text(encoding="utf-8")))
    except OSError as fault:
        raise Misconfigured(
            why=f"YMACH_DATA_KEYS, {path}: {fault.strerror}. Put back the copy of the file; without it nothing sealed opens."
        ) from None
    except (ValueError, KeyError, TypeError, AttributeError):
        raise Misconfigured(
            why=f"YMACH_DATA_KEYS, {path}: not a file of `ymach keys`. Put back the copy of it."
        ) from None


def create(path: Path, on: date) -> None:
    """Make the file with new keys if there is none; of several processes that do it at once, one wins."""
    if path.exists():
        return
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    written = _written_beside(path, fresh(on))
    try:
        os.link(written, path)
    except FileExistsError:
        return  # another process made it at the same moment
    finally:
        written.unlink()


def save(path: Path, ring: Keyring) -> None:
    """Put `ring` in the file's place, whole or not at all. Raises Misconfigured where it cannot be written."""
    try:
        _written_beside(path, ring).replace(path)
    except OSError as fault:
        raise Misconfigured(why=f"YMACH_DATA_KEYS, {path}: {fault.strerror}.") from None


def _written_beside(path: Path, ring: Keyring) -> Path:
    beside = path.with_name(f".{path.name}.{secrets.token_hex(6)}")
    with os.fdopen(os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
        json.dump(_as_json(ring), file, indent=1)
        file.flush()
        os.fsync(file.fileno())
    return beside


def _fresh_key(on: date) -> DataKey:
    return DataKey(secrets.token_bytes(ID_BYTES), on, secrets.token_bytes(KEY_BYTES))


def _as_json(ring: Keyring) -> dict[str, Any]:
    keys = [{"id": one.id.hex(), "since": one.since.isoformat(), "key": _encoded(one.secret)} for one in ring.keys]
    return {"index": _encoded(ring.index), "keys": keys}


def _parse(content: dict[str, Any]) -> Keyring:
    keys = tuple(
        DataKey(_long(bytes.fromhex(one["id"]), ID_BYTES), date.fromisoformat(one["since"]), _decoded(one["key"]))
        for one in content["keys"]
    )
    if not keys or len({one.id for one in keys}) < len(keys):
        raise ValueError("keys")
    return Keyring(keys, _decoded(content["index"]))


def _encoded(secret: bytes) -> str:
    return base64.b64encode(secret).decode("ascii")


def _decoded(text: str) -> bytes:
    try:
        return _long(base64.b64decode(text, validate=True), KEY_BYTES)
    except binascii.Error as wrong:
        raise ValueError("base64") from wrong


def _long(value: bytes, length: int) -> bytes:
    if len(value) != length:
        raise ValueError("length")
    return value
