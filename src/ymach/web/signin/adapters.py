"""django-allauth as this site uses it: no sign-up, no letters, no messages, no pages; secrets are kept encrypted."""

from __future__ import annotations

import base64
from functools import cache
from typing import Any

from cryptography.fernet import Fernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import resolve_url
from django.urls import reverse

from ymach.accounts.models import User
from ymach.web.signin import events, factors, ways
from ymach.web.signin.library import (
    DefaultAccountAdapter,
    DefaultMFAAdapter,
)

STAGES = ["ymach.web.signin.stages.SecondFactor"]


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    """Accounts are made by invitation only; after signing in the reader goes on to what they asked for."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def get_login_stages(self) -> list[str]:
        return STAGES

    def add_message(self, *args: Any, **kwargs: Any) -> None:
        """Our pages say themselves what was done."""

    def send_notification_mail(self, *args: Any, **kwargs: Any) -> None:
        """Changes of factors are told by a notice (ymach.web.signin.events)."""

    def respond_user_inactive(self, request: HttpRequest, user: AbstractBaseUser) -> HttpResponse:
        return HttpResponseRedirect(reverse("sign-in"))

    def post_login(self, request: HttpRequest, user: User, **options: Any) -> HttpResponse:
        events.signed_in(request, user, how=ways.used(request, user))
        return HttpResponseRedirect(options.get("redirect_url") or resolve_url(settings.LOGIN_REDIRECT_URL))


class FactorAdapter(DefaultMFAAdapter):  # type: ignore[misc]
    """Names of the site in authenticator apps and passkeys, and the encryption of kept secrets."""

    def get_totp_issuer(self) -> str:
        return "Ymạch"

    def get_totp_label(self, user: User) -> str:
        return user.username

    def encrypt(self, text: str) -> str:
        return _box().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        return _box().decrypt(encrypted_text.encode()).decode()

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        return {"id": factors.relying_party(), "name": "Ymạch"}

    def get_public_key_credential_user_entity(self, user: User) -> dict[str, Any]:
        return {"id": user.pk.hex.encode(), "display_name": user.full_name, "name": user.username}


@cache
def _box() -> Fernet:
    """Symmetric encryption under a key derived from the site's secret key, for this purpose alone."""
    derive = HKDF(SHA256(), 32, salt=None, info=b"ymach second factors")
    return Fernet(base64.urlsafe_b64encode(derive.derive(settings.SECRET_KEY.encode())))
