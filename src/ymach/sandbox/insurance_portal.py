"""A stand-in of the social insurance portal: its contract over real HTTP, failing on demand.

The contract is the portal's (`exchange/channels/insurance`). On top of it, for tests and demonstrations:
`POST /sandbox/behaviour` says what goes wrong from now on, `GET /sandbox/ledger` lists what the portal holds.
"""

from __future__ import annotations

import asyncio
import base64
import binascii
import hashlib
import hmac
import json
import secrets
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from urllib.parse import unquote

from ymach.base.clock import VIETNAM
from ymach.base.errors import Invalid
from ymach.sandbox.behaviour import Behaviour, read_behaviour
from ymach.sandbox.http import DROP, Request, Response, as_json
from ymach.sandbox.ledger import Ledger

USERNAME, PASSWORD = "platform", "sandbox"
_KINDS = {
    "/api/qd130/checkInKcbQd3176": "0",
    "/api/qd130/checkInKcbQd4750": "0",
    "/api/qd130/guiHoSoXmlQD3176": "130",
    "/api/qd130/guiHoSoXmlQD4750": "130",
}
_NO_CONTRACT = Response(body=b"<html><body>Bao tri</body></html>", content_type="text/html")


class InsurancePortal:
    """One portal with one account. Call it with a request; `sandbox.http` serves it. file: keeps the ledger."""

    def __init__(
        self, *, username: str = USERNAME, password: str = PASSWORD, token_seconds: int = 3600, file: Path | None = None
    ) -> None:
        self.ledger = Ledger(file)
        self.behaviour = Behaviour()
        self._username, self._token_seconds = username, token_seconds
        self._hash = hashlib.md5(password.encode(), usedforsecurity=False).hexdigest().upper()
        self._sessions: dict[str, tuple[str, float]] = {}

    async def __call__(self, request: Request) -> Response:
        if request.path.startswith("/sandbox/"):
            return self._control(request)
        behaviour = self._behaviour_now()
        if behaviour.slow:
            await asyncio.sleep(behaviour.slow)
        if behaviour.down:
            return DROP
        if behaviour.status:
            return Response(behaviour.status, b"out of order", "text/plain")
        if request.method != "POST":
            return as_json({"maKetQua": "405", "thongDiep": "POST"}, 405)
        return self._answer(request, behaviour)

    def _behaviour_now(self) -> Behaviour:
        behaviour = self.behaviour
        if not behaviour.applies():
            return Behaviour()
        if behaviour.times is not None:
            self.behaviour = replace(behaviour, times=behaviour.times - 1)
        return behaviour

    def _answer(self, request: Request, behaviour: Behaviour) -> Response:
        form = _form(request.body)
        if request.path == "/api/token/take":
            return self._sign_in(form)
        if request.path not in _KINDS:
            return as_json({"maKetQua": "404", "thongDiep": "Không có dịch vụ này"}, 404)
        if not self._is_signed_in(request.headers, form):
            return as_json({"maKetQua": "401", "thongDiep": "Phiên làm việc đã hết hạn"})
        return self._take_file(form, _KINDS[request.path], behaviour)

    def _sign_in(self, form: dict[str, str]) -> Response:
        is_known = form.get("username") == self._username and _same(form.get("password", ""), self._hash)
        if not is_known:
            return as_json({"maKetQua": "401", "thongDiep": "Sai tên đăng nhập hoặc mật khẩu"})
        access, identity = secrets.token_urlsafe(48), secrets.token_urlsafe(48)
        self._sessions[access] = (identity, _seconds() + self._token_seconds)
        key = {
            "access_token": access,
            "id_token": identity,
            "token_type": "Bearer",
            "username": self._username,
            "expires_in": self._token_seconds,
        }
        return as_json({"maKetQua": "200", "APIKey": key})

    def _is_signed_in(self, headers: dict[str, str], form: dict[str, str]) -> bool:
        identity, ends = self._sessions.get(headers.get("accesstoken", ""), ("", 0.0))
        return (
            _seconds() < ends
            and _same(headers.get("tokenid", ""), identity)
            and _same(headers.get("passwordhash", ""), self._hash)
            and form.get("username") == self._username
        )

    def _take_file(self, form: dict[str, str], kind: str, behaviour: Behaviour) -> Response:
        wrong, content = _wrong_field(form, kind), _content(form)
        if wrong or not content:
            return as_json({"maKetQua": "205", "thongDiep": f"Tham số {wrong or 'fileHSBase64'} chưa đúng"})
        if behaviour.refuse:
            return as_json({"maKetQua": str(behaviour.refuse), "thongDiep": "Hồ sơ chưa đúng cấu trúc"})
        digest = hashlib.sha256(content).hexdigest()
        facility, at = form["maCSKCB"], datetime.now(VIETNAM)
        entry, is_known = self.ledger.take(facility, digest, kind, at=at, recognise=not behaviour.amnesia)
        if behaviour.forget:
            return DROP
        if behaviour.wrong_answer:
            return _NO_CONTRACT
        code = behaviour.duplicate_answer if is_known and behaviour.duplicate_answer else 200
        answer = {"maKetQua": str(code), "maGiaoDich": entry.reference, "thoiGianTiepNhan": entry.at}
        return as_json({**answer, "thongDiep": "Đã tiếp nhận"})

    def _control(self, request: Request) -> Response:
        if (request.method, request.path) == ("GET", "/sandbox/ledger"):
            return as_json(self.ledger.as_dict())
        if (request.method, request.path) != ("POST", "/sandbox/behaviour"):
            return as_json({"error": "unknown"}, 404)
        try:
            self.behaviour = read_behaviour(json.loads(request.body or b"{}"))
        except (Invalid, ValueError) as error:
            return as_json({"error": error.text.en if isinstance(error, Invalid) else str(error)}, 422)
        if self.behaviour.expired_token:
            self._sessions.clear()
        return as_json({"behaviour": "set"})


def _form(body: bytes) -> dict[str, str]:
    """The fields of an encoded form. `parse_qsl` would take most of the time of a request: a file has thousands of escapes."""
    fields = {}
    for part in body.decode("ascii", "replace").split("&"):
        name, _, value = part.partition("=")
        value = value.replace("+", " ").replace("%2B", "+").replace("%2F", "/").replace("%3D", "=")
        fields[name] = unquote(value) if "%" in value else value
    return fields


def _wrong_field(form: dict[str, str], kind: str) -> str:
    """The first field beside the file that breaks the contract, or nothing."""
    facility = form.get("maCSKCB", "")
    if form.get("loaiHoSo") != kind:
        return "loaiHoSo"
    if len(facility) != 5:
        return "maCSKCB"
    return "" if form.get("maTinh") == facility[:2] else "maTinh"


def _content(form: dict[str, str]) -> bytes:
    """The file, or nothing where the field holds none."""
    try:
        return base64.b64decode(form.get("fileHSBase64", ""), validate=True)
    except binascii.Error:
        return b""


def _same(given: str, held: str) -> bool:
    return bool(held) and hmac.compare_digest(given.encode(), held.encode())


def _seconds() -> float:
    return datetime.now(VIETNAM).timestamp()
