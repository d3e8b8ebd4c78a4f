"""HTTP to partners: one client with kept connections, time-outs, no redirects, and answers that are bounded and timed."""

from __future__ import annotations

import logging
import time
from dataclasses import dataclass
from datetime import timedelta

import httpx

from ymach.exchange.channels.contract import PartnerAway, PartnerTooSlow, WrongAnswer

LARGEST_ANSWER = 64 * 1024
"""Bytes. A partner's answer is a few lines; more is a fault of the partner, not something to read."""

# A line for every file would drown the log; what became of each is in its delivery.
logging.getLogger("httpx").setLevel(logging.WARNING)

_OUT_OF_ORDER = frozenset({408, 429})


@dataclass(frozen=True, slots=True)
class Answer:
    """An HTTP answer that was read to its end."""

    status: int
    body: bytes


class PartnerClient:
    """A client to one base address. Safe under threads.

    patience: the whole of one exchange, first byte to last. connections: how many are kept open at most.
    """

    def __init__(self, base_url: str, *, patience: timedelta, connections: int) -> None:
        self._seconds = patience.total_seconds()
        self._client = httpx.Client(
            base_url=base_url,
            # A compressed answer could grow past every bound while it is read; an answer of a few lines needs none.
            headers={"Accept-Encoding": "identity"},
            timeout=httpx.Timeout(self._seconds, connect=min(self._seconds, 5.0)),
            limits=httpx.Limits(max_connections=connections, max_keepalive_connections=connections),
            follow_redirects=False,
            trust_env=False,
        )

    def post_form(self, path: str, body: bytes, headers: dict[str, str]) -> Answer:
        """POST an encoded form.

        Raises PartnerAway (no connection, a broken one, 408, 429, 5xx), PartnerTooSlow, or WrongAnswer (too large).
        """
        deadline = time.monotonic() + self._seconds
        headers = {"Content-Type": "application/x-www-form-urlencoded", **headers}
        try:
            with self._client.stream("POST", path, content=body, headers=headers) as response:
                answer = Answer(response.status_code, self._read(response, deadline))
        except httpx.TimeoutException as error:
            raise PartnerTooSlow(seconds=f"{self._seconds:g}") from error
        except httpx.TransportError as error:
            raise PartnerAway(why=type(error).__name__) from error
        if answer.status >= 500 or answer.status in _OUT_OF_ORDER:
            raise PartnerAway(why=f"HTTP {answer.status}")
        return answer

    def close(self) -> None:
        self._client.close()

    def _read(self, response: httpx.Response, deadline: float) -> bytes:
        body = bytearray()
        for chunk in response.iter_raw():
            body += chunk
            if len(body) > LARGEST_ANSWER:
                raise WrongAnswer(why=f"more than {LARGEST_ANSWER} bytes")
            # A partner that drips bytes meets every single time-out and would hold us for ever.
            if time.monotonic() > deadline:
                raise PartnerTooSlow(seconds=f"{self._seconds:g}")
        return bytes(body)
