"""What the journal's actions and parts are called for people."""

from __future__ import annotations

from collections.abc import Mapping

from ymach.base.text import Text

ACTS: Mapping[str, Text] = {
    "read": Text("Xem", "Read"),
    "looked-up": Text("Tra cứu", "Looked up"),
    "opened": Text("Mở", "Opened"),
    "open": Text("Mở", "Open"),
    "handed-out": Text("Lấy về", "Handed out"),
    "printed": Text("In", "Printed"),
    "exported": Text("Xuất ra tệp", "Exported"),
    "refused": Text("Từ chối", "Refused"),
    "stored": Text("Ghi nhận", "Stored"),
    "cancelled": Text("Hủy", "Cancelled"),
    "corrected": Text("Sửa", "Corrected"),
    "dispensed": Text("Bán thuốc", "Dispensed"),
    "linked": Text("Gộp hồ sơ", "Linked"),
    "unlinked": Text("Tách hồ sơ", "Unlinked"),
    "partly-dispensed": Text("Bán một phần", "Dispensed in part"),
    "delivered": Text("Giao", "Delivered"),
    "stuck": Text("Bị tắc", "Stuck with"),
    "made": Text("Lập", "Made"),
    "seen": Text("Xem", "Saw"),
    "accepted": Text("Nhận", "Accepted"),
    "declined": Text("Không nhận", "Declined"),
    "arrived": Text("Người bệnh đến theo", "The patient arrived by"),
    "came": Text("Người bệnh đến theo", "The patient came by"),
    "closed": Text("Đóng", "Closed"),
    "moved": Text("Đổi", "Moved"),
    "returned": Text("Trả lại", "Returned"),
    "assured": Text("Xác nhận", "Assured"),
    "given": Text("Ghi", "Wrote down"),
    "withdrawn": Text("Rút", "Withdrew"),
    "send": Text("Gửi", "Sent"),
    "take": Text("Nhận giải quyết", "Took up"),
    "extend": Text("Gia hạn", "Extended"),
    "refuse": Text("Từ chối", "Turned down"),
    "withdraw": Text("Rút lại", "Took back"),
    "lift": Text("Bỏ hạn chế theo", "Lifted what followed from"),
    "paper-read": Text("Xem giấy", "Read the paper of"),
    "previewed": Text("Xem trước", "Looked over"),
    "listed": Text("Xem danh sách", "Listed"),
    "appointed": Text("Ghi nhận", "Wrote down"),
    "ended": Text("Kết thúc", "Ended"),
    "reviewed": Text("Xem xét lại", "Reviewed"),
    "answered": Text("Trả lời", "Answered"),
    "done": Text("Hoàn thành", "Done"),
    "asked": Text("Hỏi", "Asked"),
    "kept": Text("Lưu", "Kept"),
    "number": Text("Đổi số trong", "Change a number of"),
    "number-added": Text("Ghi thêm số vào", "Added a number to"),
    "number-ended": Text("Kết thúc một số trong", "Ended a number of"),
    "number-moved": Text("Chuyển một số trong", "Moved a number of"),
}
THINGS: Mapping[str, Text] = {
    "dossier": Text("hồ sơ khám chữa bệnh", "the dossier of a visit"),
    "submission": Text("hồ sơ đã gửi", "a submission"),
    "prescription": Text("đơn thuốc", "a prescription"),
    "referral": Text("giấy chuyển cơ sở", "a referral"),
    "appointment": Text("lịch hẹn khám", "an appointment"),
    "record": Text("sổ sức khỏe", "the health record"),
    "records": Text("sổ sức khỏe", "the health record"),
    "summary": Text("tóm tắt sức khỏe", "the summary"),
    "emergency": Text("hồ sơ khi cấp cứu", "records in an emergency"),
    "person": Text("thông tin người bệnh", "a person"),
    "identity": Text("thông tin định danh", "an identity"),
    "consent": Text("sự đồng ý chia sẻ", "a consent"),
    "evidence": Text("giấy tờ kèm theo", "a paper"),
    "delivery": Text("hồ sơ gửi đi", "a delivery"),
    "held": Text("hồ sơ Sở giữ", "a held dossier"),
    "sign-in": Text("đăng nhập", "sign-in"),
    "patient": Text("hồ sơ sức khỏe", "the health record"),
    "proxy": Text("người đại diện", "who acts for the person"),
    "request": Text("yêu cầu của người dân", "a request of the person"),
    "identity-pair": Text("cặp hồ sơ nghi trùng", "a probable pair"),
    "account": Text("tài khoản", "an account"),
    "processing": Text("sổ xử lý dữ liệu", "the register of processing"),
    "incident": Text("sự cố dữ liệu", "an incident"),
    "audit": Text("nhật ký", "the journal"),
}
PARTS: Mapping[str, Text] = {
    "dossier": Text("cả hồ sơ", "the whole dossier"),
    "identity": Text("thông tin định danh", "identity"),
    "visit": Text("lần khám", "the visit"),
    "visits": Text("các lần khám", "visits"),
    "summary": Text("tóm tắt", "the summary"),
    "results": Text("kết quả xét nghiệm", "results"),
    "result": Text("kết quả xét nghiệm", "results"),
    "medication": Text("thuốc", "medicines"),
    "medicines": Text("thuốc", "medicines"),
    "problems": Text("bệnh đang theo dõi", "problems"),
    "allergies": Text("dị ứng", "allergies"),
    "referral": Text("giấy chuyển cơ sở", "the referral"),
    "documents": Text("tài liệu", "documents"),
    "emergency": Text("thông tin cấp cứu", "emergency data"),
}
REFUSED = "refused"


def act_words(action: str) -> Text:
    """An action in words: "dossier:read", what was done and to what; "dossier:read:refused", what was refused."""
    thing, _, rest = action.partition(":")
    act, _, how = rest.partition(":")
    done, what = ACTS.get(act), THINGS.get(thing)
    if done is None:
        return Text(action, action)
    words = Text(f"{done.vi} {what.vi}", f"{done.en} {what.en}") if what else done
    if how != REFUSED or act == REFUSED:
        return words
    return Text(f"{words.vi} (bị từ chối)", f"{words.en} (refused)")


def part_words(part: str) -> Text:
    """A part of a record in words; a part without words as it is."""
    return PARTS.get(part) or Text(part, part)
