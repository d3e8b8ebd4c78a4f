"""A stand-in of the national prescription system: Decision 808/QĐ-BYT (2022) over real HTTP, failing on demand.

The ledger holds prescriptions under their codes: the digest is that of the code, the kind that of the body.
"""

from __future__ import annotations

import hashlib
import hmac
import json
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from ymach.base.clock import VIETNAM
from ymach.clinical.prescription_code import is_code
from ymach.sandbox.behaviour import Behaviour
from ymach.sandbox.http import Request, Response, as_json
from ymach.sandbox.stand_in import StandIn, bearer, json_of

PASSWORD = "sandbox"
APP_NAME = "ymach-sandbox"
"""Of who tells what was dispensed; the key is the password."""
_NEEDED = ("loai_don_thuoc", "ma_don_thuoc", "ho_ten_benh_nhan", "ngay_gio_ke_don")
_LOOK = "/api/v1/thong-tin-don-thuoc/"


class PrescriptionSystem(StandIn):
    """Every facility and doctor has an account, all with one password."""

    def __init__(self, *, password: str = PASSWORD, token_seconds: int = 3600, file: Path | None = None) -> None:
        super().__init__(token_seconds=token_seconds, file=file)
        self._password = password

    def answer(self, request: Request, behaviour: Behaviour) -> Response:
        """Sign in a facility or a doctor, take a prescription, or show one."""
        match request.method, request.path:
            case "POST", "/api/auth/dang-nhap-co-so-kham-chua-benh":
                return self._sign_in(json_of(request), "ma_lien_thong_co_so_kham_chua_benh")
            case "POST", "/api/auth/dang-nhap-bac-si":
                return self._sign_in(json_of(request), "ma_lien_thong_bac_si")
            case "POST", "/api/v1/gui-don-thuoc" if self._is_doctor(request):
                return self._take(json_of(request), behaviour)
            case "GET", path if path.startswith(_LOOK) and self._is_doctor(request):
                held = self.ledger.kept(path.removeprefix(_LOOK).lower())
                return Response(200, held.encode()) if held else as_json({"error": "Không có đơn này"}, 404)
            case "POST", "/api/v1/cap-nhat-don-thuoc":
                return self._sold(request, behaviour)
            case "POST", "/api/v1/gui-don-thuoc":
                return as_json({"error": "Chưa đăng nhập"}, 401)
        return as_json({"error": "Không có dịch vụ này"}, 404)

    def _sign_in(self, said: dict[str, object], name: str) -> Response:
        account, password = str(said.get(name, "")), str(said.get("password", ""))
        if not account or not hmac.compare_digest(password.encode(), self._password.encode()):
            return as_json({"error": "Sai mã liên thông hoặc mật khẩu"}, 401)
        return as_json({"token": self.signed_in(f"{name}:{account}"), "token_type": "bearer"})

    def _is_doctor(self, request: Request) -> bool:
        return self.account_of(bearer(request)).startswith("ma_lien_thong_bac_si:")

    def _take(self, body: dict[str, object], behaviour: Behaviour) -> Response:
        wrong = [name for name in _NEEDED if not body.get(name)]
        code = str(body.get("ma_don_thuoc", "")).lower()
        if wrong or not is_code(code) or not body.get("thong_tin_don_thuoc"):
            return _refused(f"Thiếu hoặc sai {', '.join(wrong) or 'ma_don_thuoc, thong_tin_don_thuoc'}")
        if behaviour.refuse:
            return _refused("Đơn thuốc chưa đúng cấu trúc")
        content = hashlib.sha256(json.dumps(body, sort_keys=True).encode()).hexdigest()
        digest, at = hashlib.sha256(code.encode()).hexdigest(), datetime.now(VIETNAM)
        entry, is_known = self.ledger.take(code[:5], digest, content, at=at, recognise=not behaviour.amnesia)
        if is_known:
            return self.after(behaviour, _refused("Mã đơn thuốc đã tồn tại"))
        self.ledger.keep(code, json.dumps(body, ensure_ascii=False))
        answer = as_json({"success": "Gửi đơn thuốc thành công", "checksum": content, "ma": entry.reference})
        return self.after(behaviour, answer)

    def _sold(self, request: Request, behaviour: Behaviour) -> Response:
        """Take in what was dispensed (Decision 228/QĐ-QLD 2023): never more than prescribed, one sale once."""
        given = (request.headers.get("app-name", ""), request.headers.get("app-key", ""))
        if not all(map(hmac.compare_digest, given, (APP_NAME, self._password))):
            return as_json({"error": "Sai tên hoặc khóa ứng dụng"}, 401)
        body = json_of(request)
        code, sale = str(body.get("ma_don_thuoc", "")).lower(), str(body.get("ma_hoa_don", ""))
        if not self.ledger.kept(code):
            return as_json({"error": "Không có đơn này"}, 404)
        if behaviour.refuse or not sale:
            return _refused("Lần bán chưa đúng cấu trúc")
        if self.ledger.kept(f"{code} {sale}"):
            return self.after(behaviour, _refused("Lần bán đã tồn tại"))
        return self._add(code, sale, body, behaviour)

    def _add(self, code: str, sale: str, body: dict[str, object], behaviour: Behaviour) -> Response:
        prescribed = _sums(json.loads(self.ledger.kept(code)), "so_luong")
        before = json.loads(self.ledger.kept(f"{code} sold") or "{}")
        sold = _sums(body, "so_luong_ban")
        sold = {name: value + Decimal(before.get(name, 0)) for name, value in sold.items()} | {
            name: Decimal(value) for name, value in before.items() if name not in sold
        }
        if any(value > prescribed.get(name, 0) for name, value in sold.items()):
            return _refused("Bán quá số lượng đã kê")
        self.ledger.keep(f"{code} sold", json.dumps({name: str(value) for name, value in sold.items()}))
        self.ledger.keep(f"{code} {sale}", json.dumps(body, ensure_ascii=False))
        return self.after(behaviour, as_json({"success": "Cập nhật đơn thuốc thành công"}))


def _sums(body: dict[str, Any], name: str) -> dict[str, Decimal]:
    """The quantities of a body by medicine."""
    found: dict[str, Decimal] = {}
    for line in body["thong_tin_don_thuoc"]:
        medicine = line.get("ma_thuoc_da_ke_don") or line["ma_thuoc"] or line["biet_duoc"]
        found[medicine] = found.get(medicine, Decimal(0)) + Decimal(line[name] or 0)
    return found


def _refused(why: str) -> Response:
    return as_json({"danh_sach_cac_loi": [{"thong_bao": why}]}, 422)
