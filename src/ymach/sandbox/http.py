"""A small real HTTP/1.1 server for stand-ins: kept connections, and answers that may come late, broken, or never."""

from __future__ import annotations

import asyncio
import contextlib
import json
import ssl
import threading
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass, field

import h11

LARGEST_BODY = 256 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Request:
    """method in capitals; path without query; header names in lower case; query as written, without "?"."""

    method: str
    path: str
    headers: dict[str, str]
    body: bytes = field(repr=False)
    query: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class Response:
    """drops: the connection is cut instead of answered."""

    status: int = 200
    body: bytes = b""
    content_type: str = "application/json; charset=utf-8"
    drops: bool = False


DROP = Response(drops=True)
Handler = Callable[[Request], Awaitable[Response]]


def as_json(value: object, status: int = 200) -> Response:
    """`value` as a JSON answer, in clear UTF-8 as the partners write it."""
    return Response(status, json.dumps(value, ensure_ascii=False).encode())


async def serve(
    handler: Handler, *, port: int, started: Callable[[int], None], tls: ssl.SSLContext | None = None
) -> None:
    """Serve on 127.0.0.1 until cancelled. port 0: a free one. `started` is told the port."""

    async def connected(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(ConnectionError, h11.RemoteProtocolError, asyncio.CancelledError):
            await _talk(handler, reader, writer)
        writer.transport.abort()

    server = await asyncio.start_server(connected, "127.0.0.1", port, limit=1024 * 1024, backlog=512, ssl=tls)
    started(server.sockets[0].getsockname()[1])
    async with server:
        await server.serve_forever()


@contextlib.contextmanager
def serving(handler: Handler, *, port: int = 0, tls: ssl.SSLContext | None = None) -> Iterator[str]:
    """Serve from a thread of this process; yields the base address."""
    loop, ready, ports = asyncio.new_event_loop(), threading.Event(), list[int]()

    def started(given: int) -> None:
        ports.append(given)
        ready.set()

    def run() -> None:
        with contextlib.suppress(asyncio.CancelledError):
            loop.run_until_complete(serve(handler, port=port, started=started, tls=tls))
        # Here, because the caller's thread may have a running loop of its own.
        loop.run_until_complete(loop.shutdown_asyncgens())
        loop.close()

    thread = threading.Thread(target=run, name="sandbox")
    thread.start()
    try:
        if not ready.wait(10):
            raise RuntimeError("the stand-in did not start")
        yield f"{'https' if tls else 'http'}://127.0.0.1:{ports[0]}"
    finally:
        with contextlib.suppress(RuntimeError):  # closed already: it never started
            loop.call_soon_threadsafe(_cancel_all, loop)
        thread.join()


def _cancel_all(loop: asyncio.AbstractEventLoop) -> None:
    for task in asyncio.all_tasks(loop):
        task.cancel()


async def _talk(handler: Handler, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    connection = h11.Connection(h11.SERVER)
    while (request := await _next_request(connection, reader)) is not None:
        response = await handler(request)
        if response.drops:
            return
        writer.write(_encoded(connection, response))
        await writer.drain()
        if connection.our_state is not h11.DONE or connection.their_state is not h11.DONE:
            return
        connection.start_next_cycle()


async def _next_request(connection: h11.Connection, reader: asyncio.StreamReader) -> Request | None:
    head: h11.Request | None = None
    body = bytearray()
    while True:
        event = connection.next_event()
        if event is h11.NEED_DATA:
            connection.receive_data(await reader.read(1024 * 1024))
        elif isinstance(event, h11.Request):
            head = event
        elif isinstance(event, h11.Data):
            body += event.data
            if len(body) > LARGEST_BODY:
                return None
        elif isinstance(event, h11.EndOfMessage) and head is not None:
            headers = {name.decode(): value.decode("latin-1") for name, value in head.headers}
            path, _, query = head.target.decode().partition("?")
            return Request(head.method.decode(), path, headers, bytes(body), query)
        else:
            return None


def _encoded(connection: h11.Connection, response: Response) -> bytes:
    headers = [("Content-Type", response.content_type), ("Content-Length", str(len(response.body)))]
    head = connection.send(h11.Response(status_code=response.status, headers=headers))
    body = connection.send(h11.Data(data=response.body))
    end = connection.send(h11.EndOfMessage())
    return (head or b"") + (body or b"") + (end or b"")
