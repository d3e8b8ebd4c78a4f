"""The journal under the platform's key: its signed roots, and the part of the worker that keeps it provable."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from threading import Event
from typing import Any

from django.conf import settings

from ymach.accounts.permissions import Role
from ymach.accounts.queries import in_force
from ymach.audit.keeping import Keeping
from ymach.audit.queries import Proof
from ymach.base.actors import SYSTEM
from ymach.base.clock import vietnam_day
from ymach.base.rounds import Chores, never
from ymach.base.text import Text
from ymach.exchange.platform import platform_key
from ymach.notices.actions import tell
from ymach.notices.recipients import Recipient
from ymach.trust.jws import sign, verify
from ymach.trust.platform import jwks

ROOT_TYPE = "ymach-audit-root+jwt"
PAUSE = 10 * 60.0
BROKEN = Text(
    "Nhật ký truy cập không còn nguyên: {number} chỗ không đúng. Giữ nguyên máy chủ và mở một sự cố.",
    "The journal does not hold: {number} faults. Leave the server as it is, and open an incident.",
)


def sign_root(said: Mapping[str, Any]) -> str:
    """The root of a day as a JWS of the platform."""
    return sign({"iss": settings.ENVIRONMENT.base_url, **said}, platform_key(), kind=ROOT_TYPE)


def open_root(token: str) -> dict[str, Any]:
    """What the platform signed of a day. Raises ReceiptRefused. Needs no network."""
    said = verify(token, jwks(platform_key()), kind=ROOT_TYPE)
    return {name: value for name, value in said.items() if name != "iss"}


def tell_auditors(proof: Proof, at: datetime) -> None:
    """A notice to every auditor, and to the ministry: the journal does not hold."""
    text = BROKEN.format(number=len(proof.faults))
    held = in_force(vietnam_day(at)).filter(role__in=[Role.AUDITOR, Role.MINISTRY])
    for user in set(held.values_list("user_id", flat=True)):
        tell(to=Recipient(user_id=user), text=text, link="/audit", by=SYSTEM, at=at)


def keeper(stopping: Event) -> Chores:
    """The part of the worker."""
    keeping = _keeping()
    return Chores("journal", (keeping.close, keeping.prove), pause=PAUSE, stopping=stopping)


def keep_now(*, at: datetime) -> None:
    """What the worker does in a night, at once: close the days that are over at `at` (aware), and prove the journal."""
    keeping = _keeping()
    keeping.close(at=at, stopped=never)
    keeping.prove(at=at, stopped=never)


def _keeping() -> Keeping:
    return Keeping(sign_root, open_root, tell_auditors)
