"""Identifiers made by the application: UUIDv7, so that keys sort by time and need no sequence across shards."""

from __future__ import annotations

from uuid import UUID

from uuid_utils.compat import uuid7


def new_id() -> UUID:
    """A fresh UUIDv7 (RFC 9562): 48 bits of Unix milliseconds, the rest random."""
    return uuid7()
