"""One hash over many ends of chains, as a Merkle tree (RFC 6962 §2.1): no end can change, go or come unseen."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable

_LEAF, _NODE = b"\x00", b"\x01"


def leaf_hash(facility_id: str, day: str, number: int, end: bytes) -> bytes:
    """The hash of one end: facility and day as text (UUID, ISO 8601), number and hash of the last event."""
    return hashlib.sha256(_LEAF + f"{facility_id} {day} {number} ".encode() + end).digest()


def root_of(leaves: Iterable[bytes]) -> bytes:
    """The root over the hashes of leaves, in their order; of none, the hash of nothing. Memory: the logarithm of their number."""
    tops: list[tuple[int, bytes]] = []
    for leaf in leaves:
        height, top = 0, leaf
        while tops and tops[-1][0] == height:
            top = _join(tops.pop()[1], top)
            height += 1
        tops.append((height, top))
    if not tops:
        return hashlib.sha256().digest()
    _, root = tops.pop()
    while tops:
        root = _join(tops.pop()[1], root)
    return root


def _join(left: bytes, right: bytes) -> bytes:
    return hashlib.sha256(_NODE + left + right).digest()
