"""What links may be refused for."""

from __future__ import annotations

from ymach.base.errors import Conflict, Invalid, NotFound
from ymach.base.text import Text


class IdentityNotFound(NotFound):
    code = "YM-IDN-NOT-FOUND"
    sentence = Text("Không có người nào như vậy mà bạn được xem.", "Nobody found that you may see.")


class SameIdentity(Invalid):
    code = "YM-IDN-SAME"
    sentence = Text("Đây là cùng một danh tính, không cần nối.", "It is the same identity; there is nothing to link.")


class AlreadyJoined(Conflict):
    code = "YM-IDN-ALREADY-JOINED"
    sentence = Text(
        "Hai danh tính này đã được nối với nhau, trực tiếp hoặc qua một danh tính khác. Không cần nối thêm.",
        "These two identities are joined already, directly or by way of another. Nothing need be linked.",
    )


class TwoPersons(Conflict):
    code = "YM-IDN-TWO-PERSONS"
    sentence = Text(
        "Hai bên là hai người: khác số định danh, hoặc khác cả tên và ngày sinh. Nếu đúng là một người, báo Sở Y tế quyết định.",
        "They are two persons: by their personal numbers, or by name and birthday both. If they are one all the same, the "
        "department of health decides.",
    )


class OfOneBirth(Conflict):
    code = "YM-IDN-OF-ONE-BIRTH"
    sentence = Text(
        "Đây là mẹ và con, hoặc hai trẻ sinh cùng: hai người, không nối. Nếu vòng tay trẻ ghi nhầm mẹ, cấp vòng tay mới cho trẻ.",
        "These are a mother and her child, or twins: two persons, not joined. If a newborn's wristband names the wrong "
        "mother, give the child a new one.",
    )


class NotTheWearer(Conflict):
    code = "YM-IDN-NOT-THE-WEARER"
    sentence = Text(
        "Theo ngày sinh, người này không thể là người đeo vòng tay đó: vòng tay của trẻ không thuộc về người lớn. Xem lại "
        "vòng tay và giấy tờ; giấy tờ của mẹ thì không dùng để nối cho con.",
        "By the date of birth this person cannot have worn that wristband: a child's is none of a grown-up's. Look at "
        "wristband and papers again; a mother's papers do not show who her child is.",
    )


class LinkNotFound(NotFound):
    code = "YM-IDN-NO-LINK"
    sentence = Text(
        "Hai danh tính này hiện không nối trực tiếp với nhau nên không có gì để gỡ.",
        "These two identities are not linked directly at present; there is nothing to undo.",
    )


class ReasonMissing(Invalid):
    code = "YM-IDN-REASON-MISSING"
    sentence = Text("Cần ghi lý do.", "Write down why.")


class ReferenceMissing(Invalid):
    code = "YM-IDN-REFERENCE-MISSING"
    sentence = Text(
        "Cần ghi căn cứ: số văn bản, hoặc ai nhận và quan hệ với người bệnh.",
        "Write down the evidence: the number of the paper, or who said so and how they are related.",
    )


class TextTooLong(Invalid):
    code = "YM-IDN-TOO-LONG"
    sentence = Text("Dài hơn {limit} ký tự.", "Longer than {limit} characters.")
