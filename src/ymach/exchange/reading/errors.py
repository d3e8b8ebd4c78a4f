"""Why nobody is found, nothing is shown, or an emergency is not opened: one code for each reason."""

from __future__ import annotations

from ymach.base.errors import Conflict, Invalid, NotAllowed, NotFound
from ymach.base.text import Text


class ReadingRefused(NotAllowed):
    """There is no basis; the sentence is the decision's own."""

    code = "YM-READ-REFUSED"
    sentence = Text("{why_vi}", "{why_en}")

    def __init__(self, *, reason: str, why: Text) -> None:
        super().__init__(reason=reason, why_vi=why.vi, why_en=why.en)
        self.reason = reason


class NobodyFound(NotFound):
    """Nobody is there, or somebody whom this reader may not know of: one sentence for both."""

    code = "YM-READ-NOBODY"
    sentence = Text(
        "Không tìm thấy ai mà bạn được xem. Kiểm tra lại số, hoặc họ tên kèm đủ ngày sinh.",
        "Nobody was found whom you may see. Check the number, or the name with the full date of birth.",
    )


class SeveralFound(Invalid):
    code = "YM-READ-SEVERAL"
    sentence = Text(
        "Có hơn một người bệnh trùng họ tên và ngày sinh. Quét thẻ hoặc nhập số định danh.",
        "More than one patient has this name and date of birth. Scan the card or enter a number.",
    )


class NothingAsked(Invalid):
    code = "YM-READ-NOTHING-ASKED"
    sentence = Text(
        "Quét thẻ hoặc nhập số; nếu không có, nhập họ tên và ngày sinh.",
        "Scan a card or enter a number; without one, the name and the date of birth.",
    )


class NumberUnreadable(Invalid):
    code = "YM-READ-NUMBER"
    sentence = Text(
        "Chưa đọc được mã này. Cần: mã QR thẻ căn cước, số định danh 12 số, số cũ 9 số, thẻ BHYT, vòng tay hoặc hộ chiếu.",
        "This code cannot be read. Use the QR of the citizen card, the personal number (12 digits), the old number (9), "
        "the insurance card, the wristband or the passport.",
    )


class BirthDateNeeded(Invalid):
    code = "YM-READ-BIRTH"
    sentence = Text(
        "Tìm theo tên cần đủ ngày, tháng, năm sinh, viết như 05/03/1958. Không dùng 00/00.",
        "A search by name needs day, month and year of birth, like 05/03/1958. Zeros do not do.",
    )


class NameNeeded(Invalid):
    code = "YM-READ-NAME"
    sentence = Text("Nhập đủ họ và tên như trên giấy tờ.", "Enter the full name as on the papers.")


class HandleOver(NotFound):
    """The address of a patient's page is for one account and for some hours."""

    code = "YM-READ-HANDLE"
    sentence = Text(
        "Đường dẫn tới người bệnh này đã hết hạn hoặc không phải của bạn. Tìm lại người bệnh.",
        "This address of a patient is over, or is not yours. Look the patient up again.",
    )


class RecordNotOpen(NotFound):
    """The dossier is gone, is another person's, or holds more than the basis opens."""

    code = "YM-READ-RECORD"
    sentence = Text(
        "Không mở được hồ sơ này: không có, hoặc căn cứ của bạn không cho đọc hết hồ sơ.",
        "This dossier cannot be opened: there is none, or your basis does not open all of it.",
    )


class ReasonMissing(Invalid):
    code = "YM-EMERGENCY-REASON"
    sentence = Text(
        "Ghi tình trạng lúc này bằng lời, ít nhất {least} chữ cái. Ví dụ: hôn mê, cần biết thuốc đang dùng.",
        "Say in words what is the matter, at least {least} letters. For example: comatose, medicines must be known.",
    )


class ReasonTooLong(Invalid):
    code = "YM-EMERGENCY-REASON-LONG"
    sentence = Text("Ghi ngắn hơn {most} chữ cái.", "Keep it under {most} letters.")


class KindMissing(Invalid):
    code = "YM-EMERGENCY-KIND"
    sentence = Text("Chọn loại tình huống cấp cứu.", "Choose the kind of emergency.")


class EmergencyUnknown(NotFound):
    code = "YM-EMERGENCY-UNKNOWN"
    sentence = Text(
        "Không có lần mở khẩn cấp này, hoặc bạn không xem được.", "No such emergency access, or not for you to see."
    )


class ReviewedAlready(Conflict):
    code = "YM-EMERGENCY-REVIEWED"
    sentence = Text("Lần mở này đã được {reviewer} xem lại.", "This access has already been reviewed by {reviewer}.")


class OwnReview(NotAllowed):
    code = "YM-EMERGENCY-OWN-REVIEW"
    sentence = Text(
        "Người mở không tự xem lại được. Nhờ một người khác.", "Who opened cannot review it. Ask somebody else."
    )


class VerdictMissing(Invalid):
    code = "YM-EMERGENCY-VERDICT"
    sentence = Text("Chọn: có lý do chính đáng, hoặc không.", "Choose: justified, or not justified.")


class NoteMissing(Invalid):
    code = "YM-EMERGENCY-NOTE"
    sentence = Text("Ghi vì sao bạn kết luận như vậy.", "Say why you come to this conclusion.")
