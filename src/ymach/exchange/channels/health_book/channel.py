"""Sending signed files to the electronic health book, by Decision 1551/QĐ-BYT (2026) annex 2.

`POST /api/auth/login` signs in (OAuth 2 bearer); `POST /api/platform/data-sync/push` with `service-type: 100` takes one
message. The partner knows a message by its `msg_id`, which is the same for every attempt.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

import orjson
from cryptography.hazmat.primitives.asymmetric import rsa

from ymach.base.clock import now
from ymach.exchange.channels import reading
from ymach.exchange.channels.contract import (
    Parcel,
    PartnerAnswer,
    PartnerAway,
    RefusedByPartner,
    SignInRefused,
    WrongAnswer,
)
from ymach.exchange.channels.dossiers import xml_of
from ymach.exchange.channels.health_book import message
from ymach.exchange.channels.http import JSON, Answer, PartnerClient
from ymach.exchange.channels.sessions import SessionOver, Sessions

LOGIN, PUSH = "api/auth/login", "api/platform/data-sync/push"
SERVICE_TYPE = "100"
SUCCESS, INVALID, SIGNATURE_INVALID, DUPLICATE = (
    "CM_SUCCESS",
    "CM_INVALID_REQUEST",
    "PS_SIGNATURE_INVALID",
    "CM_DUPLICATE_REQUEST",
)
"""Result codes; the last is not in the annex, and counts as taken: the partner has this very message."""

TRANSACTIONS = {"visit": "sync_visit", "check-in": "sync_checkin"}
PATIENCE = timedelta(seconds=30)


@dataclass(frozen=True, slots=True)
class Session:
    """What signing in gives: a bearer token until `expires_at` (aware)."""

    token: str = field(repr=False)
    expires_at: datetime


class HealthBookChannel:
    """The channel of one account. Safe under threads.

    sender_id: 13 digits. key: signs messages; the partner holds its public half. already_held: result codes by which the
    partner says that it has a message. clock: gives the present moment.
    """

    needs_content = True

    def __init__(
        self,
        url: str,
        *,
        username: str,
        password: str,
        sender_id: str,
        key: rsa.RSAPrivateKey,
        patience: timedelta = PATIENCE,
        connections: int = 32,
        already_held: Collection[str] = (DUPLICATE,),
        authorities: Path | None = None,
        clock: Callable[[], datetime] = now,
    ) -> None:
        self.patience = patience
        self._account = orjson.dumps({"username": username, "password": password})
        self._sender_id, self._key, self._clock = sender_id, key, clock
        self._taken = {SUCCESS, *already_held}
        self._client = PartnerClient(url, patience=patience, connections=connections, authorities=authorities)
        self._sessions = Sessions(self._sign_in, clock=clock)

    def send(self, parcel: Parcel) -> PartnerAnswer:
        """Hand over one file; a session that ended is renewed once. Raises ChannelError."""
        header = self._header(parcel)
        body = message.signed(header, xml_of(parcel), self._key)
        session = self._sessions.held()
        try:
            return self._post(body, header, session)
        except SessionOver:
            return self._post(body, header, self._sessions.held(instead_of=session))

    def close(self) -> None:
        self._client.close()

    def _header(self, parcel: Parcel) -> message.Header:
        return message.Header(
            version=message.VERSION,
            sender_id=self._sender_id,
            receiver_id=message.RECEIVER,
            txn_type=TRANSACTIONS.get(parcel.kind, "sync_visit"),
            msg_id=message.message_id(self._sender_id, parcel.idempotency_key, parcel.created_at),
            msg_type=message.PUSH,
            data_type=message.DATA_TYPE,
            send_datetime=int(self._clock().timestamp() * 1000),
        )

    def _post(self, body: bytes, header: message.Header, session: Session) -> PartnerAnswer:
        headers = {"Authorization": f"Bearer {session.token}", "service-type": SERVICE_TYPE}
        answer = self._client.post(PUSH, body, headers, kind=JSON)
        if answer.status == 401:
            raise SessionOver(result=401)
        if answer.status == 403:
            raise SignInRefused(result=403)
        return self._read(answer, header)

    def _read(self, answer: Answer, header: message.Header) -> PartnerAnswer:
        said = reading.as_object(answer.body)
        code, kept = reading.text_of(said, "code"), reading.kept_of(said, "code", "message")
        if code == SIGNATURE_INVALID:  # our key is not the one they hold: nothing gets through until somebody looks
            raise SignInRefused(result=code, answer=kept)
        if code == INVALID:
            raise RefusedByPartner(result=code, message=kept.get("message", ""), answer=kept)
        if code not in self._taken:
            raise PartnerAway(why=code, answer=kept)
        theirs = said.get("header")
        if answer.status != 200 or not isinstance(theirs, dict):
            raise WrongAnswer(why=f"HTTP {answer.status}")
        if theirs.get("msg_type") != message.ANSWER or theirs.get("ref_msg_id") != header.msg_id:
            raise WrongAnswer(why="ref_msg_id")
        reference = reading.text_of(theirs, "msg_id")
        return PartnerAnswer(reference, reading.unix_ms_of(theirs, "send_datetime"), {**kept, "msg_id": reference})

    def _sign_in(self, account: str) -> Session:
        answer = self._client.post(LOGIN, self._account, {}, kind=JSON)
        if answer.status in {400, 401, 403}:
            raise SignInRefused(result=answer.status)
        if answer.status != 200:
            raise WrongAnswer(why=f"HTTP {answer.status}")
        said = reading.as_object(answer.body)
        ends = reading.seconds_of(said, "expires_in", at=self._clock())
        return Session(reading.token_of(said, "access_token"), ends)
