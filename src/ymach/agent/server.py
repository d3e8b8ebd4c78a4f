"""The server's API as the agent uses it: sign in, submit one or many, ask what it knows and when it wants what."""

from __future__ import annotations

import base64
import gzip
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from threading import Lock
from typing import Any

import httpx
import orjson
import zstandard

from ymach.agent import windows
from ymach.agent.documents import kind_of
from ymach.agent.errors import ServerAway, SignInRefused, StrangeAnswer
from ymach.agent.keys import Identity
from ymach.agent.lanes import HEADER
from ymach.agent.windows import Windows
from ymach.base.clock import now
from ymach.base.text import Text
from ymach.trust.client_assertions import ASSERTION_TYPE

TIME_OUT = httpx.Timeout(60.0, connect=10.0)
SKEW_TO_TELL = timedelta(seconds=30)
LATER = {408, 425, 429, 500, 502, 503, 504}
NOT_THERE = {404, 405, 501}
_NOT_COMPRESSED_SO = 415
_LEVEL = 9  # of zstd: a slow line waits longer than a processor


@dataclass(frozen=True, slots=True)
class Answer:
    """What the server said about one dossier. retry_after: seconds, when it asked to come again later."""

    status: int
    outcome: str | None = None
    submission: str | None = None
    receipt: str | None = None
    code: str | None = None
    sentence: Text | None = None
    findings: tuple[Mapping[str, Any], ...] = ()
    records: tuple[Mapping[str, Any], ...] = ()
    retry_after: float | None = None

    @property
    def later(self) -> bool:
        return self.status in LATER


@dataclass(slots=True)
class _Token:
    value: str = ""
    until: datetime = field(default_factory=lambda: datetime.min.replace(tzinfo=UTC))


class Server:
    """One server, one facility. Connections are kept and shared; safe to use from several threads.

    clock: the machine's own time. transport: how requests travel, when not by TCP.
    skew: how far the server's clock is ahead of ours, learnt from every answer; assertions are dated by the server's
    clock, so that a wrong clock here does not stop the sending. heard: whether any answer told the time yet.
    """

    def __init__(
        self,
        base: str,
        facility: str,
        identity: Identity | None = None,
        *,
        clock: Callable[[], datetime] = now,
        transport: httpx.BaseTransport | None = None,
    ) -> None:
        self._base = base
        self._facility = facility
        self._identity = identity
        self._clock = clock
        self._http = httpx.Client(
            timeout=TIME_OUT, follow_redirects=False, headers={"User-Agent": "ymach-agent"}, transport=transport
        )
        self._token = _Token()
        self._lock = Lock()
        self._encoding = "zstd"
        self.skew = timedelta()
        self.heard = False

    def __enter__(self) -> Server:
        return self

    def __exit__(self, *_: object) -> None:
        self._http.close()

    def use(self, identity: Identity) -> None:
        """Sign in with this key from now on."""
        with self._lock:
            self._identity, self._token = identity, _Token()

    @property
    def clock_is_off(self) -> bool:
        return abs(self.skew) > SKEW_TO_TELL

    def keys(self) -> dict[str, Any]:
        """The platform's public keys (JWKS)."""
        answer = self._ask("GET", "/.well-known/jwks.json")
        keys = answer_object(answer)
        if answer.status_code != httpx.codes.OK or not isinstance(keys.get("keys"), list) or not keys["keys"]:
            raise StrangeAnswer(why=f"jwks.json, HTTP {answer.status_code}")
        return keys

    def hello(self) -> None:
        """Ask anything at all, to learn the server's time. Raises ServerAway."""
        self._ask("GET", "/api/v1/sending")

    def sending(self) -> Windows:
        """When the server wants what; a server that does not say wants everything at any time."""
        answer = self.ask("GET", "/api/v1/sending")
        return windows.read(answer_object(answer)) if answer.status_code == httpx.codes.OK else Windows()

    def submit(self, content: bytes, *, dry_run: bool = False, lane: str = "") -> Answer:
        """Send one dossier. The same content again is answered with the same receipt, so a repeat is harmless.

        lane: the lane claimed for it, "" for none."""
        parameters = {"dry_run": "1"} if dry_run else {}
        answer = self._compressed("/api/v1/submissions", content, kind_of(content), parameters, lane)
        return self.read(answer)

    def submit_batch(self, dossiers: Sequence[tuple[str, bytes]], *, lane: str = "") -> dict[str, Answer]:
        """Send several dossiers in one request; the answers by the ids given. One bad dossier harms no other."""
        lines = [orjson.dumps({"id": name, "content": base64.b64encode(one).decode()}) for name, one in dossiers]
        body = b"\n".join(lines) + b"\n"
        answer = self._compressed("/api/v1/submissions:batch", body, "application/x-ndjson", {}, lane)
        if answer.status_code >= httpx.codes.BAD_REQUEST and answer.status_code not in LATER:
            # The request was refused, not each dossier: ask for them one by one.
            return {name: self.submit(one, lane=lane) for name, one in dossiers}
        if answer.status_code in LATER:
            whole = self.read(answer)
            return {name: whole for name, _ in dossiers}
        return dict(_batch_answer(parsed(line)) for line in answer.content.splitlines() if line.strip())

    def read(self, answer: httpx.Response) -> Answer:
        """What an answer about one dossier means."""
        return read_answer(answer.status_code, answer_object(answer), self._retry_after(answer))

    def submission(self, number: str) -> dict[str, Any]:
        """What the server knows now about a submission, with the state of each delivery."""
        answer = self.ask("GET", f"/api/v1/submissions/{number}")
        return {**answer_object(answer), "status": answer.status_code}

    def ask(
        self,
        method: str,
        path: str,
        body: bytes = b"",
        headers: Mapping[str, str] | None = None,
        parameters: Mapping[str, str] | None = None,
    ) -> httpx.Response:
        """One request, signed in. Raises ServerAway, SignInRefused."""
        answer = self._ask(method, path, body, {**(headers or {}), **self._bearer()}, parameters)
        if answer.status_code == httpx.codes.UNAUTHORIZED:
            self._token = _Token()
            answer = self._ask(method, path, body, {**(headers or {}), **self._bearer()}, parameters)
        if answer.status_code == httpx.codes.UNAUTHORIZED:
            raise SignInRefused(why=_reason(answer))
        return answer

    def _compressed(
        self, path: str, content: bytes, kind: str, parameters: Mapping[str, str], lane: str
    ) -> httpx.Response:
        """Send a body compressed; a server or a box in between that does not know zstd gets gzip from then on."""
        headers = {"Content-Type": kind, "Content-Encoding": self._encoding, **({HEADER: lane} if lane else {})}
        packed = _ENCODINGS[self._encoding](content)
        answer = self.ask("POST", path, packed, headers, parameters)
        if answer.status_code == _NOT_COMPRESSED_SO and self._encoding == "zstd":
            self._encoding = "gzip"
            return self._compressed(path, content, kind, parameters, lane)
        return answer

    def _bearer(self) -> dict[str, str]:
        with self._lock:
            if self._clock() >= self._token.until:
                self._token = self._sign_in()
            return {"Authorization": f"Bearer {self._token.value}"}

    def _sign_in(self) -> _Token:
        answer = self._ask_token()
        if answer.status_code != httpx.codes.OK and self.clock_is_off:
            answer = self._ask_token()  # now dated by the server's clock, which the refusal told
        if answer.status_code in LATER:
            raise ServerAway(why=f"HTTP {answer.status_code}")
        granted = answer_object(answer)
        if answer.status_code != httpx.codes.OK or "access_token" not in granted:
            raise SignInRefused(why=_reason(answer))
        lifetime = timedelta(seconds=max(int(granted.get("expires_in", 60)) - 30, 1))
        return _Token(str(granted["access_token"]), self._clock() + lifetime)

    def _ask_token(self) -> httpx.Response:
        if self._identity is None:
            raise SignInRefused(why="—")
        audience = f"{self._base}/api/v1/token"
        assertion = self._identity.make_assertion(self._facility, audience, self._clock() + self.skew)
        form = {
            "grant_type": "client_credentials",
            "client_id": self._facility,
            "client_assertion_type": ASSERTION_TYPE,
            "client_assertion": assertion,
        }
        return self._send(self._http.build_request("POST", audience, data=form))

    def _ask(
        self,
        method: str,
        path: str,
        body: bytes = b"",
        headers: Mapping[str, str] | None = None,
        parameters: Mapping[str, str] | None = None,
    ) -> httpx.Response:
        return self._send(
            self._http.build_request(
                method, self._base + path, content=body or None, headers=dict(headers or {}), params=parameters or None
            )
        )

    def _send(self, request: httpx.Request) -> httpx.Response:
        try:
            answer = self._http.send(request)
        except httpx.HTTPError as wrong:
            raise ServerAway(why=type(wrong).__name__) from wrong
        stated = _iso(answer.headers.get("Ymach-Time")) or _date(answer.headers.get("Date"))
        if stated is not None:
            self.skew = stated - self._clock()
            self.heard = True
        return answer

    def _retry_after(self, answer: httpx.Response) -> float | None:
        """Seconds to wait, from a number or from a date by the server's clock."""
        stated = answer.headers.get("Retry-After", "")
        if stated.isdigit():
            return float(stated)
        moment = _date(stated)
        return max((moment - self._clock() - self.skew).total_seconds(), 0.0) if moment else None


def read_answer(status: int, body: Mapping[str, Any], retry_after: float | None) -> Answer:
    """An answer of the API about one dossier, accepted or refused (`application/problem+json`)."""
    detail = body.get("detail")
    sentence = Text(str(detail), str(body.get("detail_en") or detail)) if detail else None
    return Answer(
        status=status,
        outcome=body.get("outcome"),
        submission=body.get("id"),
        receipt=body.get("receipt"),
        code=body.get("code"),
        sentence=sentence,
        findings=tuple(body.get("findings") or ()),
        records=tuple(body.get("records") or ()),
        retry_after=retry_after if retry_after is not None else body.get("retry_after"),
    )


def _batch_answer(line: Mapping[str, Any]) -> tuple[str, Answer]:
    """One line of a batch: the id we gave, the status, and under `body` what a single request would have answered."""
    body = line.get("body")
    return str(line.get("id")), read_answer(int(line.get("status", 0)), body if isinstance(body, dict) else {}, None)


def answer_object(answer: httpx.Response) -> dict[str, Any]:
    return parsed(answer.content) if answer.content and answer.status_code not in LATER else _lenient(answer.content)


def _lenient(content: bytes) -> dict[str, Any]:
    """The body of an answer that may come from a proxy in between, which speaks HTML."""
    try:
        return parsed(content)
    except StrangeAnswer:
        return {}


def parsed(content: bytes) -> dict[str, Any]:
    try:
        value = orjson.loads(content)
    except orjson.JSONDecodeError as wrong:
        raise StrangeAnswer(why="JSON") from wrong
    if not isinstance(value, dict):
        raise StrangeAnswer(why="JSON")
    return value


def _reason(answer: httpx.Response) -> str:
    body = _lenient(answer.content)
    return str(body.get("detail") or body.get("code") or body.get("error") or f"HTTP {answer.status_code}")


def _pack_zstd(content: bytes) -> bytes:
    return zstandard.compress(content, _LEVEL)


def _pack_gzip(content: bytes) -> bytes:
    return gzip.compress(content, 6)


_ENCODINGS: Mapping[str, Callable[[bytes], bytes]] = {"zstd": _pack_zstd, "gzip": _pack_gzip}


def _iso(text: str | None) -> datetime | None:
    try:
        found = datetime.fromisoformat(text) if text else None
    except ValueError:
        return None
    return found.astimezone(UTC) if found and found.tzinfo else None


def _date(text: str | None) -> datetime | None:
    try:
        return parsedate_to_datetime(text).astimezone(UTC) if text else None
    except (ValueError, TypeError):
        return None
