"""Sending a conformance kit as a vendor's software would: each file signed and sent as its case says."""

from __future__ import annotations

import base64
import gzip
import io
import time
import zipfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

import httpx
import orjson

from ymach.agent.documents import DocumentSigner, kind_of
from ymach.agent.errors import StrangeAnswer
from ymach.agent.server import LATER, Server, answer_object
from ymach.synth.golden.signing import sign_golden

RUNS = "/api/v1/conformance/runs"
ONE, MANY = "/api/v1/submissions", "/api/v1/submissions:batch"
_TRIES, _LONGEST_WAIT = 5, 30.0
_LIST = "cases.jsonl"


@dataclass(frozen=True, slots=True)
class Line:
    """One case of the kit: its line of cases.jsonl, and its unsigned file."""

    told: Mapping[str, Any]
    content: bytes

    @property
    def case(self) -> str:
        return str(self.told["case"])


@dataclass(frozen=True, slots=True)
class Sent:
    """How a file goes over the line."""

    path: str
    body: bytes
    headers: Mapping[str, str]


def read_kit(packed: bytes) -> list[Line]:
    """The cases of a kit, from its ZIP. Raises StrangeAnswer."""
    try:
        with zipfile.ZipFile(io.BytesIO(packed)) as pack:
            lines = [orjson.loads(one) for one in pack.read(_LIST).splitlines()]
            return [Line(one, pack.read(one["file"])) for one in lines]
    except (zipfile.BadZipFile, KeyError, ValueError) as wrong:
        raise StrangeAnswer(why="kit") from wrong


class Runner:
    """One conformance run at a server, from opening to the report.

    clock: now. wait: sleeps, when the server asks to come later.
    """

    def __init__(
        self,
        server: Server,
        signer: DocumentSigner,
        *,
        clock: Callable[[], datetime],
        wait: Callable[[float], None] = time.sleep,
    ) -> None:
        self.server, self.signer, self._clock, self._wait = server, signer, clock, wait

    def open(self, software: str) -> dict[str, Any]:
        """A fresh run, as the server tells it."""
        return self._asked("POST", RUNS, orjson.dumps({"software": software}))

    def kit(self, run: Mapping[str, Any]) -> list[Line]:
        return read_kit(self._patient("GET", str(run["kit"]), b"", {}, {}).content)

    def send(self, run: Mapping[str, Any], lines: Sequence[Line]) -> Iterator[tuple[Line, int]]:
        """Send every case; each with the HTTP status of its answer."""
        names = run["headers"]
        for line in lines:
            sent = self._prepared(line)
            headers = {**sent.headers, names[0]: str(run["id"]), names[1]: line.case}
            answer = self._patient("POST", sent.path, sent.body, headers, {"dry_run": "1"})
            yield line, answer.status_code

    def finish(self, run: Mapping[str, Any]) -> dict[str, Any]:
        """The finished run, with its report."""
        return self._asked("POST", f"{RUNS}/{run['id']}/finish", b"")

    def _prepared(self, line: Line) -> Sent:
        at = self._clock()
        content = sign_golden(line.content, str(line.told["signing"]), self.signer, at=at)
        return SENDINGS[str(line.told["sending"])](content)

    def _asked(self, method: str, path: str, body: bytes) -> dict[str, Any]:
        answer = self._patient(method, path, body, {"Content-Type": "application/json"}, {})
        told = answer_object(answer)
        if answer.status_code >= httpx.codes.BAD_REQUEST:
            raise StrangeAnswer(why=f"{told.get('code') or answer.status_code}: {told.get('detail_en', '')}")
        return told

    def _patient(
        self, method: str, path: str, body: bytes, headers: Mapping[str, str], parameters: Mapping[str, str]
    ) -> httpx.Response:
        for _ in range(_TRIES):
            answer = self.server.ask(method, path, body, headers, parameters)
            if answer.status_code not in LATER:
                break
            stated = answer.headers.get("Retry-After", "1")
            self._wait(min(float(stated), _LONGEST_WAIT) if stated.isdigit() else 1.0)
        return answer


def _usual(content: bytes) -> Sent:
    return Sent(ONE, content, {"Content-Type": kind_of(content)})


def _empty(content: bytes) -> Sent:
    return Sent(ONE, b" \n", {"Content-Type": "application/xml"})


def _cut_gzip(content: bytes) -> Sent:
    return Sent(ONE, gzip.compress(content)[:-9], {"Content-Type": "application/xml", "Content-Encoding": "gzip"})


def _unknown_encoding(content: bytes) -> Sent:
    return Sent(ONE, content, {"Content-Type": "application/xml", "Content-Encoding": "br"})


def _not_base64(content: bytes) -> Sent:
    form = urlencode({"fileHSBase64": "@@@"}).encode()
    return Sent(ONE, form, {"Content-Type": "application/x-www-form-urlencoded"})


def _media_type(content: bytes) -> Sent:
    return Sent(ONE, content, {"Content-Type": "text/csv"})


def _batch_line(content: bytes) -> Sent:
    good = orjson.dumps({"id": "1", "content": base64.b64encode(content).decode()})
    return Sent(MANY, good + b"\nkhong phai JSON\n", {"Content-Type": "application/x-ndjson"})


def _false_claim(content: bytes) -> Sent:
    return Sent(ONE, content, {"Content-Type": "application/xml", "Ymach-Lane": "referral"})


SENDINGS: dict[str, Callable[[bytes], Sent]] = {
    "": _usual,
    "empty": _empty,
    "cut-gzip": _cut_gzip,
    "unknown-encoding": _unknown_encoding,
    "not-base64": _not_base64,
    "media-type": _media_type,
    "batch-line": _batch_line,
    "false-claim": _false_claim,
}
"""The ways to send, by name."""
