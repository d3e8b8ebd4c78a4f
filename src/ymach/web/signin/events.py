"""What happens to accounts at the door, written to the journal; changes of factors are also told to their owner."""

from __future__ import annotations

import re
from typing import Any

from django.db import transaction
from django.http import HttpRequest

from ymach.accounts.models import User
from ymach.audit.actions import REGISTRY, record
from ymach.audit.chain import Event
from ymach.base.actors import SYSTEM, Actor
from ymach.base.clock import now
from ymach.base.text import Text
from ymach.notices.actions import tell
from ymach.notices.recipients import Recipient
from ymach.web.reached import reader_address

BASIS = "sign-in"
UNKNOWN = "account:unknown"
UNPROVEN = {"sign-in:refused", "password:letter-sent", "password:letter-refused", "password:link-refused"}
"""Done by somebody who has not shown that the account is theirs."""
_BROWSERS = (("Edg", "Edge"), ("OPR/", "Opera"), ("Firefox/", "Firefox"), ("Chrome/", "Chrome"), ("Safari/", "Safari"))
_SYSTEMS = ("Windows", "Android", "iPhone", "iPad", "Mac OS X", "CrOS", "Linux")


def signed_in(request: HttpRequest, user: User, *, how: list[str]) -> None:
    """Somebody is in."""
    _write(request, "sign-in:done", user, {"how": how})


def refused(request: HttpRequest, user: User | None, *, how: str, why: str) -> None:
    """A proof was wrong. user: whose account was meant, None when there is none by that name."""
    _write(request, "sign-in:refused", user, {"how": how, "why": why})


def signed_out(request: HttpRequest, user: User) -> None:
    """The session was ended by its owner."""
    _write(request, "sign-in:ended", user, {})


def vneid_linked(request: HttpRequest, user: User) -> None:
    """Somebody's VNeID opened this account for the first time."""
    _write(request, "vneid:linked", user, {})
    _tell(
        user,
        Text("VNeID vừa được dùng lần đầu để vào tài khoản này.", "VNeID has opened this account for the first time."),
    )


def changed(request: HttpRequest, user: User, *, action: str, what: Text) -> None:
    """A password or a factor was added, changed or removed. action: a word, e.g. "factor:app-added"."""
    _write(request, action, user, {})
    _tell(user, what)


def noted(request: HttpRequest, user: User | None, *, action: str, by: Actor | None = None, why: str = "") -> None:
    """Something about a forgotten password; user: None where no account was found."""
    _write(request, action, user, {"why": why} if why else {}, by=by)


def factors_removed(request: HttpRequest, user: User, *, by: Actor) -> None:
    """An administrator removed the factors of `user`, who had lost them (accounts.signin.actions.remove_factors)."""
    _write(request, "factor:all-removed", user, {}, by=by)
    _tell(
        user,
        Text(
            "Quản trị của đơn vị vừa bỏ các lớp xác thực của bạn. Đăng nhập và tạo lại.",
            "Your unit's administrator removed your second factors. Sign in and set them up again.",
        ),
    )


def device_of(user_agent: str) -> str:
    """A few words a person recognises: "Chrome · Windows"; an unknown program is "—"."""
    browser = next((name for mark, name in _BROWSERS if mark in user_agent), "")
    system = next((name for name in _SYSTEMS if re.search(rf"\b{name}\b", user_agent)), "")
    return (
        " · ".join(part for part in (browser, system.replace("Mac OS X", "macOS").replace("CrOS", "ChromeOS")) if part)
        or "—"
    )


def _write(
    request: HttpRequest, action: str, user: User | None, detail: dict[str, Any], *, by: Actor | None = None
) -> None:
    subject = f"account:{user.pk}" if user else UNKNOWN
    seen = {"from": reader_address(request), "device": device_of(request.headers.get("User-Agent", ""))}
    actor = str(by) if by else f"user:{user.pk}" if user and action not in UNPROVEN else "user:nobody"
    event = Event(now(), actor, action, subject, BASIS, detail={**seen, **detail})
    with transaction.atomic():
        record(event, facility_id=REGISTRY)


def _tell(user: User, text: Text) -> None:
    tell(to=Recipient(user_id=user.pk), text=text, link="/security", by=SYSTEM, at=now(), letter=True)
