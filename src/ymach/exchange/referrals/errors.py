"""Refusals of what is done with a referral."""

from __future__ import annotations

from ymach.base.errors import Conflict, Invalid, NotAllowed, NotFound
from ymach.base.text import Text


class ReferralNotFound(NotFound):
    code = "YM-REF-NOT-FOUND"
    sentence = Text(
        "Không có giấy chuyển này, hoặc có nhưng không gửi tới cơ sở của bạn.",
        "There is no such referral, or it is not addressed to your facility.",
    )


class NotYourStep(NotAllowed):
    code = "YM-REF-NOT-YOUR-STEP"
    sentence = Text(
        "Bước này là của cơ sở nhận; cơ sở gửi chỉ rút giấy bằng cách gửi bản sửa hoặc hủy hồ sơ.",
        "This step belongs to the receiver; the sender withdraws by a corrected version or by cancelling the dossier.",
    )


class NotInThisState(Conflict):
    code = "YM-REF-STATE"
    sentence = Text(
        "Giấy chuyển đã ở bước khác ({state_vi}). Mở lại để xem bước hiện tại.",
        "The referral is at another step by now ({state_en}). Open it again to see where it is.",
    )


class ReasonMissing(Invalid):
    code = "YM-REF-REASON-MISSING"
    sentence = Text(
        "Ghi lý do không nhận, để cơ sở gửi biết mà lo cho người bệnh.",
        "Say why, so that the sender can take care of the patient.",
    )


class AnswerMissing(Invalid):
    code = "YM-REF-ANSWER-MISSING"
    sentence = Text(
        "Ghi phản hồi cho cơ sở gửi: chẩn đoán, đã làm gì, cần theo dõi gì.",
        "Write the answer for the sender: diagnosis, what was done, what to watch.",
    )


class SuggestionUnknown(Invalid):
    code = "YM-REF-SUGGESTION-UNKNOWN"
    sentence = Text(
        "Không có cơ sở khám chữa bệnh đang hoạt động nào mang mã “{code}”. Tra lại mã, hoặc để trống.",
        "No working facility that treats people holds the code “{code}”. Look it up again, or leave it empty.",
    )


class TooLong(Invalid):
    code = "YM-REF-TOO-LONG"
    sentence = Text("Nội dung dài quá {limit} ký tự.", "The text is longer than {limit} characters.")


class NothingToRead(NotFound):
    code = "YM-REF-NOTHING-TO-READ"
    sentence = Text(
        "Hồ sơ của giấy chuyển này không mở cho bạn đọc lúc này.",
        "The records of this referral are not open to you at this moment.",
    )


class ActUnknown(Invalid):
    code = "YM-REF-ACT-UNKNOWN"
    status = 400
    sentence = Text("Không có bước này trên giấy chuyển.", "A referral has no such step.")
