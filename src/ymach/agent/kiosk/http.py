"""The kiosk on a port of this machine: a small HTTP server, one address a page."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from http import HTTPStatus
from http.cookies import CookieError, SimpleCookie
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from importlib.resources import files
from threading import Thread
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import orjson

from ymach.agent.kiosk import guard, pages, screens, words
from ymach.agent.kiosk.screens import Form, Kiosk
from ymach.agent.kiosk.turns import Turn, Turns
from ymach.base.errors import Misconfigured
from ymach.base.text import Text

COOKIE = "ymach_kiosk"
_MOST_BYTES = 16 * 1024
_PATIENCE = 10.0
_PAGES: dict[str, Callable[[Kiosk, Turn], str | None]] = {
    "/": pages.start,
    "/who": pages.who,
    "/insurance": pages.insurance,
    "/rooms": pages.rooms,
    "/ticket": pages.ticket,
}
_TOUCHES: dict[str, Callable[[Kiosk, Turn, Form], str]] = {
    "/scan": screens.scan,
    "/desk": screens.desk,
    "/accompany": screens.accompany,
    "/pays": screens.choose_payer,
    "/insurance": screens.give_insurance,
    "/rooms": screens.choose_room,
    "/forget": screens.forget,
    "/language": screens.speak,
}
_STATIC = {
    "/static/kiosk.css": ("agent/kiosk/static/kiosk.css", "text/css; charset=utf-8"),
    "/static/kiosk.js": ("agent/kiosk/static/kiosk.js", "text/javascript; charset=utf-8"),
    "/static/tokens.css": ("web/static/ymach/tokens.css", "text/css; charset=utf-8"),
    "/static/seal.svg": ("web/static/ymach/seal.svg", "image/svg+xml"),
}


class PortTaken(Misconfigured):
    code = "YM-AGENT-KIOSK-PORT"
    sentence = Text(
        "Cổng {port} trên máy này đang có chương trình khác dùng. Chọn cổng khác: --port.",
        "Another program uses port {port} of this machine. Choose another: --port.",
    )


@dataclass(frozen=True, slots=True)
class Answer:
    """What goes back. to: another page instead of a body."""

    status: int = HTTPStatus.OK
    body: bytes = b""
    kind: str = "text/html; charset=utf-8"
    to: str | None = None


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, port: int, kiosk: Kiosk) -> None:
        super().__init__(("127.0.0.1", port), _Handler)
        self.kiosk, self.turns = kiosk, Turns(kiosk.settings.forget_after)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A browser that hangs up is no trouble; anything else is told where the agent's output goes."""
        if not isinstance(sys.exception(), ConnectionError):
            super().handle_error(request, client_address)


class _Handler(BaseHTTPRequestHandler):
    server: _Server
    server_version, sys_version = "ymach", ""
    protocol_version = "HTTP/1.1"
    timeout = _PATIENCE

    def do_GET(self) -> None:
        self._guarded(self._get)

    def do_POST(self) -> None:
        self._guarded(self._post)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        """Nothing: who came to a facility is not written into a log."""

    def _guarded(self, answer: Callable[[], Answer]) -> None:
        self._turn: Turn | None = None
        if not guard.is_ours(dict(self.headers), port=self.server.server_port):
            self.close_connection = True
            self._send(Answer(HTTPStatus.FORBIDDEN, b"", "text/plain"))
            return
        self._send(answer())

    def _get(self) -> Answer:
        path = urlsplit(self.path).path
        if path in _STATIC:
            return Answer(body=_static(_STATIC[path][0]), kind=_STATIC[path][1])
        turn = self._own_turn() or self._begin()
        if path == "/status":
            text, tone = self.server.kiosk.status()
            told = orjson.dumps({"text": text.to(turn.language), "tone": tone})
            return Answer(body=told, kind="application/json")
        if path == "/forget":
            return Answer(to=screens.forget(self.server.kiosk, turn, {}))
        if path not in _PAGES:
            return Answer(HTTPStatus.NOT_FOUND, b"", "text/plain")
        page = _PAGES[path](self.server.kiosk, turn)
        if page is None:
            return Answer(to="/ticket" if turn.ticket else "/")
        return Answer(body=page.encode())

    def _post(self) -> Answer:
        form, turn = self._form(), self._own_turn()
        path = urlsplit(self.path).path
        if form is None:
            self.close_connection = True
            return Answer(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, b"", "text/plain")
        if turn is None:  # the kiosk was started anew under an open page
            self._begin().wrong = words.EXPIRED
            return Answer(to="/")
        if not guard.carries(turn.form, form.get("form", "")):
            return Answer(HTTPStatus.FORBIDDEN, b"", "text/plain")
        self.server.turns.touch(turn)
        if path == "/stay":
            return Answer(HTTPStatus.NO_CONTENT)
        if path not in _TOUCHES:
            return Answer(HTTPStatus.NOT_FOUND, b"", "text/plain")
        with turn.lock:  # a tile touched twice is one check-in
            return Answer(to=_TOUCHES[path](self.server.kiosk, turn, form))

    def _form(self) -> dict[str, str] | None:
        """The form that was sent; None when it is longer than a card can be."""
        length = self.headers.get("Content-Length", "")
        if not length.isdecimal() or int(length) > _MOST_BYTES:
            return None
        body = self.rfile.read(int(length)).decode("utf-8", "replace")
        return dict(parse_qsl(body, keep_blank_values=True, max_num_fields=20))

    def _own_turn(self) -> Turn | None:
        try:
            found = SimpleCookie(self.headers.get("Cookie", "")).get(COOKIE)
        except CookieError:
            return None
        return self.server.turns.find(found.value) if found else None

    def _begin(self) -> Turn:
        self._turn = self.server.turns.begin()
        return self._turn

    def _send(self, answer: Answer) -> None:
        self.send_response(HTTPStatus.SEE_OTHER if answer.to else answer.status)
        for name, value in guard.HEADERS.items():
            self.send_header(name, value)
        if answer.to:
            self.send_header("Location", answer.to)
        if answer.body:
            self.send_header("Content-Type", answer.kind)
        if self._turn is not None:
            self.send_header("Set-Cookie", f"{COOKIE}={self._turn.key}; Path=/; HttpOnly; SameSite=Strict")
        if self.close_connection:
            self.send_header("Connection", "close")
        self.send_header("Content-Length", str(len(answer.body)))
        self.end_headers()
        self.wfile.write(answer.body)


@contextmanager
def serving(kiosk: Kiosk, *, port: int) -> Iterator[str]:
    """The kiosk at work in a thread; its address. port: a free one when 0. Raises PortTaken."""
    try:
        server = _Server(port, kiosk)
    except OSError as taken:
        raise PortTaken(port=port) from taken
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, name="kiosk", daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


@cache
def _static(place: str) -> bytes:
    return files("ymach").joinpath(place).read_bytes()
