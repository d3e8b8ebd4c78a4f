"""What deciding on a pair may be refused for."""

from __future__ import annotations

from ymach.base.errors import Conflict, Invalid, NotFound
from ymach.base.text import Text


class PairNotFound(NotFound):
    code = "YM-MAT-PAIR-NOT-FOUND"
    sentence = Text("Không có cặp nào như vậy mà bạn được xem.", "No such pair that you may see.")


class PairDecided(Conflict):
    code = "YM-MAT-PAIR-DECIDED"
    sentence = Text(
        "Cặp này đã có quyết định. Mở lại trang để xem ai quyết định và lý do.",
        "This pair is decided already. Reload the page to see by whom and why.",
    )


class PairNotLinked(Conflict):
    code = "YM-MAT-PAIR-NOT-LINKED"
    sentence = Text("Hai danh tính này hiện không được nối.", "These two identities are not linked at present.")


class LimitsRefused(Invalid):
    code = "YM-MAT-LIMITS-REFUSED"
    sentence = Text(
        "Ngưỡng mới cần số quyết định, một ngày sắp tới chưa có ngưỡng, và ngưỡng tự nối cao hơn ngưỡng hỏi.",
        "New limits need a decision, a coming day that has none yet, and the automatic one above the one for asking.",
    )


class DecisionMissing(Invalid):
    code = "YM-MAT-DECISION-MISSING"
    sentence = Text("Chọn một trong ba câu trả lời.", "Choose one of the three answers.")


class WhyMissing(Invalid):
    code = "YM-MAT-REASON-MISSING"
    sentence = Text(
        "Cần ghi lý do: căn cứ vào đâu mà biết.",
        "Write down why: how it is known.",
    )


class WhyTooLong(Invalid):
    code = "YM-MAT-REASON-TOO-LONG"
    sentence = Text("Lý do dài hơn {limit} ký tự.", "The reason is longer than {limit} characters.")
