"""Asking the national population database over HTTP: bounded in time and size, tried twice, never followed elsewhere."""

from __future__ import annotations

import logging
import time
from datetime import timedelta

import httpx

from ymach.config import Environment
from ymach.population.contract import PATH, Person, PopulationAway, question, read_answer

PATIENCE = timedelta(seconds=4)
"""The whole of one question, both tries together: somebody waits at a form."""
TRIES = 2
PAUSE = 0.2
LARGEST_ANSWER = 16 * 1024

logging.getLogger("httpx").setLevel(logging.WARNING)


class PopulationChannel:
    """A client of one address and account. Safe under threads.

    patience: the whole of one question, first byte to last, a second try included.
    """

    def __init__(self, url: str, *, token: str, patience: timedelta = PATIENCE, connections: int = 8) -> None:
        self._seconds = patience.total_seconds()
        self._client = httpx.Client(
            base_url=url,
            headers={
                "Authorization": f"Bearer {token}",
                "Accept-Encoding": "identity",
                "Content-Type": "application/json",
            },
            limits=httpx.Limits(max_connections=connections, max_keepalive_connections=connections),
            follow_redirects=False,
            trust_env=False,
        )

    def person(self, number: str, *, purpose: str) -> Person | None:
        """The person of a number, None when nobody has it. Raises PopulationAway, PopulationRefusesUs."""
        deadline = time.monotonic() + self._seconds
        for attempt in range(1, TRIES + 1):
            try:
                return read_answer(*self._post(question(number, purpose), deadline), number)
            except PopulationAway:
                # A question changes nothing there: it may be asked again, while there is time.
                if attempt == TRIES or time.monotonic() + PAUSE >= deadline:
                    raise
                time.sleep(PAUSE)
        raise PopulationAway(why="tries")

    def close(self) -> None:
        self._client.close()

    def _post(self, body: bytes, deadline: float) -> tuple[int, bytes]:
        left = max(deadline - time.monotonic(), 0.05)
        try:
            with self._client.stream("POST", PATH, content=body, timeout=httpx.Timeout(left)) as response:
                return response.status_code, _read(response, deadline)
        except httpx.TimeoutException as error:
            raise PopulationAway(why="too slow") from error
        except httpx.TransportError as error:
            raise PopulationAway(why=type(error).__name__) from error


def configured(environment: Environment) -> PopulationChannel | None:
    """The channel of the settings; None where no address is set."""
    if not environment.population_url:
        return None
    return PopulationChannel(environment.population_url, token=environment.population_token.get_secret_value())


def _read(response: httpx.Response, deadline: float) -> bytes:
    body = bytearray()
    for chunk in response.iter_raw():
        body += chunk
        if len(body) > LARGEST_ANSWER:
            raise PopulationAway(why=f"more than {LARGEST_ANSWER} bytes")
        if time.monotonic() > deadline:
            raise PopulationAway(why="too slow")
    return bytes(body)
