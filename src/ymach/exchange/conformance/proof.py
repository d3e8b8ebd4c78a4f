"""Verifying the report of a run, anywhere: a compact JWS and the platform's published keys are enough."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ymach.base.errors import YmachError
from ymach.exchange.conformance.errors import ReportRefused
from ymach.trust import jws

TYPE = "ymach-conformance+jwt"
LONGEST = 1_000_000


def verify_report(token: str, jwks: Mapping[str, Any]) -> dict[str, Any]:
    """The claims of a report signed by one of the keys in `jwks`. Needs no network. Raises ReportRefused."""
    if len(token) > LONGEST:
        raise ReportRefused
    try:
        return jws.verify(token.strip(), jwks, kind=TYPE)
    except YmachError as wrong:
        raise ReportRefused from wrong
