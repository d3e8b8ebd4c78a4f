"""Refusals of a list that is to be compared."""

from __future__ import annotations

from ymach.base.errors import Invalid
from ymach.base.text import Text


class BodyWrong(Invalid):
    code = "YM-RECONCILE-BODY"
    sentence = Text(
        "Nội dung cần là JSON có “day” (2026-11-20) và “digests”: danh sách SHA-256 dạng hex.",
        "The body must be JSON with “day” (2026-11-20) and “digests”: a list of SHA-256 in hex.",
    )


class DayWrong(Invalid):
    code = "YM-RECONCILE-DAY"
    sentence = Text(
        "Ngày “{day}” không đối soát được: cần một ngày có thật, không ở tương lai.",
        "The day “{day}” cannot be compared: it must be a real day that is not in the future.",
    )


class DigestWrong(Invalid):
    code = "YM-RECONCILE-DIGEST"
    sentence = Text(
        "Dòng {row} không phải SHA-256 dạng hex (64 ký tự).",
        "Entry {row} is no SHA-256 in hex (64 characters).",
    )


class TooMany(Invalid):
    code = "YM-RECONCILE-TOO-MANY"
    status = 413
    sentence = Text(
        "Danh sách quá dài: mỗi lần tối đa {most} dòng. Chia nhỏ theo ngày hoặc theo cơ sở.",
        "The list is too long: at most {most} entries at a time. Split it by day or by facility.",
    )


class NothingRead(Invalid):
    code = "YM-RECONCILE-EMPTY"
    sentence = Text(
        "Không thấy mã băm SHA-256 nào trong danh sách. Mỗi hồ sơ một dòng; mã băm có trong biên nhận.",
        "There is no SHA-256 in the list. One dossier a line; the digest stands in its receipt.",
    )


class ColumnsMissing(Invalid):
    code = "YM-RECONCILE-COLUMNS"
    sentence = Text(
        "Tệp CSV cần có dòng đầu với các cột MA_CSKCB, MA_LK và TRANG_THAI (thêm MA_GIAO_DICH nếu có).",
        "The CSV needs a first line with the columns MA_CSKCB, MA_LK and TRANG_THAI (and MA_GIAO_DICH if there is one).",
    )


class StateUnknown(Invalid):
    code = "YM-RECONCILE-STATE"
    sentence = Text(
        "Dòng {row}: trạng thái “{state}” không có trong quy ước. Dùng “đã nhận” hoặc “từ chối”.",
        "Line {row}: the state “{state}” is not in the convention. Use “đã nhận” (taken) or “từ chối” (refused).",
    )


class FileUnreadable(Invalid):
    code = "YM-RECONCILE-FILE"
    sentence = Text(
        "Chưa có tệp, hoặc không đọc được. Dùng CSV mã hóa UTF-8, tối đa {megabytes} MB.",
        "There is no file, or it cannot be read. Use CSV in UTF-8, at most {megabytes} MB.",
    )


class PeriodWrong(Invalid):
    code = "YM-RECONCILE-PERIOD"
    sentence = Text(
        "Khoảng ngày cần từ ngày đầu đến ngày cuối, tối đa {most} ngày, không ở tương lai.",
        "The period goes from its first to its last day, at most {most} days, none in the future.",
    )
