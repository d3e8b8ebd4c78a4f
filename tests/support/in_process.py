"""The server in the process of the test: requests without a network, inside the transaction that is rolled back."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import httpx
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections


class Transport(httpx.WSGITransport):
    """A way to the application for a client, beside which django.test.Client may be used too."""

    def __init__(self) -> None:
        super().__init__(app=get_wsgi_application())

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        with connection_kept():
            answer = super().handle_request(request)
            content = b"".join(answer.stream)  # type: ignore[arg-type]
            answer.close()
        return httpx.Response(answer.status_code, headers=answer.headers, stream=httpx.ByteStream(content))


@contextmanager
def connection_kept() -> Iterator[None]:
    """A request must not close the connection whose transaction the test rolls back (as with django.test.Client)."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    try:
        yield
    finally:
        for signal in (request_started, request_finished):
            signal.connect(close_old_connections)
