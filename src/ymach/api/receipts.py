"""Checking a receipt: whether it is ours and unchanged. Open to everybody, bounded for each address."""

from __future__ import annotations

from typing import Any

import orjson
from django.http import HttpRequest, HttpResponse
from ninja import Router

from ymach.api import exchange_schemas as schemas
from ymach.api.pace import check_public_pace
from ymach.exchange.receipts.checking import MOST_BYTES, ReceiptTooLong, check_receipt

router = Router(tags=["Biên nhận · Receipts"])


@router.post("/receipts:verify", openapi_extra=schemas.VERIFY_RECEIPT, summary="Is this receipt ours, and unchanged?")
def verify(request: HttpRequest) -> HttpResponse:
    """The compact JWS as the body, or as `receipt` of a JSON object. A changed one is refused with YM-RCP-BROKEN."""
    check_public_pace(request)
    announced = request.META.get("CONTENT_LENGTH") or "0"
    if announced.isdecimal() and int(announced) > MOST_BYTES:  # before a byte is read
        raise ReceiptTooLong(megabytes=MOST_BYTES // 1024**2)
    body = check_receipt(_token(request.body)).as_json()
    return HttpResponse(orjson.dumps(body), content_type="application/json")


def _token(content: bytes) -> str:
    if len(content) > MOST_BYTES:
        raise ReceiptTooLong(megabytes=MOST_BYTES // 1024**2)
    text = content.decode("utf-8", "replace").strip()
    if not text.startswith("{"):
        return text
    try:
        asked: Any = orjson.loads(text)
    except orjson.JSONDecodeError:
        return text
    return str(asked.get("receipt", ""))
