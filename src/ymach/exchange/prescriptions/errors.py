"""Why a prescription is not shown or not dispensed: one code for each reason."""

from __future__ import annotations

from ymach.base.errors import Conflict, Invalid, NotAllowed, NotFound
from ymach.base.text import Text


class CodeWrong(Invalid):
    code = "YM-PRESCRIPTION-CODE"
    sentence = Text(
        "Mã đơn thuốc gồm 12 chữ và số, một gạch nối, một chữ: 01234ab12cd3-c. Quét hoặc gõ lại mã.",
        "A prescription code has 12 letters and digits, a dash, one letter: 01234ab12cd3-c. Scan or type it again.",
    )


class PrescriptionUnknown(NotFound):
    code = "YM-PRESCRIPTION-UNKNOWN"
    sentence = Text(
        "Không có đơn thuốc nào mang mã này. Quét hoặc gõ lại mã trên đơn.",
        "No prescription has this code. Scan or type the code on the paper again.",
    )


class PrescriptionReplaced(Conflict):
    code = "YM-PRESCRIPTION-REPLACED"
    sentence = Text(
        "Đơn này đã được thay bằng đơn khác ngày {day}. Không bán theo đơn này; hỏi người bệnh hoặc nơi kê đơn {facility}.",
        "This prescription was replaced by another on {day}. Do not dispense it; ask the patient or {facility}.",
    )


class PrescriptionCancelled(Conflict):
    code = "YM-PRESCRIPTION-CANCELLED"
    sentence = Text(
        "Nơi kê đơn {facility} đã hủy đơn này ngày {day}. Không bán theo đơn này.",
        "The prescriber at {facility} cancelled this prescription on {day}. Do not dispense it.",
    )


class PrescriptionExpired(Conflict):
    code = "YM-PRESCRIPTION-EXPIRED"
    sentence = Text(
        "Đơn này hết hạn mua thuốc từ hết ngày {day}. Người bệnh cần khám lại để có đơn mới.",
        "This prescription could be dispensed until {day}. The patient needs a new one.",
    )


class PrescriptionDispensed(Conflict):
    code = "YM-PRESCRIPTION-DISPENSED"
    sentence = Text(
        "Đơn này đã được bán hết, lần cuối lúc {moment}. Không còn gì để bán theo đơn này.",
        "Everything on this prescription has been dispensed, the last of it at {moment}. Nothing is left.",
    )


class PrescriptionHeld(Conflict):
    code = "YM-PRESCRIPTION-HELD"
    sentence = Text(
        "Sở Y tế đang giữ hồ sơ có đơn này, chưa bán được. Gọi nơi kê đơn {facility}.",
        "The department of health holds the dossier of this prescription. It cannot be dispensed yet; call {facility}.",
    )


class MoreThanPrescribed(Conflict):
    code = "YM-PRESCRIPTION-TOO-MUCH"
    sentence = Text(
        "{name}: đơn kê {prescribed} {unit}, chỉ còn {left} {unit} chưa bán. Giảm số lượng.",
        "{name}: {prescribed} {unit} were prescribed and {left} {unit} are left. Give less.",
    )


class UnknownLine(Invalid):
    code = "YM-PRESCRIPTION-LINE"
    sentence = Text("Đơn này không có dòng thuốc số {line}.", "This prescription has no line {line}.")


class LineTwice(Invalid):
    code = "YM-PRESCRIPTION-LINE-TWICE"
    sentence = Text(
        "Một dòng thuốc có hai lần. Gộp số lượng vào một lần.", "A line is given twice. Add its quantities up."
    )


class NothingAsked(Invalid):
    code = "YM-PRESCRIPTION-NOTHING"
    sentence = Text("Chưa ghi số lượng của dòng thuốc nào.", "No quantity is given of any line.")


class QuantityWrong(Invalid):
    code = "YM-PRESCRIPTION-QUANTITY"
    sentence = Text(
        "Số lượng của dòng {line} phải lớn hơn 0, nhiều nhất ba số lẻ.",
        "The quantity of line {line} must be above 0, with at most three decimals.",
    )


class KeyMissing(Invalid):
    code = "YM-PRESCRIPTION-KEY-MISSING"
    sentence = Text(
        "Thiếu Idempotency-Key: một dấu riêng cho mỗi lần bán, gửi lại cùng dấu thì không bán hai lần.",
        "Idempotency-Key is missing: a key of its own for each dispensing, so that sending again dispenses once.",
    )


class KeyUsed(Conflict):
    code = "YM-PRESCRIPTION-KEY-USED"
    sentence = Text(
        "Idempotency-Key này đã dùng cho một lần bán khác của đơn này. Dùng dấu mới.",
        "This Idempotency-Key was used for another dispensing of this prescription. Take a new one.",
    )


class NotADispenser(NotAllowed):
    code = "YM-PRESCRIPTION-NOT-A-PHARMACY"
    sentence = Text(
        "Cơ sở này không bán thuốc theo đơn của nơi khác. Người bệnh mua ở nhà thuốc, hoặc nhận ở nơi kê đơn.",
        "This facility does not dispense this prescription. The patient buys at a pharmacy, or collects where it was written.",
    )


class PharmacyNotInOrder(Conflict):
    code = "YM-PRESCRIPTION-PHARMACY"
    sentence = Text("Chưa bán được thuốc theo đơn: {why_vi}", "Nothing can be dispensed: {why_en}")


class PharmacistMissing(Invalid):
    code = "YM-PRESCRIPTION-PHARMACIST-MISSING"
    sentence = Text("Ghi số giấy phép của dược sỹ bán thuốc.", "Name the pharmacist by the number of the licence.")


class PharmacistNotInOrder(Conflict):
    code = "YM-PRESCRIPTION-PHARMACIST"
    sentence = Text("Dược sỹ này chưa bán được thuốc theo đơn: {why_vi}", "This pharmacist may not dispense: {why_en}")


class PharmacistSuspended(Conflict):
    code = "YM-PRESCRIPTION-PHARMACIST-SUSPENDED"
    sentence = Text(
        "Dược sỹ này đang bị đình chỉ, không bán được thuốc theo đơn: {why_vi}",
        "This pharmacist is suspended and may not dispense: {why_en}",
    )


class DispensingUnknown(NotFound):
    code = "YM-PRESCRIPTION-DISPENSING-UNKNOWN"
    sentence = Text("Cơ sở này không có lần bán đó.", "This facility has no such dispensing.")


class UndoTooLate(Conflict):
    code = "YM-PRESCRIPTION-UNDO-LATE"
    sentence = Text(
        "Chỉ hoàn được trong ngày bán ({day}). Báo nơi kê đơn để ghi nhận.",
        "A dispensing can be undone on its own day only ({day}). Tell the prescriber.",
    )


class UndoReasonMissing(Invalid):
    code = "YM-PRESCRIPTION-UNDO-REASON"
    sentence = Text("Ghi lý do hoàn thuốc.", "Say why it is undone.")
