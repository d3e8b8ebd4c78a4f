"""Refusals of amendments and cancellations."""

from __future__ import annotations

from ymach.base.errors import Conflict, Invalid, NotFound
from ymach.base.text import Text


class RecordUnknown(NotFound):
    code = "YM-COR-RECORD-UNKNOWN"
    sentence = Text(
        "Biên nhận này không có bản ghi đó. Mở lại biên nhận rồi chọn lại.",
        "This receipt holds no such record. Reload the receipt and choose again.",
    )


class NothingToAmend(Conflict):
    code = "YM-COR-NOTHING-TO-AMEND"
    sentence = Text(
        "Kết quả đã đúng như vậy rồi, không có gì để sửa.", "The outcome is so already; there is nothing to amend."
    )


class AlreadyDecided(Conflict):
    code = "YM-COR-ALREADY-DECIDED"
    sentence = Text(
        "Có người vừa quyết định hồ sơ này. Mở lại để xem kết quả.",
        "Somebody has just decided about this dossier. Reload to see the outcome.",
    )


class RejectedStays(Conflict):
    code = "YM-COR-REJECTED-STAYS"
    sentence = Text(
        "Bản ghi đã bị từ chối không lấy lại được. Cơ sở gửi lại hồ sơ.",
        "A rejected record does not come back. The facility sends the dossier again.",
    )


class ReasonMissing(Invalid):
    code = "YM-COR-REASON-MISSING"
    sentence = Text("Ghi lý do, một câu.", "Give the reason, one sentence.")


class ReasonTooLong(Invalid):
    code = "YM-COR-REASON-TOO-LONG"
    sentence = Text("Lý do dài quá {limit} chữ cái. Viết ngắn lại.", "The reason is longer than {limit} characters.")


class KindUnknown(Invalid):
    code = "YM-COR-KIND-UNKNOWN"
    sentence = Text(
        "Loại hồ sơ “{kind}” không có. Dùng “visit” (hồ sơ khám) hoặc “check-in” (báo đến khám).",
        "There is no kind of dossier “{kind}”. Use “visit” or “check-in”.",
    )


class DossierUnknown(NotFound):
    """Also for somebody else's: nobody learns what others have."""

    code = "YM-COR-DOSSIER-UNKNOWN"
    sentence = Text(
        "Cơ sở chưa gửi hồ sơ nào mang mã này, hoặc hồ sơ không được nhận.",
        "Your facility has no dossier under this code, or it was not accepted.",
    )


class AlreadyCancelled(Conflict):
    code = "YM-COR-ALREADY-CANCELLED"
    sentence = Text(
        "Hồ sơ đã được hủy lúc {at}, với lý do khác. Xem biên nhận hủy.",
        "The dossier was cancelled at {at} for another reason. See the receipt of the cancellation.",
    )


class NewerVersion(Conflict):
    code = "YM-COR-NEWER-VERSION"
    sentence = Text(
        "Hồ sơ nay là bản {version}, không phải bản bạn đang xem. Xem bản mới rồi mới hủy.",
        "The dossier is at version {version} now, not the one you saw. Look at it before you cancel.",
    )
