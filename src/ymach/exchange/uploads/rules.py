"""Sizes, pieces and bounds of uploads. Plain functions."""

from __future__ import annotations

import binascii
import hashlib
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from ymach.exchange.uploads.errors import (
    ChunkDigestWrong,
    ChunkLengthWrong,
    ChunkNumberWrong,
    UploadAnnounced,
    UploadDigestWrong,
    UploadHole,
    UploadTooBig,
)

MIB = 1024 * 1024
SMALLEST_CHUNK, LARGEST_CHUNK = 16 * 1024, MIB
"""Bytes of a piece: what a line that breaks costs at most."""
_PIECES = 8
MOST_OPEN = 8
"""Uploads a facility may have open at a time."""
LIFETIME = timedelta(hours=24)
"""An upload that is not finished in this time is forgotten."""
ANSWERABLE = timedelta(minutes=30)
"""For so long after it was finished an upload can be finished again, by a sender that did not hear the answer."""
COME_BACK_SECONDS = 60


@dataclass(frozen=True, slots=True)
class Announced:
    """A file that is going to come: its bytes and its SHA-256."""

    size: int
    digest: bytes


def read_announced(told: Any, *, most: int) -> Announced:
    """What a sender announces. most: bytes. Raises UploadAnnounced, UploadTooBig."""
    size = told.get("size") if isinstance(told, dict) else None
    digest = told.get("sha256") if isinstance(told, dict) else None
    if type(size) is not int or size < 1 or not isinstance(digest, str) or len(digest) != 64:
        raise UploadAnnounced(field="size")
    try:
        read = binascii.unhexlify(digest)
    except ValueError:
        raise UploadAnnounced(field="sha256") from None
    if size > most:
        raise UploadTooBig(field="size", limit=most // MIB)
    return Announced(size, read)


def chunk_size_of(size: int) -> int:
    """How long the pieces of a file are: an eighth of it, within bounds."""
    return min(max(chunk_count(size, _PIECES), SMALLEST_CHUNK), LARGEST_CHUNK)


def chunk_count(size: int, chunk_size: int) -> int:
    """Of how many pieces a file consists."""
    return -(-size // chunk_size)


def chunk_length(number: int, *, size: int, chunk_size: int) -> int:
    """How long piece `number` must be. Raises ChunkNumberWrong."""
    last = chunk_count(size, chunk_size) - 1
    if not 0 <= number <= last:
        raise ChunkNumberWrong(number=number, last=last)
    return chunk_size if number < last else size - last * chunk_size


def check_chunk(content: bytes, number: int, digest: bytes, *, size: int, chunk_size: int) -> None:
    """Whether a piece is what it must be. Raises ChunkNumberWrong, ChunkLengthWrong, ChunkDigestWrong."""
    expected = chunk_length(number, size=size, chunk_size=chunk_size)
    if len(content) != expected:
        raise ChunkLengthWrong(number=number, expected=expected, found=len(content))
    if hashlib.sha256(content).digest() != digest:
        raise ChunkDigestWrong(number=number)


def check_whole(pieces: Sequence[bytes], digest: bytes) -> bytes:
    """The file of all its pieces. Raises UploadDigestWrong."""
    content = b"".join(pieces)
    if hashlib.sha256(content).digest() != digest:
        raise UploadDigestWrong
    return content


def check_complete(received: Collection[int], count: int) -> None:
    """Whether the pieces 0 to count - 1 are here. Raises UploadHole."""
    missing = sorted(set(range(count)) - set(received))
    if missing:
        raise UploadHole(count=len(missing), number=missing[0])
