"""A small real server that speaks the exchange's API with the real trust code, and can be told to misbehave."""

from __future__ import annotations

import base64
import gzip
import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from hashlib import sha256
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Event, Lock, Thread
from typing import Any
from urllib.parse import parse_qs

import pytest
from click.testing import CliRunner, Result
from lxml import etree

from ymach.agent.commands import agent
from ymach.base.ids import new_id
from ymach.base.refusal import Refused
from ymach.trust import xmldsig
from ymach.trust.access_tokens import AccessTokens
from ymach.trust.client_assertions import check_assertion
from ymach.trust.demo_ca import DemoAuthority, Issued, KeyPool
from ymach.trust.errors import AssertionRefused
from ymach.trust.jws import sign_receipt
from ymach.trust.platform import PlatformKey, jwks

FACILITY = "99001"
PASSWORD = "mật khẩu thử"


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
            xmldsig.verify(etree.fromstring(content))
            outcome, findings = self._outcome(content), []
        except Refused as refused:
            outcome, findings = "rejected", [refused.finding.as_json()]
        number = str(new_id())
        receipt = None if dry_run else self.receipt(number, digest, outcome)
        if not dry_run:
            self.stored[digest] = str(receipt)
        if findings:
            code = str(findings[0]["code"])
            problem = {"code": code, "detail": findings[0]["vi"], "detail_en": findings[0]["en"]}
            return 422, {**problem, "findings": findings, "receipt": receipt}
        return 200 if dry_run else 201, {"id": number, "outcome": outcome, "receipt": receipt, "findings": []}

    def receipt(self, number: str, digest: str, outcome: str) -> str:
        claims = {"iss": self.base, "jti": number, "sub": FACILITY, "outcome": outcome}
        value = "0" * 64 if "false-receipt" in self.faults else digest
        return sign_receipt({**claims, "digest": {"alg": "sha-256", "value": value}}, self.key)

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
        deliveries = [{"destination": "Cổng giám định", "state": "waiting", "at": "14:30"}]
        return self._answer(200, {"id": self.path.rpartition("/")[2], "outcome": "accepted", "deliveries": deliveries})

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        if self.path == "/api/v1/token":
            return self._answer(*self.exchange.grant(parse_qs(body.decode())))
        with self.exchange.lock:
            self.exchange.requests.append(self.path)
            fault = (
                self.exchange.faults.pop(0)
                if self.exchange.faults[:1] != ["false-receipt"] and self.exchange.faults
                else ""
            )
        if fault in {"429", "503"}:
            return self._answer(int(fault), {"code": "YM-TOO-MANY"}, {"Retry-After": "1"})
        if fault == "html":
            return self._answer(502, None, raw=b"<html>Bad gateway</html>")
        return self._store(gzip.decompress(body), fault)

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


@pytest.fixture(scope="session")
def issued() -> Issued:
    authority = DemoAuthority(at=datetime.now(UTC), keys=KeyPool(1))
    return authority.issue_facility("0100109106", "Bệnh viện Đa khoa Mẫu")


@pytest.fixture
def exchange(issued: Issued) -> Iterator[Exchange]:
    state = Exchange(issued)
    server = ThreadingHTTPServer(("127.0.0.1", 0), type("Bound", (Handler,), {"exchange": state}))
    server.handle_error = lambda *_: None  # type: ignore[method-assign]
    state.base = f"http://127.0.0.1:{server.server_port}"
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    yield state
    server.shutdown()
    server.server_close()
    thread.join()


@dataclass
class Machine:
    """A hospital's machine: its folder, and the agent's command line."""

    folder: Path
    exchange: Exchange
    environment: dict[str, str]

    @property
    def home(self) -> Path:
        return self.folder / "công cụ"

    def run(self, *arguments: str | Path) -> Result:
        given = ["--home", str(self.home), *(str(one) for one in arguments)]
        return CliRunner().invoke(agent, given, env=self.environment, catch_exceptions=False)

    def json(self, *arguments: str | Path) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self.run("--json", *arguments).stdout.splitlines()]

    def init(self, *more: str) -> Result:
        p12 = self.folder / "chứng thư.p12"
        return self.run("init", "--server", self.exchange.base, "--facility", FACILITY, "--p12", p12, *more)

    def dossier(self, name: str, number: str = "1") -> Path:
        path = self.folder / "hồ sơ" / f"{name}.xml"
        path.parent.mkdir(exist_ok=True)
        path.write_text(
            f"<GIAMDINHHS><THONGTINDONVI><MACSKCB>{FACILITY}</MACSKCB></THONGTINDONVI>"
            f"<THONGTINHOSO><SO>{number}</SO></THONGTINHOSO><CHUKYDONVI/></GIAMDINHHS>",
            encoding="utf-8",
        )
        return path


@pytest.fixture
def fresh(exchange: Exchange, issued: Issued, tmp_path: Path) -> Machine:
    (tmp_path / "chứng thư.p12").write_bytes(issued.pkcs12(PASSWORD))
    return Machine(tmp_path, exchange, {"YMACH_AGENT_P12_PASSWORD": PASSWORD})


@pytest.fixture
def machine(fresh: Machine) -> Machine:
    """A machine that is set up."""
    assert fresh.init().exit_code == 0
    return fresh
