"""Knowing people by their personal number: who is asked for is looked up before anybody types, who is enrolled is checked.

The registry is asked first, the national population database after it. Every look-up is in the journal, and none tells
more than the asker may know: of somebody else's staff what is public, of a citizen what was typed right.
"""

from ymach.practitioners.identification.checks import each_unverified, last_check, unverified, verify
from ymach.practitioners.identification.claims import carry_over, checked_claim
from ymach.practitioners.identification.lookups import (
    NOTHING,
    Claimed,
    Identified,
    Said,
    identify,
    lookup,
    registered_as,
)
from ymach.practitioners.identification.turns import ALLOWED, WINDOW

__all__ = [
    "ALLOWED",
    "NOTHING",
    "WINDOW",
    "Claimed",
    "Identified",
    "Said",
    "carry_over",
    "checked_claim",
    "each_unverified",
    "identify",
    "last_check",
    "lookup",
    "registered_as",
    "unverified",
    "verify",
]
