"""Reading the journal back."""

from __future__ import annotations

from ymach.audit.reached import Reading, affected_by, affected_persons, readings_of
from ymach.audit.roots import latest_roots
from ymach.audit.verification import Proof, checks, verify

__all__ = [
    "Proof",
    "Reading",
    "affected_by",
    "affected_persons",
    "checks",
    "latest_roots",
    "readings_of",
    "verify",
]
