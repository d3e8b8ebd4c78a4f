"""HTTP to partners: one client with kept connections, one bound on the whole of an exchange, no redirects, and answers
that are bounded and timed. Where the address is somebody else's choice, what it leads to is looked at first (`Guard`).
"""

from __future__ import annotations

import contextlib
import ssl
import threading
import time
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from queue import Empty, LifoQueue
from typing import Any, Protocol

import httpcore

from ymach.exchange.channels.contract import PartnerAway, PartnerTooSlow, WrongAnswer

LARGEST_ANSWER = 64 * 1024
"""Bytes. A partner's answer is a few lines; more is a fault of the partner, not something to read."""

FORM, JSON, XML = "application/x-www-form-urlencoded", "application/json", "application/xml"
_OUT_OF_ORDER = frozenset({408, 425, 429})
_PIECE = 64 * 1024
_KEEP_SECONDS = 30.0


class Guard(Protocol):
    """Says where a name may lead: addresses to connect to, all of them looked at. Raises ChannelError."""

    def addresses(self, host: str, port: int, *, seconds: float) -> list[str]: ...


@dataclass(frozen=True, slots=True)
class Answer:
    """An HTTP answer that was read to its end."""

    status: int
    body: bytes


class PartnerClient:
    """A client to one base address. Safe under threads.

    patience: the whole of one exchange, first byte to last. connections: how many are kept open at most. guard: looks at
    every address before it is connected to. authorities: PEM file of the authorities whose certificates are believed
    beside those of the system.
    """

    def __init__(
        self,
        base_url: str,
        *,
        patience: timedelta,
        connections: int,
        guard: Guard | None = None,
        authorities: Path | None = None,
    ) -> None:
        self._base, self._seconds = base_url.rstrip("/"), patience.total_seconds()
        # A pool of many looks at each of its connections for every request, under one lock: one for each does not.
        tls, network = _tls(authorities) if base_url.startswith("https:") else None, _Timed(guard)
        self._pools = [
            httpcore.ConnectionPool(tls, max_connections=1, keepalive_expiry=_KEEP_SECONDS, network_backend=network)
            for _ in range(connections)
        ]
        # The last one used comes first: those that are not needed grow old.
        self._free: LifoQueue[httpcore.ConnectionPool] = LifoQueue()
        for pool in self._pools:
            self._free.put(pool)

    def post(self, path: str, body: bytes, headers: Mapping[str, str], *, kind: str = FORM) -> Answer:
        """POST `body` of the media type `kind`.

        Raises PartnerAway (no connection, a broken one, a certificate that is not believed, 408, 425, 429, 5xx),
        PartnerTooSlow, or WrongAnswer (too large).
        """
        return self._ask("POST", path, body, {"Content-Type": kind, **headers})

    def get(self, path: str, headers: Mapping[str, str]) -> Answer:
        """GET; raises as `post` does."""
        return self._ask("GET", path, None, headers)

    def close(self) -> None:
        for pool in self._pools:
            pool.close()

    def _ask(self, method: str, path: str, body: bytes | None, headers: Mapping[str, str]) -> Answer:
        answer = self._exchange(method, path, body, headers)
        if answer.status >= 500 or answer.status in _OUT_OF_ORDER:
            raise PartnerAway(why=f"HTTP {answer.status}")
        return answer

    def _exchange(self, method: str, path: str, body: bytes | None, headers: Mapping[str, str]) -> Answer:
        url = f"{self._base}/{path.lstrip('/')}" if path else self._base
        # A compressed answer could grow past every bound while it is read; an answer of a few lines needs none.
        sent: dict[bytes | str, bytes | str] = {"Accept-Encoding": "identity", "User-Agent": "ymach"}
        sent.update(headers)
        waits = dict.fromkeys(("connect", "read", "write", "pool"), self._seconds)
        with _bounded(self._seconds), self._line() as line:
            try:
                with line.stream(method, url, headers=sent, content=body, extensions={"timeout": waits}) as response:
                    return Answer(response.status, _read(response.iter_stream()))
            except httpcore.TimeoutException as error:
                raise PartnerTooSlow(seconds=f"{self._seconds:g}") from error
            except (httpcore.NetworkError, httpcore.ProtocolError) as error:
                raise PartnerAway(why=_told(error)) from error

    @contextlib.contextmanager
    def _line(self) -> Iterator[httpcore.ConnectionPool]:
        """A connection for this thread alone."""
        try:
            pool = self._free.get(timeout=self._seconds)
        except Empty as error:
            raise PartnerTooSlow(seconds=f"{self._seconds:g}") from error
        try:
            yield pool
        finally:
            self._free.put(pool)


def _read(pieces: Iterable[bytes]) -> bytes:
    body = bytearray()
    for piece in pieces:
        body += piece
        if len(body) > LARGEST_ANSWER:
            raise WrongAnswer(why=f"more than {LARGEST_ANSWER} bytes")
    return bytes(body)


def _told(error: Exception) -> str:
    """What went wrong, in a word: a certificate that is not believed is another matter than a cable."""
    below: BaseException | None = error
    while below is not None:
        if isinstance(below, ssl.SSLError):
            return "TLS certificate" if isinstance(below, ssl.SSLCertVerificationError) else "TLS"
        below = below.__cause__ or below.__context__
    return type(error).__name__


def _tls(authorities: Path | None) -> ssl.SSLContext:
    context = ssl.create_default_context()
    if authorities is not None:
        context.load_verify_locations(cafile=str(authorities))
    return context


_now = threading.local()


@contextlib.contextmanager
def _bounded(seconds: float) -> Iterator[None]:
    """Everything this thread sends and reads meanwhile ends in so many seconds, however it is divided into steps."""
    _now.deadline = time.monotonic() + seconds
    try:
        yield
    finally:
        del _now.deadline


def _left(wanted: float | None, error: type[Exception]) -> float:
    left: float = _now.deadline - time.monotonic()
    if left <= 0:
        raise error
    return left if wanted is None else min(left, wanted)


class _Timed(httpcore.NetworkBackend):
    """Connections that keep the bound of the exchange they serve: a partner that drips a byte a second meets every
    single time-out, and would hold us for ever."""

    def __init__(self, guard: Guard | None) -> None:
        self._guard, self._plain = guard, httpcore.SyncBackend()

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.NetworkStream:
        where = [host]
        if self._guard is not None:
            where = self._guard.addresses(host, port, seconds=_left(timeout, httpcore.ConnectTimeout))
        for place, address in enumerate(where, 1):
            try:
                seconds = _left(timeout, httpcore.ConnectTimeout)
                return _Bounded(self._plain.connect_tcp(address, port, seconds, local_address, socket_options))
            except httpcore.ConnectError:
                if place == len(where):
                    raise
        raise httpcore.ConnectError


class _Bounded(httpcore.NetworkStream):
    """One connection; the name asked for stays the one the certificate must be for."""

    def __init__(self, plain: httpcore.NetworkStream) -> None:
        self._plain = plain

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._plain.read(max_bytes, _left(timeout, httpcore.ReadTimeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        for start in range(0, len(buffer), _PIECE):
            self._plain.write(buffer[start : start + _PIECE], _left(timeout, httpcore.WriteTimeout))

    def close(self) -> None:
        self._plain.close()

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.NetworkStream:
        return _Bounded(self._plain.start_tls(ssl_context, server_hostname, _left(timeout, httpcore.ConnectTimeout)))

    def get_extra_info(self, info: str) -> Any:
        return self._plain.get_extra_info(info)
