"""What is wrong with what was written about an incident."""

from __future__ import annotations

from ymach.base.errors import Conflict, Invalid
from ymach.base.text import Text


class TextMissing(Invalid):
    code = "YM-INCIDENT-EMPTY"
    sentence = Text("Ô này không được để trống.", "This must not be left empty.")


class TimeWrong(Invalid):
    code = "YM-INCIDENT-TIME"
    sentence = Text(
        "Giờ viết như 08:30 20/11/2026, không sau lúc này và không trước lúc bắt đầu.",
        "Write the time like 08:30 20/11/2026; not after the present, and not before the beginning.",
    )


class KindUnknown(Invalid):
    code = "YM-INCIDENT-KIND"
    sentence = Text("Chọn một loại trong danh sách.", "Choose one of the list.")


class AccountUnknown(Invalid):
    code = "YM-INCIDENT-ACCOUNT"
    sentence = Text(
        "Không có tài khoản này. Viết tên đăng nhập, hoặc mã cơ sở cho phần mềm của cơ sở.",
        "No such account. Write a sign-in name, or a facility's code for its software.",
    )


class NotToldYet(Conflict):
    code = "YM-INCIDENT-NOT-TOLD"
    sentence = Text(
        "Chưa ghi đã báo cơ quan bảo vệ dữ liệu; ghi việc báo, hoặc lý do không phải báo, rồi mới đóng.",
        "The notice to the authority is not written down; write it, or why none is due, before closing.",
    )


class AlreadyClosed(Conflict):
    code = "YM-INCIDENT-CLOSED"
    sentence = Text("Sự cố đã đóng; không ghi thêm được.", "The incident is closed; nothing more can be written.")
