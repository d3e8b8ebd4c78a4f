"""In which ways somebody has proven in this session who they are, and how long ago."""

from __future__ import annotations

import time

from django.http import HttpRequest

from ymach.accounts.models import User
from ymach.web.signin.library import (
    Authenticator,
    get_authentication_records,
)

PASSWORD, VNEID, PASSKEY, APP, RECOVERY = "password", "vneid", "passkey", "app", "recovery-code"
RECENT_SECONDS = 10 * 60
_FACTORS = {"totp": APP, "webauthn": PASSKEY, "recovery_codes": RECOVERY}


def used(request: HttpRequest, user: User) -> list[str]:
    """The ways used in this session, in order."""
    return list(dict.fromkeys(_way(record) for record in get_authentication_records(request, user)))


def is_recent(request: HttpRequest, user: User) -> bool:
    """Whether the account was proven within the last ten minutes, with its second factor if it has one."""
    strong = set(_FACTORS.values()) if has_factor(user) else {PASSWORD, VNEID, *_FACTORS.values()}
    moments = [one["at"] for one in get_authentication_records(request, user) if _way(one) in strong]
    return bool(moments) and time.time() - max(moments) < RECENT_SECONDS


def has_factor(user: User) -> bool:
    """Whether the account has a second factor; recovery codes alone are none."""
    held = Authenticator.objects.filter(user_id=user.pk).exclude(type=Authenticator.Type.RECOVERY_CODES)
    return bool(held.exists())


def _way(record: dict[str, object]) -> str:
    return _FACTORS[str(record["type"])] if record["method"] == "mfa" else str(record["method"])
