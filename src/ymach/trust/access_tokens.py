"""Short-lived access tokens for machines (RFC 9068, ES256), signed by the platform's key."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from threading import Lock
from typing import Any

import orjson
from joserfc import jws
from joserfc.errors import JoseError

from ymach.base.ids import new_id
from ymach.trust import findings
from ymach.trust.errors import AssertionRefused
from ymach.trust.platform import ALGORITHM, PlatformKey

TYPE = "at+jwt"
LIFETIME = timedelta(minutes=10)
MAX_BYTES = 4 * 1024
_REGISTRY = jws.JWSRegistry(algorithms=[ALGORITHM])


@dataclass(frozen=True, slots=True)
class AccessToken:
    """Who a token speaks for: client_id (the facility's code), what it may do, until when (UTC)."""

    client_id: str
    scopes: tuple[str, ...]
    jti: str
    expires_at: datetime


class AccessTokens:
    """Issues and verifies tokens of one issuer. Verified ones are remembered: a busy sender costs one look-up.

    issuer: the server's base address, also the audience. older: earlier platform keys whose tokens may still live.
    Safe to share between threads.
    """

    def __init__(
        self, key: PlatformKey, issuer: str, *, older: Sequence[PlatformKey] = (), remember: int = 10_000
    ) -> None:
        self._key = key
        self._issuer = issuer
        self._keys = {one.kid: one for one in (key, *older)}
        self._known: OrderedDict[str, AccessToken] = OrderedDict()
        self._remember = remember
        self._lock = Lock()

    def issue(self, client_id: str, *, at: datetime, scopes: Sequence[str] = (), lifetime: timedelta = LIFETIME) -> str:
        """A token for `client_id` from `at` on, valid for `lifetime` (ten minutes)."""
        issued = int(at.timestamp())
        claims = {
            "iss": self._issuer,
            "aud": self._issuer,
            "sub": client_id,
            "client_id": client_id,
            "scope": " ".join(scopes),
            "iat": issued,
            "exp": issued + int(lifetime.total_seconds()),
            "jti": str(new_id()),
        }
        header = {"alg": ALGORITHM, "typ": TYPE, "kid": self._key.kid}
        return jws.serialize_compact(header, orjson.dumps(claims), self._key.private, registry=_REGISTRY)

    def verify(self, token: str, *, at: datetime) -> AccessToken:
        """Whom the token speaks for at `at`. Raises AssertionRefused (`YM-AUT-TOKEN`, HTTP 401)."""
        known = self._known.get(token)
        if known is None:
            known = self._read(token)
            self._keep(token, known)
        if known.expires_at <= at:
            raise AssertionRefused(findings.TOKEN_REFUSED.at())
        return known

    def _read(self, token: str) -> AccessToken:
        try:
            header, claims = self._open(token)
            right = header["typ"] == TYPE and claims["iss"] == self._issuer == claims["aud"]
            read = AccessToken(
                client_id=str(claims["client_id"]),
                scopes=tuple(str(claims.get("scope", "")).split()),
                jti=str(claims["jti"]),
                expires_at=datetime.fromtimestamp(claims["exp"], UTC),
            )
        except (JoseError, ValueError, KeyError, TypeError) as wrong:
            raise AssertionRefused(findings.TOKEN_REFUSED.at()) from wrong
        if not right:
            raise AssertionRefused(findings.TOKEN_REFUSED.at())
        return read

    def _open(self, token: str) -> tuple[dict[str, Any], dict[str, Any]]:
        header = jws.extract_compact(token[:MAX_BYTES].encode(), registry=_REGISTRY).headers()
        verified = jws.deserialize_compact(token, self._keys[header["kid"]].public, registry=_REGISTRY)
        return header, orjson.loads(verified.payload)

    def _keep(self, token: str, known: AccessToken) -> None:
        with self._lock:
            self._known[token] = known
            while len(self._known) > self._remember:
                self._known.popitem(last=False)
