"""Refusals of decisions on what is held."""

from __future__ import annotations

from ymach.base.errors import Conflict, Invalid, NotFound
from ymach.base.text import Text


class HeldNotFound(NotFound):
    code = "YM-HELD-NOT-FOUND"
    sentence = Text(
        "Không tìm thấy hồ sơ đang giữ này, hoặc hồ sơ không thuộc tỉnh, thành phố của bạn.",
        "The held dossier was not found, or is not of your province.",
    )


class HeldOver(Conflict):
    """Somebody was faster, a later version came, or the registry was corrected."""

    code = "YM-HELD-OVER"
    sentence = Text(
        "Hồ sơ {dossier} không còn chờ quyết định: đã có người quyết định, hoặc cơ sở đã gửi bản mới.",
        "Dossier {dossier} waits no longer: somebody has decided it, or its facility has sent a later version.",
    )


class ReasonMissing(Invalid):
    code = "YM-HELD-REASON-MISSING"
    sentence = Text(
        "Viết lý do thành một câu (ít nhất {least} ký tự): cơ sở sẽ đọc câu này để biết phải làm gì.",
        "Write the reason as a sentence (at least {least} characters): the facility reads it to know what to do.",
    )


class DecisionUnknown(Invalid):
    code = "YM-HELD-DECISION-UNKNOWN"
    sentence = Text(
        "Chưa rõ quyết định thế nào. Bấm một trong ba nút: cho nhận, trả lại, không nhận.",
        "It is not clear what to decide. Press one of the three buttons: release, return, reject.",
    )


class NothingChosen(Invalid):
    code = "YM-HELD-NOTHING-CHOSEN"
    sentence = Text(
        "Chưa chọn hồ sơ nào. Đánh dấu ô ở đầu dòng rồi bấm lại nút.",
        "Nothing is chosen. Mark the box of each dossier, then press the button again.",
    )
