"""How numbers of persons are kept: a blind value to find them by, and a sealed one where they must be shown again."""

from __future__ import annotations

from uuid import UUID

from ymach.base.sealing import blind, seal_text, unseal_text
from ymach.citizens.identify import Key

SHOWN_KINDS = frozenset({"personal-number", "old-number", "insurance-number", "passport", "provisional", "health-book"})
"""Kinds whose value can be read again; a facility's own number of a patient is only ever looked up."""


def blind_key(key: Key) -> Key:
    """The key as the database has it: the same kind, the value not to be undone."""
    kind, value = key
    return kind, blind(value, context=f"identifier:{kind}")


def sealed_value(key: Key, blinded: str) -> bytes | None:
    """The value sealed for its row, or None for a kind that is never shown."""
    kind, value = key
    return seal_text(value, context=context_of_value(kind, blinded)) if kind in SHOWN_KINDS else None


def opened_value(kind: str, blinded: str, sealed: bytes) -> str:
    """What `sealed_value` sealed. Raises SealBroken, KeyMissing."""
    return unseal_text(bytes(sealed), context=context_of_value(kind, blinded))


def blind_phone(phone: str) -> str:
    """A telephone number to compare by."""
    return blind(phone, context="phone")


def sealed_number(number: str, citizen_id: UUID) -> bytes:
    """The number a person was stated with, whoever holds it, sealed for the person's row."""
    return seal_text(number, context=context_of_number(citizen_id))


def opened_number(sealed: bytes | None, citizen_id: UUID) -> str:
    """What `sealed_number` sealed; empty where nothing was stated. Raises SealBroken, KeyMissing."""
    return unseal_text(bytes(sealed), context=context_of_number(citizen_id)) if sealed else ""


def context_of_value(kind: str, blinded: str) -> str:
    """What a sealed value is bound to, by the key of its row."""
    return f"identifier:{kind}:{blinded}"


def context_of_number(citizen_id: UUID) -> str:
    """What the number a person was stated with is bound to."""
    return f"citizen:{citizen_id}:number"
