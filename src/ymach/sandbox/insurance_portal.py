"""A stand-in of the social insurance portal: its contract (`exchange/channels/insurance`) over real HTTP, failing on
demand."""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import secrets
from datetime import datetime
from pathlib import Path
from urllib.parse import unquote

from ymach.base.clock import VIETNAM
from ymach.sandbox.behaviour import Behaviour
from ymach.sandbox.http import Request, Response, as_json
from ymach.sandbox.stand_in import StandIn

USERNAME, PASSWORD = "platform", "sandbox"
_KINDS = {
    "/api/qd130/checkInKcbQd3176": "0",
    "/api/qd130/checkInKcbQd4750": "0",
    "/api/qd130/guiHoSoXmlQD3176": "130",
    "/api/qd130/guiHoSoXmlQD4750": "130",
}


class InsurancePortal(StandIn):
    """One portal with one account."""

    def __init__(
        self, *, username: str = USERNAME, password: str = PASSWORD, token_seconds: int = 3600, file: Path | None = None
    ) -> None:
        super().__init__(token_seconds=token_seconds, file=file)
        self._username = username
        self._hash = hashlib.md5(password.encode(), usedforsecurity=False).hexdigest().upper()

    def answer(self, request: Request, behaviour: Behaviour) -> Response:
        """Sign in, or take a file."""
        if request.method != "POST":
            return as_json({"maKetQua": "405", "thongDiep": "POST"}, 405)
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
        identity = secrets.token_urlsafe(48)
        access = self.signed_in(identity)
        key = {
            "access_token": access,
            "id_token": identity,
            "token_type": "Bearer",
            "username": self._username,
            "expires_in": self._token_seconds,
        }
        return as_json({"maKetQua": "200", "APIKey": key})

    def _is_signed_in(self, headers: dict[str, str], form: dict[str, str]) -> bool:
        identity = self.account_of(headers.get("accesstoken", ""))
        return (
            _same(headers.get("tokenid", ""), identity)
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
        code = behaviour.duplicate_answer if is_known and behaviour.duplicate_answer else 200
        answer = {"maKetQua": str(code), "maGiaoDich": entry.reference, "thoiGianTiepNhan": entry.at}
        return self.after(behaviour, as_json({**answer, "thongDiep": "Đã tiếp nhận"}))


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
