"""The platform as issuer: its key, its name, and the tokens it gives. Made once per process."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from django.conf import settings

from ymach.exchange.receipts.issuer import Issuer
from ymach.trust.access_tokens import AccessTokens
from ymach.trust.platform import PlatformKey


@cache
def platform_key() -> PlatformKey:
    """The key that signs receipts and tokens: from YMACH_PLATFORM_KEY, or made once in var/secrets."""
    environment = settings.ENVIRONMENT
    path: Path = environment.platform_key or environment.secrets_folder / "platform-key.pem"
    return PlatformKey.load_or_create(path)


def issuer() -> Issuer:
    """Who signs receipts: the key, under the address by which the site is known."""
    environment = settings.ENVIRONMENT
    return Issuer(platform_key(), environment.base_url, is_test=environment.is_test)


@cache
def access_tokens() -> AccessTokens:
    """Gives tokens to machines and reads them, under the platform's key."""
    return AccessTokens(platform_key(), settings.ENVIRONMENT.base_url)
