"""A forgotten password: a letter with a link that works once, for an hour, and the new password behind it.

A second factor is still asked for afterwards: the letter proves the address, nothing else.
"""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta

from django.db import transaction

from ymach.accounts.actions import check_password_strength
from ymach.accounts.invitations import digest_of
from ymach.accounts.models import User
from ymach.accounts.signin.models import PasswordLetter
from ymach.base.actors import Actor, ActorKind
from ymach.base.clock import print_moment
from ymach.base.errors import Conflict, NotFound
from ymach.base.history.attribution import attributed
from ymach.base.text import Text
from ymach.notices.actions import withdraw_letter, write_letter

LASTS = timedelta(hours=1)
_TOKEN_BYTES = 32
SUBJECT = Text("Đặt lại mật khẩu Ymạch", "A new password for Ymạch")
BODY = Text(
    "Có người (mong là chính bạn) xin đặt lại mật khẩu của tài khoản {username}.\n\n"
    "Mở liên kết dưới đây trước {expires} rồi đặt mật khẩu mới. Liên kết chỉ dùng được một lần; không chuyển cho ai.\n"
    "Nếu bạn không xin, hãy bỏ qua thư này: mật khẩu cũ vẫn dùng được.",
    "Somebody (we hope it was you) asked for a new password of the account {username}.\n\n"
    "Open the link below before {expires} and choose one. The link works once; do not pass it on.\n"
    "If you did not ask, ignore this letter: the old password keeps working.",
)


class LinkOver(NotFound):
    code = "YM-PASSWORD-LINK"
    status = 410
    sentence = Text(
        "Liên kết này không còn dùng được: đã dùng, đã quá một giờ, hoặc đã có thư mới hơn. Xin một thư mới.",
        "This link no longer works: it has been used, an hour has passed, or a newer letter was sent. Ask for a new one.",
    )


class NoAddress(Conflict):
    code = "YM-PASSWORD-NO-ADDRESS"
    sentence = Text(
        "Tài khoản này không có thư điện tử hoặc đang tạm ngừng, nên không gửi được thư đặt lại mật khẩu.",
        "This account has no e-mail address or is suspended, so no letter for a new password can be sent.",
    )


def account_named(name: str) -> User | None:
    """The account whose e-mail address or user name somebody typed; the address comes first."""
    typed = name.strip().casefold()[:254]
    if not typed or "\x00" in typed:
        return None
    return User.objects.filter(email=typed).first() or User.objects.filter(username=typed).first()


def send_password_letter(*, user: User, at: datetime) -> str:
    """Write the letter; an earlier one is dead at once. Returns the link's path, which nobody can learn again.

    Raises NoAddress for a suspended account and for one without an e-mail address.
    """
    if not user.is_active or not user.email:
        raise NoAddress
    token, expires = secrets.token_urlsafe(_TOKEN_BYTES), at + LASTS
    link, until = f"/sign-in/new-password/{token}", print_moment(expires)
    body = Text(*(words.format(username=user.username, expires=until) for words in (BODY.vi, BODY.en)))
    with transaction.atomic():
        User.objects.select_for_update().get(pk=user.pk)
        earlier = PasswordLetter.objects.filter(user=user).first()
        if earlier:
            withdraw_letter(earlier.letter_id, at=at)
        letter = write_letter(address=user.email, subject=SUBJECT, body=body, link=link, at=at, is_link_secret=True)
        kept = {"token_digest": digest_of(token), "expires_at": expires, "letter_id": letter.pk}
        PasswordLetter.objects.update_or_create(user=user, defaults=kept)
    return link


def account_of_link(token: str, *, at: datetime) -> User:
    """The account that a link opens now. Raises LinkOver."""
    return _usable(PasswordLetter.objects.select_related("user").filter(token_digest=digest_of(token)).first(), at).user


def renew_password(*, token: str, password: str, at: datetime) -> User:
    """Use a link: the account's password is `password`, and every session of the account is over.

    Raises LinkOver, or PasswordWeak (the link stays usable).
    """
    check_password_strength(password, account_of_link(token, at=at))
    with transaction.atomic():
        held = PasswordLetter.objects.select_for_update().filter(token_digest=digest_of(token)).first()
        found = _usable(held, at)
        user = User.objects.select_for_update().get(pk=found.user_id)
        found.delete()
        user.set_password(password)
        user.session_generation += 1
        by = Actor(ActorKind.USER, str(user.pk), user.full_name)
        with attributed(by=by, reason="password forgotten, renewed by letter", at=at):
            user.save(update_fields=["password", "session_generation"])
    return user


def _usable(found: PasswordLetter | None, at: datetime) -> PasswordLetter:
    if found is None or at >= found.expires_at or not found.user.is_active:
        raise LinkOver
    return found
