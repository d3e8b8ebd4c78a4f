"""Checking a second factor: a code of an app, a recovery code, or a passkey."""

from __future__ import annotations

import json
import struct
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest
from fido2.webauthn import AuthenticationResponse, RegistrationResponse

from ymach.accounts.models import User
from ymach.base.clock import now
from ymach.web.signin import events, limits
from ymach.web.signin.library import (
    AuthenticateForm,
    AuthenticateWebAuthnForm,
    Authenticator,
    ReauthenticateForm,
    ReauthenticateWebAuthnForm,
    begin_authentication,
)

CODE_SECONDS = 120
"""Longer than a code of an app is taken for: 30 seconds and one step before and after."""
LONGEST_CREDENTIAL = 64 * 1024
# What fido2 raises for bytes that are no credential.
_UNREADABLE = (ValueError, TypeError, KeyError, IndexError, AttributeError, RecursionError, struct.error)
_LOOPBACK = {"127.0.0.1", "::1", "localhost"}


def check(request: HttpRequest, user: User, *, again: bool) -> bool:
    """Whether the form sent proves the second factor of `user`; the proof is then kept in the session.

    again: the account is signed in already and proves itself once more. Raises TooMany. A code serves once.
    """
    limits.take_factor(user, at=now())
    form = _form(request, user, again=again)
    if not form.is_valid() or not _is_first_use(request, user):
        how = "passkey" if "credential" in request.POST else "code"
        events.refused(request, user, how=how, why="wrong")
        return False
    form.save()
    limits.forget_factor(user)
    return True


def passkey_options(user: User) -> str:
    """What the browser needs to ask for a passkey of `user`, as JSON; "" for an account without one."""
    if not Authenticator.objects.filter(user_id=user.pk, type=Authenticator.Type.WEBAUTHN).exists():
        return ""
    return as_json(begin_authentication(user))


def has_app(user: User) -> bool:
    """Whether the account has an app that shows codes."""
    return bool(Authenticator.objects.filter(user_id=user.pk, type=Authenticator.Type.TOTP).exists())


def as_json(options: dict[str, Any]) -> str:
    """Options of fido2 as the text of a data attribute."""
    return json.dumps(options, default=dict)


def relying_party() -> str:
    """The domain for which passkeys are made. On this machine alone it is “localhost”: browsers take no bare address."""
    host = str(urlsplit(settings.ENVIRONMENT.base_url).hostname)
    return "localhost" if host in _LOOPBACK else host


def are_passkeys_possible(request: HttpRequest) -> bool:
    """Whether a browser at this address can make and use passkeys of the site."""
    return urlsplit(f"//{request.get_host()}").hostname == relying_party()


def credential_of(request: HttpRequest, kind: type[AuthenticationResponse] | type[RegistrationResponse]) -> str:
    """The credential a browser sent, when it can be read as one; "" otherwise. Nothing of it is believed yet."""
    sent = request.POST.get("credential", "")
    try:
        kind.from_dict(json.loads(sent[:LONGEST_CREDENTIAL]))
    except _UNREADABLE:
        return ""
    return sent


def _form(request: HttpRequest, user: User, *, again: bool) -> Any:
    if "credential" in request.POST:
        chosen = ReauthenticateWebAuthnForm if again else AuthenticateWebAuthnForm
        return chosen(user=user, data={"credential": credential_of(request, AuthenticationResponse)})
    by_code = ReauthenticateForm if again else AuthenticateForm
    return by_code(user=user, data={"code": request.POST.get("code", "")[:20]})


def _is_first_use(request: HttpRequest, user: User) -> bool:
    """allauth remembers used codes in the memory of one process; several processes share this."""
    code = "".join(sign for sign in request.POST.get("code", "") if sign.isalnum())
    if not code:
        return True
    return limits.take_once("code-used", f"{user.pk}\n{code}", seconds=CODE_SECONDS, at=now())
