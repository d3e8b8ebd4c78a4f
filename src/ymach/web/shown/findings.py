"""Findings in words: the names of their areas, and their sentences with the places named."""

from __future__ import annotations

import re

from ymach.base.text import Text

AREAS = {
    "AGR": Text("Các bảng khớp nhau", "Agreement of tables"),
    "AUT": Text("Đăng nhập của phần mềm", "Sign-in of software"),
    "COD": Text("Mã danh mục", "Codes"),
    "CRL": Text("Danh sách thu hồi", "Revocation lists"),
    "CRT": Text("Chứng thư số", "Certificates"),
    "ENV": Text("Phong bì", "Envelope"),
    "FHIR": Text("Hồ sơ theo chuẩn FHIR", "FHIR bundles"),
    "FMT": Text("Định dạng", "Format"),
    "IDN": Text("Danh tính người bệnh", "Identity of the patient"),
    "LANE": Text("Làn gửi", "Lanes"),
    "PRESCRIPTION": Text("Đơn thuốc", "Prescriptions"),
    "RCP": Text("Biên nhận", "Receipts"),
    "RCV": Text("Tiếp nhận", "Receiving"),
    "REF": Text("Giấy chuyển cơ sở", "Referrals"),
    "SIG": Text("Chữ ký", "Signatures"),
    "SND": Text("Cơ sở gửi", "Sender"),
    "STA": Text("Tư cách hành nghề", "Standing"),
    "SUM": Text("Tiền và số lượng", "Sums"),
    "TIM": Text("Thời gian", "Times"),
    "VER": Text("Bản gửi lại", "Versions"),
    "XML": Text("Tệp XML", "XML file"),
}
PLACES = {
    "act_vi": "việc đã làm",
    "before": "lúc trước",
    "catalogue": "tên danh mục",
    "code": "mã hồ sơ",
    "condition": "điều kiện",
    "count": "số lượng",
    "current": "số mới",
    "day": "ngày",
    "decision": "số quyết định",
    "earlier": "mốc trước",
    "expected": "giá trị đúng",
    "facility": "mã cơ sở",
    "field": "tên trường",
    "found": "số đếm được",
    "home": "cơ sở cử đi",
    "hour": "giờ",
    "length": "độ dài",
    "limit": "giới hạn",
    "months": "số tháng",
    "number": "số",
    "official": "tên đúng",
    "row": "số thứ tự",
    "schedule": "giờ đăng ký",
    "scopes": "phạm vi",
    "signed_in": "mã cơ sở đăng nhập",
    "since": "ngày",
    "table": "số bảng",
    "title": "chức danh",
    "value": "giá trị",
    "version": "số bản",
    "wanted": "loại cần có",
    "why": "lý do",
}
"""What stands in the places of Vietnamese sentences, in words of the reader; English ones are named in English already."""
_PLACE = re.compile(r"\{(\w+)\}")


def named(text: Text) -> Text:
    """A sentence whose places are told in words: “[giá trị]” for “{value}”."""
    vi = _PLACE.sub(lambda place: f"[{PLACES.get(place[1], '…')}]", text.vi)
    return Text(vi, _PLACE.sub(lambda place: f"[{place[1].replace('_', ' ')}]", text.en))
