"""What can be wrong with a request."""

from __future__ import annotations

from ymach.base.errors import Conflict, Invalid, NotFound, TooMany
from ymach.base.text import Text


class RequestNotFound(NotFound):
    code = "YM-REQUEST-NOT-FOUND"


class WordsMissing(Invalid):
    code = "YM-REQUEST-WORDS"
    sentence = Text("Viết từ {least} đến {most} chữ cái.", "Write {least} to {most} characters.")


class KindUnknown(Invalid):
    code = "YM-REQUEST-KIND"
    sentence = Text("Chọn một loại yêu cầu trong danh sách.", "Choose one of the kinds of request.")


class RecordMissing(Invalid):
    code = "YM-REQUEST-RECORD"
    sentence = Text("Chọn bản ghi cần sửa.", "Choose the record that is to be corrected.")


class ReaderMissing(Invalid):
    code = "YM-REQUEST-READER"
    sentence = Text(
        "Chọn nơi không được xem, hoặc chọn “Mọi nơi khác”.", "Choose who may not read, or choose “Everybody else”."
    )


class PurposeMissing(Invalid):
    code = "YM-REQUEST-PURPOSE"
    sentence = Text("Chọn ít nhất một mục đích bạn phản đối.", "Choose at least one purpose you object to.")


class GroundMissing(Invalid):
    code = "YM-REQUEST-GROUND"
    sentence = Text("Chọn lý do từ chối trong danh sách.", "Choose the ground of the refusal.")


class AskedAlready(Conflict):
    code = "YM-REQUEST-ASKED-ALREADY"
    sentence = Text(
        "Bạn đã gửi yêu cầu này và đang được giải quyết. Xem trong danh sách yêu cầu của bạn.",
        "You have sent this request, and it is being dealt with. See it in your list.",
    )


class TooManyOpen(TooMany):
    code = "YM-REQUEST-TOO-MANY"
    sentence = Text(
        "Bạn đang có {most} yêu cầu chưa xong. Chờ trả lời, hoặc rút bớt yêu cầu không cần nữa.",
        "You have {most} requests that are not finished. Wait for answers, or take back those you no longer need.",
    )


class StepNotOpen(Conflict):
    code = "YM-REQUEST-STEP"
    sentence = Text(
        "Yêu cầu này đã sang bước khác nên không làm được việc đó nữa. Xem trạng thái mới trên trang.",
        "The request has moved on, so this can no longer be done. See how it stands now.",
    )
