"""Refusals of conformance runs."""

from __future__ import annotations

from ymach.base.errors import Conflict, Invalid, NotFound, TooMany
from ymach.base.text import Text


class RunNotFound(NotFound):
    code = "YM-CONF-RUN-NOT-FOUND"
    sentence = Text("Không có lượt kiểm thử này.", "There is no such conformance run.")


class RunOver(Conflict):
    """Finished or expired: nothing more is noted in it."""

    code = "YM-CONF-RUN-OVER"
    sentence = Text(
        "Lượt kiểm thử này đã kết thúc hoặc hết hạn. Mở lượt mới rồi gửi lại.",
        "This conformance run has ended or expired. Open a new one and send again.",
    )


class CaseUnknown(Invalid):
    code = "YM-CONF-CASE-UNKNOWN"
    sentence = Text(
        "Lượt kiểm thử không có trường hợp “{case}”. Ghi đúng tên trong cases.jsonl vào Ymach-Conformance-Case.",
        "The run has no case “{case}”. Put the name from cases.jsonl into Ymach-Conformance-Case.",
    )


class NotADryRun(Invalid):
    code = "YM-CONF-NOT-A-DRY-RUN"
    sentence = Text(
        "Trong lượt kiểm thử chỉ gửi thử: thêm ?dry_run=1. Hồ sơ này chưa được nhận.",
        "A conformance run takes dry runs only: add ?dry_run=1. This dossier was not taken.",
    )


class NobodyHere(Conflict):
    """The registry has nobody at the facility who could have written the kit's dossiers."""

    code = "YM-CONF-NOBODY"
    sentence = Text(
        "Cơ sở chưa có người kê đơn đang đăng ký hành nghề nên chưa lập được hồ sơ mẫu. Đăng ký người hành nghề trước.",
        "Nobody who prescribes is registered at the facility, so no dossier can be made for it. Register somebody first.",
    )


class TooManyRuns(TooMany):
    code = "YM-CONF-TOO-MANY"
    sentence = Text(
        "Cơ sở vừa mở một lượt kiểm thử. Mở lượt mới sau {wait}.",
        "The facility has just opened a conformance run. Open another in {wait}.",
    )


class ReportRefused(Invalid):
    """What was given is no report of this platform."""

    code = "YM-CONF-REPORT"
    sentence = Text(
        "Đây không phải báo cáo kiểm thử do hệ thống này ký, hoặc nội dung đã bị sửa.",
        "This is no conformance report signed by this platform, or it was changed.",
    )
