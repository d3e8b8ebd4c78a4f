"""The signed bytes as they are kept: compressed, then sealed for their submission. The one place that packs and opens them."""

from __future__ import annotations

import threading
from uuid import UUID

import zstandard

from ymach.base import sealing

_own = threading.local()


def compressed(content: bytes) -> bytes:
    """The bytes with zstd, before it is known under which submission they are kept."""
    # A compressor keeps its tables between two contents; it must not be shared by threads.
    compressor = getattr(_own, "compressor", None)
    if compressor is None:
        compressor = _own.compressor = zstandard.ZstdCompressor(level=1)
    packed: bytes = compressor.compress(content)
    return packed


def sealed(submission_id: UUID, packed: bytes) -> bytes:
    """What `compressed` made, as it is stored for its submission."""
    return sealing.seal(packed, context=context_of(submission_id))


def opened(submission_id: UUID, stored: bytes, size: int) -> bytes:
    """The bytes as received. size: how many they are.

    What was stored before data was sealed opens as it is, until `ymach keys reseal` has sealed it. Raises SealBroken,
    KeyMissing, ZstdError.
    """
    packed = sealing.opened(stored, context=context_of(submission_id))
    return zstandard.decompress(packed, max_output_size=size)


def context_of(submission_id: UUID) -> str:
    """What the bytes of a submission are sealed for."""
    return f"exchange_submission_content:{submission_id}"
