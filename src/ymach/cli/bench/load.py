"""The load of a benchmark: facilities that sign in and send over kept-alive connections, each answer timed."""

from __future__ import annotations

import base64
import http.client
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from urllib.parse import urlencode, urlsplit

import orjson
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from ymach.base.clock import now
from ymach.cli.bench.ground import Sample
from ymach.trust.certificates import load
from ymach.trust.client_assertions import ASSERTION_TYPE, make_assertion

TIMEOUT = 30


@dataclass(frozen=True, slots=True)
class Result:
    """One dossier's answer. seconds: of the request it travelled in. status 0: no answer came."""

    sample: Sample
    status: int
    outcome: str
    receipt: str
    seconds: float

    @property
    def is_error(self) -> bool:
        """Neither kept nor properly refused."""
        return self.status == 0 or self.status >= 500 or not self.receipt


@dataclass
class Tokens:
    """Access tokens by facility, fetched once by the facility's certificate key."""

    url: str
    var: Path
    held: dict[str, str] = field(default_factory=dict)

    def of(self, facility_code: str) -> str:
        if facility_code not in self.held:
            self.held[facility_code] = self._fetch(facility_code)
        return self.held[facility_code]

    def _fetch(self, facility_code: str) -> str:
        pem = (self.var / "demo-ca" / "facilities" / f"{facility_code}.pem").read_bytes()
        key, certificate = load_pem_private_key(pem, None), load(pem[pem.index(b"-----BEGIN CERTIFICATE") :])
        audience = f"{self.url}/api/v1/token"
        form = {
            "grant_type": "client_credentials",
            "client_id": facility_code,
            "client_assertion_type": ASSERTION_TYPE,
            "client_assertion": make_assertion(
                key,  # type: ignore[arg-type]
                certificate,
                facility_code,
                audience,
                now(),
            ),
        }
        connection = connect(self.url)
        connection.request(
            "POST", "/api/v1/token", urlencode(form), {"Content-Type": "application/x-www-form-urlencoded"}
        )
        answer = orjson.loads(connection.getresponse().read())
        connection.close()
        token: str = answer["access_token"]
        return token


def connect(url: str) -> http.client.HTTPConnection:
    parts = urlsplit(url)
    return http.client.HTTPConnection(parts.hostname or "", parts.port or 80, timeout=TIMEOUT)


def send_all(
    url: str,
    samples: Sequence[Sample],
    tokens: Tokens,
    *,
    connections: int,
    batch: int = 0,
    in_pieces: bool = False,
    stop_at: float = 0.0,
) -> list[Result]:
    """Send every sample once over `connections` connections; `batch` > 1 sends so many of one facility per request,
    in_pieces one after the other as uploads.

    stop_at: time.monotonic() after which nothing new is sent (0: no bound).
    """
    send = _send_batch if batch > 1 else _send_upload if in_pieces else _send_one
    work = _Work(list(batches(samples, batch)) if batch > 1 else [[sample] for sample in samples], stop_at)
    results: list[Result] = []
    lock = threading.Lock()

    def client() -> None:
        connection = connect(url)
        for group in work:
            answers = send(connection, group, tokens.of(group[0].facility_code))
            with lock:
                results.extend(answers)
            if any(answer.status == 0 for answer in answers):
                connection.close()
        connection.close()

    together(client, connections)
    return results


def batches(samples: Sequence[Sample], size: int) -> Iterator[list[Sample]]:
    """Groups of one facility each, at most `size` long."""
    groups: dict[str, list[Sample]] = {}
    for sample in samples:
        group = groups.setdefault(sample.facility_code, [])
        group.append(sample)
        if len(group) == size:
            yield groups.pop(sample.facility_code)
    yield from groups.values()


class _Work:
    """Groups handed out to whichever client is free."""

    def __init__(self, groups: list[list[Sample]], stop_at: float) -> None:
        self._groups, self._stop_at = iter(groups), stop_at
        self._lock = threading.Lock()

    def __iter__(self) -> Iterator[list[Sample]]:
        while not self._stop_at or time.monotonic() < self._stop_at:
            with self._lock:
                group = next(self._groups, None)
            if group is None:
                return
            yield group


def together(target: Callable[[], None], count: int) -> None:
    """Run `target` in so many threads at once, to the end of the last."""
    threads = [threading.Thread(target=target, daemon=True) for _ in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def _send_one(connection: http.client.HTTPConnection, group: list[Sample], token: str) -> list[Result]:
    sample = group[0]
    headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/xml"}
    status, body, seconds = _exchange(connection, "/api/v1/submissions", sample.content, headers)
    return [_result(sample, status, orjson.loads(body) if body else {}, seconds)]


def _send_upload(connection: http.client.HTTPConnection, group: list[Sample], token: str) -> list[Result]:
    """Begin (or find how far it came), send the pieces that are missing, finish."""
    sample, started = group[0], time.perf_counter()
    content, headers = sample.content, {"Authorization": f"Bearer {token}"}
    announced = orjson.dumps({"size": len(content), "sha256": sha256(content).hexdigest()})
    status, body, _ = _exchange(
        connection, "/api/v1/uploads", announced, {**headers, "Content-Type": "application/json"}
    )
    if status not in {200, 201}:
        return [_result(sample, status, {}, time.perf_counter() - started)]
    begun = orjson.loads(body)
    address, size = f"/api/v1/uploads/{begun['upload']}", begun["chunk_size"]
    for number in sorted(set(range(begun["chunks"])) - set(begun["received"])):
        piece = content[number * size : (number + 1) * size]
        digest = "sha-256=" + base64.b64encode(sha256(piece).digest()).decode()
        kept, _, _ = _exchange(connection, f"{address}/chunks/{number}", piece, {**headers, "Digest": digest}, "PUT")
        if kept != 204:
            return [_result(sample, kept, {}, time.perf_counter() - started)]
    status, body, _ = _exchange(connection, f"{address}/finish", b"", headers)
    return [_result(sample, status, orjson.loads(body) if body else {}, time.perf_counter() - started)]


def _send_batch(connection: http.client.HTTPConnection, group: list[Sample], token: str) -> list[Result]:
    lines = [
        orjson.dumps({"id": str(number), "content": base64.b64encode(sample.content).decode()})
        for number, sample in enumerate(group)
    ]
    headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/x-ndjson"}
    status, body, seconds = _exchange(connection, "/api/v1/submissions:batch", b"\n".join(lines), headers)
    if status != 200:
        return [_result(sample, status, {}, seconds) for sample in group]
    answers = [orjson.loads(line) for line in body.splitlines()]
    return [
        _result(sample, answer["status"], answer["body"], seconds)
        for sample, answer in zip(group, answers, strict=True)
    ]


def _exchange(
    connection: http.client.HTTPConnection, path: str, body: bytes, headers: dict[str, str], method: str = "POST"
) -> tuple[int, bytes, float]:
    started = time.perf_counter()
    try:
        connection.request(method, path, body, headers)
        response = connection.getresponse()
        content = response.read()
    except (OSError, http.client.HTTPException):
        return 0, b"", time.perf_counter() - started
    return response.status, content, time.perf_counter() - started


def _result(sample: Sample, status: int, body: dict[str, object], seconds: float) -> Result:
    return Result(sample, status, str(body.get("outcome") or ""), str(body.get("receipt") or ""), seconds)
