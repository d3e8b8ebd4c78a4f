"""Refusals of changes of policy."""

from __future__ import annotations

from ymach.base.errors import Conflict, Invalid, NotAllowed, NotFound
from ymach.base.text import Text


class PolicyNotFound(NotFound):
    code = "YM-POLICY-NOT-FOUND"
    sentence = Text("Không có lưu ý hay thay đổi nào như vậy.", "There is no such finding or change.")


class KindUnknown(Invalid):
    code = "YM-POLICY-KIND-UNKNOWN"
    sentence = Text("Chọn một loại bản ghi trong danh sách.", "Choose a kind of record from the list.")


class OutcomeUnknown(Invalid):
    code = "YM-POLICY-OUTCOME-UNKNOWN"
    sentence = Text("Chọn một trong bốn kết quả.", "Choose one of the four outcomes.")


class SameAsNow(Invalid):
    code = "YM-POLICY-SAME-AS-NOW"
    sentence = Text(
        "Chính sách vào ngày ấy đã là như vậy, không có gì để đổi.",
        "The policy of that day says so already; there is nothing to change.",
    )


class DayNotAhead(Invalid):
    code = "YM-POLICY-DAY-NOT-AHEAD"
    sentence = Text(
        "Ngày có hiệu lực phải từ ngày mai trở đi, viết như 01/12/2026.",
        "The first day has to be tomorrow or later, written like 01/12/2026.",
    )


class LaterRow(Conflict):
    code = "YM-POLICY-LATER-ROW"
    sentence = Text(
        "Đã có thay đổi được xác nhận, hiệu lực từ ngày {day}. Chọn một ngày sau đó.",
        "A confirmed change holds from {day} on. Choose a day after it.",
    )


class ReasonMissing(Invalid):
    code = "YM-POLICY-REASON-MISSING"
    sentence = Text(
        "Viết lý do thành một câu (ít nhất {least} ký tự).",
        "Write the reason as a sentence (at least {least} characters).",
    )


class DecisionNumberMissing(Invalid):
    code = "YM-POLICY-DECISION-NUMBER-MISSING"
    sentence = Text("Ghi số quyết định hoặc công văn làm căn cứ.", "Give the number of the decision it rests on.")


class NotReckoned(Conflict):
    code = "YM-POLICY-NOT-RECKONED"
    sentence = Text(
        "Chưa tính xong ảnh hưởng. Chờ tính xong rồi hãy trình.",
        "What it would have done is not reckoned yet. Wait until it is.",
    )


class NumberDiffers(Invalid):
    """The guard against a policy that stops everything: whoever proposes it has read how much it stops."""

    code = "YM-POLICY-NUMBER-DIFFERS"
    sentence = Text(
        "Gõ đúng số bản ghi sẽ bị giữ hoặc không nhận: {number}.",
        "Type exactly how many records would be held or rejected: {number}.",
    )


class OwnChange(NotAllowed):
    code = "YM-POLICY-OWN-CHANGE"
    sentence = Text(
        "Bạn là người đề xuất nên không thể tự xác nhận. Nhờ một tài khoản khác của Bộ.",
        "You proposed this change, so another account of the ministry has to confirm it.",
    )


class NotYourChange(NotAllowed):
    code = "YM-POLICY-NOT-YOUR-CHANGE"
    sentence = Text("Chỉ người đề xuất rút lại được.", "Only who proposed it can take it back.")


class ChangeOver(Conflict):
    code = "YM-POLICY-CHANGE-OVER"
    sentence = Text(
        "Thay đổi này đã qua bước ấy. Mở lại trang để xem.", "The change is past that step. Reload the page."
    )


class AnotherProposed(Conflict):
    code = "YM-POLICY-ANOTHER-PROPOSED"
    sentence = Text(
        "Đang có một thay đổi khác của cùng lưu ý và loại bản ghi chờ xác nhận. Xử lý thay đổi ấy trước.",
        "Another change of the same finding and kind waits to be confirmed. Settle that one first.",
    )
