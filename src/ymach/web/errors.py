"""Errors as pages: the code, the sentence, what to do next. Three renderers exist; this is the one for readers."""

from __future__ import annotations

import math
import sys
from datetime import timedelta
from urllib.parse import urlencode

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.template.loader import get_template
from django.urls import reverse
from django.views import defaults

from ymach.accounts.permissions import Permission
from ymach.base.clock import now
from ymach.base.errors import NotAllowed, NotSignedIn, TooMany, Unavailable, YmachError
from ymach.base.text import Text
from ymach.web.formatting import clock
from ymach.web.words import PERMISSION_WORDS

TITLES = {
    401: Text("Cần đăng nhập", "Sign in first"),
    403: Text("Tài khoản này chưa mở được trang", "This account may not open the page"),
    404: Text("Không tìm thấy", "Not found"),
    405: Text("Địa chỉ này không mở riêng được", "This address does not open by itself"),
    409: Text("Có người vừa sửa cùng lúc", "Somebody changed it at the same time"),
    413: Text("Gửi lên quá lớn", "Too large to send"),
    422: Text("Có chỗ chưa đúng", "Something is not right"),
    429: Text("Đợi một chút", "Wait a moment"),
    503: Text("Đang tạm nghỉ", "Away for a moment"),
}
TO_DO = {
    403: Text(
        "Gửi mã bên dưới cho quản trị của đơn vị. Việc đang làm dở ở trang trước vẫn còn.",
        "Send the code below to your unit's administrator. What you were doing on the page before is still there.",
    ),
    404: Text(
        "Xem lại địa chỉ, hoặc trở lại danh sách rồi tìm lần nữa.",
        "Check the address, or go back to the list and search again.",
    ),
    409: Text(
        "Mở lại trang, xem thay đổi rồi làm lần nữa.", "Open the page again, look at the change, then do it once more."
    ),
    413: Text("Quay lại, chọn tệp nhỏ hơn rồi gửi lần nữa.", "Go back, choose a smaller file, then send again."),
    422: Text("Quay lại, sửa chỗ được nêu rồi gửi lần nữa.", "Go back, mend what is named, then send again."),
    429: Text("Mở lại trang này từ {when}.", "Open this page again from {when} on."),
    503: Text(
        "Mở lại trang này sau ít phút. Hồ sơ đã có biên nhận vẫn an toàn.", "Open this page again in a few minutes."
    ),
}
TO_SEND_AGAIN = Text(
    "Quay lại trang trước và gửi lại từ {when}.", "Go back to the page before, and send again from {when} on."
)
NO_MORE = Text("Đã quá giới hạn", "Over the limit")
ANY_TITLE = Text("Chưa làm được", "It could not be done")
ANY_TO_DO = Text("Quay lại trang trước và thử lần nữa.", "Go back to the page before and try again.")


class OnlySent(YmachError):
    """An address to which a form is sent was opened as a page, e.g. again after signing in anew."""

    code = "YM-PAGE-METHOD"
    status = 405
    sentence = Text(
        "Địa chỉ này chỉ nhận biểu mẫu gửi từ trang trước.",
        "This address only takes a form from the page before.",
    )


class FormTooLarge(YmachError):
    """A form with more than one request may carry; nothing of it was read."""

    code = "YM-PAGE-TOO-LARGE"
    status = 413
    sentence = Text(
        "Biểu mẫu hoặc tệp gửi lên lớn hơn {most} MB. Chưa có gì được ghi.",
        "The form or its file is larger than {most} MB. Nothing was recorded.",
    )


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """The page for what the server cannot read: too large says so, anything else is Django's page of a bad request."""
    if isinstance(exception, RequestDataTooBig):
        return page_of(request, FormTooLarge(most=settings.ENVIRONMENT.max_body_mb))
    return defaults.bad_request(request, exception)


def fault(request: HttpRequest) -> HttpResponse:
    """The page for what nobody expected; a database that is away is told as such, on a page that needs none."""
    if not isinstance(sys.exception(), OperationalError | InterfaceError):
        return defaults.server_error(request)
    answer = HttpResponse(get_template("503.html").render(), status=503)
    answer["Retry-After"] = "30"
    return answer


def page_of(request: HttpRequest, error: YmachError) -> HttpResponse:
    """The answer to a reader for `error`. A reader who has not signed in is led to the sign-in page and back."""
    if isinstance(error, NotSignedIn) and request.headers.get("HX-Request"):
        # A part that refreshes itself: the whole page is asked for again, and leads to the sign-in page.
        return HttpResponse(status=204, headers={"HX-Refresh": "true"})
    if isinstance(error, NotSignedIn) and request.method in {"GET", "HEAD"}:
        return HttpResponseRedirect(f"{reverse('sign-in')}?{urlencode({'next': request.get_full_path()})}")
    wait = error.values.get("retry_after")
    seconds = math.ceil(wait) if isinstance(wait, int | float) else 0
    is_reading = request.method in {"GET", "HEAD"}
    context = {
        "error": error,
        "title": TITLES.get(error.status, ANY_TITLE) if seconds or error.status != TooMany.status else NO_MORE,
        "sentence": _sentence(error),
        "to_do": _to_do(error.status, seconds, is_reading=is_reading),
        "waits": error.status in {TooMany.status, Unavailable.status},
        "again": request.get_full_path() if is_reading and (seconds or error.status == Unavailable.status) else "",
        "back": "" if is_reading else _page_before(request),
    }
    response = render(request, "pages/error.html", context, status=error.status)
    if seconds:
        response["Retry-After"] = str(seconds)
    return response


def _to_do(status: int, seconds: int, *, is_reading: bool) -> Text | str:
    """What to do next; nothing more where the sentence has said all: over a limit that waiting does not lift."""
    if status != TooMany.status:
        return TO_DO.get(status, ANY_TO_DO)
    if not seconds:
        return ""
    when = clock(now() + timedelta(seconds=seconds), seconds=True)
    return (TO_DO[status] if is_reading else TO_SEND_AGAIN).format(when=when)


def _page_before(request: HttpRequest) -> str:
    """The page from which a form was sent, if it is one of ours."""
    before = request.headers.get("Referer", "")
    return before if before.startswith(f"{request.scheme}://{request.get_host()}/") else ""


def _sentence(error: YmachError) -> Text:
    if not isinstance(error, NotAllowed):
        return error.text
    word = str(error.values.get("permission"))
    named = PERMISSION_WORDS.get(Permission(word)) if word in set(Permission) else None
    if named is None:
        return error.text
    return Text(error.sentence.vi.format(permission=named.vi), error.sentence.en.format(permission=named.en))
