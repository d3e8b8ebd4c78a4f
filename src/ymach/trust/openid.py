"""Signing people in with an identity provider (OpenID Connect Core 1.0): the asking, the answer, and what it proves.

Only the code flow with PKCE, state and nonce. An ID token is believed when its signature verifies with a key the
provider publishes and issuer, audience, times and nonce are ours; being fetched over TLS is not enough. Who may sign
in with a proven identity is not decided here.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
import secrets
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any, ClassVar
from urllib.parse import urlencode, urlsplit

import httpx
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from ymach.base.errors import NotSignedIn, Unavailable
from ymach.base.kept import Kept
from ymach.base.text import Text

ALGORITHMS = ["RS256", "PS256", "ES256"]
LEEWAY_SECONDS = 60
KEPT_SECONDS = 300.0
LARGEST_ANSWER = 256 * 1024
SCOPE = "openid profile"
_PERSONAL_NUMBER = re.compile(r"[0-9]{12}")


class ProviderAway(Unavailable):
    """The provider does not answer, or answers something that is not in its contract."""

    code = "YM-VNEID-AWAY"
    sentence = Text(
        "VNeID đang không trả lời. Đăng nhập bằng mật khẩu hoặc khóa truy cập, hay thử lại sau ít phút.",
        "VNeID does not answer at the moment. Sign in with your password or passkey, or try again in a few minutes.",
    )


class IdentityRefused(NotSignedIn):
    """The provider's answer proves nothing. `why` is a word for the journal, not for people."""

    code: ClassVar[str] = "YM-VNEID-REFUSED"
    sentence: ClassVar[Text] = Text(
        "VNeID chưa xác nhận được bạn là ai. Chưa có gì thay đổi; bấm đăng nhập lại từ đầu.",
        "VNeID could not prove who you are. Nothing has changed; begin signing in again.",
    )

    def __init__(self, why: str) -> None:
        super().__init__()
        self.why = why


@dataclass(frozen=True, slots=True)
class Provider:
    """An identity provider and our registration there. url: its issuer. seconds: how long an answer is waited for."""

    url: str
    client_id: str
    client_secret: str = field(repr=False)
    seconds: float = 8.0


@dataclass(frozen=True, slots=True)
class Asked:
    """What must be remembered between asking and the answer; single use, secret."""

    state: str
    nonce: str
    verifier: str


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody whom the provider vouches for. personal_number: 12 digits, or "" when the provider did not tell it.

    confirmed: the digest of what the person confirmed, or "". statement: the provider's signed token that says so.
    """

    subject: str
    personal_number: str = field(repr=False)
    name: str = field(repr=False)
    born: date | None = field(repr=False)
    confirmed: str = ""
    statement: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class Confirmation:
    """Something the person shall confirm at the provider: a title to read there, and the digest of all of it."""

    title: str
    digest: str


def ask(provider: Provider, *, redirect_uri: str, confirm: Confirmation | None = None) -> tuple[str, Asked]:
    """The provider's address to lead the reader to, and what to remember meanwhile. Raises ProviderAway."""
    asked = Asked(*(secrets.token_urlsafe(32) for _ in range(3)))
    digest = hashlib.sha256(asked.verifier.encode()).digest()
    query = {
        "response_type": "code",
        "client_id": provider.client_id,
        "redirect_uri": redirect_uri,
        "scope": SCOPE,
        "state": asked.state,
        "nonce": asked.nonce,
        "code_challenge": base64.urlsafe_b64encode(digest).rstrip(b"=").decode(),
        "code_challenge_method": "S256",
        **({"confirm_title": confirm.title, "confirm_digest": confirm.digest} if confirm else {}),
    }
    return f"{_configuration(provider)['authorization_endpoint']}?{urlencode(query)}", asked


def receive(provider: Provider, asked: Asked, *, code: str, redirect_uri: str, at: datetime) -> Person:
    """Exchange the `code` of an answer for the person it stands for, at `at` (aware).

    The caller has compared the answer's state with `asked.state` and forgets `asked`, whatever happens here.
    Raises ProviderAway, or IdentityRefused when anything does not fit.
    """
    form = {
        "grant_type": "authorization_code",
        "code": code,
        "redirect_uri": redirect_uri,
        "client_id": provider.client_id,
        "client_secret": provider.client_secret,
        "code_verifier": asked.verifier,
    }
    known = _configuration(provider)
    tokens = _request(provider, "POST", known["token_endpoint"], refusal="code", data=form)
    statement = str(tokens.get("id_token", ""))
    identity = _identity(provider, statement, nonce=asked.nonce, at=at)
    headers = {"Authorization": f"Bearer {tokens.get('access_token', '')}"}
    told = _request(provider, "GET", known["userinfo_endpoint"], refusal="userinfo", headers=headers)
    if not hmac.compare_digest(str(told.get("sub", "")).encode(), identity["sub"].encode()):
        raise IdentityRefused("subject")
    # What was confirmed stands in the signed token alone, not in what is told beside it.
    confirmed = str(identity.get("confirmed", ""))
    return replace(_person({**identity, **told}), confirmed=confirmed, statement=statement if confirmed else "")


def _identity(provider: Provider, token: str, *, nonce: str, at: datetime) -> dict[str, Any]:
    """The claims of an ID token that holds; keys are asked anew once when the token names one we do not know."""
    try:
        claims = _verified(provider, token)
    except (JoseError, ValueError):
        _keys.forget()
        try:
            claims = _verified(provider, token)
        except (JoseError, ValueError) as error:
            raise IdentityRefused("signature") from error
    registry = jwt.JWTClaimsRegistry(
        now=int(at.timestamp()),
        leeway=LEEWAY_SECONDS,
        iss={"essential": True, "value": provider.url},
        sub={"essential": True},
        aud={"essential": True, "value": provider.client_id},
        exp={"essential": True},
        iat={"essential": True},
        nonce={"essential": True, "value": nonce},
    )
    try:
        registry.validate(claims)
    except JoseError as error:
        raise IdentityRefused(getattr(error, "claim", None) or error.error) from error
    if claims.get("azp", provider.client_id) != provider.client_id:
        raise IdentityRefused("azp")
    return claims


def _verified(provider: Provider, token: str) -> dict[str, Any]:
    return dict(jwt.decode(token, _keys(provider), algorithms=ALGORITHMS).claims)


def _person(claims: dict[str, Any]) -> Person:
    number, born = str(claims.get("personal_number", "")), None
    try:
        born = date.fromisoformat(str(claims.get("birthdate", "")))
    except ValueError:
        born = None
    known = number if _PERSONAL_NUMBER.fullmatch(number) else ""
    return Person(str(claims["sub"]), known, str(claims.get("name", "")), born)


def _load_configuration(provider: Provider) -> dict[str, str]:
    """The discovery document (OpenID Connect Discovery 1.0 §4), whose issuer must be the address it was asked at."""
    address = f"{provider.url}/.well-known/openid-configuration"
    found = _request(provider, "GET", address, refusal="configuration")
    needed = ("authorization_endpoint", "token_endpoint", "userinfo_endpoint", "jwks_uri")
    is_ours = found.get("issuer") == provider.url
    if not is_ours or not all(_is_as_safe(str(found.get(name, "")), provider.url) for name in needed):
        raise ProviderAway
    return {name: str(found[name]) for name in needed}


def _load_keys(provider: Provider) -> KeySet:
    found = _request(provider, "GET", _configuration(provider)["jwks_uri"], refusal="keys")
    try:
        return KeySet.import_key_set(found)  # type: ignore[arg-type]
    except (JoseError, ValueError, KeyError, TypeError) as error:
        raise ProviderAway from error


_configuration = Kept(_load_configuration, seconds=KEPT_SECONDS, size=10)
_keys = Kept(_load_keys, seconds=KEPT_SECONDS, size=10)


def _is_as_safe(address: str, base: str) -> bool:
    """Whether an address the provider names is https, or no less safe than the configured one (a stand-in's http)."""
    return urlsplit(address).scheme in {"https", urlsplit(base).scheme}


def _request(provider: Provider, method: str, address: str, *, refusal: str, **options: Any) -> dict[str, Any]:
    """The JSON object of an answer. Raises IdentityRefused(refusal) for a 4xx, ProviderAway for everything unexpected."""
    try:
        with httpx.Client(timeout=provider.seconds, follow_redirects=False, trust_env=False) as client:
            answer = client.request(method, address, **options)
    except httpx.HTTPError as error:
        raise ProviderAway from error
    if 400 <= answer.status_code < 500:
        raise IdentityRefused(refusal)
    if answer.status_code != 200 or len(answer.content) > LARGEST_ANSWER:
        raise ProviderAway
    try:
        found = answer.json()
    except ValueError as error:
        raise ProviderAway from error
    if not isinstance(found, dict):
        raise ProviderAway
    return found
