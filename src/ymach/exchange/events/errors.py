"""Refusals of what is asked of the stream."""

from __future__ import annotations

from ymach.base.errors import Invalid
from ymach.base.text import Text


class KindUnknown(Invalid):
    code = "YM-EVENT-KIND-UNKNOWN"
    sentence = Text(
        "Không có loại tin hay loại bản ghi: {kinds}. Xem danh sách ở tài liệu tích hợp.",
        "There is no kind of event or record: {kinds}. The guide for integrators lists them.",
    )


class CursorWrong(Invalid):
    code = "YM-EVENT-CURSOR"
    sentence = Text(
        "Mốc đọc “{after}” không phải do hệ thống này cấp. Đọc lại từ đầu, hoặc từ “now”.",
        "The cursor “{after}” was not given by this system. Read from the beginning, or from “now”.",
    )
