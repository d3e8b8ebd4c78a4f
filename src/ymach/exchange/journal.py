"""The journal under the platform's key: its signed roots, and the part of the worker that keeps it provable."""

from __future__ import annotations

from collections.abc import Mapping
from threading import Event
from typing import Any

from django.conf import settings

from ymach.audit.keeping import Keeping
from ymach.base.rounds import Chores
from ymach.exchange.platform import platform_key
from ymach.trust.jws import sign, verify
from ymach.trust.platform import jwks

ROOT_TYPE = "ymach-audit-root+jwt"
PAUSE = 10 * 60.0


def sign_root(said: Mapping[str, Any]) -> str:
    """The root of a day as a JWS of the platform."""
    return sign({"iss": settings.ENVIRONMENT.base_url, **said}, platform_key(), kind=ROOT_TYPE)


def open_root(token: str) -> dict[str, Any]:
    """What the platform signed of a day. Raises ReceiptRefused. Needs no network."""
    said = verify(token, jwks(platform_key()), kind=ROOT_TYPE)
    return {name: value for name, value in said.items() if name != "iss"}


def keeper(stopping: Event) -> Chores:
    """The part of the worker."""
    keeping = Keeping(sign_root, open_root)
    return Chores("journal", (keeping.close, keeping.prove), pause=PAUSE, stopping=stopping)
