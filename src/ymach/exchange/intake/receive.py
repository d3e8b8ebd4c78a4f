"""Step 1, receive: the content out of its wrapping, bounded at every layer, and its SHA-256."""

from __future__ import annotations

import binascii
import gzip
import hashlib
import io
import zlib
from collections.abc import Callable
from datetime import datetime
from typing import Any

import zstandard

from ymach.base.findings import Finding
from ymach.base.refusal import Refused
from ymach.exchange.intake import findings
from ymach.exchange.intake.case import Received

MIB = 1024 * 1024


def receive(content: bytes, *, at: datetime) -> Received:
    """The content as it will be verified and kept, with its digest."""
    if not content.strip():
        return unreadable(findings.EMPTY.at(), at=at)
    return Received(content, hashlib.sha256(content).digest(), at)


def unreadable(refusal: Finding, *, at: datetime) -> Received:
    """Something that could not even be taken out of its wrapping; its refusal is recorded like any other."""
    return Received(b"", hashlib.sha256(b"").digest(), at, refusal)


def decompress(body: bytes, encoding: str, *, limit_mb: int) -> bytes:
    """Undo Content-Encoding ("", "identity", "gzip" or "zstd"), never producing more than `limit_mb` MiB.

    Raises Refused: YM-RCV-TOO-BIG, YM-RCV-COMPRESSION or YM-RCV-ENCODING-UNKNOWN.
    """
    name = encoding.strip().lower()
    if name in {"", "identity"}:
        return _bounded(body, limit_mb)
    opener = _OPENERS.get(name)
    if opener is None:
        raise Refused(findings.ENCODING_UNKNOWN.at(value=name))
    try:
        with opener(body) as stream:
            content = _bounded(stream.read(limit_mb * MIB + 1), limit_mb)
    except (OSError, EOFError, zlib.error, zstandard.ZstdError):
        raise Refused(findings.COMPRESSION.at(value=name)) from None
    if name == "zstd" and _announced_size(body) not in {None, len(content)}:
        raise Refused(findings.COMPRESSION.at(value=name))  # cut short: the reader of zstd ends without a word
    return content


def from_base64(text: bytes) -> bytes:
    """The file in a `fileHSBase64` field; blanks are allowed. Raises Refused (YM-RCV-NOT-BASE64)."""
    try:
        return binascii.a2b_base64(b"".join(text.split()), strict_mode=True)
    except binascii.Error:
        raise Refused(findings.NOT_BASE64.at()) from None


def _bounded(content: bytes, limit_mb: int) -> bytes:
    if len(content) > limit_mb * MIB:
        raise Refused(findings.TOO_BIG.at(limit=limit_mb))
    return content


def _announced_size(body: bytes) -> int | None:
    """The size a zstd frame states of its content; None when it states none."""
    size: int = zstandard.frame_content_size(body)
    return None if size < 0 else size


def _open_zstd(body: bytes) -> Any:
    # A window beyond 128 MiB would let a small body claim much memory before the size bound is reached.
    return zstandard.ZstdDecompressor(max_window_size=128 * MIB).stream_reader(body)


_OPENERS: dict[str, Callable[[bytes], Any]] = {
    "gzip": lambda body: gzip.GzipFile(fileobj=io.BytesIO(body)),
    "x-gzip": lambda body: gzip.GzipFile(fileobj=io.BytesIO(body)),
    "zstd": _open_zstd,
}
