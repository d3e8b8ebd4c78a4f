"""Telling a subscriber what happened, in the words of the stream of events. Nothing about the person.

No secret is shared: our signature (`channels.signatures`) over the body proves who says it, and `Idempotency-Key` is the
event's id, the same for every attempt. Any 2xx is taken; 410 means that nobody listens there any more.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import orjson

from ymach.base.clock import now
from ymach.exchange.channels.contract import PartnerAnswer, RefusedByPartner, WrongAnswer
from ymach.exchange.channels.http import JSON, Guard, PartnerClient
from ymach.exchange.channels.signatures import HEADER, sign_detached
from ymach.trust.platform import PlatformKey

TYPE = "ymach-event+jws"
TEST = "subscription:test"
PATIENCE = timedelta(seconds=10)
_GONE = 410


class WebhookChannel:
    """The channel to one subscriber. Safe under threads. issuer: the platform's address, in the signature."""

    def __init__(
        self,
        url: str,
        *,
        key: PlatformKey,
        issuer: str,
        guard: Guard | None,
        patience: timedelta = PATIENCE,
        connections: int = 4,
        clock: Callable[[], datetime] = now,
        authorities: Path | None = None,
    ) -> None:
        self._key, self._issuer, self._clock = key, issuer, clock
        self._client = PartnerClient(
            url, patience=patience, connections=connections, guard=guard, authorities=authorities
        )

    def tell(self, event: dict[str, Any], number: str) -> PartnerAnswer:
        """Send an event under its number; the body is the same for every attempt, the signature's time is not.

        Raises ChannelError.
        """
        body = orjson.dumps(event)
        claims = {"iss": self._issuer, "jti": number, "iat": int(self._clock().timestamp())}
        headers = {
            HEADER: sign_detached(body, self._key, kind=TYPE, claims=claims),
            "Idempotency-Key": number,
        }
        status = self._client.post("", body, headers, kind=JSON).status
        if status == _GONE:
            raise RefusedByPartner(result=status, message="Gone", answer={"status": status})
        if not 200 <= status < 300:
            raise WrongAnswer(why=f"HTTP {status}")
        return PartnerAnswer(number, self._clock(), {"status": status})

    def close(self) -> None:
        self._client.close()
