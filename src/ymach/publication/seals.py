"""Signed by the platform: the QR code on a licence, and the live status behind it. Verified anywhere, offline.

Compact JWS (RFC 7515) with ES256, short enough that a telephone reads it from paper. What the QR says was so on the day
it was made; whether it still is, the status says, which lives five minutes.
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import orjson
from joserfc import jws
from joserfc.errors import JoseError
from joserfc.jwk import ECKey

from ymach.base.clock import print_day
from ymach.base.errors import Invalid
from ymach.base.text import Text
from ymach.publication.rules import Entry
from ymach.trust.platform import ALGORITHM, PlatformKey

QR_TYPE, STATUS_TYPE = "lic+jwt", "lic-status+jwt"
QR_DAYS = 366
STATUS_SECONDS = 300
MAX_TOKEN = 16_000
_LONGEST_NAME = 60


class QrRefused(Invalid):
    """What was scanned proves nothing."""

    code = "YM-QR-FORMAT"
    sentence = Text(
        "Mã này không phải mã QR của giấy phép hành nghề do Ymạch cấp. Hãy tra bằng số giấy phép.",
        "This is no QR code of a licence made by Ymạch. Search by the licence number instead.",
    )


class QrOfAnotherKey(QrRefused):
    code = "YM-QR-UNKNOWN-KEY"
    sentence = Text(
        "Mã này do một khóa lạ ký, không phải khóa của Ymạch: coi như giả. Hãy tra bằng số giấy phép và báo Sở Y tế.",
        "This code was signed by a key that is not Ymạch's: take it as forged. Search by number and tell the department.",
    )


class QrForged(QrRefused):
    code = "YM-QR-FORGED"
    sentence = Text(
        "Nội dung mã đã bị sửa sau khi ký: mã giả. Đừng tin tấm giấy mang mã này; hãy tra bằng số và báo Sở Y tế.",
        "The code was changed after it was signed: it is forged. Do not trust the paper; search by number, tell the department.",
    )


class QrExpired(QrRefused):
    code = "YM-QR-EXPIRED"
    sentence = Text(
        "Mã đã hết hạn ngày {day}. Mã từng là thật, nhưng không còn nói được gì về hôm nay: hãy tra bằng số giấy phép.",
        "The code ended on {day}. It was genuine, but says nothing about today: search by the licence number.",
    )


@dataclass(frozen=True, slots=True)
class QrClaims:
    """What a genuine QR code says: the licence, its holder, when the code was made and ends (aware, UTC)."""

    licence_id: UUID
    number: str
    name: str
    title: str
    issued_at: datetime
    expires_at: datetime
    kid: str


def sign_qr(entry: Entry, *, key: PlatformKey, at: datetime) -> str:
    """The token of a licence's QR code, good for a year from `at`."""
    claims = {
        "sub": base64.urlsafe_b64encode(entry.licence_id.bytes).rstrip(b"=").decode(),
        "num": entry.number,
        "name": entry.name[:_LONGEST_NAME],
        "title": entry.title,
        "iat": int(at.timestamp()),
        "exp": int((at + timedelta(days=QR_DAYS)).timestamp()),
    }
    return _sign(claims, QR_TYPE, key)


def sign_status(body: Mapping[str, Any], *, key: PlatformKey, issuer: str, at: datetime) -> str:
    """A verdict (`payload.verdict_body`) as a status that lives five minutes. issuer: address of the site."""
    times = {"iat": int(at.timestamp()), "exp": int(at.timestamp()) + STATUS_SECONDS}
    return _sign({"iss": issuer, "sub": body["id"], **times, "licence": dict(body)}, STATUS_TYPE, key)


def verify_qr(token: str, jwks: Mapping[str, Any], *, at: datetime) -> QrClaims:
    """What the token says, if one of the keys in `jwks` (a JSON Web Key Set) signed it and it has not ended.

    Needs no network. Raises QrRefused, QrOfAnotherKey, QrForged or QrExpired.
    """
    header, content = _verify(token, QR_TYPE, jwks)
    try:
        claims = QrClaims(
            licence_id=UUID(bytes=base64.urlsafe_b64decode(f"{content['sub']}==")),
            number=str(content["num"]),
            name=str(content["name"]),
            title=str(content["title"]),
            issued_at=datetime.fromtimestamp(content["iat"], UTC),
            expires_at=datetime.fromtimestamp(content["exp"], UTC),
            kid=str(header["kid"]),
        )
    except (KeyError, TypeError, ValueError, OverflowError, OSError) as wrong:
        raise QrRefused from wrong
    if claims.expires_at <= at:
        raise QrExpired(day=print_day(claims.expires_at))
    return claims


def verify_status(token: str, jwks: Mapping[str, Any], *, at: datetime) -> dict[str, Any]:
    """The verdict inside a live status. Raises as `verify_qr` does."""
    _, content = _verify(token, STATUS_TYPE, jwks)
    if not isinstance(content.get("exp"), int) or content["exp"] <= at.timestamp():
        raise QrExpired(day=print_day(at))
    body: dict[str, Any] = content["licence"]
    return body


def _sign(claims: Mapping[str, Any], kind: str, key: PlatformKey) -> str:
    header = {"alg": ALGORITHM, "typ": kind, "kid": key.kid}
    return jws.serialize_compact(header, orjson.dumps(claims), key.private, algorithms=[ALGORITHM])


def _verify(token: str, kind: str, jwks: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    token = token.strip()
    header = _header(token)
    if header.get("typ") != kind or header.get("alg") != ALGORITHM or "crit" in header:
        raise QrRefused
    key = _key(header.get("kid"), jwks)
    try:
        content = orjson.loads(jws.deserialize_compact(token, key, algorithms=[ALGORITHM]).payload)
    except (JoseError, ValueError) as wrong:
        raise QrForged from wrong
    if not isinstance(content, dict):
        raise QrRefused
    return header, content


def _header(token: str) -> dict[str, Any]:
    """The protected header, not verified yet: it only says which key to try."""
    head, *rest = token.split(".")
    if len(rest) != 2 or len(token) > MAX_TOKEN or not token.isascii():
        raise QrRefused
    try:
        value = orjson.loads(base64.b64decode(head + "=" * (-len(head) % 4), altchars=b"-_", validate=True))
    except (binascii.Error, ValueError) as wrong:
        raise QrRefused from wrong
    if not isinstance(value, dict):
        raise QrRefused
    return value


def _key(kid: object, jwks: Mapping[str, Any]) -> ECKey:
    known = next((key for key in jwks.get("keys", ()) if kid and key.get("kid") == kid), None)
    if known is None:
        raise QrOfAnotherKey
    try:
        key = ECKey.import_key({name: known[name] for name in ("kty", "crv", "x", "y")})
    except (JoseError, KeyError, ValueError) as wrong:
        raise QrOfAnotherKey from wrong
    if key.thumbprint() != kid:
        raise QrOfAnotherKey
    return key
