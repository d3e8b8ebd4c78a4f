"""What a number of a person may be refused for."""

from __future__ import annotations

from ymach.base.errors import Conflict, Invalid, NotFound
from ymach.base.text import Text


class NumberNotHeld(NotFound):
    code = "YM-PER-NUMBER-NOT-HELD"
    sentence = Text("Người này không giữ số đó.", "This person does not hold that number.")


class NumberTaken(Conflict):
    code = "YM-PER-NUMBER-TAKEN"
    sentence = Text(
        "Số này đang thuộc về một người khác. Muốn chuyển số phải có quyết định, kèm lý do.",
        "This number is another person's. Moving it takes a decision with a reason.",
    )


class NumberEnded(Conflict):
    code = "YM-PER-NUMBER-ENDED"
    sentence = Text("Số này đã hết hiệu lực từ trước.", "This number has ended already.")


class NumberReasonMissing(Invalid):
    code = "YM-PER-REASON-MISSING"
    sentence = Text("Cần ghi lý do và số quyết định.", "Write down why, and by which decision.")


class NumberReasonLong(Invalid):
    code = "YM-PER-REASON-LONG"
    sentence = Text("Ghi lý do ngắn hơn {limit} ký tự.", "Keep the reason under {limit} characters.")


class NumberOwn(Invalid):
    code = "YM-PER-NUMBER-OWN"
    sentence = Text(
        "Số này đã là của chính người này. Tìm người khác, là người giữ đúng số.",
        "The number is this very person's. Look up the other person, whose it is.",
    )


class NumberEvidenceMissing(Invalid):
    code = "YM-PER-EVIDENCE-MISSING"
    sentence = Text("Chọn giấy tờ có ghi số này.", "Choose the paper that shows this number.")


class NumberKindWrong(Invalid):
    code = "YM-PER-NUMBER-KIND"
    sentence = Text(
        "Mã vòng tay không ghi thêm ở đây: nối vòng tay ở trang Chưa có giấy tờ.",
        "A wristband is not added here: link it on the page for patients without papers.",
    )
