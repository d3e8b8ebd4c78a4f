"""The address of a patient's page: sealed to the one who looked the patient up, and over after a shift.

Nobody else can use it, it says nothing of the person, and it is never kept.
"""

from __future__ import annotations

import base64
import binascii
from datetime import UTC, datetime, timedelta
from uuid import UUID

from ymach.base.actors import Actor
from ymach.base.sealing import KeyMissing, SealBroken, seal, unseal
from ymach.exchange.reading.errors import HandleOver

LASTS = timedelta(hours=12)
"""A long shift."""
_MOMENT, _ID = 8, 16


def handle_of(citizen_id: UUID, *, by: Actor, at: datetime) -> str:
    """A handle of the person for `by`, good for LASTS from `at` (aware); base64url."""
    ends = int((at + LASTS).timestamp()).to_bytes(_MOMENT, "big")
    sealed = seal(ends + citizen_id.bytes, context=_context(by))
    return base64.urlsafe_b64encode(sealed).rstrip(b"=").decode("ascii")


def citizen_behind(handle: str, *, by: Actor, at: datetime) -> UUID:
    """The person behind a handle that was given to `by`. Raises HandleOver for any other one, whatever is wrong with it."""
    try:
        sealed = base64.urlsafe_b64decode(handle.encode("ascii") + b"=" * (-len(handle) % 4))
        plain = unseal(sealed, context=_context(by))
    except (UnicodeEncodeError, binascii.Error, ValueError, SealBroken, KeyMissing):
        raise HandleOver from None
    if len(plain) != _MOMENT + _ID or datetime.fromtimestamp(int.from_bytes(plain[:_MOMENT], "big"), UTC) <= at:
        raise HandleOver
    return UUID(bytes=plain[_MOMENT:])


def _context(by: Actor) -> str:
    return f"patient:{by}"
