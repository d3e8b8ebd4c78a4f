"""Refusals of the lanes: nothing of what is refused here was kept."""

from __future__ import annotations

from ymach.base.errors import Invalid, TooMany
from ymach.base.text import Text


class LaneFull(TooMany):
    """More of this lane is being worked on than there is room for. retry_after: seconds."""

    code = "YM-LANE-FULL"
    sentence = Text(
        "Máy chủ đang nhận hết sức ở làn “{lane}”. Gửi lại sau {wait}; chưa nhận gì nên không mất gì.",
        "The lane “{lane}” is full at the moment. Send again in {wait}; nothing was taken, nothing is lost.",
    )


class PagesFull(TooMany):
    """So many people open pages that one more would only wait. retry_after: seconds."""

    code = "YM-LANE-PAGES"
    sentence = Text(
        "Đang có rất nhiều người mở trang cùng lúc. Trang này mở được sau khoảng {wait}.",
        "Very many people are opening pages at this moment. This one can be opened in about {wait}.",
    )


class LaneClosed(TooMany):
    """The lane has hours, and it is outside them. retry_after: seconds until they begin."""

    code = "YM-LANE-CLOSED"
    sentence = Text(
        "Làn “{lane}” chỉ nhận theo giờ, mở lại lúc {opens}. Hồ sơ chưa được nhận; gửi lại từ giờ đó.",
        "The lane “{lane}” has hours and opens at {opens}. Nothing was taken; send it again from then on.",
    )


class LaneUnknown(Invalid):
    """`Ymach-Lane` names no lane."""

    code = "YM-LANE-UNKNOWN"
    status = 400
    sentence = Text(
        "Không có làn “{lane}”. Dùng một trong: look-up, referral, prescription, visit, history.",
        "There is no lane “{lane}”. Use one of: look-up, referral, prescription, visit, history.",
    )
