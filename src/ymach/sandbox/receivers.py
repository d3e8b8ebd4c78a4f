"""Stand-ins of those who hear from the exchange at addresses of their own, failing on demand: a facility that takes
referrals, and a subscriber. They verify our signature when they are given our keys."""

from __future__ import annotations

import hashlib
import json
from abc import abstractmethod
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from ymach.base.clock import VIETNAM
from ymach.exchange.channels.signatures import HEADER, verify_detached
from ymach.sandbox.behaviour import Behaviour
from ymach.sandbox.http import Request, Response, as_json
from ymach.sandbox.ledger import Entry
from ymach.sandbox.stand_in import StandIn


class _Receiver(StandIn):
    """keys: the JWKS of the exchange; None takes any signature, but demands one."""

    def __init__(self, *, keys: Mapping[str, Any] | None = None, file: Path | None = None) -> None:
        super().__init__(file=file)
        self._keys = keys

    def answer(self, request: Request, behaviour: Behaviour) -> Response:
        """Take one message that is signed by the exchange."""
        if request.method != "POST":
            return as_json({"status": "unknown"}, 405)
        try:
            claims = self._claims(request)
        except ValueError as wrong:
            return as_json({"status": "unsigned", "message": str(wrong)}, 401)
        if behaviour.refuse:
            return self.refused(behaviour.refuse)
        return self.take(request, claims, behaviour)

    @abstractmethod
    def take(self, request: Request, claims: dict[str, Any], behaviour: Behaviour) -> Response:
        """The effect, and the answer."""

    @abstractmethod
    def refused(self, status: int) -> Response:
        """How this receiver says that it does not take it."""

    def entered(self, facility: str, key: str, kind: str, behaviour: Behaviour) -> tuple[Entry, bool]:
        """Its entry in the ledger, and whether it was there."""
        at = datetime.now(VIETNAM)
        return self.ledger.take(facility, key, kind, at=at, recognise=not behaviour.amnesia)

    def _claims(self, request: Request) -> dict[str, Any]:
        token = request.headers.get(HEADER.lower(), "")
        if self._keys is None:
            if not token:
                raise ValueError("no signature")
            return {}
        return verify_detached(token, request.body, self._keys)


class ReferralReceiver(_Receiver):
    """A facility that takes referrals. It queues every other one for a person to look at."""

    def take(self, request: Request, claims: dict[str, Any], behaviour: Behaviour) -> Response:
        """Know a file by its digest and its sender."""
        digest, sender = hashlib.sha256(request.body).hexdigest(), str(claims.get("sub", ""))
        entry, is_known = self.entered(sender, digest, str(claims.get("kind", "")), behaviour)
        status = "queued" if int(entry.reference[-1]) % 2 else "accepted"
        is_conflict = is_known and bool(behaviour.duplicate_answer)
        answer = as_json({"status": status, "reference": entry.reference}, 409 if is_conflict else 202)
        return self.after(behaviour, answer)

    def refused(self, status: int) -> Response:
        return as_json({"status": "refused", "message": "Không tiếp nhận chuyên khoa này"}, 422)


class Subscriber(_Receiver):
    """Whoever hears what happens. It knows an event by its number."""

    def take(self, request: Request, claims: dict[str, Any], behaviour: Behaviour) -> Response:
        """Any 2xx is taken."""
        number = request.headers.get("idempotency-key", "")
        event = json.loads(request.body)
        if not number or event.get("id") != number:
            return as_json({"status": "wrong"}, 400)
        kind = f"{event.get('kind')} {event.get('submission') or ''}".strip()
        self.entered(str(event.get("facility", "")), hashlib.sha256(number.encode()).hexdigest(), kind, behaviour)
        return self.after_told(behaviour)

    def after_told(self, behaviour: Behaviour) -> Response:
        """A subscriber has no contract for its answer but the status."""
        answer = self.after(behaviour, Response(204))
        return Response(302) if behaviour.wrong_answer and not answer.drops else answer

    def refused(self, status: int) -> Response:
        return Response(410)
