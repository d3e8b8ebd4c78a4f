"""One demonstration authority, one facility and dossiers to sign, made once for all tests of trust."""

from __future__ import annotations

import base64
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import pytest

from ymach.trust.chains import TrustStore
from ymach.trust.demo_ca import DemoAuthority, Issued, KeyPool

AT = datetime(2026, 11, 20, 7, 30, tzinfo=UTC)
TABLE = base64.b64encode("<TONG_HOP><MA_LK>99001.26.0001</MA_LK><HO_TEN>NGUYỄN THỊ MẪU</HO_TEN></TONG_HOP>".encode())


@pytest.fixture(scope="session")
def at() -> datetime:
    return AT


@pytest.fixture(scope="session")
def keys() -> KeyPool:
    return KeyPool(1)


@pytest.fixture(scope="session")
def authority(keys: KeyPool) -> DemoAuthority:
    return DemoAuthority(at=AT, keys=keys)


@pytest.fixture(scope="session")
def facility(authority: DemoAuthority) -> Issued:
    return authority.issue_facility("0100109106", "Bệnh viện Đa khoa Mẫu")


@pytest.fixture(scope="session")
def store(authority: DemoAuthority) -> TrustStore:
    return authority.trust_store()


@pytest.fixture(scope="session")
def unsigned() -> bytes:
    return (
        '<?xml version="1.0" encoding="utf-8"?>\n'
        '<GIAMDINHHS xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">\n'
        '  <THONGTINDONVI Id="unit"><MACSKCB>99001</MACSKCB></THONGTINDONVI>\n'
        '  <THONGTINHOSO Id="dossier"><NGAYLAP>20261120</NGAYLAP><SOLUONGHOSO>1</SOLUONGHOSO><DANHSACHHOSO><HOSO>'
        f"<FILEHOSO><LOAIHOSO>XML1</LOAIHOSO><NOIDUNGFILE>{TABLE.decode()}</NOIDUNGFILE></FILEHOSO>"
        "</HOSO></DANHSACHHOSO></THONGTINHOSO>\n"
        "  <CHUKYDONVI/>\n"
        "</GIAMDINHHS>\n"
    ).encode()


@pytest.fixture(scope="session")
def signed(facility: Issued, unsigned: bytes) -> bytes:
    return facility.signer().sign(unsigned)


@pytest.fixture
def web() -> Iterator[Callable[[int, bytes], str]]:
    """A small web server: give it a status and a body, get an address that answers so."""
    answers: dict[str, tuple[int, bytes]] = {}

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            status, body = answers[self.path]
            self.send_response(status)
            self.send_header("Location", "http://127.0.0.1:9/")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            return

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()

    def answer(status: int, body: bytes) -> str:
        answers[f"/{len(answers)}"] = (status, body)
        return f"http://127.0.0.1:{server.server_port}/{len(answers) - 1}"

    yield answer
    server.shutdown()
    server.server_close()
    thread.join()
