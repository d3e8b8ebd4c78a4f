"""Reading a receipt of our own."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from typing import Any

import orjson


def claims_of(receipt: str) -> dict[str, Any]:
    """The claims of a receipt of our own, whose signature need not be verified."""
    part = receipt.split(".")[1]
    claims: dict[str, Any] = orjson.loads(base64.urlsafe_b64decode(part + "=" * (-len(part) % 4)))
    return claims


def submission_of(claims: Mapping[str, Any]) -> str:
    """The submission a receipt is about: its number, or what it amends or cancels."""
    for name in ("amends", "cancels"):
        later = claims.get(name)
        if isinstance(later, dict):
            return str(later.get("submission", ""))
    return str(claims.get("jti", ""))
