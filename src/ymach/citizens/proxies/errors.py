"""Why somebody cannot act for somebody else."""

from __future__ import annotations

from ymach.base.errors import Conflict, Invalid, NotFound
from ymach.base.text import Text


class SubjectMissing(Invalid):
    code = "YM-PROXY-NOBODY"
    sentence = Text(
        "Chưa chọn người được đại diện. Người giám hộ phải đi với một người cụ thể.",
        "Nobody is named to be acted for. A guardian acts for somebody.",
    )


class ProxyOfOneself(Invalid):
    code = "YM-PROXY-SELF"
    sentence = Text("Không ai đại diện cho chính mình.", "Nobody acts for themselves.")


class ProxyCircle(Invalid):
    code = "YM-PROXY-CIRCLE"
    sentence = Text(
        "Người này đang được chính người kia đại diện. Người được đại diện không đại diện ngược lại.",
        "This person is acted for by the other already. Whoever is acted for does not act in return.",
    )


class BirthUnknown(Invalid):
    code = "YM-PROXY-BIRTH-UNKNOWN"
    sentence = Text(
        "Chưa biết năm sinh của trẻ nên chưa tính được tuổi. Ghi ngày sinh theo giấy khai sinh trước.",
        "The child's year of birth is unknown, so no age can be reckoned. Enter the birth by the birth certificate first.",
    )


class SubjectAdult(Invalid):
    code = "YM-PROXY-ADULT"
    sentence = Text(
        "Người này đã đủ 18 tuổi. Cha, mẹ chỉ đại diện cho con chưa đủ 18 tuổi; người lớn cần ủy quyền hoặc quyết định của tòa.",
        "This person is 18 or older. Parents act for children under 18; for an adult a mandate or a court decision is needed.",
    )


class SubjectMinor(Invalid):
    code = "YM-PROXY-MANDATE-OF-CHILD"
    sentence = Text(
        "Trẻ chưa đủ 18 tuổi không ủy quyền được. Cha, mẹ hoặc người giám hộ đại diện.",
        "A child under 18 gives no mandate. Parents or a guardian act for the child.",
    )


class ProxyTooYoung(Invalid):
    code = "YM-PROXY-TOO-YOUNG"
    sentence = Text(
        "Người đại diện phải đủ 18 tuổi; cha, mẹ phải sinh trước con.",
        "Whoever acts for somebody is 18 at least, and a parent is born before the child.",
    )


class RelationMissing(Invalid):
    code = "YM-PROXY-RELATION"
    sentence = Text(
        "Chọn quan hệ: cha, mẹ; người giám hộ; hoặc người được ủy quyền.",
        "Choose the relation: parent, guardian, or by mandate.",
    )


class EvidenceWrong(Invalid):
    code = "YM-PROXY-EVIDENCE"
    sentence = Text(
        "Chọn giấy tờ hợp với quan hệ: cha, mẹ cần giấy khai sinh; giám hộ cần quyết định công nhận hoặc của tòa; ủy quyền"
        " cần văn bản ủy quyền.",
        "Choose the paper that fits: a parent shows the birth certificate, a guardian the decision of the authority or the"
        " court, a mandate its deed.",
    )


class EvidenceNumberMissing(Invalid):
    code = "YM-PROXY-EVIDENCE-NUMBER"
    sentence = Text("Ghi số của giấy tờ.", "State the number of the paper.")


class PeriodWrong(Invalid):
    code = "YM-PROXY-PERIOD"
    sentence = Text(
        "Ngày hết hạn phải sau ngày bắt đầu; ủy quyền không quá 5 năm.",
        "The end comes after the beginning; a mandate lasts five years at most.",
    )


class AlreadyProxy(Conflict):
    code = "YM-PROXY-ALREADY"
    sentence = Text("Người này đang đại diện rồi.", "This person acts for them already.")


class ProxyNotFound(NotFound):
    code = "YM-PROXY-NOT-FOUND"


class ProxyEnded(Conflict):
    code = "YM-PROXY-ENDED"
    sentence = Text("Việc đại diện này đã chấm dứt.", "This proxy has been ended already.")


class ReasonMissing(Invalid):
    code = "YM-PROXY-REASON"
    sentence = Text("Ghi lý do chấm dứt.", "Say why it ends.")
