"""Refusals of what is done with an appointment."""

from __future__ import annotations

from ymach.base.errors import Conflict, Invalid, NotFound
from ymach.base.text import Text


class AppointmentNotFound(NotFound):
    code = "YM-APT-NOT-FOUND"
    sentence = Text("Không có lịch hẹn này ở cơ sở của bạn.", "Your facility has no such appointment.")


class AppointmentOver(Conflict):
    code = "YM-APT-OVER"
    sentence = Text(
        "Lịch hẹn này đã xong hoặc đã hủy. Mở lại để xem.", "This appointment is over or cancelled. Open it again."
    )


class DayMissing(Invalid):
    code = "YM-APT-DAY-MISSING"
    sentence = Text("Chọn ngày hẹn mới, từ hôm nay trở đi.", "Choose the new day, today or later.")


class ReasonMissing(Invalid):
    code = "YM-APT-REASON-MISSING"
    sentence = Text("Ghi lý do, để người bệnh và đồng nghiệp hiểu.", "Say why, for the patient and colleagues.")


class TooLong(Invalid):
    code = "YM-APT-TOO-LONG"
    sentence = Text("Nội dung dài quá {limit} ký tự.", "The text is longer than {limit} characters.")


class ActUnknown(Invalid):
    code = "YM-APT-ACT-UNKNOWN"
    status = 400
    sentence = Text("Không có việc này trên lịch hẹn.", "There is no such act on an appointment.")
