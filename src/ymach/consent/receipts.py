"""The receipt of a consent: what was agreed to, signed by the platform's key, for the citizen to keep and anybody to check."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from ymach.base.clock import iso
from ymach.consent.models import Consent
from ymach.trust.jws import kind_of, sign, verify
from ymach.trust.platform import PlatformKey

TYPE = "ymach-consent+jwt"


def receipt_of(row: Consent, *, issuer: str, key: PlatformKey) -> str:
    """A compact JWS over the consent as it was given. Names no person: the digest binds it to its terms."""
    body = {
        "iss": issuer,
        "jti": str(row.id),
        "iat": int(row.given_at.timestamp()),
        "sub": str(row.citizen_id),
        "purpose": row.purpose,
        "capacity": row.capacity,
        "given_at": iso(row.given_at),
        "since": iso(row.since),
        "until": iso(row.until) if row.until else None,
        "text": {"version": row.text_version, "sha256": row.text_digest},
        "digest": {"alg": "sha-256", "value": row.digest},
        "channel": row.channel,
    }
    return sign(body, key, kind=TYPE)


def is_consent(token: str) -> bool:
    """Whether a token says that it is the receipt of a consent; nothing is verified yet."""
    return kind_of("".join(token.split())) == TYPE


def check_receipt(token: str, jwks: Mapping[str, Any]) -> tuple[dict[str, Any], Consent | None]:
    """The claims of a receipt whose signature holds, and the consent if we keep the very same.

    Raises ReceiptRefused (`YM-RCP-…`): changed, not ours, or no receipt of a consent.
    """
    claims = verify("".join(token.split()), jwks, kind=TYPE)
    try:
        row = Consent.objects.filter(citizen_id=UUID(claims["sub"]), id=UUID(claims["jti"])).first()
    except (KeyError, TypeError, ValueError):
        row = None
    return claims, row if row is not None and claims.get("digest", {}).get("value") == row.digest else None
