"""A small real server that speaks the exchange's API with the real trust code, and can be told to misbehave."""

from __future__ import annotations

import base64
import gzip
import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from hashlib import sha256
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event, Lock, Thread
from typing import Any
from urllib.parse import parse_qs

import zstandard
from lxml import etree

from ymach.base.ids import new_id
from ymach.base.refusal import Refused
from ymach.trust import detached, xmldsig
from ymach.trust.access_tokens import AccessTokens
from ymach.trust.client_assertions import check_assertion
from ymach.trust.demo_ca import Issued
from ymach.trust.detached import is_compact
from ymach.trust.errors import AssertionRefused
from ymach.trust.jws import sign_receipt
from ymach.trust.platform import PlatformKey, jwks

FACILITY = "99001"
CHUNK = 4096
EVERYTHING = frozenset({"sending", "reconciliations", "uploads", "zstd"})


@dataclass
class Exchange:
    """What the stand-in keeps and how it should misbehave; `faults` are taken one per submission request, in order."""

    issued: Issued
    key: PlatformKey = field(default_factory=PlatformKey.create)
    base: str = ""
    skew: timedelta = timedelta()
    faults: list[str] = field(default_factory=list)
    stored: dict[str, str] = field(default_factory=dict)
    requests: list[str] = field(default_factory=list)
    others: list[str] = field(default_factory=list)
    encodings: list[str] = field(default_factory=list)
    kinds: list[str] = field(default_factory=list)
    lanes: list[str] = field(default_factory=list)
    offers: set[str] = field(default_factory=lambda: set(EVERYTHING))
    sending: dict[str, Any] = field(default_factory=lambda: {"windows": []})
    different: list[dict[str, str]] = field(default_factory=list)
    uploads: dict[str, dict[str, Any]] = field(default_factory=dict)
    chunk_faults: list[str] = field(default_factory=list)
    received: dict[str, str] = field(default_factory=dict)
    outcomes: dict[bytes, str] = field(default_factory=dict)
    lock: Lock = field(default_factory=Lock)
    go_on: Event = field(default_factory=Event)

    def now(self) -> datetime:
        return datetime.now(UTC) + self.skew

    def grant(self, form: dict[str, list[str]]) -> tuple[int, dict[str, Any]]:
        try:
            found = check_assertion(
                form["client_assertion"][0],
                audience=f"{self.base}/api/v1/token",
                at=self.now(),
                find_certificate=lambda client, _: self.issued.certificate if client == FACILITY else None,
            )
        except AssertionRefused as refused:
            return 401, {"code": refused.code, "detail": refused.text.vi, "detail_en": refused.text.en}
        token = AccessTokens(self.key, self.base).issue(found.client_id, at=self.now())
        return 200, {"access_token": token, "token_type": "Bearer", "expires_in": 600}

    def judge(self, content: bytes, *, dry_run: bool) -> tuple[int, dict[str, Any]]:
        digest = sha256(content).hexdigest()
        if digest in self.stored and not dry_run:
            return 200, {"id": "", "outcome": "accepted", "receipt": self.stored[digest]}
        try:
            if is_compact(content):
                detached.verify(content)
            else:
                xmldsig.verify(etree.fromstring(content))
            outcome, findings = self._outcome(content), []
        except Refused as refused:
            outcome, findings = "rejected", [refused.finding.as_json()]
        number = str(new_id())
        receipt = None if dry_run else self.receipt(number, digest, outcome)
        if not dry_run:
            self.stored[digest], self.received[digest] = str(receipt), number
        if findings:
            code = str(findings[0]["code"])
            problem = {"code": code, "detail": findings[0]["vi"], "detail_en": findings[0]["en"]}
            return 422, {**problem, "findings": findings, "receipt": receipt}
        return 200 if dry_run else 201, {"id": number, "outcome": outcome, "receipt": receipt, "findings": []}

    def receipt(self, number: str, digest: str, outcome: str) -> str:
        claims = {"iss": self.base, "jti": number, "sub": FACILITY, "outcome": outcome}
        claims["received_at"] = datetime.now(UTC).isoformat()
        value = "0" * 64 if "false-receipt" in self.faults else digest
        return sign_receipt({**claims, "digest": {"alg": "sha-256", "value": value}}, self.key)

    def reconcile(self, told: dict[str, Any]) -> dict[str, Any]:
        theirs, ours = set(told["digests"]), set(self.stored)
        extra = [
            {"digest": one, "submission": self.received[one], "received_at": told["day"]}
            for one in sorted(ours - theirs)
        ]
        answer = {"day": told["day"], "matched": len(ours & theirs), "missing": sorted(theirs - ours)}
        return {**answer, "extra": extra, "different": self.different}

    def begin_upload(self, told: dict[str, Any]) -> dict[str, Any]:
        number = str(new_id())
        self.uploads[number] = {**told, "chunks": {}}
        return {"upload": number, "chunk_size": CHUNK}

    def forget(self, content_digest: str) -> None:
        del self.stored[content_digest]

    def _outcome(self, content: bytes) -> str:
        return next((outcome for mark, outcome in self.outcomes.items() if mark in content), "accepted")


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    exchange: Exchange

    def date_time_string(self, timestamp: float | None = None) -> str:
        return format_datetime(self.exchange.now(), usegmt=True)

    def log_message(self, *_: object) -> None:
        return

    def do_GET(self) -> None:
        if self.path == "/.well-known/jwks.json":
            return self._answer(200, jwks(self.exchange.key))
        if self.path == "/api/v1/sending":
            told = {"now": self.exchange.now().isoformat(), **self.exchange.sending}
            return self._answer(*((200, told) if "sending" in self.exchange.offers else (404, {})))
        deliveries = [{"destination": "Cổng giám định", "state": "waiting", "at": "14:30"}]
        return self._answer(200, {"id": self.path.rpartition("/")[2], "outcome": "accepted", "deliveries": deliveries})

    def do_PUT(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        with self.exchange.lock:
            self.exchange.others.append(self.path)
            fault = self.exchange.chunk_faults.pop(0) if self.exchange.chunk_faults else ""
        upload = self.exchange.uploads.get(self.path.split("/")[4])
        stated = "sha-256=" + base64.b64encode(sha256(body).digest()).decode()
        if fault == "cut":
            self.close_connection = True
            return self.connection.close()
        if upload is None or fault == "404":
            return self._answer(404, {"code": "YM-NOT-FOUND"})
        if self.headers["Digest"] != stated or fault == "409":
            return self._answer(409, {"code": "YM-CHUNK"})
        upload["chunks"][int(self.path.rpartition("/")[2])] = body
        return self._answer(204, None, raw=b"")

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        if self.path == "/api/v1/token":
            return self._answer(*self.exchange.grant(parse_qs(body.decode())))
        for door in ("reconciliations", "uploads"):
            if self.path.startswith(f"/api/v1/{door}"):
                return self._side_door(door, body)
        with self.exchange.lock:
            self.exchange.requests.append(self.path)
            self.exchange.encodings.append(self.headers["Content-Encoding"])
            self.exchange.kinds.append(self.headers["Content-Type"])
            self.exchange.lanes.append(self.headers["Ymach-Lane"])
            told = self.exchange.faults[:1] != ["false-receipt"] and self.exchange.faults
            fault = self.exchange.faults.pop(0) if told else ""
        if fault in {"429", "503"}:
            return self._answer(int(fault), {"code": "YM-TOO-MANY"}, {"Retry-After": "1"})
        if fault == "html":
            return self._answer(502, None, raw=b"<html>Bad gateway</html>")
        if self.headers["Content-Encoding"] == "gzip":
            return self._store(gzip.decompress(body), fault)
        if "zstd" not in self.exchange.offers:
            return self._answer(415, {"code": "YM-RCV-ENCODING"})
        return self._store(zstandard.decompress(body), fault)

    def _side_door(self, door: str, body: bytes) -> None:
        self.exchange.others.append(self.path)
        if door not in self.exchange.offers:
            return self._answer(404, {})
        if door == "reconciliations":
            return self._answer(200, self.exchange.reconcile(json.loads(body)))
        if not self.path.endswith("/finish"):
            return self._answer(201, self.exchange.begin_upload(json.loads(body)))
        upload = self.exchange.uploads.pop(self.path.split("/")[4], None)
        if upload is None:
            return self._answer(404, {"code": "YM-NOT-FOUND"})
        content = b"".join(piece for _, piece in sorted(upload["chunks"].items()))
        assert (len(content), sha256(content).hexdigest()) == (upload["size"], upload["sha256"])
        return self._answer(*self.exchange.judge(content, dry_run=False))

    def _store(self, content: bytes, fault: str) -> None:
        if self.path.endswith(":batch"):
            if fault == "413":
                return self._answer(413, {"code": "YM-TOO-LARGE"})
            lines = [json.loads(line) for line in content.splitlines()]
            answers = [
                (one["id"], *self.exchange.judge(base64.b64decode(one["content"]), dry_run=False)) for one in lines
            ]
            told = b"".join(
                json.dumps({"id": name, "status": status, "body": body}).encode() + b"\n"
                for name, status, body in answers
            )
            return self._answer(200, None, raw=told)
        answer = self.exchange.judge(content, dry_run="dry_run=1" in self.path)
        if fault == "cut":  # stored, and the line breaks before the answer
            self.close_connection = True
            return self.connection.close()
        if fault == "hang":  # stored, and no answer until the test says so
            self.exchange.go_on.wait(20)
        return self._answer(*answer)

    def _answer(self, status: int, body: Any, headers: dict[str, str] | None = None, raw: bytes | None = None) -> None:
        content = json.dumps(body).encode() if raw is None else raw
        self.send_response(status)
        for name, value in {**(headers or {}), "Content-Length": str(len(content))}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(content)


@contextmanager
def serving(issued: Issued, port: int = 0, state: Exchange | None = None) -> Iterator[Exchange]:
    """A stand-in at a port of this machine; `state` of an earlier one goes on under the same address."""
    state = state or Exchange(issued)
    server = ThreadingHTTPServer(("127.0.0.1", port), type("Bound", (Handler,), {"exchange": state}))
    server.handle_error = lambda *_: None  # type: ignore[method-assign]
    state.base = f"http://127.0.0.1:{server.server_port}"
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield state
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
