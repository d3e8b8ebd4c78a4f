"""Who signs receipts."""

from __future__ import annotations

from dataclasses import dataclass

from ymach.trust.platform import PlatformKey


@dataclass(frozen=True, slots=True)
class Issuer:
    """Who signs receipts, and under which name. is_test: nothing it signs is about real care."""

    key: PlatformKey
    name: str
    is_test: bool = False
