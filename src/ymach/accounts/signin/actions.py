"""What people change about their own signing in."""

from __future__ import annotations

from datetime import datetime

from allauth.mfa.models import Authenticator  # type: ignore[import-untyped,unused-ignore]
from django.db.models import F
from django.utils.crypto import salted_hmac

from ymach.accounts.actions import check_password_strength
from ymach.accounts.models import User
from ymach.accounts.signin.models import VneidLink
from ymach.base.actors import Actor
from ymach.base.errors import Conflict
from ymach.base.history.attribution import attributed
from ymach.base.text import Text


class LinkedElsewhere(Conflict):
    code = "YM-VNEID-LINKED-ELSEWHERE"
    sentence = Text(
        "VNeID này đã gắn với một tài khoản khác. Nhờ quản trị của đơn vị xem lại.",
        "This VNeID belongs to another account. Ask your unit's administrator to look at it.",
    )


def link_vneid(*, subject: str, user: User, at: datetime) -> bool:
    """Remember that the person whom VNeID calls `subject` opens `user`; True when that is new.

    Raises LinkedElsewhere when the same person has opened another account before.
    """
    key = salted_hmac("ymach.signin.vneid", subject, algorithm="sha256").digest()
    link, is_new = VneidLink.objects.get_or_create(subject=key, defaults={"user": user, "linked_at": at})
    if link.user_id != user.pk:
        raise LinkedElsewhere
    return is_new


def change_password(*, user: User, password: str, by: Actor, at: datetime) -> None:
    """Give `user` another password; every other session of the account is over. Raises PasswordWeak."""
    check_password_strength(password, user)
    user.set_password(password)
    with attributed(by=by, reason="password changed", at=at):
        user.save(update_fields=["password"])


def end_sessions(*, user: User, by: Actor, at: datetime) -> None:
    """End every session of `user`; the caller keeps its own alive by renewing the session's hash."""
    with attributed(by=by, reason="sessions ended", at=at):
        User.objects.filter(pk=user.pk).update(session_generation=F("session_generation") + 1)
    user.refresh_from_db(fields=["session_generation"])


def remove_factors(*, user: User, by: Actor, at: datetime) -> int:
    """Remove every factor and recovery code of somebody who has lost them, and end the sessions; returns how many.

    The caller has made sure that `by` manages the account and knows who is asking.
    """
    removed, _ = Authenticator.objects.filter(user=user).delete()
    end_sessions(user=user, by=by, at=at)
    return int(removed)
