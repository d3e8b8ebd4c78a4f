"""One family of errors with stable codes. Three renderers turn them into a page, a JSON problem or a terminal line.

    YmachError
    ├── NotFound            404  nothing there, or nothing the actor may see
    ├── NotAllowed          403  seen, but the permission word is missing
    ├── NotSignedIn         401
    ├── Invalid             422  the request was understood and is wrong; may name a field
    ├── Conflict            409  somebody else changed it, or it exists already
    ├── TooMany             429  try later; carries `retry_after`
    ├── Unavailable         503  a part we need is away; try later
    └── Misconfigured       500  a setting is wrong; says which and what to do

Packages subclass the nearest one, give it a `code` (`YM-…`, never reused) and both sentences.
Log lines and user sentences are written apart: `str(error)` is the code, for logs; `error.text` is for people.
"""

from __future__ import annotations

from typing import ClassVar

from ymach.base.clock import print_wait
from ymach.base.text import Text


class YmachError(Exception):
    """Something a person or a program must be told, with a stable code.

    `status` is the HTTP status; `permanent` False means the same request may succeed later;
    `field` names the input the error belongs to, if it is one.
    """

    code: ClassVar[str] = "YM-ERROR"
    status: ClassVar[int] = 400
    permanent: ClassVar[bool] = True
    sentence: ClassVar[Text] = Text("Yêu cầu không thực hiện được.", "The request could not be carried out.")

    def __init__(self, *, field: str | None = None, **values: object) -> None:
        self.field = field
        self.values = values
        super().__init__(self.code)

    @property
    def text(self) -> Text:
        """Both sentences, filled in. Never holds a personal number: callers mask what they pass."""
        return self.sentence.format(**self.values)


class NotFound(YmachError):
    code = "YM-NOT-FOUND"
    status = 404
    sentence = Text(
        "Không tìm thấy, hoặc có nhưng không hiện ra với bạn.",
        "Not found, or not visible to you.",
    )


class NotAllowed(YmachError):
    code = "YM-NOT-ALLOWED"
    status = 403
    sentence = Text(
        "Tài khoản này chưa được giao việc “{permission}”. Nhờ quản trị của đơn vị giao quyền.",
        "This account may not “{permission}”. Ask your unit's administrator for it.",
    )


class NotSignedIn(YmachError):
    code = "YM-NOT-SIGNED-IN"
    status = 401
    sentence = Text("Cần đăng nhập trước.", "Sign in first.")


class Invalid(YmachError):
    code = "YM-INVALID"
    status = 422
    sentence = Text("Dữ liệu gửi lên chưa đúng: {why}.", "The data sent is not right: {why}.")


class Conflict(YmachError):
    code = "YM-CONFLICT"
    status = 409
    sentence = Text(
        "Có người vừa sửa cùng dữ liệu này. Mở lại, xem thay đổi rồi lưu lần nữa.",
        "Somebody has just changed the same data. Reload, look at the change, and save again.",
    )


class TooMany(YmachError):
    """retry_after: seconds; the sentence says them as {wait}. Left out: waiting alone does not help."""

    code = "YM-TOO-MANY"
    status = 429
    permanent = False
    sentence = Text(
        "Quá nhiều yêu cầu trong một lúc. Thử lại sau {wait}; chưa có gì bị mất.",
        "Too many requests in a short time. Try again in {wait}; nothing is lost.",
    )

    @property
    def text(self) -> Text:
        seconds = self.values.get("retry_after")
        wait = print_wait(seconds) if isinstance(seconds, int | float) else None
        return self.sentence.format(**self.values, wait=wait)


class Unavailable(YmachError):
    code = "YM-UNAVAILABLE"
    status = 503
    permanent = False
    sentence = Text(
        "Một phần của hệ thống đang tạm nghỉ. Thử lại sau ít phút.",
        "A part of the system is away. Try again in a few minutes.",
    )


class Misconfigured(YmachError):
    code = "YM-MISCONFIGURED"
    status = 500
    sentence = Text("Cấu hình sai: {why}", "Wrong configuration: {why}")
