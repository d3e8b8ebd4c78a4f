"""What the journal's actions, parts and bases are called for people: the citizen who reads who saw their data, the auditor."""

from __future__ import annotations

from collections.abc import Mapping

from ymach.base.text import Text

ACTS: Mapping[str, Text] = {
    "read": Text("Xem", "Read"),
    "looked-up": Text("Tra cứu", "Looked up"),
    "opened": Text("Mở", "Opened"),
    "handed-out": Text("Lấy về", "Handed out"),
    "printed": Text("In", "Printed"),
    "exported": Text("Xuất ra tệp", "Exported"),
    "refused": Text("Bị từ chối xem", "Refused"),
    "stored": Text("Ghi nhận", "Stored"),
    "cancelled": Text("Hủy", "Cancelled"),
    "corrected": Text("Sửa", "Corrected"),
    "dispensed": Text("Bán thuốc", "Dispensed"),
    "linked": Text("Gộp hồ sơ", "Linked"),
    "unlinked": Text("Tách hồ sơ", "Unlinked"),
    "given": Text("Đồng ý", "Consented"),
    "withdrawn": Text("Rút đồng ý", "Withdrew"),
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
    "incident": Text("sự cố dữ liệu", "an incident"),
    "audit": Text("nhật ký", "the journal"),
}
PARTS: Mapping[str, Text] = {
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
BASES: Mapping[str, Text] = {
    "self": Text("chính người bệnh xem", "read by the person"),
    "proxy": Text("người đại diện xem", "read by who acts for the person"),
    "consent": Text("người bệnh đồng ý", "with the person's consent"),
    "referral": Text("điều trị theo giấy chuyển cơ sở", "treatment under a referral"),
    "emergency": Text("cấp cứu", "emergency"),
    "law": Text("theo luật", "by law"),
    "own-record": Text("hồ sơ của chính cơ sở", "the facility's own record"),
    "registry": Text("việc của sổ bộ", "a duty of the registry"),
    "oversight": Text("kiểm tra việc bảo vệ dữ liệu", "oversight of data protection"),
    "Law 15/2023/QH15 art. 69": Text("cơ sở xem hồ sơ mình lập", "the facility reads the record it made"),
    "Circular 26/2025/TT-BYT": Text("nhà thuốc xem đơn để bán thuốc", "the pharmacy reads what it dispenses"),
    "Circular 48/2017/TT-BYT": Text("gửi hồ sơ theo quy định", "sending that the rules demand"),
    "Decree 102/2025/NĐ-CP": Text("cập nhật sổ sức khỏe theo quy định", "the health book, as the rules demand"),
    "Law 15/2023/QH15": Text("theo Luật Khám bệnh, chữa bệnh", "by the law on medical care"),
}
"""By code, or by how the basis begins; the first that fits."""
TREATMENT = Text("điều trị theo giấy chuyển cơ sở", "treatment under a referral")


def act_words(action: str) -> Text:
    """An action in words, e.g. "dossier:read": what was done, and to what."""
    thing, _, act = action.partition(":")
    done, what = ACTS.get(act), THINGS.get(thing)
    if done is None:
        return Text(action, action)
    return Text(f"{done.vi} {what.vi}", f"{done.en} {what.en}") if what else done


def part_words(part: str) -> Text:
    """A part of a record in words; a part without words as it is."""
    return PARTS.get(part) or Text(part, part)


def basis_words(basis: str) -> Text:
    """Why it was allowed, in plain words; a basis without words as it was written."""
    if basis.endswith("treatment under a referral"):
        return TREATMENT
    found = next((words for start, words in BASES.items() if basis.startswith(start)), None)
    return found or Text(basis, basis)
