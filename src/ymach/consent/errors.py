"""Why a consent is not taken, or not withdrawn. Each says what to do."""

from __future__ import annotations

from ymach.base.errors import Conflict, Invalid, NotFound
from ymach.base.text import Text


class ConsentForNobody(Invalid):
    code = "YM-CONSENT-NOBODY"
    sentence = Text("Chưa chọn người mà hồ sơ nói về.", "Nobody is named whose record it is.")


class PurposeUnknown(Invalid):
    code = "YM-CONSENT-PURPOSE"
    sentence = Text(
        "Chọn một mục đích. Mỗi lần đồng ý chỉ cho một mục đích.",
        "Choose one purpose. Each consent is for one purpose alone.",
    )


class RecipientMissing(Invalid):
    code = "YM-CONSENT-RECIPIENT"
    sentence = Text(
        "Chọn nơi được đọc: một cơ sở cụ thể, hoặc mọi nơi đang điều trị.",
        "Say who may read: a facility by name, or all who treat.",
    )


class RecipientUnknown(Invalid):
    code = "YM-CONSENT-RECIPIENT-UNKNOWN"
    sentence = Text(
        "Không có cơ sở nào mang mã hoặc tên “{code}”. Xem lại mã 5 ký tự của cơ sở.",
        "No facility has the code or name “{code}”. Look at its five characters again.",
    )


class KindUnknown(Invalid):
    code = "YM-CONSENT-KIND"
    sentence = Text("Chọn phần hồ sơ được đọc.", "Choose what may be read.")


class CompartmentNotOwn(Invalid):
    code = "YM-CONSENT-COMPARTMENT"
    sentence = Text(
        "Hồ sơ HIV chỉ chính người bệnh, hoặc cha, mẹ, người giám hộ của trẻ, đồng ý mở được.",
        "HIV records are opened by the person alone, or by the parents or guardian of a child.",
    )


class PeriodWrong(Invalid):
    code = "YM-CONSENT-PERIOD"
    sentence = Text(
        "Ngày hết hạn phải sau hôm nay và sau ngày bắt đầu, không quá {years} năm.",
        "The last day lies after today and after the first day, {years} years ahead at most.",
    )


class BeginsTooLate(Invalid):
    code = "YM-CONSENT-FUTURE"
    sentence = Text(
        "Ngày bắt đầu không sớm hơn hôm nay và không quá một năm nữa.",
        "The first day is not before today, and not more than a year ahead.",
    )


class TextOutdated(Conflict):
    code = "YM-CONSENT-TEXT"
    sentence = Text(
        "Bản chữ đã đổi, nay là {version}. In lại bản mới, đọc và ký bản đó.",
        "The text has changed; {version} is in force. Print the new one, read it and sign that.",
    )


class NobodySigns(Invalid):
    code = "YM-CONSENT-NOBODY-SIGNS"
    sentence = Text("Chọn người ký.", "Choose who signs.")


class NotGivenByOneself(Invalid):
    code = "YM-CONSENT-NOT-PROXY"
    sentence = Text(
        "Người ký không phải người bệnh và chưa được ghi là người đại diện. Ghi người đại diện kèm giấy tờ trước.",
        "The signer is not the person, and is not recorded as acting for them. Record the proxy with its paper first.",
    )


class ChildAlone(Invalid):
    code = "YM-CONSENT-CHILD-ALONE"
    sentence = Text(
        "Trẻ chưa đủ 18 tuổi: cha, mẹ hoặc người giám hộ đồng ý; trẻ từ 7 tuổi đồng ý cùng.",
        "Under 18 a parent or guardian consents; from seven years on the child consents too.",
    )


class GuardiansDisagree(Conflict):
    code = "YM-CONSENT-GUARDIANS-DISAGREE"
    sentence = Text(
        "Người đại diện kia đã rút đồng ý cho việc này. Khi hai người đại diện không cùng ý thì chưa chia sẻ; người đã rút"
        " phải là người đồng ý lại.",
        "The other proxy has withdrawn this consent. While two proxies disagree nothing is shared; whoever withdrew it"
        " must be the one to give it again.",
    )


class AlreadyGiven(Conflict):
    code = "YM-CONSENT-ALREADY"
    sentence = Text("Đã có đồng ý như thế này rồi và còn hiệu lực.", "The same consent has been given and holds.")


class SignatureMissing(Invalid):
    code = "YM-CONSENT-SIGNATURE"
    sentence = Text(
        "Thiếu bằng chứng: bản giấy đã ký được quét lại, hoặc xác nhận của VNeID.",
        "The proof is missing: the scan of the signed paper, or VNeID's confirmation.",
    )


class SignatureOfSomethingElse(Invalid):
    code = "YM-CONSENT-SIGNATURE-ELSE"
    sentence = Text(
        "VNeID xác nhận một nội dung khác, hoặc do người khác xác nhận. Chưa có gì được ghi; làm lại từ đầu.",
        "VNeID has confirmed something else, or somebody else has. Nothing was recorded; begin again.",
    )


class SignedByOneself(Conflict):
    code = "YM-CONSENT-SIGNED-BY-ONESELF"
    sentence = Text(
        "Đồng ý này được xác nhận bằng VNeID, không ghi ở quầy. Không muốn nữa thì rút.",
        "This consent was confirmed with VNeID, not at a desk. Withdraw it if you want it no longer.",
    )


class SignerMissing(Invalid):
    code = "YM-CONSENT-SIGNER"
    sentence = Text(
        "Ghi họ tên người ký như trên giấy. Máy không biết bản quét là của ai, nên tên này là lời của người ghi.",
        "State the signer's name as on the paper. No machine knows whose scan it is: the name is the recorder's word.",
    )


class ConsentNotFound(NotFound):
    code = "YM-CONSENT-NOT-FOUND"


class WithdrawnAlready(Conflict):
    code = "YM-CONSENT-WITHDRAWN-ALREADY"
    sentence = Text("Đồng ý này đã rút rồi.", "This consent has been withdrawn already.")


class NotWaiting(Conflict):
    code = "YM-CONSENT-NOT-WAITING"
    sentence = Text("Đồng ý này không chờ chữ ký nào nữa.", "This consent waits for no signature.")


class ReasonTooLong(Invalid):
    code = "YM-CONSENT-LONG"
    sentence = Text("Viết ngắn hơn {limit} ký tự.", "Write less than {limit} characters.")
