"""What every stand-in of a receiver shares: behaviour, ledger, sessions, and the doors by which a test looks in.

`POST /sandbox/behaviour` says what goes wrong from now on, `GET /sandbox/ledger` lists what the stand-in holds.
"""

from __future__ import annotations

import asyncio
import json
import secrets
from abc import ABC, abstractmethod
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from ymach.base.errors import Invalid
from ymach.sandbox.behaviour import Behaviour, read_behaviour
from ymach.sandbox.http import DROP, Request, Response, as_json
from ymach.sandbox.ledger import Ledger

_NO_CONTRACT = Response(body=b"<html><body>Bao tri</body></html>", content_type="text/html")


class StandIn(ABC):
    """One partner with one account. Call it with a request; `sandbox.http` serves it. file: keeps the ledger."""

    def __init__(self, *, token_seconds: int = 3600, file: Path | None = None) -> None:
        self.ledger = Ledger(file)
        self.behaviour = Behaviour()
        self._token_seconds = token_seconds
        self._sessions: dict[str, tuple[str, float]] = {}

    async def __call__(self, request: Request) -> Response:
        if request.path.startswith("/sandbox/"):
            return self._control(request)
        behaviour = self._behaviour_now()
        if behaviour.slow:
            await asyncio.sleep(behaviour.slow)
        if behaviour.down or behaviour.certificate_change:
            return DROP
        if behaviour.status:
            return Response(behaviour.status, b"out of order", "text/plain")
        return self.answer(request, behaviour)

    @abstractmethod
    def answer(self, request: Request, behaviour: Behaviour) -> Response:
        """The partner's own answer, by its contract."""

    @staticmethod
    def after(behaviour: Behaviour, response: Response) -> Response:
        """What the sender gets to see once the effect has happened."""
        if behaviour.forget:
            return DROP
        return _NO_CONTRACT if behaviour.wrong_answer else response

    def signed_in(self, account: str) -> str:
        """A fresh token of an account."""
        token = secrets.token_urlsafe(32)
        self._sessions[token] = (account, seconds_now() + self._token_seconds)
        return token

    def account_of(self, token: str) -> str:
        """Whose token it is; empty for one that is unknown or over."""
        account, ends = self._sessions.get(token, ("", 0.0))
        return account if seconds_now() < ends else ""

    def _behaviour_now(self) -> Behaviour:
        behaviour = self.behaviour
        if not behaviour.applies():
            return Behaviour()
        if behaviour.times is not None:
            self.behaviour = replace(behaviour, times=behaviour.times - 1)
        return behaviour

    def _control(self, request: Request) -> Response:
        if (request.method, request.path) == ("GET", "/sandbox/ledger"):
            return as_json(self.ledger.as_dict())
        if (request.method, request.path) != ("POST", "/sandbox/behaviour"):
            return as_json({"error": "unknown"}, 404)
        try:
            self.behaviour = read_behaviour(json.loads(request.body or b"{}"))
        except (Invalid, ValueError) as error:
            return as_json({"error": error.text.en if isinstance(error, Invalid) else str(error)}, 422)
        if self.behaviour.expired_token:
            self._sessions.clear()
        return as_json({"behaviour": "set"})


def seconds_now() -> float:
    return datetime.now(UTC).timestamp()


def bearer(request: Request) -> str:
    """The token of an `Authorization: Bearer` header, or nothing."""
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    return token if scheme.lower() == "bearer" else ""


def json_of(request: Request) -> dict[str, object]:
    """The JSON object of a body; empty for anything else."""
    try:
        value = json.loads(request.body)
    except ValueError:
        return {}
    return value if isinstance(value, dict) else {}
