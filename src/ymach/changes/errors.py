"""Refusals of changes: of asking, of moving, of deciding."""

from __future__ import annotations

from collections.abc import Mapping

from ymach.base.errors import Conflict, Invalid, NotAllowed, NotFound, YmachError
from ymach.base.text import Text


class ChangeNotFound(NotFound):
    code = "YM-CHANGE-NOT-FOUND"
    sentence = Text(
        "Không tìm thấy yêu cầu này, hoặc yêu cầu không hiện ra với bạn.",
        "The request was not found, or is not visible to you.",
    )


class SubjectNotFound(NotFound):
    code = "YM-CHANGE-SUBJECT-NOT-FOUND"
    sentence = Text(
        "Không tìm thấy hồ sơ cần đổi, hoặc hồ sơ không hiện ra với bạn.",
        "What is to be changed was not found, or is not visible to you.",
    )


class NotYours(NotAllowed):
    code = "YM-CHANGE-NOT-YOURS"
    sentence = Text(
        "Tài khoản này không được yêu cầu thay đổi đó cho hồ sơ này.",
        "This account may not ask for that change of this profile.",
    )


class OwnRequest(NotAllowed):
    code = "YM-CHANGE-OWN-REQUEST"
    sentence = Text(
        "Bạn là người yêu cầu nên không thể tự duyệt. Nhờ đồng nghiệp khác xem và quyết định.",
        "You made this request, so somebody else has to decide it. Ask a colleague.",
    )


class KindUnknown(NotFound):
    code = "YM-CHANGE-KIND-UNKNOWN"
    sentence = Text("Không có loại thay đổi “{kind}”.", "There is no kind of change “{kind}”.")


class ActUnknown(Invalid):
    """What was asked to be done with a request is nothing that can be done with one."""

    code = "YM-CHANGE-ACT-UNKNOWN"
    sentence = Text(
        "Chưa rõ cần làm gì với yêu cầu. Bấm một nút trên trang.", "It is not clear what to do. Press a button."
    )


class FormWrong(Invalid):
    """One or more fields are wrong; `errors` says which and why, by field name."""

    code = "YM-CHANGE-FORM"
    sentence = Text("Có {number} ô cần sửa.", "{number} fields need mending.")

    def __init__(self, errors: Mapping[str, YmachError]) -> None:
        super().__init__(number=len(errors))
        self.errors = dict(errors)


class FieldMissing(Invalid):
    code = "YM-CHANGE-FIELD-MISSING"
    sentence = Text("Ghi mục này.", "Fill in this field.")


class FieldUnchosen(FieldMissing):
    sentence = Text("Chọn một mục.", "Choose one.")


class FieldWrong(Invalid):
    code = "YM-CHANGE-FIELD-WRONG"
    sentence = Text("{vi}", "{en}")

    @property
    def text(self) -> Text:
        return Text(str(self.values["vi"]), str(self.values["en"]))


class NothingChanged(Invalid):
    code = "YM-CHANGE-NOTHING-CHANGED"
    sentence = Text(
        "Các giá trị mới giống hệt giá trị đang có. Sửa ít nhất một mục.",
        "The new values are those already there. Change at least one.",
    )


class EvidenceMissing(Invalid):
    code = "YM-CHANGE-EVIDENCE-MISSING"
    sentence = Text(
        "Thay đổi này cần giấy tờ kèm theo: {papers}.",
        "This change needs papers: {papers_en}.",
    )


class PublishedWhen(Invalid):
    code = "YM-CHANGE-PUBLISHED-WHEN"
    sentence = Text(
        "Ngày công bố từ {first} đến {last}: không lùi về trước, không quá hạn luật định.",
        "The day of publication lies between {first} and {last}: not in the past, not after the legal term.",
    )


class ReasonMissing(Invalid):
    code = "YM-CHANGE-REASON-MISSING"
    sentence = Text(
        "Ghi lý do để người gửi biết phải làm gì.",
        "Say why, so that the sender knows what to do.",
    )


class AskedAlready(Conflict):
    code = "YM-CHANGE-ASKED-ALREADY"
    sentence = Text(
        "Đã có một yêu cầu cùng loại đang chờ. Mở yêu cầu đó, hoặc rút lại trước khi gửi yêu cầu mới.",
        "A request of the same kind is waiting. Open it, or withdraw it before sending another.",
    )


class NotInThisState(Conflict):
    """Somebody else moved the request first, or the act does not fit where it stands."""

    code = "YM-CHANGE-MOVED"
    sentence = Text(
        "Yêu cầu này {state_vi} lúc {when} bởi {who}. Mở lại trang để xem.",
        "This request was {state_en} at {when} by {who}. Reload the page to see it.",
    )


class NotReady(Conflict):
    code = "YM-CHANGE-NOT-READY"
    sentence = Text(
        "Còn chờ người hành nghề xác nhận. Chưa duyệt được.",
        "The practitioner has not confirmed it yet. It cannot be approved.",
    )


class SubjectMoved(Conflict):
    """The registry has changed since the request was made, in a field that it concerns; `fields` names them."""

    code = "YM-CHANGE-SUBJECT-MOVED"
    sentence = Text(
        "Sổ bộ đã đổi từ lúc gửi yêu cầu: {names}. Xem giá trị lúc gửi và giá trị hiện nay rồi quyết định lại.",
        "The registry has changed since the request was sent: {names_en}. Look at both values, then decide again.",
    )

    def __init__(self, fields: Mapping[str, Text]) -> None:
        names = list(fields.values())
        super().__init__(names=", ".join(one.vi for one in names), names_en=", ".join(one.en for one in names))
        self.fields = dict(fields)
