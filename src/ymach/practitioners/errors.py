"""Refusals of changes to practitioners, licences and registrations."""

from __future__ import annotations

from ymach.base.errors import Conflict, Invalid, NotFound
from ymach.base.text import Text


class PractitionerNotFound(NotFound):
    code = "YM-PRACTITIONER-NOT-FOUND"
    sentence = Text(
        "Không tìm thấy người hành nghề, hoặc người này không hiện ra với bạn.",
        "The practitioner was not found, or is not visible to you.",
    )


class PersonalNumberWrong(Invalid):
    code = "YM-PRACTITIONER-PERSONAL-NUMBER-WRONG"
    sentence = Text(
        "Số định danh cần đúng 12 chữ số. Người nước ngoài thì ghi số hộ chiếu và quốc tịch.",
        "A personal number has twelve digits. For foreigners give passport number and nationality.",
    )


class PersonalNumberTaken(Conflict):
    code = "YM-PRACTITIONER-PERSONAL-NUMBER-TAKEN"
    sentence = Text(
        "Số định danh {number} đã có trong hệ thống. Mở hồ sơ người đó thay vì tạo mới.",
        "Personal number {number} is enrolled already. Open that person instead of adding a new one.",
    )


class PassportTaken(Conflict):
    code = "YM-PRACTITIONER-PASSPORT-TAKEN"
    sentence = Text(
        "Hộ chiếu này đã có trong hệ thống. Mở hồ sơ người đó thay vì tạo mới.",
        "This passport is enrolled already. Open that person instead of adding a new one.",
    )


class LicenceNumberTaken(Conflict):
    code = "YM-LICENCE-NUMBER-TAKEN"
    sentence = Text("Số giấy phép {number} đã cấp cho người khác.", "Licence number {number} has been granted already.")


class LicenceNumberWrong(Invalid):
    code = "YM-LICENCE-NUMBER-WRONG"
    sentence = Text("Thiếu số giấy phép hành nghề.", "The licence number is missing.")


class LicenceOverlaps(Conflict):
    code = "YM-LICENCE-OVERLAPS"
    sentence = Text(
        "Người này đã có giấy phép hành nghề trong thời gian đó. Mỗi người chỉ có một giấy phép còn hiệu lực.",
        "This person holds a licence during that time. Each person has one licence in force.",
    )


class LicenceNotInForce(Invalid):
    code = "YM-LICENCE-NOT-IN-FORCE"
    sentence = Text(
        "Giấy phép {number} không có hiệu lực suốt thời gian này.",
        "Licence {number} is not in force throughout this time.",
    )


class SuspensionTooLong(Invalid):
    code = "YM-LICENCE-SUSPENSION-LENGTH"
    sentence = Text(
        "Thời gian đình chỉ phải từ 1 đến 24 tháng.",
        "A suspension lasts from 1 to 24 months.",
    )


class SuspensionOverlaps(Conflict):
    code = "YM-LICENCE-SUSPENSION-OVERLAPS"
    sentence = Text(
        "Giấy phép {number} đã bị đình chỉ trong thời gian này.",
        "Licence {number} is already suspended during this time.",
    )


class LicenceRevoked(Conflict):
    code = "YM-LICENCE-REVOKED"
    sentence = Text("Giấy phép {number} đã bị thu hồi.", "Licence {number} has been revoked already.")


class RegistrationOverlaps(Conflict):
    code = "YM-REGISTRATION-OVERLAPS"
    sentence = Text(
        "Người này đã đăng ký hành nghề nơi khác trùng giờ. Đổi giờ hoặc kết thúc đăng ký kia trước.",
        "This person is registered elsewhere at the same hours. Change the hours or end that registration first.",
    )


class RegistrationTwice(Conflict):
    code = "YM-REGISTRATION-TWICE"
    sentence = Text(
        "Người này đã đăng ký tại cơ sở này trong thời gian đó.",
        "This person is registered at this facility during that time already.",
    )


class FacilityHasHead(Conflict):
    code = "YM-REGISTRATION-HEAD-TAKEN"
    sentence = Text(
        "Cơ sở {facility} đã có người chịu trách nhiệm chuyên môn trong thời gian này.",
        "Facility {facility} has a technical head during this time.",
    )


class HeadOfAnother(Conflict):
    code = "YM-REGISTRATION-HEAD-OF-ANOTHER"
    sentence = Text(
        "Người này đang chịu trách nhiệm chuyên môn ở một cơ sở khác.",
        "This person is the technical head of another facility.",
    )


class LicenceOfSomebodyElse(Invalid):
    code = "YM-REGISTRATION-FOREIGN-LICENCE"
    sentence = Text(
        "Giấy phép {number} không phải của người này.",
        "Licence {number} belongs to somebody else.",
    )
