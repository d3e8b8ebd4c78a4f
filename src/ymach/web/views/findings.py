"""The catalogue of findings, for everybody who makes or mends what is sent."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import groupby

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from ymach.base.findings import FindingKind
from ymach.base.text import Text
from ymach.base.vietnamese import fold
from ymach.exchange.findings import catalogue
from ymach.web.access import public
from ymach.web.parts import Column
from ymach.web.sheets import Cell, Sheet, page_or_sheet
from ymach.web.sources import source_words

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
SEVERITIES = {
    "note": Text("nên xem", "note"),
    "warning": Text("cần sửa", "warning"),
    "error": Text("lỗi", "error"),
}
HEADS = [
    Text("Mã", "Code"),
    Text("Mức", "Severity"),
    Text("Điều tìm thấy", "What was found"),
    Text("Cách sửa", "What to do"),
    Text("Căn cứ", "Source"),
]
COLUMNS = [Column(Text("Mã", "Code")), Column(Text("Điều tìm thấy, và cách sửa", "What was found, and what to do"))]


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


@dataclass(frozen=True, slots=True)
class Line:
    """A kind of finding, its sentence and act with their places named, its severity and its source in words."""

    kind: FindingKind
    text: Text
    action: Text
    severity: Text
    source: Text


@dataclass(frozen=True, slots=True)
class Group:
    """The kinds of one area."""

    area: str
    title: Text
    lines: tuple[Line, ...]

    @property
    def id(self) -> str:
        return f"area-{self.area.lower()}"


@public
@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """Every kind of finding by area; `q` narrows by code or words."""
    q = request.GET.get("q", "").strip()[:100]
    kinds = [kind for kind in catalogue() if _fits(kind, fold(q))]
    groups = [
        Group(area, AREAS.get(area, Text(area, area)), tuple(map(_line, some))) for area, some in groupby(kinds, _area)
    ]
    context = {"groups": groups, "q": q, "count": len(kinds), "columns": COLUMNS}
    sheet = Sheet(HEADS, lambda: (_cells(line) for group in groups for line in group.lines))
    return page_or_sheet(request, "pages/findings.html", lambda: context, {"findings": sheet})


def _cells(line: Line) -> list[Cell]:
    return [line.kind.code, line.severity, line.text, line.action, line.source]


def _area(kind: FindingKind) -> str:
    return kind.code.split("-")[1]


def _fits(kind: FindingKind, words: str) -> bool:
    return not words or words in fold(f"{kind.code} {kind.text.vi} {kind.text.en} {kind.action.vi}")


def _line(kind: FindingKind) -> Line:
    severity = SEVERITIES[kind.severity.value]
    return Line(kind, named(kind.text), named(kind.action), severity, source_words(kind.source))


def named(text: Text) -> Text:
    """A sentence whose places are told in words: “{giá trị}” for “{value}”."""
    vi = _PLACE.sub(lambda place: f"{{{PLACES.get(place[1], '…')}}}", text.vi)
    return Text(vi, _PLACE.sub(lambda place: f"{{{place[1].replace('_', ' ')}}}", text.en))
