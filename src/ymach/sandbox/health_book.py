"""A stand-in of the electronic health book: Decision 1551/QĐ-BYT (2026) annex 2 over real HTTP, failing on demand."""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import json
import re
from datetime import datetime
from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding, rsa

from ymach.base.clock import VIETNAM
from ymach.sandbox.behaviour import Behaviour
from ymach.sandbox.http import Request, Response, as_json
from ymach.sandbox.stand_in import StandIn, bearer, json_of, seconds_now

USERNAME, PASSWORD, SENDER = "platform", "sandbox", "8938500000017"
_FIELDS = {
    *("version", "sender_id", "receiver_id", "txn_type", "msg_id", "msg_type", "data_type", "send_datetime"),
}
_MESSAGE_ID = re.compile(r"[0-9]{13}[0-9]{6}[0-9a-f]{12}4[0-9a-f]{3}[89ab][0-9a-f]{15}")
_DATA_TYPES = {"xml/base64", "json/base64"}


class HealthBook(StandIn):
    """One health book with one account. public: the sender's key; None takes any signature."""

    def __init__(
        self,
        *,
        username: str = USERNAME,
        password: str = PASSWORD,
        public: rsa.RSAPublicKey | None = None,
        token_seconds: int = 3600,
        file: Path | None = None,
    ) -> None:
        super().__init__(token_seconds=token_seconds, file=file)
        self._username, self._password, self._public = username, password, public

    def answer(self, request: Request, behaviour: Behaviour) -> Response:
        """Sign in, or take a message."""
        if (request.method, request.path) == ("POST", "/api/auth/login"):
            return self._sign_in(json_of(request))
        if (request.method, request.path) != ("POST", "/api/platform/data-sync/push"):
            return as_json({"code": "CM_INVALID_REQUEST", "message": "Không có dịch vụ này"}, 404)
        if not self.account_of(bearer(request)):
            return as_json({"code": "CM_UNAUTHORIZED", "message": "Phiên làm việc đã hết hạn"}, 401)
        return self._push(request, behaviour)

    def _sign_in(self, said: dict[str, object]) -> Response:
        password = str(said.get("password", ""))
        if said.get("username") != self._username or not hmac.compare_digest(password, self._password):
            return as_json({"code": "CM_UNAUTHORIZED", "message": "Sai tài khoản"}, 401)
        token = self.signed_in(self._username)
        return as_json({"access_token": token, "token_type": "Bearer", "expires_in": self._token_seconds})

    def _push(self, request: Request, behaviour: Behaviour) -> Response:
        message, wrong = _message(request)
        if wrong or message is None:
            return as_json({"code": "CM_INVALID_REQUEST", "message": f"Sai {wrong}"})
        header, data, signature, written = message
        if not self._holds(written + b"." + base64.b64encode(data), signature):
            return as_json({"code": "PS_SIGNATURE_INVALID", "message": "Chữ ký không đúng"})
        if behaviour.refuse:
            return as_json({"code": "CM_INVALID_REQUEST", "message": "Dữ liệu chưa đúng cấu trúc"})
        at, digest = datetime.now(VIETNAM), hashlib.sha256(data).hexdigest()
        sender, kind = str(header["sender_id"]), str(header["txn_type"])
        entry, is_known = self.ledger.take(sender, digest, kind, at=at, recognise=not behaviour.amnesia)
        code = "CM_DUPLICATE_REQUEST" if is_known and behaviour.duplicate_answer else "CM_SUCCESS"
        theirs = {"msg_type": "102", "msg_id": entry.reference, "ref_msg_id": header["msg_id"]}
        answer = {"header": {**theirs, "send_datetime": int(seconds_now() * 1000)}, "code": code, "message": "Đã nhận"}
        return self.after(behaviour, as_json(answer))

    def _holds(self, content: bytes, signature: bytes) -> bool:
        if self._public is None:
            return True
        try:
            self._public.verify(signature, content, padding.PKCS1v15(), hashes.SHA256())
        except InvalidSignature:
            return False
        return True


_Message = tuple[dict[str, object], bytes, bytes, bytes]


def _message(request: Request) -> tuple[_Message | None, str]:
    """Header, data, signature and the header as it was written; or what is wrong."""
    if request.headers.get("service-type") != "100":
        return None, "service-type"
    said = json_of(request)
    header = said.get("header")
    if not isinstance(header, dict) or header.keys() != _FIELDS:
        return None, "header"
    if not _MESSAGE_ID.fullmatch(str(header["msg_id"])) or not str(header["msg_id"]).startswith(
        str(header["sender_id"])
    ):
        return None, "msg_id"
    if header["msg_type"] != "101" or header["data_type"] not in _DATA_TYPES:
        return None, "msg_type, data_type"
    try:
        data = base64.b64decode(str(said.get("data", "")), validate=True)
        signature = base64.b64decode(str(said.get("signature", "")), validate=True)
    except binascii.Error:
        return None, "data"
    written = json.dumps(header, ensure_ascii=False, separators=(",", ":")).encode()
    return ((header, data, signature, written), "") if data else (None, "data")
