"""Sending the dossier of a person who is referred to the facility that receives them.

`POST` of the signed file, exactly as the sending facility signed it (what came as FHIR: as XML, without its facility's
signature; of a file with dossiers of others: the receiver's alone, written anew; the digest is that of what was signed), to
the receiver's own address, with our signature
beside it (`channels.signatures`): which file, from whom, for whom, under which number. The receiver answers
`{"status": "accepted" | "queued", "reference": "…"}`; a file it has already it accepts again under the same reference.

A dossier that its facility cancelled, or that a department rejected after it went out, is told by a JSON body instead of
the file, signed the same way: `{"cancelled": {"facility", "kind", "code", "version", "digest"}}`; version: the last one that
holds no longer; digest: of the file that was sent. The answer is the same.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

import orjson

from ymach.base.clock import now
from ymach.exchange.channels import reading
from ymach.exchange.channels.contract import (
    Parcel,
    PartnerAnswer,
    RefusedByPartner,
    SignInRefused,
    WrongAnswer,
)
from ymach.exchange.channels.dossiers import xml_for
from ymach.exchange.channels.http import JSON, XML, Guard, PartnerClient
from ymach.exchange.channels.signatures import HEADER, sign_detached
from ymach.trust.platform import PlatformKey

TYPE = "ymach-referral+jws"
PATIENCE = timedelta(seconds=30)
TAKEN = frozenset({"accepted", "queued"})


class ReferralChannel:
    """The channel to one receiving facility. Safe under threads. issuer: the platform's address. receiver: 5 characters."""

    needs_content = True

    def __init__(
        self,
        url: str,
        *,
        receiver: str,
        key: PlatformKey,
        issuer: str,
        guard: Guard | None,
        patience: timedelta = PATIENCE,
        connections: int = 4,
        clock: Callable[[], datetime] = now,
        authorities: Path | None = None,
    ) -> None:
        self.patience = patience
        self._receiver, self._key, self._issuer, self._clock = receiver, key, issuer, clock
        self._client = PartnerClient(
            url, patience=patience, connections=connections, guard=guard, authorities=authorities
        )

    def send(self, parcel: Parcel) -> PartnerAnswer:
        """Hand over one file. Raises ChannelError."""
        content = _cancellation(parcel) if parcel.takes_back else xml_for(parcel, self._receiver)
        headers = {
            HEADER: sign_detached(content, self._key, kind=TYPE, claims=self._claims(parcel)),
            "Idempotency-Key": parcel.idempotency_key,
        }
        answer = self._client.post("", content, headers, kind=JSON if parcel.takes_back else XML)
        if answer.status in {401, 403}:
            raise SignInRefused(result=answer.status)
        said = reading.as_object(answer.body)
        status, kept = reading.text_of(said, "status"), reading.kept_of(said, "status", "reference", "message")
        if answer.status == 422 and status == "refused":
            raise RefusedByPartner(result=422, message=kept.get("message", ""), answer=kept)
        if answer.status not in {200, 201, 202, 409} or status not in TAKEN:
            raise WrongAnswer(why=f"HTTP {answer.status}, {status}")
        return PartnerAnswer(reading.text_of(said, "reference"), self._clock(), kept)

    def close(self) -> None:
        self._client.close()

    def _claims(self, parcel: Parcel) -> dict[str, object]:
        return {
            "iss": self._issuer,
            "sub": parcel.facility_code,
            "aud": self._receiver,
            "jti": str(parcel.id),
            "iat": int(self._clock().timestamp()),
            "digest": parcel.digest.hex(),
            "kind": parcel.kind,
            "version": parcel.version,
        }


def _cancellation(parcel: Parcel) -> bytes:
    """The reason stays with the facility: it may name the patient."""
    return orjson.dumps(
        {
            "cancelled": {
                "facility": parcel.facility_code,
                "kind": parcel.kind,
                "code": parcel.dossier_code,
                "version": parcel.last_version,
                "digest": parcel.digest.hex(),
            }
        }
    )
