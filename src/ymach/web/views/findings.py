"""The catalogue of findings, for everybody who makes or mends what is sent."""

from __future__ import annotations

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
from ymach.web.shown.findings import AREAS, named
from ymach.web.sources import source_words

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
