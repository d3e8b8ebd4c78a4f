"""The JSON renderer of the family of errors: RFC 9457 problem documents with both sentences."""

from __future__ import annotations

import logging

import orjson
from django.http import HttpRequest, HttpResponse

from ymach.base.clock import now
from ymach.base.errors import YmachError
from ymach.base.refusal import Refused
from ymach.base.text import Text
from ymach.exchange.receipts.payload import iso

PROBLEM = "application/problem+json"
log = logging.getLogger(__name__)


def problem_of(error: YmachError) -> dict[str, object]:
    """The problem document of an error."""
    finding = error.finding if isinstance(error, Refused) else None
    action = finding.action if finding else None
    text = error.text
    return {
        "type": f"/findings#{error.code}",
        "title": error.code,
        "status": error.status,
        "code": error.code,
        "detail": f"{text.vi} {action.vi}" if action else text.vi,
        "detail_en": f"{text.en} {action.en}" if action else text.en,
        "field": error.field,
        "findings": [finding.as_json()] if finding else [],
        "receipt": None,
        "server_time": iso(now()),
    }


def render(request: HttpRequest, error: YmachError) -> HttpResponse:
    """The HTTP answer of an error; `Retry-After` where trying again makes sense."""
    response = HttpResponse(orjson.dumps(problem_of(error)), status=error.status, content_type=PROBLEM)
    if not error.permanent:
        response["Retry-After"] = str(error.values.get("retry_after", 5))
    if error.status == 401:
        response["WWW-Authenticate"] = 'Bearer realm="ymach"'
    return response


def render_unexpected(request: HttpRequest, error: Exception) -> HttpResponse:
    """The answer to a fault of our own: logged with its trace, told without it."""
    log.exception("unexpected error in %s %s", request.method, request.resolver_match)
    return render(request, OurFaultError())


class OurFaultError(YmachError):
    """A fault of our own."""

    code = "YM-FAULT"
    status = 500
    permanent = False
    sentence = Text(
        "Hệ thống gặp lỗi của chính mình. Chưa có gì được ghi nhận; gửi lại sau ít phút.",
        "The system met a fault of its own. Nothing was recorded; send it again in a few minutes.",
    )
