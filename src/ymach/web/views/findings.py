"""The catalogue of findings, for everybody who makes or mends what is sent."""

from __future__ import annotations

from itertools import groupby

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from ymach.base.findings import FindingKind
from ymach.base.text import Text
from ymach.base.vietnamese import fold
from ymach.exchange.findings import catalogue
from ymach.web.access import public
from ymach.web.parts import Trouble
from ymach.web.shown import TONES

AREAS = {
    "FMT": Text("Định dạng", "Format"),
    "XML": Text("Tệp XML", "XML file"),
    "ENV": Text("Phong bì", "Envelope"),
    "SIG": Text("Chữ ký", "Signature"),
    "CERT": Text("Chứng thư số", "Certificate"),
    "TIME": Text("Thời gian", "Times"),
    "CODE": Text("Mã danh mục", "Codes"),
    "SUM": Text("Tiền và số lượng", "Sums"),
}


@public
@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """Every kind of finding by area; `q` narrows by code or words."""
    q = request.GET.get("q", "").strip()[:100]
    kinds = [kind for kind in catalogue() if _fits(kind, fold(q))]
    groups = [(AREAS.get(area, Text(area, area)), [_shown(k) for k in some]) for area, some in groupby(kinds, _area)]
    return render(request, "pages/findings.html", {"groups": groups, "q": q, "count": len(kinds)})


def _area(kind: FindingKind) -> str:
    return kind.code.split("-")[1]


def _fits(kind: FindingKind, words: str) -> bool:
    return not words or words in fold(f"{kind.code} {kind.text.vi} {kind.text.en} {kind.action.vi}")


def _shown(kind: FindingKind) -> Trouble:
    return Trouble(TONES[kind.severity.value], kind.code, kind.text, kind.action, kind.source)
