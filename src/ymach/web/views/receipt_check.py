"""Checking a receipt that somebody shows: open to everybody."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from ymach.base.clock import now
from ymach.base.errors import YmachError
from ymach.base.text import Text
from ymach.consent.receipts import check_receipt as check_consent
from ymach.consent.receipts import is_consent
from ymach.consent.words import PURPOSE_WORDS
from ymach.exchange.platform import platform_key
from ymach.exchange.receipts.checking import MOST_BYTES, Checked, ReceiptTooLong, check_receipt
from ymach.publication.asking import check_pace
from ymach.trust.errors import ReceiptRefused
from ymach.trust.platform import jwks
from ymach.web import formatting
from ymach.web.access import public
from ymach.web.asked import read_moment
from ymach.web.parts import Fact
from ymach.web.reached import reader_address
from ymach.web.states import STATES


@public
@require_http_methods(["GET", "HEAD", "POST"])
def index(request: HttpRequest) -> HttpResponse:
    """The form, and what the receipt says when its signature holds; else why it does not count."""
    if request.method != "POST":
        return render(request, "pages/receipt_check.html", {})
    check_pace(reader_address(request), allowed=settings.ENVIRONMENT.public_per_minute, at=now())
    try:
        given = _given(request)
        if is_consent(given):
            return render(request, "pages/receipt_check.html", {**_consent(given), "typed": given[:4000]})
        checked = check_receipt(given)
    except (ReceiptRefused, ReceiptTooLong) as refused:
        context: dict[str, Any] = {"typed": request.POST.get("receipt", ""), **_refusal(refused)}
        return render(request, "pages/receipt_check.html", context, status=refused.status)
    return render(request, "pages/receipt_check.html", {"checked": checked, **_shown(checked), "typed": given[:4000]})


def _given(request: HttpRequest) -> str:
    file = request.FILES.get("file")
    if file is None:
        return request.POST.get("receipt", "")
    if (file.size or 0) > MOST_BYTES:
        raise ReceiptTooLong(megabytes=MOST_BYTES // 1024**2)
    content: bytes = file.read()
    return content.decode("ascii", "replace")


def _consent(given: str) -> dict[str, object]:
    """What the receipt of a consent says, to whoever holds it: of whom it is, it does not say."""
    claims, row = check_consent(given, jwks(platform_key()))
    until = read_moment(str(claims["until"]))
    facts = [
        Fact(Text("Biên nhận của", "Receipt of"), Text("một lần đồng ý chia sẻ hồ sơ sức khỏe", "a consent to share")),
        Fact(Text("Mục đích", "Purpose"), PURPOSE_WORDS.get(str(claims["purpose"]), Text("—", "—"))),
        Fact(Text("Lúc", "Given"), formatting.moment(read_moment(str(claims["given_at"])), seconds=True)),
        Fact(Text("Thời hạn", "Until"), formatting.moment(until) if until else Text("tới khi rút lại", "withdrawn")),
        Fact(Text("Mã băm SHA-256 của nội dung", "SHA-256 of the terms"), str(claims["digest"]["value"]), is_code=True),
    ]
    return {"facts": facts, "checked": {"is_kept": row is not None}}


def _refusal(refused: YmachError) -> dict[str, object]:
    return {"refusal": refused.text, "code": refused.code}


def _shown(checked: Checked) -> dict[str, object]:
    said = checked.as_json()
    digest = said["digest"] or {}
    facts = [
        Fact(Text("Mã biên nhận", "Receipt number"), str(said["submission"]), is_code=True),
        Fact(Text("Cơ sở gửi", "Sent by"), str(said["facility"])),
        Fact(Text("Nhận lúc", "Received"), formatting.moment(read_moment(str(said["received_at"])), seconds=True)),
        Fact(Text("Mã băm SHA-256 của tệp", "SHA-256 of the file"), str(digest.get("value", "")), is_code=True),
    ]
    outcome = said["outcome"] if said["outcome"] in STATES else ""
    return {"facts": facts, "outcome": outcome}
