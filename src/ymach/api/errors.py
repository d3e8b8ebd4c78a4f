"""The JSON renderer of the family of errors: RFC 9457 problem documents with both sentences."""

from __future__ import annotations

import logging

import orjson
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from ninja.errors import ValidationError

from ymach.base.clock import iso, now
from ymach.base.errors import Invalid, Unavailable, YmachError
from ymach.base.refusal import Refused
from ymach.base.text import Text

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
    """The answer to a fault of our own: logged with its trace, told without it. A database that is away is told as such."""
    return render(request, unexpected(request, error))


def unexpected(request: HttpRequest, error: Exception) -> YmachError:
    """What is told of a fault of our own; logs it."""
    if isinstance(error, OperationalError | InterfaceError):
        log.warning("the database is away: %s", type(error).__name__)
        return Unavailable()
    match = request.resolver_match
    log.error("unexpected error in %s %s", request.method, match.route if match else "unknown", exc_info=error)
    return OurFaultError()


def render_parameter(request: HttpRequest, error: ValidationError) -> HttpResponse:
    """The answer to a parameter in the wrong form. The library's own message is left out: it repeats what was sent."""
    name = str(error.errors[0]["loc"][-1]) if error.errors else "—"
    return render(request, ParameterWrong(field=name, name=name))


def render_body(request: HttpRequest, error: Exception) -> HttpResponse:
    """The answer to a form that Django cannot or will not read: broken, too large, of too many fields."""
    return render(request, BodyUnreadable())


class ParameterWrong(Invalid):
    """A parameter of the address, or a field of the body, is not in its form."""

    code = "YM-REQ-PARAMETER"
    sentence = Text(
        "“{name}” trong địa chỉ hoặc thân yêu cầu không đúng dạng. Xem cách viết tại /api/v1/openapi.json.",
        "“{name}” in the address or the body is not in the right form. See /api/v1/openapi.json.",
    )


class BodyUnreadable(Invalid):
    """The body cannot be read as the form it claims to be."""

    code = "YM-REQ-BODY"
    status = 400
    sentence = Text(
        "Thân yêu cầu không đọc được theo kiểu nội dung đã khai. Kiểm tra Content-Type rồi gửi lại.",
        "The body cannot be read as the content type it claims. Check Content-Type and send it again.",
    )


class MethodRefused(Invalid):
    """The address is known, the method is not taken there."""

    code = "YM-REQ-METHOD"
    status = 405
    sentence = Text(
        "Địa chỉ này không nhận phương thức {method}.",
        "This address does not take the method {method}.",
    )


class OurFaultError(YmachError):
    """A fault of our own."""

    code = "YM-FAULT"
    status = 500
    permanent = False
    sentence = Text(
        "Hệ thống gặp lỗi của chính mình. Chưa có gì được ghi nhận; gửi lại sau ít phút.",
        "The system met a fault of its own. Nothing was recorded; send it again in a few minutes.",
    )
