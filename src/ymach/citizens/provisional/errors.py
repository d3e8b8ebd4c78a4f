"""What the desk may be told."""

from __future__ import annotations

from collections.abc import Mapping

from ymach.base.errors import Conflict, Invalid, NotFound
from ymach.base.text import Text


class NotACode(Invalid):
    code = "YM-BAND-NOT-A-CODE"
    sentence = Text(
        "Đây không phải mã vòng tay. Mã vòng tay bắt đầu bằng VT, gồm 11 chữ và số.",
        "This is no wristband code. A wristband code begins with VT and has 11 letters and digits.",
    )


class CodeMistyped(Invalid):
    code = "YM-BAND-MISTYPED"
    sentence = Text(
        "Mã vòng tay sai một ký tự. So lại với vòng tay, hoặc quét.",
        "A character of the wristband code is wrong. Compare it with the wristband, or scan it.",
    )


class CodeUnknown(NotFound):
    code = "YM-BAND-UNKNOWN"
    sentence = Text(
        "Chưa có vòng tay nào mang mã này. Cấp vòng tay mới nếu người bệnh chưa có.",
        "No wristband has this code. Give a new one if the patient has none.",
    )


class CodeElsewhere(NotFound):
    code = "YM-BAND-ELSEWHERE"
    sentence = Text(
        "Vòng tay này do {facility} cấp. Người bệnh chuyển đến: gửi hồ sơ với chính mã này, hoặc cấp vòng tay của cơ sở mình.",
        "This wristband was given by {facility}. For a patient who came from there: send the records under this code, "
        "or give a wristband of your own.",
    )


class FormUsed(Conflict):
    code = "YM-BAND-FORM-USED"
    sentence = Text(
        "Mẫu này đã dùng cho người khác. Mở lại trang rồi điền lần nữa.",
        "This form was used for another person. Open the page again and fill it in anew.",
    )


class DetailsWrong(Invalid):
    """faults: by field, what to do."""

    code = "YM-BAND-DETAILS"
    sentence = Text("Chưa cấp mã. Sửa các ô có dấu.", "No code was given yet. Mend the marked fields.")

    def __init__(self, faults: Mapping[str, Text]) -> None:
        super().__init__()
        self.faults = dict(faults)


class NotAtAFacility(Invalid):
    code = "YM-BAND-NO-FACILITY"
    sentence = Text("Chỉ cơ sở khám, chữa bệnh cấp vòng tay.", "Only health facilities give wristbands.")


class SomebodyElses(Conflict):
    code = "YM-IDN-SOMEBODY-ELSES"
    sentence = Text(
        "Số này đang thuộc một người khác tên và khác ngày sinh. Xem lại giấy tờ; nếu giấy tờ đúng, báo Sở Y tế.",
        "This number belongs to a person of another name and birthday. Look at the papers again; if they are right, "
        "tell the department of health.",
    )
